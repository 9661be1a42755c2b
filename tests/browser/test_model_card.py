"""The model card in a real browser: one screen of answers, its parts by link, by pill and by search, tables to take away."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from cxr_core.artifacts import SHIPPED_MODEL, read_card
from cxr_core.labels import CLASS_NAMES
from pages.card.contents import PARTS
from tests.browser.conftest import PHOTOGRAPHED, looks, new_tab

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIZES = {"laptop": (1280, 800), "small": (1366, 768), "zoomed": (640, 400), "phone": (390, 844)}
"""The zoomed one is a laptop's window at 200%."""
COLUMNS = {"phone": 1, "zoomed": 2}
MOST_WORDS = 220
"""That the first screen may have."""

SMALLEST_TEXT = (
    """Math.min(...[...document.querySelectorAll('.st-key-trust p')].map(part => parseFloat(getComputedStyle(part).fontSize)))"""
)
CHARTS_ARE_DRAWN = """(() => {
    const places = document.querySelectorAll('.stPlotlyChart').length;
    return places === [...document.querySelectorAll('.js-plotly-plot')].filter(plot => plot.calcdata).length;
})()"""
WIDE_TABLES_SCROLL = """[...document.querySelectorAll('table')].every(table => {
    for (let part = table; part; part = part.parentElement)
        if (part.scrollWidth > part.clientWidth + 1) return getComputedStyle(part).overflowX === 'auto';
    return true;
})"""
COLOURS = """part => [getComputedStyle(part).color, getComputedStyle(document.querySelector('.stApp')).backgroundColor,
    getComputedStyle(part).opacity]"""
PLACES_ARE_FILLED = """[...document.querySelectorAll('[class*=st-key-chart-]')].every(place =>
    parseFloat(getComputedStyle(place).minHeight) >= 300 && (place.querySelector('.stPlotlyChart')?.offsetHeight ?? 0) >= 300)"""


def opened(page: Page, app_url: str, query: str = "") -> Page:
    page.goto(f"{app_url}/model_card{query}")
    settled(page)
    return page


def settled(page: Page) -> None:
    """Wait until the page is whole."""
    expect(page.get_by_role("combobox", name="Find a chart or a table")).to_be_visible(timeout=90_000)
    page.locator("[data-testid='stApp'][data-test-script-state='notRunning']").wait_for()
    page.wait_for_function(CHARTS_ARE_DRAWN, polling=100)


@pytest.fixture(scope="module")
def page(context: BrowserContext, app_url: str) -> Iterator[Page]:
    """The page, opened once without any of its parts, and one part of it after another."""
    with new_tab(context, SIZES["laptop"]) as page:
        yield opened(page, app_url)


def pill(page: Page, part: str) -> Locator:
    return page.get_by_role("radio", name=PARTS[part], exact=True)


def choose(page: Page, part: str) -> None:
    pill(page, part).click()
    expect(page.get_by_role("heading", level=3)).to_have_text(PARTS[part])
    settled(page)


