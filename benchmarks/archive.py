"""Reading an archive, locally and on Ray with one and two actors, against the bare batched forward pass; and what follows for large ones.

The films are those of ../shared/data, repeated under other names. Every part runs in a process of its own, on the same cores, with the bare
forward pass between them, so that what else the machine does weighs on all. `--films` and `--timed-films` take fewer: films to time an
engine with, and films to see with whether the driver's memory grows. `--only` and `--engines` measure a part, and put it beside what was
measured before. `--figures` keeps the figures in benchmarks/archive.json, and writes from them what docs/archive.md works out.
"""

from archive_told import FIGURES, MOST, Figures, show, write_docs  # isort: skip

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import psutil

from cxr_core.archive import Engine, RayEngine, ReadOptions, list_archive, local_engine, read_archive
from cxr_core.artifacts import SHIPPED_MODEL
from cxr_core.reading import BATCH, usable_cores

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
FILMS = 10_000
FEWEST = 500
"""A hundred and more are decoded ahead, and actors take them by batches: of fewer films nothing can be told."""

FORWARD = 512
"""Films of each bare forward pass, at most."""

BLOCK = RayEngine().block
TOGETHER = 0.05
"""Seconds: rows come in batches, and those of the batch in which the measuring begins do not count."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=FILMS, help=f"films to watch the driver's memory with, at least {FEWEST}")
    parser.add_argument("--timed-films", type=int, help="films to time each engine with; as many where none are given")
    parser.add_argument("--only", choices=("timed", "memory"), help="measure this part alone")
    parser.add_argument("--engines", nargs="+", choices=MOST, default=list(MOST), help="measure these alone")
    parser.add_argument("--figures", action="store_true", help="keep the figures, and bring the docs up to date")
    parser.add_argument("--part", nargs=3, metavar=("PART", "FILMS", "OUT"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    timed = arguments.timed_films or arguments.films
    if min(arguments.films, timed) < FEWEST:
        parser.error(f"at least {FEWEST} films are needed")
    if arguments.part:
        name, films, out = arguments.part
        print(json.dumps(bare(films, arguments.films) if name == "forward" else read(name, films, Path(out), arguments.films)))
        return
    kept = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.is_file() else {}
    for found in measure(arguments.films, timed, arguments.only, arguments.engines):
        kept = joined(kept, found)
        if arguments.figures:
            FIGURES.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    if arguments.figures:
        write_docs(kept)
    show(kept)


def measure(films: int, timed: int, only: str | None, names: Sequence[str]) -> Iterator[Figures]:
    """Run what is asked for, engine by engine; where both parts are to have as many films, one run of an engine serves both."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        film_bytes = repeat_films(root / "films", max(films, timed))
        if only != "memory":
            forward = [part("forward", root, timed)]
            about = {name: forward[0].pop(name) for name in ("model", "device")}
            about |= {"cores": usable_cores(), "bytes_a_film": film_bytes}
            for name in names:
                found = part(name, root, timed)
                forward.append({name: value for name, value in part("forward", root, timed).items() if name not in about})
                yield about | {"timed": {name: compared(found, forward[-2:]) | {"films": timed}}}
                if films == timed and only is None:
                    yield about | {"memory": {name: remembered(found) | {"films": films}}}
            yield about | {"timed": {"forward": {name: float(np.median([one[name] for one in forward])) for name in forward[0]}}}
        if only == "memory" or (films != timed and only is None):
            for name in names:
                yield {"memory": {name: remembered(part(name, root, films)) | {"films": films}}}


def compared(found: dict[str, float], around: Sequence[dict[str, float]]) -> dict[str, float]:
    """Hold an engine's time against the bare forward passes before and after it."""
    bare_of = {name: float(np.mean([one[name] for one in around])) for name in ("seconds", "core_seconds")}
    return {
        "seconds": found["seconds"],
        "core_seconds": found["core_seconds"],
        "ratio": found["seconds"] / bare_of["seconds"],
        "core_ratio": found["core_seconds"] / bare_of["core_seconds"],
        "taken": max(one["taken"] for one in (found, *around)),
    }


def remembered(found: dict[str, float]) -> dict[str, float]:
    """Return what a run tells of memory and disk."""
    return {name: found[name] for name in ("driver_bytes", "driver_growth", "parquet_bytes_a_film")}


def joined(kept: Figures, found: Figures) -> Figures:
    """Put figures beside those that were measured before, unless these are of another model or machine."""
    about = ("model", "device", "cores")
    if any(name in kept and name in found and kept[name] != found[name] for name in about):
        kept = {}
    parts = {name: kept.get(name, {}) | found.get(name, {}) for name in ("timed", "memory")}
    return kept | found | parts


def part(name: str, root: Path, films: int) -> dict[str, Any]:
    """Run one part in a process of its own, on so many of the films."""
    with tempfile.TemporaryDirectory(dir=root) as out:
        there = root / "films"
        if len(os.listdir(there)) > films:
            there = Path(out) / "films"
            there.mkdir()
            for path in sorted((root / "films").iterdir())[:films]:
                (there / path.name).symlink_to(path.resolve())
        command = [sys.executable, __file__, "--films", str(films), "--part", name, str(there), str(Path(out) / "reads")]
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
    """Classify films that are ready, batch by batch: seconds and core seconds a film, and what others took of the machine."""
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
    before = Clock.now()
    count = 0
    while count < min(FORWARD, total):
        batch = batches[count // BATCH % len(batches)]
        classifier.outputs(batch)
        count += len(batch)
    seconds, used, taken = Clock.now().since(before)
    return {
        "seconds": seconds / count,
        "core_seconds": used / count,
        "taken": taken,
        "model": classifier.identity.version,
        "device": classifier.device,
    }


def read(name: str, films: str, out: Path, total: int) -> dict[str, float]:
    """Read films with an engine; what it takes is measured from a tenth of them on, when all is started and compiled."""
    driver = psutil.Process()
    came: list[float] = []
    marks: list[tuple[Clock, int]] = []
    tenth = max(1, total // 10)

    def on_row(_: object) -> None:
        came.append(time.perf_counter())
        if len(came) in (tenth, total):
            marks.append((Clock.now(), driver.memory_info().rss))

    read_archive(films, out, ReadOptions(SHIPPED_MODEL), engine(name, total), on_row=on_row)
    later = sum(at > came[tenth - 1] + TOGETHER for at in came)
    (started, before), (ended, after) = marks
    seconds, used, taken = ended.since(started)
    parquet = sum(path.stat().st_size for path in out.glob("*.parquet"))
    return {
        "seconds": seconds / later,
        "core_seconds": used / later,
        "taken": taken,
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


class Clock(NamedTuple):
    """A moment: seconds, core seconds of this process and of all below it, and those of the whole machine."""

    seconds: float
    own: float
    all: float

    @classmethod
    def now(cls) -> "Clock":
        """Look at the clock."""
        times = psutil.cpu_times()
        idle = times.idle + getattr(times, "iowait", 0.0)
        guests = getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)  # counted as their hosts' as well
        return cls(time.perf_counter(), core_seconds(), sum(times) - idle - guests)

    def since(self, before: "Clock") -> tuple[float, float, float]:
        """Return the seconds and core seconds since, and the share of the machine's cores that other processes took."""
        seconds, own = self.seconds - before.seconds, self.own - before.own
        others = self.all - before.all - own
        return seconds, own, max(0.0, others / (seconds * (os.cpu_count() or 1)))


if __name__ == "__main__":
    main()
