"""The app as a user has it: a real server and a real browser, both on this machine."""

import base64
import io
import itertools
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from cxr_core.imaging import display_grey, draw_phantom

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


PHOTOGRAPHED = bool(os.environ.get("SCREENSHOTS"))
"""Whether somebody wants to look at the states that the tests reach."""


def looks(sizes: Iterable[str], *checked: tuple[str, str]) -> list[tuple[str, str]]:
    """Sizes and colour schemes of a page: those that are checked, or, where they are photographed, all there are."""
    return list(itertools.product(sizes, ("light", "dark"))) if PHOTOGRAPHED else list(checked)


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots of the states that the tests reach go: the folder in the environment variable SCREENSHOTS, if it is set."""
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def chromium_path() -> str | None:
    """Return the Chromium that the environment variable CHROMIUM names, or else one on the path."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


ONE_DROP_ZONE = "document.querySelectorAll('input[type=file]').length === 1"
"""While a run ends, the drop zone before it may still stand beside the new one."""


@contextmanager
def serving(log: Path, folder: Path = ROOT) -> Iterator[str]:
    """Run the app of a folder on a free port until the block ends; its output goes to a file."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true", "--server.port", str(port)]
    with log.open("w") as file:
        server = subprocess.Popen(command, cwd=folder, stdout=file, stderr=subprocess.STDOUT)
    try:
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{url}/_stcore/health", timeout=1)
                break
            except OSError:
                if time.monotonic() > deadline or server.poll() is not None:
                    raise AssertionError(f"the app did not start:\n{log.read_text()}") from None
                time.sleep(0.2)
        yield url
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the app on a free port; its log is checked for the uploads' names at the end."""
    log = tmp_path_factory.mktemp("server") / "log.txt"
    with serving(log) as url:
        yield url
    print(log.read_text())  # shown by pytest where a test failed
    assert "secret-name" not in log.read_text()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium; its absence is a failure in CI."""
    path = chromium_path()
    if path is None:
        message = "No Chromium found: install one, or name it in the environment variable CHROMIUM."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        expect.set_options(timeout=60_000)  # a busy machine draws slowly
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """What a user's tabs share: the cache, so that only the first one loads Streamlit's scripts. Each tab has a session of its own."""
    context = browser.new_context()
    yield context
    context.close()


def answered(page: Page) -> None:
    """Wait until the server has heard of the last change and has answered."""
    page.wait_for_timeout(500)  # the viewer tells of a change after 300 ms of rest
    # importing TensorFlow takes long on a busy machine
    page.wait_for_function("document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'", timeout=300_000)


def fits(page: Page) -> bool:
    """Tell whether nothing is wider than the screen."""
    return bool(page.get_by_test_id("stMain").evaluate("part => part.scrollWidth <= part.clientWidth"))


_left: dict[BrowserContext, Page] = {}
"""By context: a tab that a test has left."""


@contextmanager
def new_tab(context: BrowserContext, size: tuple[int, int] = (1280, 800), scheme: Literal["light", "dark"] = "light") -> Iterator[Page]:
    """Give a tab until the block ends: going to a page in it begins a session.

    The tab that the test before has left is taken, where there is one: in a new one the browser would compile Streamlit's scripts again.
    """
    page = _left.pop(context, None) or context.new_page()
    page.mouse.move(0, 0)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    page.set_default_timeout(90_000)
    try:
        yield page
    finally:
        if context in _left or page.is_closed():
            page.close()
        else:
            _left[context] = page


DROP_AT = """([x, y, files, sizes]) => {
    const data = new DataTransfer();
    for (const [name, text] of files) data.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name));
    for (const size of sizes) data.items.add(new File([new Uint8Array(size)], 'large.dcm'));
    let target = document.elementFromPoint(x, y);
    for (let inner; (inner = target.shadowRoot?.elementFromPoint(x, y)) && inner !== target; ) target = inner;
    const event = (type) => new DragEvent(type, { bubbles: true, composed: true, cancelable: true, dataTransfer: data });
    return ['dragenter', 'dragover', 'drop'].every((type) => !target.dispatchEvent(event(type)));
}"""


def drop_on(page: Page, selector: str, *files: tuple[str, bytes], sizes: tuple[int, ...] = ()) -> None:
    """Let files fall onto the middle of a part of the page, on whatever stands there by then, as a pointer would."""
    part = page.locator(selector).first
    part.scroll_into_view_if_needed()
    box = part.bounding_box()
    assert box is not None
    coded = [[name, base64.b64encode(content).decode()] for name, content in files]
    assert page.evaluate(DROP_AT, [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, coded, list(sizes)]), (
        "the browser would open the file"
    )


def png_of(seed: int) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(display_grey(draw_phantom(300, 260, seed))).save(buffer, "PNG")
    return buffer.getvalue()


def photograph() -> bytes:
    """A picture that the input gate refuses, as a PNG."""
    from sklearn.datasets import load_sample_image

    buffer = io.BytesIO()
    Image.fromarray(load_sample_image("flower.jpg")).save(buffer, "PNG")
    return buffer.getvalue()
