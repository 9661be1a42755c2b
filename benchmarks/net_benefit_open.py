"""Processor time of opening the calculator on a server that has shown nothing yet: imports, and the page's script until its end.

Every repeat is a process of its own. Processor time is what counts: the time on the clock depends on what else the machine does.
"""

from common import report  # isort: skip

import json
import statistics
import subprocess
import sys
from pathlib import Path

REPEATS = 5
LIMIT_S = 2
ROOT = Path(__file__).parents[1]

OPEN = """
import json, sys, time
import streamlit.web.bootstrap
server = time.process_time()
import starlette.formparsers, PIL.Image, cxr_core.imaging  # as the router does
import cxr_core.card, cxr_core.decision, cxr_core.figures
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


def main() -> None:
    command = [sys.executable, "-c", OPEN, str(ROOT / "pages" / "net_benefit.py")]
    runs = []
    for _ in range(REPEATS + 1):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    figures = {name: statistics.median(run[name] for run in runs[1:]) for name in runs[0]}  # the first filled the disk's cache
    figures["open_s"] = figures["libraries_s"] + figures["script_s"]
    report(
        f"Processor time to open the calculator, median of {REPEATS} fresh processes, to stay under {LIMIT_S} s",
        {
            "starting the server (Streamlit itself)": f"{figures['server_s']:.2f} s",
            "importing this project's libraries": f"{figures['libraries_s']:.2f} s",
            "the page's script, first time": f"{figures['script_s']:.2f} s",
            "opening (both)": f"{figures['open_s']:.2f} s",
            "the page's script, second time": f"{figures['again_s']:.3f} s",
            "TensorFlow, scikit-learn, SciPy and pandas among the imports": f"{figures['slow_libraries']:.0f}",
        },
        figures,
    )


if __name__ == "__main__":
    main()
