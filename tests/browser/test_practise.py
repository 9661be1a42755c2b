"""A practise series in a real browser: a folder is named, a film is marked, read and answered, and the result is taken away."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from cxr_core.practice import read_answers
from tests.browser.conftest import drop_on, fits, new_tab

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE = 300_000  # importing TensorFlow and compiling take long on a busy machine


@pytest.fixture
def page(context: BrowserContext, app_url: str) -> Iterator[Page]:
    with new_tab(context) as page:
        page.goto(f"{app_url}/practise?series=42&films=4")
        yield page


def choose(page: Page, words: str) -> None:
    """Press one of the pills, which are buttons or radio buttons."""
    form = page.get_by_test_id("stForm")
    form.get_by_role("button", name=words, exact=True).or_(form.get_by_role("radio", name=words, exact=True)).click()


def start(page: Page, folder: Path) -> None:
    page.get_by_role("textbox", name="Folder with the films").fill(str(folder))
    page.get_by_role("button", name="Open").click()
    page.get_by_role("button", name="Start").click()


def test_a_series_is_marked_read_and_taken_away(page: Page, phantom_data: Path, shots: Path):
    start(page, phantom_data)
    stage = page.get_by_role("application", name="Film")
    for number in range(4):
        expect(page.get_by_text(f"Film {number + 1} of 4")).to_be_visible()
        expect(stage).to_have_attribute("aria-busy", "false")
        if not number:
            stage.click()  # in the middle
            expect(page.get_by_text("Your mark is on the film")).to_be_visible()
            drop_on(page, ".stage", ("film.png", b""))
            expect(page.get_by_text("Films are dropped on the pages Read and Worklist")).to_be_visible()
            expect(page.get_by_text("Your mark is on the film")).to_be_visible()
        choose(page, "COVID")
        choose(page, "sure")
        page.screenshot(path=shots / f"practise-{number}.png")
        page.get_by_role("button", name="Commit").click()
        expect(page.get_by_text("The model says")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_text("It is")).to_be_visible()
        expect(page.get_by_role("button", name="Map", exact=True)).to_have_attribute("aria-pressed", "true")
        page.screenshot(path=shots / f"practise-{number}-told.png")
        page.get_by_role("button", name="See the result" if number == 3 else "Next film").click()
    expect(page.get_by_role("heading", name="Your series")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Answers, CSV").click()
    answers = read_answers(download.value.path().read_bytes()).answers
    assert [answer.mark is None for answer in answers] == [False, True, True, True]
    mark = answers[0].mark
    assert mark is not None
    assert (mark.left, mark.top) == pytest.approx((0.5, 0.5), abs=0.02)
    page.screenshot(path=shots / "practise-result.png", full_page=True)


def test_a_series_in_the_second_order_fits_a_phone(context: BrowserContext, app_url: str, phantom_data: Path, shots: Path):
    with new_tab(context, (390, 844)) as page:
        page.goto(f"{app_url}/practise?series=42&films=4&order=revise")
        start(page, phantom_data)
        stage = page.get_by_role("application", name="Film")
        for number in range(4):
            expect(page.get_by_text(f"Film {number + 1} of 4")).to_be_visible()
            expect(stage).to_have_attribute("aria-busy", "false")
            assert fits(page)
            if not number:
                stage.click()
                expect(page.get_by_text("Your mark is on the film")).to_be_visible()
            choose(page, "COVID")
            choose(page, "doubtful")
            page.get_by_role("button", name="Commit", exact=True).click()
            expect(page.get_by_text("The model says")).to_be_visible(timeout=PATIENCE)
            expect(page.get_by_text("It is")).to_have_count(0)  # the truth waits for the second read
            assert fits(page)
            page.screenshot(path=shots / f"practise-phone-{number}-model.png", full_page=True)
            choose(page, "Normal")
            choose(page, "sure")
            page.get_by_role("button", name="Commit again").click()
            expect(page.get_by_text("It is")).to_be_visible()
            expect(page.get_by_text("You: COVID, doubtful; then Normal, sure.")).to_be_visible()
            assert fits(page)
            page.get_by_role("button", name="See the result" if number == 3 else "Next film").click()
        expect(page.get_by_role("heading", name="When the model spoke")).to_be_visible()
        assert fits(page)
        page.screenshot(path=shots / "practise-phone-result.png", full_page=True)
