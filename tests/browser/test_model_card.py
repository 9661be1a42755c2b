"""The model card in a real browser: opened by its own address on a new server, every section there, tables to take away."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from cxr_core.card import SHIPPED_MODEL, read_card
from cxr_core.labels import CLASS_NAMES
from tests.pages.test_model_card import SECTIONS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIZES = {"laptop": (1280, 800), "desk": (1920, 1080), "phone": (390, 844)}
CHARTS_ARE_DRAWN = """(() => {
    const places = document.querySelectorAll('.stPlotlyChart').length;
    return places > 6 && places === [...document.querySelectorAll('.js-plotly-plot')].filter(plot => plot.calcdata).length;
})()"""
WIDE_TABLES_SCROLL = """[...document.querySelectorAll('table')].every(table => {
    for (let part = table; part; part = part.parentElement)
        if (part.scrollWidth > part.clientWidth + 1) return getComputedStyle(part).overflowX === 'auto';
    return true;
})"""

PLACES_ARE_FILLED = """[...document.querySelectorAll('[class*=st-key-place-]')].every(place =>
    parseFloat(getComputedStyle(place).minHeight) >= 300 && place.querySelector('.stPlotlyChart').offsetHeight >= 300)"""


def opened(page: Page, app_url: str) -> Page:
    page.set_default_timeout(90_000)
    page.goto(f"{app_url}/model_card")
    expect(page.get_by_role("heading", name="The card itself")).to_be_visible(timeout=90_000)
    page.wait_for_function(CHARTS_ARE_DRAWN)
    return page


@pytest.fixture
def page(browser: Browser, app_url: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield opened(context.new_page(), app_url)
    context.close()


def download(part: Page | Locator, name: str, page: Page | None = None) -> tuple[str, str]:
    with (page or part).expect_download() as taken:
        # By the keyboard: a mouse may be pressed before and released after a part above has grown, as one does that is being opened.
        part.get_by_role("button", name=name, exact=True).press("Enter")
    return taken.value.suggested_filename, Path(taken.value.path()).read_text()


def test_every_section_is_there_under_the_router(page):
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(page.get_by_role("link", name="Read")).to_be_visible()
    found = [text for text in page.get_by_role("heading", level=3).all_inner_texts() if text in SECTIONS]
    assert found == SECTIONS


def test_links_lead_to_their_sections(page):
    page.get_by_role("link", name="What it may have learned instead").click()
    heading = page.get_by_role("heading", name="What it may have learned instead")
    expect(heading).to_be_in_viewport()


def test_table_comes_as_csv(page):
    name, content = download(page.locator(".st-key-csv-of-results-by-class"), "CSV", page)
    assert name == "second-look-results-by-class.csv"
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [row["class"] for row in rows][:4] == list(CLASS_NAMES)
    assert float(rows[0]["recall"]) == read_card(SHIPPED_MODEL).results.classes["COVID"].recall.value
    assert float(rows[0]["recall low"]) <= float(rows[0]["recall"]) <= float(rows[0]["recall high"])


def test_what_the_gate_said_of_films_from_elsewhere_comes_as_csv(page):
    gate = read_card(SHIPPED_MODEL).gate
    page.get_by_text(f"These {len(gate.external)} films one by one").click()
    listed = page.get_by_test_id("stExpander").filter(has_text="one by one")
    expect(listed.get_by_role("table")).to_be_visible()
    name, content = download(listed, "CSV", page)
    assert name == "second-look-gate-external.csv"
    rows = list(csv.DictReader(io.StringIO(content)))
    assert len(rows) == len(gate.external)
    assert {row["view"] for row in rows[:2]} == {"lateral"}


def test_parts_that_were_measured_are_all_shown(page):
    expect(page.get_by_text("Not measured.")).to_have_count(0)
    of_gate = ("Chest films.", "Turned and inverted films.", "Spoiled films.", "What is no chest film.")
    for start in ("Prediction sets.", *of_gate, "Lung fields.", "Deletion:"):
        expect(page.get_by_text(start).first).to_be_visible()


def test_card_comes_as_json(page):
    name, content = download(page, "The card as JSON")
    assert name == "model_card.json"
    assert json.loads(content) == json.loads((SHIPPED_MODEL / "model_card.json").read_text())


def test_chart_comes_as_png(page):
    chart = page.locator(".stPlotlyChart").nth(1)
    chart.scroll_into_view_if_needed()
    chart.hover()
    with page.expect_download() as taken:
        chart.locator("[data-title='Download plot as a PNG']").click()
    assert taken.value.suggested_filename == "second-look-roc.png"
    assert Path(taken.value.path()).read_bytes().startswith(b"\x89PNG")


def test_wrong_folder_gives_a_sentence(page):
    page.get_by_role("textbox", name="Data folder on this computer").fill("/no/such/folder")
    page.keyboard.press("Enter")
    expect(page.get_by_text("There is no data folder /no/such/folder.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_page_fits_and_is_photographed(browser: Browser, app_url: str, shots: Path, size: str, scheme: str):
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = opened(context.new_page(), app_url)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    main = page.get_by_test_id("stMain")
    assert main.evaluate("part => part.scrollWidth <= part.clientWidth")
    assert page.evaluate(WIDE_TABLES_SCROLL)
    assert page.evaluate(PLACES_ARE_FILLED)
    page.screenshot(path=shots / f"model-card-{size}-{scheme}.png")
    page.set_viewport_size({"width": width, "height": main.evaluate("part => part.scrollHeight") + 80})
    page.wait_for_timeout(1500)
    page.screenshot(path=shots / f"model-card-{size}-{scheme}-whole.png")
    context.close()
