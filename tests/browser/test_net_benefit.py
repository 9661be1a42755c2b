"""The calculator in a real browser: move a slider, send the link on, open a bad one, look at it on a phone and on a projector."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import PHOTOGRAPHED, answered, drop_on, looks, new_tab, serving
from tests.calculator.links import handed_link, point

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIZES = {"laptop": (1280, 720), "small": (1366, 768), "zoomed": (640, 400), "projector": (1920, 1080), "phone": (390, 844)}
"""The zoomed one is a laptop's window at 200%."""
PATIENCE = 120_000
PLOT = "document.querySelector('.st-key-net_benefit .js-plotly-plot')"
NOTES = f"({PLOT}?._fullLayout?.annotations ?? []).map(note => note.text)"


@contextmanager
def opened(context: BrowserContext, url: str, size: str = "laptop", scheme: Literal["light", "dark"] = "light") -> Iterator[Page]:
    with new_tab(context, SIZES[size], scheme) as page:
        page.set_default_timeout(PATIENCE)
        page.goto(url)
        expect(sentence(page)).to_be_visible(timeout=PATIENCE)
        yield page


def sentence(page: Page):
    return page.locator(".st-key-verdict").get_by_role("heading").first


def slider(page: Page, field: str):
    return page.locator(f".st-key-slider_{field}").get_by_role("slider")


def box(page: Page, field: str):
    return page.locator(f".st-key-box_{field} input")


def wait_for_plot(page: Page) -> None:
    page.wait_for_function(f"{NOTES}.some(text => text.includes('now'))", timeout=PATIENCE, polling=100)


def settled(page: Page) -> None:
    """Wait until the server has answered everything."""
    answered(page)


def photograph(page: Page, part: Locator, path: Path, height: int) -> None:
    """Photograph a part of the page as a whole, on a screen that is high enough, if somebody wants to see it."""
    if PHOTOGRAPHED:
        before = page.viewport_size
        page.set_viewport_size({"width": before["width"], "height": height})
        settled(page)
        part.screenshot(path=path)
        page.set_viewport_size(before)


def test_first_visitor_of_a_fresh_server_can_come_by_a_link(context, tmp_path):
    with serving(tmp_path / "log.txt") as url, opened(context, f"{url}/net_benefit?p=0.02") as page:
        expect(page.get_by_role("link", name="PCR or X-ray?")).to_be_visible(timeout=PATIENCE)
        expect(box(page, "prevalence")).to_have_value("2")
        assert page.evaluate("document.querySelector('[data-testid=stMainBlockContainer]').clientWidth") > 1000  # the router's wide layout


def test_slider_by_keyboard_changes_the_sentence_the_crossing_and_the_link(context, app_url):
    with opened(context, f"{app_url}/net_benefit") as page:
        wait_for_plot(page)
        expect(sentence(page)).to_have_text("X-ray is preferred, by 3.75 a patient tested.")
        place = sentence(page).bounding_box()
        slider(page, "value").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        expect(sentence(page)).to_contain_text("PCR is preferred", timeout=PATIENCE)
        expect(box(page, "value")).to_have_value("1500")
        page.wait_for_function(f"{NOTES}.includes('<b>tie at 20.5%</b>')", timeout=PATIENCE)
        page.wait_for_url(re.compile(r"v=1500"))
        assert sentence(page).bounding_box()["y"] == place["y"]
        assert sentence(page).bounding_box()["height"] == place["height"]

        box(page, "prevalence").fill("0.37")
        box(page, "prevalence").press("Enter")
        expect(sentence(page)).to_contain_text("X-ray is preferred", timeout=PATIENCE)
        expect(slider(page, "prevalence")).to_have_attribute("aria-valuetext", "0.37%")
        page.wait_for_url(re.compile(r"p=0\.0037"))


