"""Reading an archive, locally and on Ray with one and two actors, against the bare batched forward pass; and what follows for large ones.

The films are those of ../shared/data, repeated under other names. Every part runs in a process of its own, on the same cores, with the bare
forward pass between them, so that what else the machine does weighs on all. `--films` takes fewer, which makes the figures rougher.
`--figures` keeps them in benchmarks/archive.json, and writes from them what docs/archive.md works out.
"""

from common import report  # isort: skip

import argparse
import json
import subprocess
import sys
import tempfile
import textwrap
import time
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from cxr_core.archive import Engine, RayEngine, ReadOptions, list_archive, local_engine, read_archive
from cxr_core.artifacts import SHIPPED_MODEL
from cxr_core.reading import BATCH, usable_cores

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
FIGURES = Path(__file__).with_suffix(".json")
DOCS = ROOT / "docs" / "archive.md"
BEGIN, END = "<!-- figures: written by 'python benchmarks/archive.py --figures' -->", "<!-- end of figures -->"
NOT_MEASURED = "Not measured yet: `python benchmarks/archive.py --figures` writes here what its figures come to."

FILMS = 10_000
FEWEST = 500
"""A hundred and more are decoded ahead, and actors take them by batches: of fewer films nothing can be told."""

FORWARD = 512
"""Films of each bare forward pass, at most."""

BLOCK = RayEngine().block
TOGETHER = 0.05
"""Seconds: rows come in batches, and those of the batch in which the measuring begins do not count."""

MOST = {"local": 1.15, "ray_1": 1.3, "ray_2": 1.3}
"""By engine, `ray_2` being two actors: at most so many times the bare forward pass a film may take."""

MEMORY_GROWTH = 0.10
LARGE = (10**6, 10**8)
NIGHT = 10.0
"""Hours."""

GPU = 1000
"""Films a second that are assumed of a GPU where the docs work out what feeds it."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=FILMS, help=f"at least {FEWEST}")
    parser.add_argument("--figures", action="store_true", help="keep the figures, and bring the docs up to date")
    parser.add_argument("--part", nargs=3, metavar=("PART", "FILMS", "OUT"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.films < FEWEST:
        parser.error(f"--films takes {FEWEST} or more")
    if arguments.part:
        part, films, out = arguments.part
        print(json.dumps(bare(films, arguments.films) if part == "forward" else read(part, films, Path(out), arguments.films)))
    else:
        figures = measure(arguments.films)
        if arguments.figures:
            FIGURES.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
            write_docs(figures)
        show(figures)


def measure(films: int) -> dict[str, Any]:
    """Run all parts."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        film_bytes = repeat_films(root / "films", films)
        forward = [part("forward", root, films)]
        engines = {}
        for name in MOST:
            engines[name] = part(name, root, films)
            forward.append(part("forward", root, films))
            around = [one["seconds"] for one in forward[-2:]]
            engines[name]["ratio_to_forward"] = engines[name]["seconds"] / float(np.mean(around))
    return {
        "films": films,
        "cores": usable_cores(),
        "model": forward[0]["model"],
        "device": forward[0]["device"],
        "bytes_a_film": film_bytes,
        "forward": {name: float(np.median([one[name] for one in forward])) for name in ("seconds", "core_seconds")},
        **engines,
    }


