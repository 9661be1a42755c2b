"""No page keeps anybody out: axe-core finds no serious and no critical violation, in light and in dark."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from pages.lecture.steps import STEPS
from tests.browser.conftest import new_tab

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE = 300_000  # importing TensorFlow and compiling take long on a busy machine
GRAVE = {"serious", "critical"}


def heading(name: str) -> Callable[[Page], None]:
    return lambda page: expect(page.get_by_role("heading", name=name).first).to_be_visible(timeout=PATIENCE)


def with_phantom(page: Page) -> None:
    page.get_by_role("button", name="Try the phantom").click(timeout=PATIENCE)
    expect(page.get_by_role("group", name="Map for")).to_be_visible(timeout=PATIENCE)


def with_verdict(page: Page) -> None:
    expect(page.locator(".st-key-verdict").get_by_role("heading").first).to_be_visible(timeout=PATIENCE)


PAGES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "Read": ("", heading("Second Look")),
    "Read, phantom": ("", with_phantom),
    "Worklist": ("worklist", heading("Read a list of films")),
    "PCR or X-ray?": ("net_benefit", with_verdict),
    "How it works": ("how_it_works", heading("How it works")),
    "How it works, a step": ("how_it_works?step=neuron", heading(STEPS["neuron"].title)),
    "Practise": ("practise", heading("Practise")),
    "Model card": ("model_card", heading("May I trust")),
    "Model card, results": ("model_card?part=results", heading("Results")),
}
"""By name: where a page is, and how to bring it to what is judged."""


def settled(page: Page) -> None:
    """Wait until a page is whole."""
    page.locator("[data-testid='stApp'][data-test-script-state='notRunning']").wait_for(timeout=PATIENCE)
    page.wait_for_timeout(1_000)  # nothing fades any more


def grave(page: Page) -> list[str]:
    """Say what axe-core finds that is serious or critical, a line for each element."""
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {' '.join(map(str, node['target']))}: {node['html'][:300]}"
        for rule in found
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_a_serious_or_critical_violation(context: BrowserContext, app_url: str, name: str):
    where, reach = PAGES[name]
    with new_tab(context) as page:
        page.goto(f"{app_url}/{where}")
        reach(page)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            settled(page)
            assert grave(page) == [], scheme


def test_a_violation_is_found(context: BrowserContext):
    with new_tab(context) as page:
        page.set_content("<html lang=en><title>Page</title><main><button></button></main></html>")
        assert [line.split()[0] for line in grave(page)] == ["button-name"]