def test_copied_link_brings_the_scenario_to_another_browser(browser, context, app_url):
    with opened(context, f"{app_url}/net_benefit?preset=screening&cp=75&w=1&h=24") as page:
        said = sentence(page).inner_text()
        page.get_by_text("Take it away").click()
        expect(page.get_by_text("This address works on this computer only")).to_be_visible()
        link = page.get_by_test_id("stCode").first.inner_text().strip()
        text = page.get_by_test_id("stCode").nth(1).inner_text().strip()
        assert text == urlsplit(link).query
        assert urlsplit(link)[:3] == urlsplit(page.url)[:3]
        assert parse_qs(urlsplit(link).query) == parse_qs(urlsplit(page.url).query)
    with closing(browser.new_context()) as another, opened(another, link) as page:
        expect(sentence(page)).to_have_text(said)
        for field, shown in (("prevalence", "0.5"), ("cost_pcr", "75"), ("half_life_hours", "24")):
            expect(box(page, field)).to_have_value(shown)
        expect(page.get_by_role("combobox", name="Preset")).to_have_value("Screening of the well")
        expect(page.get_by_test_id("stAlert").filter(has_text="link")).to_have_count(0)
    with opened(context, f"{app_url}/net_benefit") as page:
        page.get_by_role("button", name="content_paste").click()
        page.get_by_label("A link to a scenario").fill(f"?{text}")
        page.keyboard.press("Enter")
        expect(sentence(page)).to_have_text(said, timeout=PATIENCE)
        page.wait_for_url(re.compile(r"cp=75"))


def test_undo_and_redo_by_key_and_by_button(context, app_url):
    with opened(context, f"{app_url}/net_benefit") as page:
        wait_for_plot(page)
        start = sentence(page).inner_text()
        slider(page, "value").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        expect(sentence(page)).to_contain_text("PCR is preferred", timeout=PATIENCE)
        moved = sentence(page).inner_text()
        settled(page)
        page.keyboard.press("Control+z")
        expect(sentence(page)).to_have_text(start, timeout=PATIENCE)
        expect(box(page, "value")).to_have_value("1000")
        settled(page)
        page.keyboard.press("Control+Shift+z")
        expect(sentence(page)).to_have_text(moved, timeout=PATIENCE)
        settled(page)
        page.locator(".st-key-undo button").locator("visible=true").click()
        expect(sentence(page)).to_have_text(start, timeout=PATIENCE)


def test_all_strategies_are_compared_in_the_headline_and_the_shading(context, app_url, shots):
    with opened(context, f"{app_url}/net_benefit?p=0.6&seq=1") as page:
        wait_for_plot(page)
        expect(sentence(page)).to_have_text("X-ray then PCR if negative is best, by 5.88 a patient over PCR alone.")
        page.wait_for_function(f"{NOTES}.some(text => text.startsWith('Best: X-ray,'))", timeout=PATIENCE)
        settled(page)
        page.screenshot(path=shots / "net-benefit-five.png")
        page.get_by_role("tab", name="Tornado").click()
        panel = page.get_by_role("tabpanel").filter(visible=True)
        expect(panel.locator(".js-plotly-plot").first).to_be_visible(timeout=PATIENCE)
        photograph(page, panel, shots / "net-benefit-lead.png", 2600)


def test_operating_point_arrives_by_link_and_its_box_is_locked(context, app_url):
    query = urlencode(handed_link(point(0.87, 0.93, 0.3125, 150)))
    with opened(context, f"{app_url}/net_benefit?{query}") as page:
        expect(box(page, "sensitivity_xray")).to_have_value("87", timeout=PATIENCE)
        expect(box(page, "sensitivity_xray")).to_be_disabled()
        expect(page.get_by_text("Operating point of an unnamed model as it was handed over, threshold 0.3125")).to_be_visible()


