"""Similar films in a real browser: a folder is named, its index is built, and one of the nearest is put beside the film on screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import answered, looks, new_tab
from tests.similar.films import folder_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE = 300_000  # importing TensorFlow and compiling take long on a busy machine
FILMS = 14


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [
        {"seed": n, "path": f"secret-name-{n}.png", "label": "Lung_Opacity", "source": "web" if n % 3 else "rsna"} for n in range(FILMS)
    ]
    return folder_of(tmp_path / "films", rows)


@pytest.fixture
def page(context: BrowserContext, app_url: str) -> Iterator[Page]:
    with new_tab(context) as page:
        page.goto(app_url)
        yield page


SIZES = {"laptop": (1280, 800), "phone": (390, 844), "projector": (1920, 1080)}


def test_the_nearest_films_of_a_folder_stand_beside_the_read(page: Page, folder: Path, shots: Path):
    page.get_by_role("button", name="Try the phantom").click()
    expect(page.get_by_role("tab", name="Similar films")).to_be_visible(timeout=PATIENCE)
    answered(page)  # a click while the parts are still being drawn can be lost on a busy machine
    page.get_by_role("tab", name="Similar films").click()
    page.get_by_role("textbox", name="Folder with films").fill(str(folder))
    page.get_by_role("button", name="Search in it").click()
    page.get_by_role("button", name="Build the index").click(timeout=PATIENCE)
    expect(page.get_by_text(f"Searched: {FILMS} films.")).to_be_visible(timeout=PATIENCE)
    films = page.locator(".st-key-similar_films")
    expect(films.get_by_role("button", name="Compare")).to_have_count(10)
    expect(films.get_by_role("img")).to_have_count(10)
    for image in films.get_by_role("img").all():
        assert image.evaluate("image => image.complete && image.naturalWidth > 0")
    assert "secret-name" not in page.content().replace(str(folder), "")
    for size, scheme in looks(SIZES, ("phone", "light"), ("laptop", "light")):
        page.set_viewport_size({"width": SIZES[size][0], "height": SIZES[size][1]})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        films.scroll_into_view_if_needed()
        page.wait_for_timeout(500)
        assert page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth")
        page.screenshot(path=shots / f"similar-{size}-{scheme}.png")
    films.get_by_role("button", name="Compare").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("The film on screen")).to_be_visible()
    expect(dialog.get_by_text("Film 1: Lung opacity,")).to_be_visible()
    expect(dialog.get_by_role("img")).to_have_count(2)
    page.screenshot(path=shots / "similar-compare.png")
