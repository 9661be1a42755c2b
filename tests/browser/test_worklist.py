"""The worklist in a real browser: films are read in the background, a click opens one, keys turn, the list comes back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import ONE_DROP_ZONE, PHOTOGRAPHED, drop_on, new_tab, png_of
from tests.worklist.faking import BROKEN, zip_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.films]

PATIENCE = 300_000  # importing TensorFlow and compiling take long on a busy machine
HEAD, ROW = 36, 56
"""Heights of the table's head and rows, in pixels: it is drawn on a canvas."""


@pytest.fixture
def page(context: BrowserContext, app_url: str) -> Iterator[Page]:
    with new_tab(context) as page:
        page.goto(f"{app_url}/worklist")
        expect(page.get_by_role("heading", name="Read a list of films")).to_be_visible()
        yield page


def photographed(page: Page, shots: Path, name: str) -> None:
    """Take pictures of a state in the looks that people use."""
    if not PHOTOGRAPHED:
        return
    for width, height, scheme in ((1280, 800, "light"), (1280, 800, "dark"), (390, 844, "light")):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(2_000)
        page.screenshot(path=shots / f"worklist-{name}-{width}-{scheme}.png")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light")
    page.wait_for_timeout(1_000)


def test_films_are_listed_opened_and_turned_from(page: Page, data: Path, shots: Path):
    folder = data / "COVID-19_Radiography_Dataset"
    paths = [folder / name / "images" / f"{name}-1.jpg" for name in ("COVID", "Normal")]
    files = {f"secret-name-{number}.jpg": path.read_bytes() for number, path in enumerate(paths)} | {"secret-name-2.jpg": BROKEN}
    page.wait_for_function(ONE_DROP_ZONE)
    page.locator("input[type=file]").set_input_files({"name": "secret-name.zip", "mimeType": "application/zip", "buffer": zip_of(files)})
    expect(page.get_by_text("3 films. Click a row to open its film.")).to_be_visible()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(0, timeout=PATIENCE)
    # the drop zone's line of an upload goes last, when the page is drawn whole
    page.wait_for_function("!document.documentElement.outerHTML.includes('secret-name')", timeout=PATIENCE)
    photographed(page, shots, "list")

    place = page.get_by_test_id("stDataFrame").locator("canvas").first.bounding_box()
    assert place is not None
    page.mouse.click(place["x"] + 260, place["y"] + HEAD + 1.5 * ROW)  # the second row
    expect(page.get_by_text(re.compile("Film 2: 2 of 3 in the list"))).to_be_visible()
    expect(page.get_by_role("group", name="Map for")).to_be_visible(timeout=PATIENCE)
    photographed(page, shots, "film")
    drop_on(page, ".stage", ("secret-name-3.png", png_of(7)), sizes=(51 * 2**20,))  # more films for the list, while this one stays
    expect(page.get_by_text("The file is too large: at most 50 MB are read.")).to_be_visible()
    expect(page.locator(".stage")).to_have_count(1)
    expect(page.get_by_text(re.compile("Film 2: 2 of 3 in the list"))).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text(re.compile("Film 1: 1 of 3 in the list"))).to_be_visible()
    page.keyboard.press("PageDown")
    expect(page.get_by_text(re.compile("Film 2: 2 of 3 in the list"))).to_be_visible()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("This film cannot be read.")).to_be_visible()
    page.keyboard.press("Backspace")
    expect(page.get_by_text("4 films. Click a row to open its film.")).to_be_visible()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(0, timeout=PATIENCE)
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSV", exact=True).click()
    table = Path(taken.value.path()).read_text()
    assert table.count("\n") == 5
    assert "secret-name" not in table
