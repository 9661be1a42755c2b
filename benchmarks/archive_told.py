"""What the figures of benchmarks/archive.py come to: held to their limits, and worked out for large archives in docs/archive.md."""

from common import report  # isort: skip

import textwrap
from pathlib import Path
from typing import Any

import numpy as np

FIGURES = Path(__file__).with_name("archive.json")
DOCS = Path(__file__).parents[1] / "docs" / "archive.md"
BEGIN, END = "<!-- figures: written by 'python benchmarks/archive.py --figures' -->", "<!-- end of figures -->"
NOT_MEASURED = "Not measured yet: `python benchmarks/archive.py --figures` writes here what its figures come to."

MOST = {"local": 1.15, "ray_1": 1.3, "ray_2": 1.3}
"""By engine, `ray_2` being two actors: at most so many times the bare forward pass a film may take on the same cores."""
TITLES = {"local": "local", "ray_1": "Ray, one actor", "ray_2": "Ray, two actors"}

QUIET = 0.05
"""Of the machine's cores others may have taken so much: beyond it seconds tell of them, and core seconds are held to the limit instead.
They are the stricter ones: the bare pass leaves part of its cores idle."""

MEMORY_GROWTH = 0.10
LARGE = (10**6, 10**8)
NIGHT = 10.0
"""Hours."""

GPU = 1000
"""Films a second that are assumed of a GPU where the docs work out what feeds it."""

HOSPITAL_BYTES = 10e6
"""Of a film that are assumed of a hospital's: some megapixels of 16 bit."""

Figures = dict[str, Any]
"""As benchmarks/archive.json keeps them: what they are of, and by engine what it takes (`timed`) and what its driver needs (`memory`)."""


def show(figures: Figures) -> None:
    """Print the figures and hold them to their limits."""
    rows: dict[str, str] = {}
    flat: dict[str, float] = {}
    most: dict[str, float] = {}
    for name, limit in MOST.items():
        if timed := figures["timed"].get(name):
            quiet = timed["taken"] <= QUIET
            rows[f"{TITLES[name]}, {timed['films']:,} films"] = (
                f"{1 / timed['seconds']:.2f} films/s, {timed['ratio']:.2f} x the bare pass, {timed['core_ratio']:.2f} x its core seconds; "
                f"others took {timed['taken']:.0%} ({'the first' if quiet else 'so the second'} must be at most {limit})"
            )
            flat |= {f"{name}_core_ratio": timed["core_ratio"], f"{name}_ratio": timed["ratio"]}
            most |= {f"{name}_ratio" if quiet else f"{name}_core_ratio": limit}
        if memory := figures["memory"].get(name):
            rows[f"{TITLES[name]}, driver, {memory['films']:,} films"] = (
                f"{memory['driver_bytes'] / 2**20:.0f} MiB, {memory['driver_growth']:+.1%} since a tenth (must be at most 10%)"
            )
            flat[f"{name}_driver_growth"] = memory["driver_growth"]
            most[f"{name}_driver_growth"] = MEMORY_GROWTH
    report(f"{figures.get('model', '')} on {figures.get('device', '')}, {figures.get('cores', '')} cores", rows, flat, most=most)


def worked_out(figures: Figures) -> str:
    """Write what large archives take, from measured figures: those of Ray where there are some, else of the local engine."""
    timed, memory = figures["timed"], figures["memory"]
    if not {"forward", "local"} <= timed.keys() or not memory:
        return NOT_MEASURED
    forward, local = timed["forward"], timed["local"]
    dearest = max((timed[name] for name in MOST if name in timed), key=lambda found: float(found["core_seconds"]))
    taken = max(timed[name]["taken"] for name in MOST if name in timed)
    lines = [
        *wrapped(
            f"Measured with `{figures['model']}` on {figures['cores']} cores of a {figures['device']}, from a tenth of the films on; "
            f"meanwhile other programs took {taken:.0%} of the machine at most. "
            + ("" if taken <= QUIET else "Seconds tell of those as well, core seconds hardly.")
        ),
        "",
        "| | films | films a second | times the bare pass | core seconds a film | times the bare pass |",
        "|---|---:|---:|---:|---:|---:|",
        f"| bare batched forward pass | | {1 / forward['seconds']:.2f} | 1 | {forward['core_seconds']:.3f} | 1 |",
    ]
    for name, title in TITLES.items():
        found = timed.get(name)
        lines.append(
            f"| {title} | {found['films']:,} | {1 / found['seconds']:.2f} | {found['ratio']:.2f} | {found['core_seconds']:.3f} "
            f"| {found['core_ratio']:.2f} |"
            if found
            else f"| {title} | not measured | | | | |"
        )
    lines += ["", "The memory of the process that drives it, from a tenth of the films on:", ""]
    lines += ["| | films | memory | growth |", "|---|---:|---:|---:|"]
    for name, title in TITLES.items():
        found = memory.get(name)
        lines.append(
            f"| {title} | {found['films']:,} | {found['driver_bytes'] / 1e6:,.0f} MB | {found['driver_growth']:+.1%} |"
            if found
            else f"| {title} | not measured | | |"
        )
    lines += ["", "From the most core seconds of these, and with nothing else in the way:", ""]
    lines += ["| | core hours | cores for one night of 10 hours | films to read | Parquet |", "|---|---:|---:|---:|---:|"]
    parquet = max(found["parquet_bytes_a_film"] for found in memory.values())
    for count in LARGE:
        hours = count * dearest["core_seconds"] / 3600
        lines.append(
            f"| {count:,} films | {hours:,.0f} | {int(np.ceil(hours / NIGHT)):,} | {count * figures['bytes_a_film'] / 1e9:,.0f} GB "
            f"| {count * parquet / 1e9:,.2f} GB |"
        )
    feeding = max(0.0, local["core_seconds"] - forward["core_seconds"])
    cores = int(np.ceil(round(GPU * feeding, 6)))
    hours_of_gpu = " and ".join(f"{count:,} films would take {count / GPU / 3600:,.1f} GPU hours" for count in LARGE)
    hospitals = " and ".join(f"{count:,} are {count * HOSPITAL_BYTES / 1e12:,.0f} TB" for count in LARGE)
    lines += [
        "",
        *wrapped(
            f"No GPU was measured. One that classifies {GPU:,} films a second would need {cores:,} cores to decode and prepare films for "
            f"it, {feeding * 1000:.0f} ms a film, and {GPU * figures['bytes_a_film'] / 1e6:,.0f} MB a second from the disks; "
            f"{hours_of_gpu}."
        ),
        "",
        *wrapped(
            f"The films that were measured are JPEGs of {figures['bytes_a_film'] / 1e3:,.0f} kB. A hospital's DICOM films are megabytes: "
            f"at {HOSPITAL_BYTES / 1e6:,.0f} MB a film, {hospitals} to read, and "
            "to decode one takes longer than above; the Parquet stays as it is."
        ),
    ]
    return "\n".join(lines)


def wrapped(text: str) -> list[str]:
    """Break a paragraph into lines as long as those of the docs."""
    return textwrap.wrap(text, 140, break_long_words=False, break_on_hyphens=False)


def write_docs(figures: Figures) -> None:
    """Put what is worked out between the marks of the docs."""
    text = DOCS.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    DOCS.write_text(f"{before}{BEGIN}\n{worked_out(figures)}\n{END}{after}", encoding="utf-8")
