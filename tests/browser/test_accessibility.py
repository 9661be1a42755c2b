"""No page keeps anybody out: axe-core finds no serious and no critical violation, in light and in dark."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from pages.lecture.steps import STEPS
from tests.browser.conftest import answered, drop_on, new_tab, photograph, png_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE = 300_000  # importing TensorFlow and compiling take long on a busy machine
GRAVE = {"serious", "critical"}


Reach = Callable[[Page, Path], None]
"""Brings a page to what is judged; it is also told of a folder with films."""


def heading(name: str) -> Reach:
    return lambda page, films: expect(page.get_by_role("heading", name=name).first).to_be_visible(timeout=PATIENCE)


def with_phantom(page: Page, films: Path) -> None:
    page.get_by_role("button", name="Try the phantom").click(timeout=PATIENCE)
    expect(page.get_by_role("group", name="Map for")).to_be_visible(timeout=PATIENCE)


def with_refusals(page: Page, films: Path) -> None:
    """A film that the input gate refuses, a file that is none beside it, and the list of keys."""
    drop_on(page, "h1", ("1.png", photograph()), ("2.png", b"these are my notes"))
    expect(page.get_by_text("Not read: refused by the input gate.")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("navigation", name="Films").get_by_role("button")).to_have_count(2)
    page.keyboard.press("?")
    expect(page.get_by_text("Keys, wherever the focus is")).to_be_visible()


def with_films(page: Page, films: Path) -> None:
    drop_on(page, "h2", ("1.png", png_of(1)), ("2.png", b"these are my notes"))
    expect(page.get_by_text("2 films. Click a row to open its film.")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(0, timeout=PATIENCE)


def in_a_series(page: Page, films: Path) -> None:
    page.get_by_role("textbox", name="Folder with the films").fill(str(films))
    page.get_by_role("button", name="Open").click()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("Film 1 of 4")).to_be_visible()


def with_verdict(page: Page, films: Path) -> None:
    expect(page.locator(".st-key-verdict").get_by_role("heading").first).to_be_visible(timeout=PATIENCE)


PAGES: dict[str, tuple[str, Reach]] = {
    "Read": ("", heading("Second Look")),
    "Read, phantom": ("", with_phantom),
    "Read, phantom, on a phone": ("", with_phantom),
    "Read, refused, with the keys": ("", with_refusals),
    "Worklist": ("worklist", heading("Read a list of films")),
    "Worklist, films": ("worklist", with_films),
    "PCR or X-ray?": ("net_benefit", with_verdict),
    "PCR or X-ray? for the projector": ("net_benefit?big=1", with_verdict),
    "How it works": ("how_it_works", heading("How it works")),
    "How it works, a step": ("how_it_works?step=neuron", heading(STEPS["neuron"].title)),
    "Practise": ("practise", heading("Practise")),
    "Practise, a film": ("practise?series=42&films=4", in_a_series),
    "Model card": ("model_card", heading("May I trust")),
    "Model card, results": ("model_card?part=results", heading("Results")),
}
"""By name: where a page is, and how to bring it to what is judged."""


def settled(page: Page) -> None:
    """Wait until a page is whole."""
    answered(page)
    page.wait_for_function("document.getAnimations().every(({ playState }) => playState !== 'running')", timeout=PATIENCE)


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
def test_no_page_has_a_serious_or_critical_violation(context: BrowserContext, app_url: str, phantom_data: Path, name: str):
    where, reach = PAGES[name]
    with new_tab(context, (390, 844) if "phone" in name else (1280, 800)) as page:
        page.goto(f"{app_url}/{where}")
        reach(page, phantom_data)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            settled(page)
            assert grave(page) == [], scheme


def test_a_violation_is_found(context: BrowserContext):
    with new_tab(context) as page:
        page.set_content("<html lang=en><title>Page</title><main><button></button></main></html>")
        assert [line.split()[0] for line in grave(page)] == ["button-name"]