def part(name: str, root: Path, films: int) -> dict[str, Any]:
    """Run one part in a process of its own."""
    command = [sys.executable, __file__, "--films", str(films), "--part", name, str(root / "films"), str(root / name)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def repeat_films(folder: Path, films: int) -> float:
    """Link to the films of the data, under as many names as are asked for; return how many bytes they have on average."""
    folder.mkdir()
    there = [path.resolve() for path in islice(list_archive(str(DATA), print), films)]
    if not there:
        raise SystemExit(f"There are no films in {DATA}.")
    for number in range(films):
        target = there[number % len(there)]
        (folder / f"{number:06d}{target.suffix}").symlink_to(target)
    return sum(path.stat().st_size for path in there) / len(there)


def bare(films: str, total: int) -> dict[str, Any]:
    """Classify films that are ready, batch by batch: seconds and core seconds a film."""
    from cxr_core.imaging import ImageError
    from cxr_core.models import Classifier
    from cxr_core.reading import load_prepared

    classifier = Classifier.load()
    ready = []
    for path in list_archive(films, print):
        try:
            ready.append(load_prepared(path, classifier.identity.size, classifier.identity.crop).prepared.canonical)
        except ImageError:
            continue
        if len(ready) == 2 * BATCH:
            break
    batches = [np.stack(ready[first : first + BATCH]) for first in range(0, len(ready), BATCH)]
    classifier.outputs(batches[0])  # compiles
    started, used = time.perf_counter(), core_seconds()
    count = 0
    while count < min(FORWARD, total):
        batch = batches[count // BATCH % len(batches)]
        classifier.outputs(batch)
        count += len(batch)
    return {
        "seconds": (time.perf_counter() - started) / count,
        "core_seconds": (core_seconds() - used) / count,
        "model": classifier.identity.version,
        "device": classifier.device,
    }


def read(name: str, films: str, out: Path, total: int) -> dict[str, float]:
    """Read films with an engine; what it takes is measured from a tenth of them on, when all is started and compiled."""
    driver = psutil.Process()
    came: list[float] = []
    marks: list[tuple[float, int]] = []
    tenth = max(1, total // 10)

    def on_row(_: object) -> None:
        came.append(time.perf_counter())
        if len(came) in (tenth, total):
            marks.append((core_seconds(), driver.memory_info().rss))

    read_archive(films, out, ReadOptions(SHIPPED_MODEL), engine(name, total), on_row=on_row)
    started = came[tenth - 1]
    later = sum(at > started + TOGETHER for at in came)
    (used, before), (used_in_all, after) = marks
    parquet = sum(path.stat().st_size for path in out.glob("*.parquet"))
    return {
        "seconds": (came[-1] - started) / later,
        "core_seconds": (used_in_all - used) / later,
        "driver_bytes": after,
        "driver_growth": after / before - 1,
        "parquet_bytes_a_film": parquet / total,
    }


def engine(name: str, films: int) -> Engine:
    """Return an engine; of few films an actor takes few at a time, so that there is something to share out."""
    if name == "local":
        return local_engine
    return RayEngine(int(name.removeprefix("ray_")), block=min(BLOCK, max(BATCH, films // 16)))


def core_seconds() -> float:
    """Processor time of this process and of all below it that live."""
    used = 0.0
    for process in (psutil.Process(), *psutil.Process().children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        used += times.user + times.system
    return used


def show(figures: dict[str, Any]) -> None:
    """Print the figures and hold them to their limits."""
    rows = {"bare batched forward pass": f"{1 / figures['forward']['seconds']:.2f} films/s"}
    flat: dict[str, float] = {}
    most: dict[str, float] = {}
    for name, limit in MOST.items():
        found = figures[name]
        rows[name] = (
            f"{1 / found['seconds']:.2f} films/s, {found['ratio_to_forward']:.2f} x the bare pass (must be at most {limit}), "
            f"{found['core_seconds'] / figures['forward']['core_seconds']:.2f} x its core seconds, "
            f"driver {found['driver_bytes'] / 2**20:.0f} MiB, {found['driver_growth']:+.1%} since a tenth (must be at most 10%)"
        )
        flat |= {f"{name}_ratio_to_forward": found["ratio_to_forward"], f"{name}_driver_growth": found["driver_growth"]}
        most |= {f"{name}_ratio_to_forward": limit, f"{name}_driver_growth": MEMORY_GROWTH}
    report(f"{figures['films']:,} films, {figures['model']} on {figures['device']}, {figures['cores']} cores", rows, flat, most=most)


def worked_out(figures: dict[str, Any]) -> str:
    """Write what large archives take, from measured figures."""
    local, ray = figures["local"], figures["ray_2"]
    feeding = max(0.0, local["core_seconds"] - figures["forward"]["core_seconds"])
    lines = [
        *wrapped(
            f"Measured on {figures['films']:,} films with `{figures['model']}` on {figures['cores']} cores of a {figures['device']}, from "
            "a tenth of the films on:"
        ),
        "",
        "| | films a second | against the bare forward pass | core seconds a film | memory of the driver | its growth |",
        "|---|---:|---:|---:|---:|---:|",
        f"| bare batched forward pass | {1 / figures['forward']['seconds']:.2f} | 1 | {figures['forward']['core_seconds']:.3f} | | |",
    ]
    for name, title in (("local", "local"), ("ray_1", "Ray, one actor"), ("ray_2", "Ray, two actors")):
        found = figures[name]
        lines.append(
            f"| {title} | {1 / found['seconds']:.2f} | {found['ratio_to_forward']:.2f} | {found['core_seconds']:.3f} "
            f"| {found['driver_bytes'] / 1e6:,.0f} MB | {found['driver_growth']:+.1%} |"
        )
    lines += ["", "From these core seconds, and with nothing else in the way:", ""]
    lines += ["| | core hours on Ray | cores for one night of 10 hours | films to read | Parquet |", "|---|---:|---:|---:|---:|"]
    for count in LARGE:
        hours = count * ray["core_seconds"] / 3600
        lines.append(
            f"| {count:,} films | {hours:,.0f} | {int(np.ceil(hours / NIGHT)):,} | {count * figures['bytes_a_film'] / 1e9:,.0f} GB "
            f"| {count * ray['parquet_bytes_a_film'] / 1e9:,.2f} GB |"
        )
    cores = int(np.ceil(round(GPU * feeding, 6)))
    hours_of_gpu = " and ".join(f"{count:,} films would take {count / GPU / 3600:,.1f} GPU hours" for count in LARGE)
    lines += [
        "",
        *wrapped(
            f"No GPU was measured. One that classifies {GPU:,} films a second would need {cores:,} cores to decode and prepare films for "
            f"it, {feeding * 1000:.0f} ms a film, and {GPU * figures['bytes_a_film'] / 1e6:,.0f} MB a second from the disks; "
            f"{hours_of_gpu}."
        ),
    ]
    return "\n".join(lines)


def wrapped(text: str) -> list[str]:
    """Break a paragraph into lines as long as those of the docs."""
    return textwrap.wrap(text, 140, break_long_words=False, break_on_hyphens=False)


def write_docs(figures: dict[str, Any]) -> None:
    """Put what is worked out between the marks of the docs."""
    text = DOCS.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    DOCS.write_text(f"{before}{BEGIN}\n{worked_out(figures)}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
