"""How long the model card takes: its script in a new process, and the page in a real browser."""

from common import interleaved_medians, report  # isort: skip

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.conftest import FLAGS, chromium_path, serving

ROOT = Path(__file__).parents[1]
REPEATS = 5
SCRIPT = """
import time
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("pages/model_card.py", default_timeout=600)
wall, cpu = time.perf_counter(), time.process_time()
app.run()
assert app.metric and not app.exception
print(time.perf_counter() - wall, time.process_time() - cpu)
"""
CHARTS_ARE_DRAWN = """(() => {
    const places = document.querySelectorAll('.stPlotlyChart').length;
    return places > 0 && places === [...document.querySelectorAll('.js-plotly-plot')].filter(plot => plot.calcdata).length;
})()"""


def script() -> tuple[float, float]:
    """Run the page once in a new process in which Streamlit is loaded; return its wall and processor seconds, imports included."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    wall, cpu = run.stdout.split()
    return float(wall), float(cpu)


def new_context(browser: Browser) -> BrowserContext:
    """Open a browser that has seen nothing yet."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(60_000)
    return context


def visit(context: BrowserContext, url: str, ready: Callable[[Page], object]) -> None:
    """Open the page and wait until it is ready."""
    page = context.new_page()
    page.goto(url)
    ready(page)
    page.close()


def first_visit(browser: Browser, url: str, ready: Callable[[Page], object]) -> None:
    """Open the page in a browser without a cache."""
    with new_context(browser) as context:
        visit(context, url, ready)


def first_screen(page: Page) -> None:
    page.get_by_role("heading", name="What it is for").wait_for()
    page.get_by_test_id("stMetric").first.wait_for()


def last_section(page: Page) -> None:
    page.get_by_role("heading", name="The card itself").wait_for()


def all_charts(page: Page) -> None:
    page.wait_for_function(CHARTS_ARE_DRAWN)


READY = {"first_screen": first_screen, "text": last_section, "charts": all_charts}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "log.txt") as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        card, again = f"{url}/model_card", new_context(browser)
        visits = {name: partial(first_visit, browser, card, ready) for name, ready in READY.items()}
        visits |= {f"{name}_again": partial(visit, again, card, ready) for name, ready in READY.items()}
        medians = interleaved_medians(visits, REPEATS)
        browser.close()
    wall, cpu = (statistics.median(times) for times in zip(*(script() for _ in range(REPEATS)), strict=True))
    report(
        f"The model card at 1280 x 800, medians of {REPEATS}",
        {
            "its script in a new process": f"{wall:.2f} s (must be below 2), {cpu:.2f} s of processor time",
            "no browser cache, to its first screen": f"{medians['first_screen']:.2f} s (must be below 2)",
            "no browser cache, to its last section": f"{medians['text']:.2f} s",
            "no browser cache, to its last chart": f"{medians['charts']:.2f} s",
            "opened again, to its first screen": f"{medians['first_screen_again']:.2f} s (must be below 2)",
            "opened again, to its last section": f"{medians['text_again']:.2f} s",
            "opened again, to its last chart": f"{medians['charts_again']:.2f} s",
        },
        {"script": wall, "script_cpu": cpu} | medians,
        most={"script": 2, "first_screen": 2, "first_screen_again": 2},
    )


if __name__ == "__main__":
    main()