def fits(page: Page) -> bool:
    """Tell whether nothing is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth") and page.get_by_test_id("stMain").evaluate(
        "part => part.scrollWidth <= part.clientWidth"
    )


def contrast(part: Locator) -> float:
    """Return the contrast of a text to the page (WCAG 2.2, relative luminance)."""
    ink, ground, opacity = part.evaluate(COLOURS)
    ink, ground = ([int(value) for value in re.findall(r"\d+", colour)[:3]] for colour in (ink, ground))
    mixed = [float(opacity) * one + (1 - float(opacity)) * other for one, other in zip(ink, ground, strict=True)]

    def luminance(colour: list[float]) -> float:
        shares = [value / 255 for value in colour]
        linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
        return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    darker, lighter = sorted((luminance(mixed), luminance(ground)))
    return (lighter + 0.05) / (darker + 0.05)


def download(part: Page | Locator, name: str, page: Page | None = None) -> tuple[str, str]:
    with (page or part).expect_download() as taken:
        # By the keyboard: a mouse may be pressed before and released after a part above has grown.
        part.get_by_role("button", name=name, exact=True).press("Enter")
    return taken.value.suggested_filename, Path(taken.value.path()).read_text()


def test_first_screen_answers_in_few_words_under_the_router(page):
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(page.get_by_role("link", name="Read")).to_be_visible()
    expect(page.get_by_role("heading", name="May I trust")).to_be_visible()
    expect(page.get_by_role("heading", level=3)).to_have_count(0)
    main = page.get_by_test_id("stMain")
    assert len(main.inner_text().split()) <= MOST_WORDS
    assert main.evaluate("part => part.scrollHeight <= part.clientHeight")
    assert page.evaluate(SMALLEST_TEXT) >= 16
    assert columns(page) == 4


def columns(page: Page) -> int:
    """Count the answers that stand side by side."""
    return len({place.bounding_box()["x"] for place in page.locator(".st-key-trust").get_by_test_id("stColumn").all()})


@pytest.mark.parametrize(("size", "scheme"), looks(SIZES, ("phone", "dark"), ("zoomed", "light")))
def test_first_screen_fits_and_is_photographed(context: BrowserContext, app_url: str, shots: Path, size: str, scheme: str):
    with new_tab(context, SIZES[size], scheme) as page:
        assert fits(opened(page, app_url))
        assert columns(page) == COLUMNS.get(size, 4)
        if PHOTOGRAPHED:
            page.screenshot(path=shots / f"model-card-{size}-{scheme}.png")


def test_part_is_opened_by_its_link_alone_and_fits_a_phone(context: BrowserContext, app_url: str, shots: Path):
    with new_tab(context, SIZES["phone"], "dark") as page:
        opened(page, app_url, "?part=results")
        heading = page.get_by_role("heading", level=3)
        expect(heading).to_have_text("Results")
        expect(heading).to_be_in_viewport()
        assert page.evaluate(WIDE_TABLES_SCROLL)
        page.wait_for_function(PLACES_ARE_FILLED)
        assert fits(page)
        page.screenshot(path=shots / "model-card-part-phone-dark.png")


def test_parts_are_opened_one_at_a_time_by_mouse_and_by_keyboard(page, shots):
    choose(page, "gate")
    expect(page.get_by_role("heading", level=3)).to_be_in_viewport()
    assert page.url.endswith("/model_card?part=gate")
    page.screenshot(path=shots / "model-card-part.png")
    pill(page, "elsewhere").press("Enter")
    expect(page.get_by_role("heading", level=3)).to_have_text("Elsewhere")
    expect(page.get_by_text("Not measured.")).to_have_count(0)
    page.go_back()
    expect(page.get_by_role("heading", level=3)).to_have_text("Input gate")
    pill(page, "gate").click()
    expect(page.get_by_role("heading", level=3)).to_have_count(0)
    assert page.url.endswith("/model_card")


def test_search_leads_to_a_table(page, shots):
    box = page.get_by_role("combobox", name="Find a chart or a table")
    box.click()
    box.fill("pairs")
    page.get_by_role("option", name="Runs compared in pairs").click()
    table = page.locator(".st-key-table-pairs")
    expect(table.get_by_role("table")).to_be_in_viewport()
    expect(table).to_be_focused()
    assert page.url.endswith("part=backbones&show=table-pairs")
    page.screenshot(path=shots / "model-card-found.png")


def test_a_search_may_follow_another_straight_away(page, app_url):
    opened(page, app_url)
    box = page.get_by_role("combobox", name="Find a chart or a table")
    for words in ("precision", "confusion"):  # the second while what the first found is still on its way
        box.click()
        page.keyboard.type(words, delay=30)
        page.keyboard.press("Enter")
    chart = page.locator(".st-key-chart-confusion-matrix")
    expect(chart.locator(".stPlotlyChart")).to_be_in_viewport()
    expect(chart).to_be_focused()
    assert page.url.endswith("part=results&show=chart-confusion-matrix")


def test_link_leads_to_a_chart_or_to_the_part_that_lacks_it(page, app_url):
    opened(page, app_url, "?show=table-site-cards")  # of which there are none
    expect(page.get_by_role("heading", name="Your own films")).to_be_in_viewport()
    opened(page, app_url, "?show=chart-precision-recall")
    expect(page.locator(".st-key-chart-precision-recall .stPlotlyChart")).to_be_in_viewport()
    choose(page, "report")
    page.get_by_role("button", name="Confusion matrix").click()
    expect(page.locator(".st-key-chart-confusion-matrix .stPlotlyChart")).to_be_in_viewport()


def test_table_comes_as_csv(page, app_url):
    opened(page, app_url, "?show=table-results-by-class")
    name, content = download(page.locator(".st-key-csv-of-results-by-class"), "CSV", page)
    assert name == "second-look-results-by-class.csv"
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [row["class"] for row in rows][:4] == list(CLASS_NAMES)
    assert float(rows[0]["recall"]) == read_card(SHIPPED_MODEL).results.classes["COVID"].recall.value
    assert float(rows[0]["recall low"]) <= float(rows[0]["recall"]) <= float(rows[0]["recall high"])


def test_chart_comes_as_png(page):
    chart = page.locator(".st-key-chart-roc .stPlotlyChart")
    chart.scroll_into_view_if_needed()
    chart.hover()
    with page.expect_download() as taken:
        chart.locator("[data-title='Download plot as a PNG']").click()
    assert taken.value.suggested_filename == "second-look-roc.png"
    assert Path(taken.value.path()).read_bytes().startswith(b"\x89PNG")


def test_card_comes_as_json(page):
    choose(page, "files")
    assert contrast(page.get_by_test_id("stCaptionContainer").first) >= 4.5
    name, content = download(page, "The card as JSON")
    assert name == "model_card.json"
    assert json.loads(content) == json.loads((SHIPPED_MODEL / "model_card.json").read_text())


def test_wrong_folder_gives_a_sentence(page):
    choose(page, "data")
    page.get_by_role("textbox", name="Data folder on this computer").fill("/no/such/folder")
    page.keyboard.press("Enter")
    expect(page.get_by_text("There is no data folder /no/such/folder.")).to_be_visible()
