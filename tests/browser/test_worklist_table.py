"""The worklist's table in a real browser: a head sorts it, films are turned in its order, and large archives come in."""

import os
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import ONE_DROP_ZONE, answered, new_tab
from tests.browser.test_read_xray import drop_on
from tests.browser.test_worklist import HEAD, PATIENCE, photographed
from tests.worklist.faking import BROKEN, film_png

NUMBER, MENU = 40, 60
"""In the head of "No.", from the table's left edge: its name, and what opens its menu."""

pytestmark = [pytest.mark.browser, pytest.mark.slow]


DRAWN = """!document.documentElement.outerHTML.includes('secret-name')
    && document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'
    && !document.querySelector('[data-stale=true]')"""
"""Whether a page stands as it will stay: the drop zone's line of an upload is what goes last."""


def click_head(page: Page, x: int) -> None:
    """Click on the table's head, which is drawn on a canvas."""
    page.wait_for_function(DRAWN, timeout=PATIENCE)
    place = page.get_by_test_id("stDataFrame").locator("canvas").first.bounding_box()
    assert place is not None
    page.mouse.click(place["x"] + x, place["y"] + HEAD / 2)


def test_a_columns_head_sorts_table_and_turning(context: BrowserContext, app_url: str, shots: Path):
    files = [film_png(1, 300), film_png(2, 300), BROKEN]
    with new_tab(context) as page:
        page.goto(f"{app_url}/worklist")
        expect(page.get_by_role("heading", name="Read a list of films")).to_be_visible()
        page.wait_for_function(ONE_DROP_ZONE)
        page.locator("input[type=file]").set_input_files(
            [{"name": f"secret-name-{number}.png", "mimeType": "image/png", "buffer": data} for number, data in enumerate(files)]
        )
        expect(page.get_by_text("3 films. Click a row to open its film. Click a column's head to sort.")).to_be_visible()
        expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(0, timeout=PATIENCE)
        click_head(page, MENU)
        expect(page.get_by_role("menuitem", name="Hide column")).to_be_visible()
        assert page.get_by_role("menuitem", name="Sort").all() == []
        page.keyboard.press("Escape")
        click_head(page, NUMBER)
        expect(page.get_by_role("button", name="Descending")).to_be_visible()
        photographed(page, shots, "sorted")
        answered(page)  # the button below is drawn after the order above: the one before would open another film
        page.get_by_role("button", name="Open the first").click()
        expect(page.get_by_text(re.compile("Film 3: 1 of 3 in the list"))).to_be_visible()
        page.get_by_role("button", name="Next").click()
        expect(page.get_by_text(re.compile("Film 2: 2 of 3 in the list"))).to_be_visible()
        page.get_by_role("button", name="List").click()
        expect(page.get_by_role("button", name="Descending")).to_be_visible()
        click_head(page, NUMBER)
        expect(page.get_by_role("button", name="Ascending")).to_be_visible()
        page.get_by_role("button", name="Open the first").click()
        expect(page.get_by_text(re.compile("Film 1: 1 of 3 in the list"))).to_be_visible()


def test_an_archive_may_be_larger_than_a_film(context: BrowserContext, app_url: str, tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "secret-name.zip", "w") as archive:
        archive.writestr("film.png", film_png(1, 300))
        archive.writestr("notes.txt", os.urandom(60 * 2**20))
    with new_tab(context) as page:
        page.goto(f"{app_url}/worklist")
        expect(page.get_by_role("heading", name="Read a list of films")).to_be_visible()
        page.wait_for_function(ONE_DROP_ZONE)
        page.locator("input[type=file]").set_input_files(tmp_path / "secret-name.zip")
        expect(page.get_by_text("1 film. Click a row to open its film")).to_be_visible()
        drop_on(page, ".stApp", sizes=(51 * 2**20,))
        expect(page.get_by_text("The file is too large: at most 50 MB are read.")).to_be_visible()
