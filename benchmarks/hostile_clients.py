"""A session that reads films while other clients misbehave: what it loses, and how much longer it waits.

Needs the data folder and a Chromium: `python benchmarks/hostile_clients.py DATA`.

One browser session reads the same films in a quiet spell, and again beside each kind of client: 200 connections that say nothing; uploads
that are cut off in the middle; a file of 51 MB, which gets its sentence.
"""

import sessions  # isort: skip
from common import report  # isort: skip
from sessions import PATIENCE, Progress, drop  # isort: skip

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import psutil
from playwright.async_api import Browser, Page, async_playwright, expect

from cxr_core.reading import Reader
from tests.browser.conftest import serving

FILMS = 12
"""Films that are read in each spell."""
CONNECTIONS = 200
CUT_MB, CUT_AFTER_S, UPLOAD_BYTES_S = 40, 2.0, 2_000_000
"""Size of the uploads that are cut off, seconds after which, and how fast they come."""
LARGE_MB = 51


@asynccontextmanager
async def idle_connections(browser: Browser, url: str) -> AsyncIterator[None]:
    """Hold connections open that never send a request."""
    address = urlsplit(url)
    streams = [await asyncio.open_connection(address.hostname, address.port) for _ in range(CONNECTIONS)]
    try:
        yield
    finally:
        for _, writer in streams:
            writer.close()


@asynccontextmanager
async def cut_uploads(browser: Browser, url: str) -> AsyncIterator[None]:
    """Begin one upload after the other from tabs that are closed in the middle of it."""

    async def again_and_again() -> None:
        while True:
            context = await browser.new_context()
            try:
                page = await context.new_page()
                page.set_default_timeout(PATIENCE)
                await page.goto(url)
                slow = await context.new_cdp_session(page)
                await slow.send("Network.enable")
                limits = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": UPLOAD_BYTES_S}
                await page.locator("input[type=file]").wait_for(state="attached")
                await slow.send("Network.emulateNetworkConditions", limits)
                await drop(page, 0, bytes(CUT_MB * 2**20))
                await asyncio.sleep(CUT_AFTER_S)
            finally:
                await context.close()

    async with _meanwhile(again_and_again()):
        yield


@asynccontextmanager
async def large_file(browser: Browser, url: str) -> AsyncIterator[None]:
    """Drop a file that is larger than may be, and see that it gets its sentence."""
    context = await browser.new_context()
    try:
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        await page.goto(url)

        async def dropped() -> None:
            with tempfile.TemporaryDirectory() as folder:  # what is as large as this is not handed to a browser in memory
                path = Path(folder) / "film.jpg"
                path.write_bytes(bytes(LARGE_MB * 2**20))
                await page.wait_for_function(sessions.ONE_DROP_ZONE, timeout=PATIENCE)
                await page.locator("input[type=file]").set_input_files(path)
                await expect(page.get_by_text("too large", exact=False).first).to_be_visible(timeout=PATIENCE)

        task = asyncio.create_task(dropped())
        yield
        await task
    finally:
        await context.close()


@asynccontextmanager
async def nobody(browser: Browser, url: str) -> AsyncIterator[None]:
    """Leave the server to the one session."""
    yield


CLIENTS = {
    "alone": nobody,
    f"beside {CONNECTIONS} silent connections": idle_connections,
    f"beside uploads of {CUT_MB} MB that are cut off": cut_uploads,
    f"beside a file of {LARGE_MB} MB": large_file,
}


@asynccontextmanager
async def _meanwhile(work) -> AsyncIterator[None]:  # type: ignore[no-untyped-def]
    task = asyncio.create_task(work)
    try:
        yield
        if task.done():
            task.result()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def read_all(page: Page, files: Sequence[bytes], expected: np.ndarray, seen: Progress) -> None:
    """Read all films on a page."""
    for film, file in enumerate(files):
        started = time.perf_counter()
        label = await page.evaluate("chart => document.querySelector(chart)?.ariaLabel ?? null", sessions.CHART)
        await drop(page, film, file)
        shown = await sessions.shown_label(page, label)
        seen.seconds.append(time.perf_counter() - started)
        seen.mixed += not sessions.is_read_of(sessions.shown_read(shown), expected, film)


async def all_spells(url: str, server: psutil.Process, files: Sequence[bytes], expected: np.ndarray) -> dict[str, Progress]:
    """Read the films once for each kind of client."""
    spells: dict[str, Progress] = {}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=sessions.chromium_path(), args=sessions.FLAGS)
        page = await (await browser.new_context()).new_page()
        page.set_default_timeout(PATIENCE)
        await page.goto(url)
        await read_all(page, files[-2:], expected[-2:], Progress(server))  # the model is loaded and the page has come
        for name, client in CLIENTS.items():
            spells[name] = Progress(server)
            async with client(browser, url):
                await read_all(page, files, expected, spells[name])
            spells[name].peak = server.memory_info().rss
        await browser.close()
    return spells


def main() -> None:
    data = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared" / "data")
    files, expected = sessions.expected_reads(sessions.chosen_films(data, FILMS + sessions.SPARE), Reader.load(), FILMS)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "log.txt") as url:
        server = next(child for child in psutil.Process().children() if "streamlit" in child.cmdline())
        spells = asyncio.run(all_spells(url, server, files, expected))
    medians = {name: statistics.median(seen.seconds) for name, seen in spells.items()}
    mixed, lost = sum(seen.mixed for seen in spells.values()), sum(FILMS - len(seen.seconds) for seen in spells.values())
    report(
        f"One session that reads {FILMS} films, alone and beside clients that misbehave",
        {"lost": f"{lost} (must be 0)", "mixed up": f"{mixed} (must be 0)"}
        | {
            f"{name}: from drop to read": f"{medians[name]:.2f} s, slowest {max(seen.seconds):.2f} s, "
            f"{medians[name] / medians['alone']:.2f} x"
            for name, seen in spells.items()
        }
        | {f"{name}: server": f"{seen.peak / 2**20:.0f} MiB" for name, seen in spells.items()},
        {"lost": lost, "mixed": mixed} | {name: medians[name] / medians["alone"] for name in spells},
        most={"lost": 0, "mixed": 0},
    )


if __name__ == "__main__":
    main()
