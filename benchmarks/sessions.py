"""Twenty browser sessions of one server at once, each reading 20 films: what is lost or mixed up, how long it takes, what memory it needs.

Needs the data folder and a Chromium: `python benchmarks/sessions.py DATA`.

The films are of the test split, chosen so that no two reads are alike: whatever a page shows can be told to be the read of its own film or
of another. Every film is read by two sessions, ten films apart. What each read should be is worked out beforehand, one film after another
in this process. Memory is looked at while all sessions are open, and again when they are closed and Streamlit has let them go.
"""

from common import report  # isort: skip

import asyncio
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
from playwright.async_api import Browser, Page, async_playwright
from playwright.async_api import Error as PageError

from cxr_core.artifacts import SHIPPED_MODEL, read_card, read_reads
from cxr_core.data import open_collections
from cxr_core.imaging import decode_film, read_film_file
from cxr_core.labels import CLASS_NAMES, in_words
from cxr_core.reading import Reader
from tests.browser.conftest import FLAGS, ONE_DROP_ZONE, chromium_path, serving

SESSIONS = 20
FILMS = 20
STEP = FILMS // 2
POOL = SESSIONS * STEP
"""Films in all: a session begins `STEP` films after the one before it, so that each film is read twice."""
APART = 0.012
"""Least difference, in some class, between the reads of two films; a page shows two digits."""
ROUNDED = 0.0051
SPARE = 20
"""Films to choose from beyond those that are needed: the input gate refuses some, and their reads are not shown."""
SETTLED = 5
"""Films that each session has read when memory is first looked at: by then every session holds a film, its picture and its page."""
LET_GO_S = 180
"""Seconds that Streamlit has to forget sessions whose browser went: it keeps them for two minutes, should the browser come back."""
PATIENCE = 180_000
"""Milliseconds until a read counts as lost; loading the model may take as long again."""

CHART = "[aria-label^='Class probabilities']"


@dataclass
class Progress:
    """What the sessions have seen so far, and the server's resident memory meanwhile, in bytes."""

    server: psutil.Process
    seconds: list[float] = field(default_factory=list)
    lost: int = 0
    mixed: int = 0
    settled: int = 0
    peak: int = 0


def far_apart(reads: np.ndarray, count: int) -> list[int]:
    """Choose reads (n, classes) that differ by `APART` in some class, each from all others; return their rows, in order."""
    rows: list[int] = []
    for row in range(len(reads)):
        if len(rows) < count and all(np.abs(reads[row] - reads[other]).max() > APART for other in rows):
            rows.append(row)
    if len(rows) < count:
        raise SystemExit(f"Only {len(rows)} films have reads far enough apart; {count} are needed.")
    return rows


def chosen_films(data: Path, count: int = POOL + SPARE) -> list[bytes]:
    """Return the files of films whose reads the card's own figures tell apart."""
    reads = read_reads(SHIPPED_MODEL, read_card(SHIPPED_MODEL))
    index = open_collections([data]).films
    paths = index.loc[index["split"] == "test", "path"].tolist()
    if len(paths) != len(reads):
        raise SystemExit(f"The model card's figures are of other films than those in {data}.")
    return [read_film_file(data / paths[row]) for row in far_apart(reads[list(CLASS_NAMES)].to_numpy(), count)]


def expected_reads(files: Sequence[bytes], reader: Reader, count: int = POOL) -> tuple[list[bytes], np.ndarray]:
    """Read films one after another; return as many as are needed of those that the gate does not refuse, and float (n, classes)."""
    kept: list[bytes] = []
    reads: list[list[float]] = []
    for file in files:
        read = reader.read(decode_film(file))
        if read.gate.outcome != "refused" and len(kept) < count:
            kept.append(file)
            reads.append(list(read.probabilities.values()))
    if len(kept) < count:
        raise SystemExit(f"The input gate reads only {len(kept)} of {len(files)} films; {count} are needed.")
    return kept, np.array(reads)


def shown_read(label: str) -> np.ndarray:
    """Take the probabilities, float (classes,), from what the page says of its chart to those who do not see it."""
    found = [re.search(rf"{in_words(name)} [<>]?(\d\.\d+)", label) for name in CLASS_NAMES]
    return np.array([float(match[1]) if match else np.nan for match in found])


def is_read_of(shown: np.ndarray, expected: np.ndarray, film: int) -> bool:
    """Say whether what a page shows is the read of a film, and of no other, among `expected` (n, classes)."""
    distance = np.abs(expected - shown).max(1)
    return bool(distance[film] <= ROUNDED + APART / 10) and int(distance.argmin()) == film


async def shown_label(page: Page, before: str | None) -> str:
    """Wait until a page shows another read than before."""
    changed = "([chart, before]) => { const shown = document.querySelector(chart)?.ariaLabel; return shown && shown !== before && shown }"
    shown = await page.wait_for_function(changed, arg=[CHART, before], timeout=PATIENCE)
    return str(await shown.json_value())


