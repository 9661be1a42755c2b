"""How long the model card takes: its script in a new process, and the page in a real browser until its parts are painted."""

from common import report  # isort: skip

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.conftest import FLAGS, chromium_path, serving

ROOT = Path(__file__).parents[1]
REPEATS = 5
SCRIPT = """
import time
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("pages/model_card.py", default_timeout=600)
wall, cpu = time.perf_counter(), time.process_time()
app.run()
assert app.subheader and not app.exception
print(time.perf_counter() - wall, time.process_time() - cpu)
"""
WATCH = """
window.seen = {};
const all = selector => [...document.querySelectorAll(selector)];
const titled = words => all('h3').some(heading => heading.textContent.includes(words));
const ready = {
    first_screen: () => all('.headline dd').length === 10 && titled('What it is for') && all('li').length > 0,
    text: () => titled('The card itself') && all('table').length >= 20
        && all('[data-testid=stSkeleton]').every(waiting => waiting.closest('[class*=st-key-place-]')),  // only charts are waited for
    charts: () => all('.stPlotlyChart').length > 0 && !all('[data-testid=stStatusWidget]').length
        && all('.stPlotlyChart').every(place => place.querySelector('.main-svg .layer-above, .main-svg .cartesianlayer .plot')),
};
let found = [];
const look = () => {  // Runs before a frame is painted: what the run before found has been painted since.
    for (const name of Object.keys(ready)) {
        if (found.includes(name)) window.seen[name] ??= performance.now() / 1000;
        else delete window.seen[name];
    }
    found = Object.keys(ready).filter(name => ready[name]());
    requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
SETTLED = "window.seen.first_screen && window.seen.text && window.seen.charts && performance.now() / 1000 > window.seen.charts + 1"


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


def visit(context: BrowserContext, url: str) -> dict[str, float]:
    """Open the page; return the seconds until its first screen, all its text, and all its charts stood there."""
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(url)
    page.wait_for_function(SETTLED)
    seen = page.evaluate("window.seen")
    page.close()
    return seen


def first_visit(browser: Browser, url: str) -> dict[str, float]:
    """Open the page in a browser without a cache."""
    with new_context(browser) as context:
        return visit(context, url)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "log.txt") as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        card, again = f"{url}/model_card", new_context(browser)
        visit(again, card)
        visits = [first_visit(browser, card) | {f"{name}_again": s for name, s in visit(again, card).items()} for _ in range(REPEATS)]
        medians = {name: statistics.median(one[name] for one in visits) for name in visits[0]}
        browser.close()
    wall, cpu = (statistics.median(times) for times in zip(*(script() for _ in range(REPEATS)), strict=True))
    report(
        f"The model card at 1280 x 800, medians of {REPEATS}",
        {
            "its script in a new process": f"{wall:.2f} s (must be below 2), {cpu:.2f} s of processor time",
            "no browser cache, to its first screen": f"{medians['first_screen']:.2f} s (must be below 2)",
            "no browser cache, to all its text and tables": f"{medians['text']:.2f} s (must be below 2)",
            "no browser cache, to its last chart": f"{medians['charts']:.2f} s",
            "opened again, to its first screen": f"{medians['first_screen_again']:.2f} s (must be below 2)",
            "opened again, to all its text and tables": f"{medians['text_again']:.2f} s (must be below 2)",
            "opened again, to its last chart": f"{medians['charts_again']:.2f} s",
        },
        {"script": wall, "script_cpu": cpu} | medians,
        most={"script": 2, "first_screen": 2, "first_screen_again": 2, "text": 2, "text_again": 2},
    )


if __name__ == "__main__":
    main()
