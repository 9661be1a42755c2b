"""The calculator in a real browser: move a slider, send the link on, open a bad one, look at it on a phone and on a projector."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from cxr_core.decision import ModelPoint, handover_query
from tests.browser.conftest import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIZES = {"laptop": (1280, 720), "projector": (1920, 1080), "phone": (390, 844)}
PATIENCE = 120_000
PLOT = "document.querySelector('.st-key-net_benefit .js-plotly-plot')"
NOTES = f"({PLOT}?._fullLayout?.annotations ?? []).map(note => note.text)"


@contextmanager
def opened(browser: Browser, url: str, size: str = "laptop", scheme: str = "light") -> Iterator[Page]:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(url)
    expect(sentence(page)).to_be_visible(timeout=PATIENCE)
    yield page
    context.close()


def sentence(page: Page):
    return page.locator(".st-key-verdict").get_by_role("heading").first


def slider(page: Page, field: str):
    return page.locator(f".st-key-slider_{field}").get_by_role("slider")


def box(page: Page, field: str):
    return page.locator(f".st-key-box_{field} input")


def wait_for_plot(page: Page) -> None:
    page.wait_for_function(f"{NOTES}.some(text => text.includes('now'))", timeout=PATIENCE)


def settled(page: Page) -> None:
    """Wait until the server has answered everything."""
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=PATIENCE)
    page.wait_for_timeout(500)


def test_first_visitor_of_a_fresh_server_can_come_by_a_link(browser, tmp_path):
    with serving(tmp_path / "log.txt") as url, opened(browser, f"{url}/net_benefit?p=0.02") as page:
        expect(page.get_by_role("link", name="PCR or X-ray?")).to_be_visible(timeout=PATIENCE)
        expect(box(page, "prevalence")).to_have_value("2")
        assert page.evaluate("document.querySelector('[data-testid=stMainBlockContainer]').clientWidth") > 1000  # the router's wide layout


def test_slider_by_keyboard_changes_the_sentence_the_crossing_and_the_link(browser, app_url):
    with opened(browser, f"{app_url}/net_benefit") as page:
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


def test_copied_link_brings_the_scenario_to_another_browser(browser, app_url):
    with opened(browser, f"{app_url}/net_benefit?preset=screening&cp=75&w=1&h=24") as page:
        said = sentence(page).inner_text()
        page.get_by_text("Take it away").click()
        link = page.get_by_test_id("stCode").first.inner_text().strip()
        assert urlsplit(link)[:3] == urlsplit(page.url)[:3]
        assert parse_qs(urlsplit(link).query) == parse_qs(urlsplit(page.url).query)
    with opened(browser, link) as page:
        expect(sentence(page)).to_have_text(said)
        for field, shown in (("prevalence", "0.5"), ("cost_pcr", "75"), ("half_life_hours", "24")):
            expect(box(page, field)).to_have_value(shown)
        expect(page.get_by_role("combobox", name="Preset")).to_have_value("Screening of the well")
        expect(page.get_by_test_id("stAlert").filter(has_text="link")).to_have_count(0)


def test_operating_point_arrives_by_link_and_its_box_is_locked(browser, app_url):
    query = urlencode(handover_query(ModelPoint(0.87, 0.93, 0.3125, 150)))
    with opened(browser, f"{app_url}/net_benefit?{query}") as page:
        expect(box(page, "sensitivity_xray")).to_have_value("87", timeout=PATIENCE)
        expect(box(page, "sensitivity_xray")).to_be_disabled()
        expect(page.get_by_text("Operating point of an unnamed model as it was handed over, threshold 0.3125")).to_be_visible()


def test_hostile_link_gets_a_note_and_the_defaults(browser, app_url):
    with opened(browser, f"{app_url}/net_benefit?p=<script>alert(1)</script>&v=1e999&preset=%00&x=y") as page:
        expect(page.get_by_text("The link's prevalence is not usable and was ignored.")).to_be_visible()
        expect(page.get_by_text("The link names a preset that does not exist")).to_be_visible()
        expect(sentence(page)).to_have_text("X-ray is preferred, by 3.75 a patient tested.")
        expect(page.get_by_text("alert(1)")).to_have_count(0)


@pytest.mark.parametrize(("size", "scheme"), [("laptop", "light"), ("projector", "dark"), ("phone", "light"), ("phone", "dark")])
def test_page_fits_the_screen(browser, app_url, shots, size, scheme):
    with opened(browser, f"{app_url}/net_benefit", size, scheme) as page:
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
        if size != "phone":
            assert page.locator(".st-key-net_benefit").bounding_box()["y"] < SIZES[size][1] / 2


@pytest.mark.parametrize("query", ["", "?fp=1&w=1"])
def test_explanation_needs_no_sideways_scrolling_on_a_phone(browser, app_url, shots, query):
    with opened(browser, f"{app_url}/net_benefit{query}", "phone") as page:
        page.get_by_text("Explain", exact=True).click()
        steps = page.get_by_test_id("stExpander").filter(has_text="Step by step")
        expect(steps.locator(".katex").first).to_be_visible(timeout=PATIENCE)
        settled(page)
        parts = steps.locator(".katex-html .base")
        assert parts.count() > 10
        assert parts.evaluate_all("parts => parts.every(part => part.getBoundingClientRect().right <= innerWidth)")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.set_viewport_size({"width": SIZES["phone"][0], "height": 3600})  # the whole explanation at once
        settled(page)
        steps.screenshot(path=shots / f"net-benefit-explain-phone{len(query)}.png")


@pytest.mark.parametrize(("size", "scheme"), [("laptop", "dark"), ("projector", "light")])
def test_presenter_fills_the_screen(browser, app_url, shots, size, scheme):
    width, height = SIZES[size]
    with opened(browser, f"{app_url}/net_benefit?big=1", size, scheme) as page:
        wait_for_plot(page)
        settled(page)
        page.wait_for_function(f"{PLOT}.getBoundingClientRect().bottom > 0.9 * innerHeight", timeout=PATIENCE)  # once the window has told
        plot = page.locator(".st-key-net_benefit").bounding_box()
        assert plot["width"] > width / 2
        assert plot["y"] + plot["height"] <= height
        page.screenshot(path=shots / f"net-benefit-presenter-{size}-{scheme}.png")
        assert page.get_by_role("slider").count() == 2


@pytest.mark.parametrize("tab", ["Tornado", "Uncertainty", "Decision curve"])
def test_tabs_draw_their_plots(browser, app_url, shots, tab):
    with opened(browser, f"{app_url}/net_benefit?u=0.2&seq=1&fp=1") as page:
        wait_for_plot(page)
        page.get_by_role("tab", name=tab).click()
        panel = page.get_by_role("tabpanel").filter(visible=True)
        expect(panel.locator(".js-plotly-plot").or_(panel.get_by_test_id("stAlert")).first).to_be_visible(timeout=PATIENCE)
        page.set_viewport_size({"width": 1280, "height": 2600})  # the whole page at once
        settled(page)
        panel.screenshot(path=shots / f"net-benefit-{tab.lower().replace(' ', '-')}.png")