@pytest.mark.parametrize("page_name", ["net_benefit", "how_it_works", "model_card"])
def test_a_film_dropped_on_a_page_that_takes_none_is_told_where_it_belongs(context, app_url, page_name):
    told = "Films are dropped on the pages Read and Worklist"
    with new_tab(context) as page:
        page.goto(f"{app_url}/{page_name}")
        expect(page.get_by_text(told)).to_have_count(1, timeout=PATIENCE)
        expect(page.get_by_text(told)).to_be_hidden()
        drop_on(page, "[data-testid=stMain] :is(h1, h2, h3)", ("film.png", b""))
        expect(page.get_by_text(told)).to_be_visible()


def test_hostile_link_gets_a_note_and_the_defaults(context, app_url):
    with opened(context, f"{app_url}/net_benefit?p=<script>alert(1)</script>&v=1e999&preset=%00&x=y") as page:
        banner = page.get_by_test_id("stAlert").filter(has_text="The link")
        expect(banner).to_have_count(1)
        expect(banner).to_contain_text("The link's prevalence and value of an early detection are not usable and were ignored.")
        expect(banner).to_contain_text("The link names a preset that does not exist")
        assert banner.bounding_box()["y"] > sentence(page).bounding_box()["y"]
        expect(sentence(page)).to_have_text("X-ray is preferred, by 3.75 a patient tested.")
        expect(page.get_by_text("alert(1)")).to_have_count(0)


