"""How long the model card takes, in a real browser until it is painted, and its script in a new process.

Ready within 2 s is what its first screen must be when it is chosen in the app, as users come to it, and the text of a part of it that is
opened. Opened by its own address, a browser first loads Streamlit itself: the baseline of that, measured in the same run, is a page that
holds one heading.
"""

from common import report  # isort: skip

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from pages.card.contents import PARTS
from tests.browser.conftest import FLAGS, chromium_path, serving

ROOT = Path(__file__).parents[1]
REPEATS = 3
SCRIPT = """
import time
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("pages/model_card.py", default_timeout=600)
wall, cpu = time.perf_counter(), time.process_time()
app.run()
assert app.header and not app.exception
print(time.perf_counter() - wall, time.process_time() - cpu)
"""
WATCH = """
window.seen = {};
const all = selector => [...document.querySelectorAll(selector)];
const ready = {
    heading: () => all('h2').length > 0,
    first_screen: () => all('.st-key-trust strong').length > 7 && all('.st-key-finder [role=radio]').length > 0,
    text: () => all('h3').length > 0 && all('.st-key-table-easier-questions th').length > 0,
    charts: () => all('.stPlotlyChart').length > 0 && !all('[data-testid=stStatusWidget]').length
        && all('.stPlotlyChart').every(place => place.querySelector('.main-svg .layer-above, .main-svg .cartesianlayer .plot')),
};
const afterPaint = new MessageChannel();  // A message sent before a frame is painted comes after it.
let found = [];
afterPaint.port1.onmessage = () => {
    for (const name of Object.keys(ready)) {
        if (found.includes(name)) window.seen[name] ??= performance.now() / 1000;
        else delete window.seen[name];
    }
};
const look = () => {
    found = Object.keys(ready).filter(name => ready[name]());
    afterPaint.port2.postMessage(null);
    requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
EMPTY = "import streamlit as st\n\nst.header('Empty')\n"
EMPTY_SETTLED = "window.seen.heading"
APP_SETTLED = "document.querySelector('[data-testid=stFileUploader]') && !document.querySelector('[data-testid=stStatusWidget]')"
FIRST_SCREEN = "window.seen.first_screen && performance.now() / 1000 > window.seen.first_screen + 1"
SETTLED = "window.seen.first_screen && window.seen.text && window.seen.charts && performance.now() / 1000 > window.seen.charts + 1"
PART = "results"


def script() -> tuple[float, float]:
    """Run the page once in a new process in which Streamlit is loaded; return its wall and processor seconds, imports included."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    wall, cpu = run.stdout.split()
    return float(wall), float(cpu)


def new_context(browser: Browser) -> BrowserContext:
    """Open a browser that has seen nothing yet."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(180_000)  # what is slow is measured, too
    return context


def visit(context: BrowserContext, url: str, settled: str = SETTLED) -> dict[str, float]:
    """Open a page; return the seconds until its heading, and of the card its first screen, its part's text and charts stood there."""
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(url)
    page.wait_for_function(settled)
    seen = page.evaluate("window.seen")
    page.close()
    return seen


def choose(context: BrowserContext, url: str) -> dict[str, float]:
    """Choose the card in the app's own navigation, and a part of it; return the seconds from each click until all stood there."""
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(url)
    page.wait_for_function(APP_SETTLED)
    page.wait_for_timeout(1000)
    clicked = page.evaluate("performance.now() / 1000")
    page.get_by_role("link", name="Model card", exact=True).first.click()
    page.wait_for_function(FIRST_SCREEN)
    opened = page.evaluate("performance.now() / 1000")
    page.get_by_role("radio", name=PARTS[PART], exact=True).click()
    page.wait_for_function(SETTLED)
    seen = page.evaluate("window.seen")
    page.close()
    return {
        "first_screen_chosen": seen["first_screen"] - clicked,
        "text_chosen": seen["text"] - opened,
        "charts_chosen": seen["charts"] - opened,
    }


def visits(browser: Browser, app: str, empty: str) -> dict[str, float]:
    """Choose the card in the app, open a part and the empty page by address in a browser without a cache, and the part once more."""
    card = f"{app}/model_card?part={PART}"
    with new_context(browser) as context:
        chosen = choose(context, app)
    with new_context(browser) as context:
        floor = visit(context, empty, EMPTY_SETTLED)["heading"]
    with new_context(browser) as context:
        first = visit(context, card)
        return chosen | first | {"empty": floor} | {f"{name}_again": seconds for name, seconds in visit(context, card).items()}


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        bare = folder / "empty"
        shutil.copytree(ROOT / ".streamlit", bare / ".streamlit")
        (bare / "app.py").write_text(EMPTY)
        app = stack.enter_context(serving(folder / "log.txt"))
        empty = stack.enter_context(serving(folder / "empty.txt", bare))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        visits(browser, app, empty)  # the servers' first
        found = [visits(browser, app, empty) for _ in range(REPEATS)]
        medians = {name: statistics.median(one[name] for one in found) for name in found[0]}
        browser.close()
    wall, cpu = (statistics.median(times) for times in zip(*(script() for _ in range(REPEATS)), strict=True))
    ratios = {f"{name}_to_empty": medians[name] / medians["empty"] for name in ("first_screen", "text", "charts")}
    report(
        f"The model card at 1280 x 800, medians of {REPEATS}",
        {
            "chosen in the app, first screen": f"{medians['first_screen_chosen']:.2f} s (max. 2)",
            "a part chosen there, its text": f"{medians['text_chosen']:.2f} s (max. 2)",
            "a part chosen there, last chart": f"{medians['charts_chosen']:.2f} s",
            "no cache, an empty page": f"{medians['empty']:.2f} s",
            "no cache, first screen": f"{medians['first_screen']:.2f} s, {ratios['first_screen_to_empty']:.2f} x (max. 2)",
            "no cache, the part's text": f"{medians['text']:.2f} s, {ratios['text_to_empty']:.2f} x (max. 2.5)",
            "no cache, last chart": f"{medians['charts']:.2f} s, {ratios['charts_to_empty']:.2f} x",
            "opened again, first screen": f"{medians['first_screen_again']:.2f} s",
            "opened again, the part's text": f"{medians['text_again']:.2f} s",
            "opened again, last chart": f"{medians['charts_again']:.2f} s",
            "its script in a new process": f"{wall:.2f} s, {cpu:.2f} s of processor time",
        },
        {"script": wall, "script_cpu": cpu} | medians | ratios,
        most={"first_screen_chosen": 2, "text_chosen": 2, "first_screen_to_empty": 2, "text_to_empty": 2.5},
    )


if __name__ == "__main__":
    main()
