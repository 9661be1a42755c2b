"""What the benchmarks share: films to read, medians, and how figures are printed."""

import io
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PIL import Image
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that `python benchmarks/NAME.py` works in a checkout

from cxr_core.imaging import draw_phantom

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def film_png(seed: int = 0, side: int = 1024) -> bytes:
    """Draw a phantom film as a PNG file."""
    buffer = io.BytesIO()
    Image.fromarray(np.rint(draw_phantom(side, side, seed, 0.5).pixels * 255).astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def interleaved_medians(actions: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Time actions in turn, so that what else the machine does weighs on all of them; return each one's median in seconds."""
    for action in actions.values():
        action()
    times: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(repeats):
        for name, action in actions.items():
            started = time.perf_counter()
            action()
            times[name].append(time.perf_counter() - started)
    return {name: statistics.median(values) for name, values in times.items()}


def report(
    title: str,
    rows: Mapping[str, str],
    figures: Mapping[str, float],
    most: Mapping[str, float] | None = None,
    least: Mapping[str, float] | None = None,
) -> None:
    """Print a table for people and, as the last line, one JSON object for programs.

    Exits with 1, and says why on stderr, where a figure is above what `most` or below what `least` allows it.
    """
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, value in rows.items():
        table.add_row(name, value)
    Console().print(table)
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))
    missed = [
        f"{name} is {figures[name]:.4g}, at most {limit:g} is allowed" for name, limit in (most or {}).items() if figures[name] > limit
    ]
    missed += [
        f"{name} is {figures[name]:.4g}, at least {limit:g} is asked" for name, limit in (least or {}).items() if figures[name] < limit
    ]
    if missed:
        sys.exit("\n".join(missed))
