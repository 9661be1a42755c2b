"""How soon a film is on screen after the drop, what it takes on the way, and how smoothly its window follows the hand.

The film is a phantom of 2048 x 2500 pixels and 12 bits with a detector's noise. Drawing it from the app is compared with the least that
it can take: a page that sends the same file to a bare server, which decodes and packs it, and that unpacks and draws what comes back.
Both run in the same browser, in turn.
"""

from common import report  # isort: skip

import io
import json
import re
import statistics
import tempfile
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import numpy as np
from playwright.sync_api import Page, sync_playwright
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian

from cxr_core.imaging import decode_film, display_grey, draw_phantom, png_bytes
from pages.viewer import FilmLayer
from tests.browser.conftest import FLAGS, ONE_DROP_ZONE, chromium_path, serving

HEIGHT, WIDTH, NOISE = 2500, 2048, 10.0
REPEATS = 7
SAMPLES_JS = Path(__file__).parents[1] / "pages" / "viewer" / "samples.js"
BARE_PAGE = """<!doctype html><input type="file"><canvas></canvas><script type="module">
import { fetchedSheet, greyTable } from "./samples.js";
document.querySelector("input").addEventListener("change", async ({ target }) => {
    const since = performance.now();
    const film = await (await fetch("/film", { method: "POST", body: target.files[0] })).json();
    const { samples, width, height } = await fetchedSheet(film);
    const table = greyTable(Float64Array.from({ length: 65536 }, (_, sample) => sample), film.windows[0], false, false);
    const canvas = Object.assign(document.querySelector("canvas"), { width, height });
    const image = new ImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    for (let at = 0; at < samples.length; at++) pixels[at] = table[samples[at]];
    canvas.getContext("2d").putImageData(image, 0, 0);
    requestAnimationFrame(() => (window.took = performance.now() - since));
});
</script>"""
WATCH_APP = """
addEventListener("change", () => {
    const viewer = () => [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")]
        .map(({ shadowRoot }) => shadowRoot?.querySelector(".viewer")).find(Boolean);
    const before = viewer()?.querySelector(".caption").textContent;
    const since = performance.now();
    window.took = null;
    const look = () => {
        const shown = viewer();
        const there = shown && shown.querySelector(".stage").getAttribute("aria-busy") === "false";
        if (there && shown.querySelector(".caption").textContent !== before) window.took = performance.now() - since;
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}, true);
"""
WATCH_FRAMES = """() => {
    window.frames = [];
    const after = new MessageChannel();
    let begun = performance.now();
    after.port1.onmessage = () => window.frames.push([begun, performance.now() - begun]);
    const look = () => {
        begun = performance.now();
        after.port2.postMessage(null);
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""


def film_file(seed: int) -> bytes:
    """Draw a film as an uncompressed DICOM file."""
    rng = np.random.default_rng(seed)
    clean = cv2.GaussianBlur(draw_phantom(HEIGHT, WIDTH, seed, 0.5).pixels, (0, 0), 3)
    samples = (200 + 3600 * clean + rng.normal(0, NOISE, clean.shape)).round().clip(0, 4095).astype(np.uint16)
    made = Dataset()
    made.Modality, made.PhotometricInterpretation, made.SamplesPerPixel, made.PixelRepresentation = "DX", "MONOCHROME2", 1, 0
    made.Rows, made.Columns, made.BitsAllocated, made.BitsStored, made.HighBit = HEIGHT, WIDTH, 16, 12, 11
    made.WindowCenter, made.WindowWidth = 2000, 3800
    made.PixelData = samples.tobytes()
    made["PixelData"].VR = "OW"
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta.MediaStorageSOPClassUID = DigitalXRayImageStorageForPresentation
    made.file_meta.MediaStorageSOPInstanceUID = UID("1.2.3")
    file = io.BytesIO()
    made.save_as(file, enforce_file_format=True)
    return file.getvalue()


class BareServer(BaseHTTPRequestHandler):
    """Decodes and packs what it is sent, and nothing else."""

    packed = b""

    def do_GET(self) -> None:
        """Serve the page, its script, or the packed film."""
        pages = {
            "/": (BARE_PAGE.encode(), "text/html"),
            "/samples.js": (SAMPLES_JS.read_bytes(), "text/javascript"),
            "/packed": (BareServer.packed, "application/octet-stream"),
        }
        self._answer(*pages.get(self.path, (b"", "text/plain")))

    def do_POST(self) -> None:
        """Take a film."""
        layer = FilmLayer.of(decode_film(self.rfile.read(int(self.headers["Content-Length"]))))
        BareServer.packed = layer.picture.data
        self._answer(json.dumps(layer.message | {"url": "/packed", "parts": layer.picture.parts}).encode(), "application/json")

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def first_paint(page: Page, file: bytes) -> float:
    """Drop a film; return the seconds until it is painted."""
    page.wait_for_function(f"!document.querySelector('[data-testid=stApp]') || ({ONE_DROP_ZONE})")
    page.evaluate("window.took = null")
    page.locator("input[type=file]").set_input_files({"name": "film.dcm", "mimeType": "application/dicom", "buffer": file})
    return float(page.wait_for_function("window.took", timeout=120_000).json_value()) / 1000


def settled(page: Page) -> None:
    """Wait until the film was read, and nothing is drawn any more."""
    page.get_by_text(re.compile(r"(Read|Judged) in \d")).wait_for(timeout=600_000)
    page.wait_for_timeout(1500)
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')", timeout=600_000)


def dragging(page: Page) -> np.ndarray:
    """Move the window by the mouse; return for each frame (n, 2): when it began, and how long it kept the browser busy, in ms."""
    box = page.locator(".stage").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(WATCH_FRAMES)
    for turn in range(6):
        page.mouse.move(x + (120 if turn % 2 else -120), y + 20 * turn, steps=40)
    frames = page.evaluate("window.frames")
    page.mouse.up()
    return np.array(frames)


def main() -> None:
    files = [film_file(seed) for seed in range(REPEATS + 1)]
    server = ThreadingHTTPServer(("127.0.0.1", 0), BareServer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    times: dict[str, list[float]] = {"app": [], "bare": []}
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "log.txt") as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        pages = {name: browser.new_page(viewport={"width": 1920, "height": 1080}) for name in times}
        pages["app"].add_init_script(WATCH_APP)
        pages["app"].goto(url)
        pages["bare"].goto(f"http://127.0.0.1:{server.server_port}/")
        pages["app"].get_by_role("button", name="Try the phantom").wait_for(timeout=120_000)
        for number, file in enumerate(files):
            for name, page in pages.items():
                page.bring_to_front()
                seconds = first_paint(page, file)
                if number:  # the first one loads what the others find loaded
                    times[name].append(seconds)
                if name == "app":
                    settled(page)
        pages["app"].bring_to_front()
        frames = dragging(pages["app"])
        browser.close()
    server.shutdown()

    film = decode_film(files[0])
    started = time.perf_counter()
    layer = FilmLayer.of(decode_film(files[0]))
    prepared = time.perf_counter() - started
    grey = display_grey(film)
    figures = {
        "first_paint_s": statistics.median(times["app"]),
        "bare_s": statistics.median(times["bare"]),
        "times_bare": statistics.median(app / bare for app, bare in zip(times["app"], times["bare"], strict=True)),
        "prepare_s": prepared,
        "packed_mb": len(layer.picture.data) / 1e6,
        "times_png": len(layer.picture.data) / len(png_bytes(grey)),
        "times_8_bit": len(layer.picture.data) / (4 / 3 * len(zlib.compress(grey.tobytes(), 1))),
        "frame_median_ms": float(np.median(frames[:, 1])),
        "frame_p95_ms": float(np.quantile(frames[:, 1], 0.95)),
        "frames_per_second": 1000 * (len(frames) - 1) / float(np.ptp(frames[:, 0])),
    }
    report(
        f"A film of {WIDTH} x {HEIGHT} pixels, 12 bit: median of {REPEATS}",
        {
            "from drop to first paint": f"{figures['first_paint_s']:.2f} s",
            "decoded, sent and drawn without the app": f"{figures['bare_s']:.2f} s",
            "times as long, median of pairs": f"{figures['times_bare']:.2f} (at most 1.2)",
            "decoded and packed, in this process": f"{figures['prepare_s']:.2f} s",
            "sent": f"{figures['packed_mb']:.2f} MB",
            "as a multiple of an 8-bit PNG of it": f"{figures['times_png']:.2f}",
            "as a multiple of its 8-bit greys deflated in base64": f"{figures['times_8_bit']:.2f}",
            "dragging the window at 1920 x 1080, a frame, median": f"{figures['frame_median_ms']:.1f} ms",
            "95% of frames within": f"{figures['frame_p95_ms']:.1f} ms (at most 16.7)",
            "frames a second": f"{figures['frames_per_second']:.0f}",
        },
        figures,
        most={"times_bare": 1.2, "frame_p95_ms": 16.7, "times_8_bit": 2},
    )


if __name__ == "__main__":
    main()
