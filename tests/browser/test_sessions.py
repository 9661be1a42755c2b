"""Two browser sessions at once: nothing lost, nothing mixed up. `benchmarks/sessions.py` has twenty, and watches the server's memory."""

import importlib
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import ONE_DROP_ZONE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.films]

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
SESSIONS, FILMS = 2, 4
PATIENCE = 180_000
ANOTHER_READ = "([chart, before]) => { const shown = document.querySelector(chart)?.ariaLabel; return shown && shown !== before && shown }"


@pytest.fixture
def sessions(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("sessions")


def test_sessions_that_read_at_once_each_get_their_own_reads(browser: Browser, app_url: str, data: Path, shipped, sessions):
    films = SESSIONS * FILMS
    files, expected = sessions.expected_reads(sessions.chosen_films(data, films + 8), shipped, films)
    contexts = [browser.new_context(viewport={"width": 1000, "height": 700}) for _ in range(SESSIONS)]
    pages = [context.new_page() for context in contexts]
    for page in pages:
        page.set_default_timeout(PATIENCE)
        page.goto(app_url)
    labels: list[str | None] = [None] * SESSIONS
    for turn in range(FILMS):
        for number, page in enumerate(pages):  # the next drop does not wait for the read of the one before
            film = turn * SESSIONS + number
            page.wait_for_function(ONE_DROP_ZONE)
            page.locator("input[type=file]").set_input_files({"name": f"{film}.jpg", "mimeType": "image/jpeg", "buffer": files[film]})
        for number, page in enumerate(pages):
            shown = page.wait_for_function(ANOTHER_READ, arg=[sessions.CHART, labels[number]], timeout=PATIENCE, polling=100).json_value()
            labels[number] = shown
            assert sessions.is_read_of(sessions.shown_read(shown), expected, turn * SESSIONS + number), (turn, number, shown)
    for number, page in enumerate(pages):  # a read that came late to the wrong page would stand there now
        page.wait_for_function("chart => document.querySelectorAll(chart).length === 1", arg=sessions.CHART)
        shown = page.locator(sessions.CHART).get_attribute("aria-label") or ""
        assert sessions.is_read_of(sessions.shown_read(shown), expected, (FILMS - 1) * SESSIONS + number)
    for context in contexts:
        context.close()
