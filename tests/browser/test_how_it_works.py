"""The lecture in a real browser: from the overview through every step by keys, on a laptop, a phone and a projector."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from pages.lecture.steps import STEPS
from tests.browser.conftest import PHOTOGRAPHED, fits, new_tab

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIZES = {"laptop": (1280, 800), "phone": (390, 844), "projector": (1920, 1080)}
PATIENCE = 300_000  # importing TensorFlow and compiling take long on a busy machine


def settled(page: Page, title: str) -> None:
    """Wait until a step is whole."""
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Loading the model")).to_have_count(0, timeout=PATIENCE)
    page.locator("[data-testid='stApp'][data-test-script-state='notRunning']").wait_for(timeout=PATIENCE)
    if PHOTOGRAPHED:
        page.wait_for_timeout(1500)


@pytest.mark.parametrize("size", SIZES if PHOTOGRAPHED else ["phone"])
def test_keys_lead_through_all_steps(context: BrowserContext, app_url: str, shots, size: str):
    with new_tab(context, SIZES[size]) as page:
        page.goto(f"{app_url}/how_it_works")
        settled(page, "How it works")
        if size == "projector":
            page.get_by_text("Large type").click()
        page.screenshot(path=shots / f"how-{size}-overview.png")
        for name, step in STEPS.items():
            page.keyboard.press("PageDown")
            settled(page, step.title)
            assert f"step={name}" in page.url
            expect(page.get_by_test_id("stException")).to_have_count(0)
            expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
            assert fits(page), name
            page.screenshot(path=shots / f"how-{size}-{name}.png")
            if name == "neuron":
                page.get_by_role("slider").first.focus()  # it would take the next key for itself
        page.keyboard.press("PageUp")
        settled(page, list(STEPS.values())[-2].title)