@pytest.mark.parametrize(
    ("size", "scheme"), looks(SIZES, ("laptop", "light"), ("projector", "dark"), ("phone", "dark"), ("zoomed", "light"))
)
def test_page_fits_the_screen(context, app_url, shots, size, scheme):
    with opened(context, f"{app_url}/net_benefit", size, scheme) as page:
        wait_for_plot(page)
        settled(page)
        page.screenshot(path=shots / f"net-benefit-{size}-{scheme}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        frame = page.locator(".st-key-verdict")
        assert frame.evaluate("frame => frame.scrollHeight <= frame.clientHeight")  # the sentence is not cut off
        lines = page.get_by_test_id("stMarkdown").filter(has_text="preferred").filter(has=page.locator(".katex")).first
        assert lines.evaluate(
            "lines => [...lines.querySelectorAll('.base')].every(part => part.getBoundingClientRect().right <= innerWidth)"
        )
        if size not in ("phone", "zoomed"):
            assert page.locator(".st-key-net_benefit").bounding_box()["y"] < SIZES[size][1] / 2


def test_explanation_needs_no_sideways_scrolling_on_a_phone(context, app_url, shots):
    with opened(context, f"{app_url}/net_benefit?fp=1&w=1", "phone") as page:  # the longest formulas
        page.get_by_text("Explain", exact=True).click()
        steps = page.get_by_test_id("stExpander").filter(has_text="Step by step")
        expect(steps.locator(".katex").first).to_be_visible(timeout=PATIENCE)
        settled(page)
        parts = steps.locator(".katex-html .base")
        assert parts.count() > 10
        assert parts.evaluate_all("parts => parts.every(part => part.getBoundingClientRect().right <= innerWidth)")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        photograph(page, steps, shots / "net-benefit-explain-phone.png", 3600)


@pytest.mark.parametrize(("size", "scheme"), looks(("laptop", "projector"), ("laptop", "dark"), ("projector", "light")))
def test_presenter_fills_the_screen(context, app_url, shots, size, scheme):
    width, height = SIZES[size]
    with opened(context, f"{app_url}/net_benefit?big=1", size, scheme) as page:
        wait_for_plot(page)
        settled(page)
        page.wait_for_function(f"{PLOT}?.getBoundingClientRect().bottom > 0.9 * innerHeight", timeout=PATIENCE)  # once the window has told
        plot = page.locator(".st-key-net_benefit").bounding_box()
        assert plot["width"] > width / 2
        assert plot["y"] + plot["height"] <= height
        page.screenshot(path=shots / f"net-benefit-presenter-{size}-{scheme}.png")
        assert page.get_by_role("slider").count() == 2
        said = page.locator(".st-key-verdict").get_by_role("heading").nth(1)
        smallest = "parts => Math.min(...parts.map(part => parseFloat(getComputedStyle(part).fontSize)))"
        controls = page.locator(".st-key-presented-controls").locator("input, [data-testid=stSliderThumbValue]")
        # What is set is as large as the sentence that says what would change the verdict; the verdict itself is a title.
        assert controls.evaluate_all(smallest) >= said.evaluate("part => parseFloat(getComputedStyle(part).fontSize)")
        expect(page.locator(".st-key-presented-inequality .katex").first).to_be_visible()

        page.locator(".st-key-presented-controls input[type=number]").first.focus()  # it takes no letter, and keeps the focus
        page.keyboard.press("h")
        expect(page.locator(".st-key-bare")).to_be_visible(timeout=PATIENCE)
        wait_for_plot(page)
        settled(page)
        page.wait_for_function(f"{PLOT}?.getBoundingClientRect().width > 0.8 * innerWidth", timeout=PATIENCE)
        assert page.get_by_role("slider").count() == 0
        for hidden in (page.get_by_role("link", name="Model card"), page.locator(".katex").first, page.get_by_text("Presenter")):
            expect(hidden).not_to_be_visible()
        expect(sentence(page)).to_be_visible()
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight <= innerHeight")
        page.screenshot(path=shots / f"net-benefit-bare-{size}-{scheme}.png")
        page.keyboard.press("h")
        expect(page.locator(".st-key-presenter")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_role("slider")).to_have_count(2)
        page.locator(".st-key-presented-controls [role=combobox]").first.focus()  # a list that was used keeps it too
        page.keyboard.press("h")
        expect(page.locator(".st-key-bare")).to_be_visible(timeout=PATIENCE)


@pytest.mark.parametrize(("size", "scheme"), looks(SIZES, ("phone", "dark")))
def test_patients_follow_the_sliders(context, app_url, shots, size, scheme):
    with opened(context, f"{app_url}/net_benefit", size, scheme) as page:
        wait_for_plot(page)
        expect(page.get_by_text("X-ray finds 16 fewer than PCR and falsely alarms 68 more than PCR.")).to_be_visible(timeout=PATIENCE)
        for plot in ("icons_xray", "icons_pcr", "tree_xray", "tree_pcr"):
            expect(page.locator(f".st-key-{plot} .js-plotly-plot")).to_be_visible(timeout=PATIENCE)
        box(page, "prevalence").fill("10")
        box(page, "prevalence").press("Enter")
        expect(page.get_by_text("Of the 182 called positive")).to_be_visible(timeout=PATIENCE)
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_decision_curve_shows_what_the_read_adds(context, app_url, shots):
    with opened(context, f"{app_url}/net_benefit") as page:
        wait_for_plot(page)
        page.get_by_role("tab", name="Decision curve").click()
        panel = page.get_by_role("tabpanel").filter(visible=True)
        titles = {"Difference": "difference in net benefit", "Interventions avoided": "interventions avoided (net"}
        for kind, title in titles.items():
            panel.get_by_role("radio", name=kind).click()
            expect(panel.locator(".js-plotly-plot").filter(has_text=title).first).to_be_visible(timeout=PATIENCE)
            photograph(page, panel, shots / f"net-benefit-{kind.lower().replace(' ', '-')}.png", 1600)


def test_tabs_draw_their_plots(context, app_url, shots):
    with opened(context, f"{app_url}/net_benefit?u=0.2&seq=1&fp=1") as page:
        wait_for_plot(page)
        for tab in ("Tornado", "Uncertainty", "Decision curve"):
            page.get_by_role("tab", name=tab).click()
            expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
            panel = page.get_by_role("tabpanel").filter(visible=True)
            expect(panel.locator(".js-plotly-plot").or_(panel.get_by_test_id("stAlert")).first).to_be_visible(timeout=PATIENCE)
            photograph(page, panel, shots / f"net-benefit-{tab.lower().replace(' ', '-')}.png", 2600)
