"""A site card in a real browser: listed, used and left on the read page and in the calculator, and removed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, TimeoutError, expect

from cxr_core.artifacts import SHIPPED_MODEL, read_identity
from cxr_core.site_cards import SiteCard, list_site_cards, remove_site_card, write_site_card
from tests.browser.conftest import ONE_DROP_ZONE, new_tab
from tests.site_cards.drawing import drawn_site_card

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAMED = "Figures from the site card Ward 3, 120 films"
PATIENCE = 300_000  # importing TensorFlow and compiling take long on a busy machine


@pytest.fixture
def card() -> Iterator[SiteCard]:
    """A site card of the shipped weights, in the folder that the server looks into."""
    kept = drawn_site_card("Ward 3", read_identity(SHIPPED_MODEL))
    write_site_card(kept)
    yield kept
    if list_site_cards()[0]:
        remove_site_card("Ward 3")


@pytest.fixture
def page(context: BrowserContext, app_url: str, card: SiteCard) -> Iterator[Page]:
    with new_tab(context) as page:
        page.goto(app_url)
        yield page


def choose(page: Page, option: str) -> None:
    """Choose where figures are from. The page draws itself anew when maps come in, which closes a list: then it is opened again."""
    wanted = page.get_by_role("option", name=option)
    for _ in range(10):
        page.locator("[data-testid='stApp'][data-test-script-state='notRunning']").wait_for()
        page.get_by_role("combobox", name="Figures from").press("ArrowDown")  # a list that a click opens is closed by a scroll
        try:
            wanted.click(timeout=5_000)
        except TimeoutError:
            continue
        return
    pytest.fail(f"the list never held {option!r}")


def test_site_card_is_used_left_and_removed(page: Page, card: SiteCard, data: Path, shots: Path):
    page.wait_for_function(ONE_DROP_ZONE)
    page.locator("input[type=file]").set_input_files(data / "COVID-19_Radiography_Dataset" / "COVID" / "images" / "COVID-1.jpg")
    expect(page.get_by_text(NAMED).first).to_be_visible(timeout=PATIENCE)
    slider = page.get_by_role("slider", name="Threshold for COVID")
    expect(slider).to_have_value(f"{card.threshold:.3f}")
    page.screenshot(path=shots / "site-card-read.png")
    choose(page, "The model card")
    expect(page.get_by_text(NAMED)).to_have_count(0)
    expect(slider).not_to_have_value(f"{card.threshold:.3f}")
    choose(page, "Site card Ward 3")
    expect(page.get_by_text(NAMED).first).to_be_visible()

    page.get_by_role("link", name="PCR or X-ray?").click()
    page.get_by_role("radio", name="From the model").or_(page.get_by_role("button", name="From the model")).first.click()
    expect(page.get_by_text(f"{NAMED}, 40 of them of COVID")).to_be_visible()
    page.screenshot(path=shots / "site-card-calculator.png")

    page.get_by_role("link", name="Model card").click()
    page.get_by_role("radio", name="Your own films").click()
    heading = page.get_by_role("heading", name="Your own films")
    expect(heading).to_be_visible()
    expect(page.get_by_text("python -m cxr_core validate --data DIR --keep NAME")).to_be_visible()
    expect(page.get_by_role("cell", name="site card Ward 3")).to_be_visible()
    page.get_by_text("Figures of Ward 3").click()
    expect(page.get_by_text("By cross-validation in 5 parts").first).to_be_visible()
    heading.scroll_into_view_if_needed()
    page.screenshot(path=shots / "site-card-listed.png")
    page.get_by_role("button", name="Remove Ward 3").click()
    page.get_by_role("button", name="Remove it", exact=True).click()
    expect(page.get_by_text("No site card is kept on this computer.")).to_be_visible()
    assert list_site_cards() == ([], [])

    page.get_by_role("link", name="Read", exact=True).click()
    expect(slider).to_be_visible()
    expect(page.get_by_text(NAMED)).to_have_count(0)
