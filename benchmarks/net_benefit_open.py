"""Opening the calculator on a server that has shown nothing yet: until it can be used in a real browser, and the processor time behind it.

Every repeat is a server, a browser without a cache, and a process of their own. The time on the clock depends on what else the machine
does; the processor time, of the imports and of the page's script until its end, does not.
"""

from common import report  # isort: skip

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import BrowserType, sync_playwright

from tests.browser.conftest import FLAGS, chromium_path, serving

REPEATS = 5
LIMIT_S = 2
PATIENCE_MS = 180_000
"""What is slow is measured, too."""
ROOT = Path(__file__).parents[1]

OPEN = """
import json, sys, time
import streamlit.web.bootstrap
server = time.process_time()
import starlette.formparsers, PIL.Image, cxr_core.imaging  # as the router does
import cxr_core.artifacts, cxr_core.decision, cxr_core.calculator, cxr_core.figures
libraries = time.process_time()
from streamlit.testing.v1 import AppTest
app = AppTest.from_file(sys.argv[1], default_timeout=300)
started = time.process_time()
app.run()
assert app.subheader and not app.exception
opened = time.process_time()
app.run()
print(json.dumps({
    "server_s": server, "libraries_s": libraries - server, "script_s": opened - started, "again_s": time.process_time() - opened,
    "slow_libraries": len({"tensorflow", "sklearn", "scipy", "pandas"} & set(sys.modules)),
}))
"""

IMPORT = """
import time
started = time.process_time()
import numpy
before = time.process_time()
import cxr_core.decision, cxr_core.calculator
print(before - started, time.process_time() - before)
"""

MARKS = {"verdict_s": "h3", "sliders_s": "[data-testid=stSlider]", "plot_s": ".js-plotly-plot .main-svg"}


def cold_visit(chromium: BrowserType) -> dict[str, float]:
    """Open the page once, server and browser being new; return when each of `MARKS` stood, in seconds."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "log.txt") as url:
        browser = chromium.launch(executable_path=chromium_path(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(PATIENCE_MS)
        started = time.perf_counter()
        page.goto(f"{url}/net_benefit", wait_until="commit")
        times = {}
        for name, mark in MARKS.items():
            page.locator(mark).first.wait_for()
            times[name] = time.perf_counter() - started
        browser.close()
    return times


def import_seconds() -> tuple[float, float]:
    """Return the processor seconds that a new process takes to import NumPy, and then `cxr_core.decision` and `cxr_core.calculator`."""
    done = subprocess.run([sys.executable, "-c", IMPORT], cwd=ROOT, capture_output=True, check=True, text=True)
    numpy, decision = done.stdout.split()
    return float(numpy), float(decision)


def main() -> None:
    command = [sys.executable, "-c", OPEN, str(ROOT / "pages" / "net_benefit.py")]
    runs = []
    for _ in range(REPEATS + 1):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    figures = {name: statistics.median(run[name] for run in runs[1:]) for name in runs[0]}  # the first filled the disk's cache
    figures["open_s"] = figures["libraries_s"] + figures["script_s"]
    imports = zip(*(import_seconds() for _ in range(REPEATS)), strict=True)
    figures["numpy_s"], figures["decision_s"] = (statistics.median(seconds) for seconds in imports)
    figures["import_s"] = figures["numpy_s"] + figures["decision_s"]
    figures["decision_to_numpy"] = figures["decision_s"] / figures["numpy_s"]
    with sync_playwright() as playwright:
        visits = [cold_visit(playwright.chromium) for _ in range(REPEATS + 1)]
    figures |= {name: statistics.median(visit[name] for visit in visits[1:]) for name in MARKS}
    report(
        f"Opening the calculator, medians of {REPEATS} new servers and browsers; usable within {LIMIT_S} s is wanted",
        {
            "clock: the verdict stands": f"{figures['verdict_s']:.2f} s",
            "clock: the sliders stand": f"{figures['sliders_s']:.2f} s",
            "clock: the first plot stands": f"{figures['plot_s']:.2f} s",
            "processor: starting the server (Streamlit itself)": f"{figures['server_s']:.2f} s",
            "processor: importing this project's libraries": f"{figures['libraries_s']:.2f} s",
            "processor: the page's script, first time": f"{figures['script_s']:.2f} s",
            "processor: opening (both)": f"{figures['open_s']:.2f} s",
            "processor: the page's script, second time": f"{figures['again_s']:.3f} s",
            "processor: importing NumPy": f"{figures['numpy_s']:.2f} s",
            "processor: importing the calculator after it": f"{figures['decision_s']:.2f} s, {figures['decision_to_numpy']:.2f} x that",
            "processor: both": f"{figures['import_s']:.2f} s (must be below 0.5)",
            "TensorFlow, scikit-learn, SciPy and pandas among the imports": f"{figures['slow_libraries']:.0f}",
        },
        figures,
        most={"sliders_s": LIMIT_S, "open_s": LIMIT_S, "import_s": 0.5, "decision_to_numpy": 2},
    )


if __name__ == "__main__":
    main()