async def drop(page: Page, film: int, file: bytes) -> None:
    """Drop a film. While a page is drawn anew it has two zones for a moment, of which one cannot tell the new one."""
    ends = time.monotonic() + PATIENCE / 1000
    while True:
        await page.wait_for_function(ONE_DROP_ZONE, timeout=PATIENCE)
        try:
            await page.locator("input[type=file]").set_input_files({"name": f"{film}.jpg", "mimeType": "image/jpeg", "buffer": file})
        except PageError as error:
            if "strict mode" not in str(error) or time.monotonic() > ends:
                raise
        else:
            return


async def session(browser: Browser, url: str, films: Sequence[int], files: Sequence[bytes], expected: np.ndarray, seen: Progress) -> Page:
    """Read films one after another in a session of its own; return its page, with the last one on it."""
    context = await browser.new_context(viewport={"width": 1000, "height": 700})
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    await page.goto(url)
    label = None
    for number, film in enumerate(films, start=1):
        started = time.perf_counter()
        try:
            await drop(page, film, files[film])
            label = await shown_label(page, label)
        except PageError:  # it did not come, or the page is gone
            seen.lost += 1
            continue
        seen.seconds.append(time.perf_counter() - started)
        seen.mixed += not is_read_of(shown_read(label), expected, film)
        if number == SETTLED:
            seen.settled = seen.server.memory_info().rss  # what stays is that of the last session to get there
    return page


async def watch(seen: Progress) -> None:
    """Note the highest memory, until cancelled."""
    while True:
        seen.peak = max(seen.peak, seen.server.memory_info().rss)
        await asyncio.sleep(0.2)


async def least_memory(server: psutil.Process) -> int:
    """Return the least memory that a server comes back to while it lets closed sessions go."""
    least = server.memory_info().rss
    for _ in range(LET_GO_S):
        await asyncio.sleep(1)
        least = min(least, server.memory_info().rss)
    return least


async def all_sessions(url: str, server: psutil.Process, files: Sequence[bytes], expected: np.ndarray) -> tuple[Progress, dict[str, float]]:
    """Run the sessions at once; return what they saw, and the server's memory by moment in MiB."""
    turns = [[(number * STEP + film) % len(files) for film in range(FILMS)] for number in range(SESSIONS)]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        warm = await session(browser, url, turns[0][:1], files, expected, Progress(server))
        await warm.context.close()
        before = server.memory_info().rss
        seen = Progress(server)
        watching = asyncio.create_task(watch(seen))
        pages = await asyncio.gather(*(session(browser, url, films, files, expected, seen) for films in turns))
        after = server.memory_info().rss
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        for page, films in zip(pages, turns, strict=True):  # a read that came late to the wrong page would stand there now
            # While a page is drawn anew, the read before may stand on it for a moment beside the new one.
            await page.wait_for_function("chart => document.querySelectorAll(chart).length === 1", arg=CHART, timeout=PATIENCE)
            label = await page.locator(CHART).get_attribute("aria-label") or ""
            seen.mixed += not is_read_of(shown_read(label), expected, films[-1])
        await browser.close()
    closed = await least_memory(server)
    moments = {"one session, one film": before, "all settled": seen.settled, "peak": seen.peak, "after all": after, "all closed": closed}
    return seen, {name: memory / 2**20 for name, memory in moments.items()}


def main() -> None:
    data = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared" / "data")
    files, expected = expected_reads(chosen_films(data), Reader.load())
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "log.txt") as url:
        server = next(child for child in psutil.Process().children() if "streamlit" in child.cmdline())
        seen, memory = asyncio.run(all_sessions(url, server, files, expected))
    median, slowest = statistics.median(seen.seconds), max(seen.seconds)
    growth = memory["after all"] / memory["all settled"] - 1
    kept = memory["all closed"] / memory["one session, one film"] - 1
    report(
        f"{SESSIONS} browser sessions at once, {FILMS} films each",
        {
            "reads shown": f"{len(seen.seconds)} of {SESSIONS * FILMS}",
            "lost": f"{seen.lost} (must be 0)",
            "mixed up": f"{seen.mixed} (must be 0)",
            "from drop to read, median": f"{median:.2f} s",
            "from drop to read, slowest": f"{slowest:.2f} s",
        }
        | {f"server, {name}": f"{value:.0f} MiB" for name, value in memory.items()}
        | {
            "growth since all settled": f"{growth:.1%} (must be under 15%)",
            "kept when all are closed, over one session": f"{kept:.1%} (must be under 10%)",
        },
        {
            "reads": len(seen.seconds),
            "lost": seen.lost,
            "mixed": seen.mixed,
            "median_seconds": median,
            "slowest_seconds": slowest,
            "before_mib": memory["one session, one film"],
            "settled_mib": memory["all settled"],
            "peak_mib": memory["peak"],
            "after_mib": memory["after all"],
            "closed_mib": memory["all closed"],
            "growth": growth,
            "kept": kept,
            "minutes": (time.perf_counter() - started) / 60,
        },
        most={"lost": 0, "mixed": 0, "growth": 0.15, "kept": 0.1},
    )


if __name__ == "__main__":
    main()
