"""Films broken with an eye to their structure: refused by name, or read as pydicom and Pillow read them, in bounded time and memory.

DICOM headers with drawn values, streams under other transfer syntaxes, signed values under headers that tell others, films spliced from
two; PNG chunks and JPEG segments in another order or with drawn values, and pixels cut off before an end mark that is there; as many of
PNG and of JPEG as of DICOM. Other greys than the others' are excused only where the film carries a warning of them. A mutant is made from
its number alone, so that one that fails can be looked at again: --first NUMBER --count 1. With --keep FILE a run that was stopped goes on
where it was.
"""

from common import report  # isort: skip
from mutants import SOURCES, Mutant, mutant  # isort: skip

import argparse
import io
import json
import re
import resource
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import imagecodecs
import numpy as np
import pydicom
from PIL import Image, ImageOps
from pydicom.dataset import Dataset
from pydicom.encaps import get_frame
from pydicom.pixels import apply_windowing

from cxr_core.files import replace_file
from cxr_core.imaging import Film, ImageError, decode_film

COUNT, PART = 100_000, 1000
SLOWEST_S, LARGEST_MB = 2.0, 300.0
CLOSE = {"lossless": 1.5 / 255, "lossy": 12 / 255}
"""How far greys may lie from the reference: where tables of few entries, and where lossy codings, round."""

LAST_BLOCK = 16 * 16
"""Pixels."""


def by_pydicom(read: Dataset) -> np.ndarray:
    """Read the stored values of a data set, of codings that pydicom needs plug-ins for through imagecodecs."""
    keyword = read.file_meta.TransferSyntaxUID.keyword
    if not keyword.startswith(("JPEGLossless", "JPEGLS", "JPEGExtended")):
        return read.pixel_array
    decode = imagecodecs.jpegls_decode if keyword.startswith("JPEGLS") else imagecodecs.jpeg8_decode
    return decode(get_frame(read.PixelData, 0, number_of_frames=1))


def by_standard(stored: np.ndarray, read: Dataset) -> np.ndarray:
    """Take the bits of each value that bits stored and high bit name (PS3.5, section 8.1.1); pydicom knows no high bit."""
    bits, above = int(read.BitsStored), int(read.HighBit) + 1
    taken = (stored.astype(np.int64) & 0xFFFF) >> (above - bits) & (2**bits - 1)
    return np.where(taken >= 2 ** (bits - 1), taken - 2**bits, taken) if read.PixelRepresentation == 1 else taken


def greys_of(stored: np.ndarray, read: Dataset, film: Film) -> np.ndarray | None:
    """Make greys of stored values with pydicom's transforms, through the window that the film says it was seen through."""
    steps = " · ".join(film.steps)
    if "VOI table" in steps or "padding" in steps or stored.shape != film.pixels.shape:
        return None  # these are compared by `rises_with`
    values = stored.astype(float)
    if "rescaled" in steps:  # pydicom rescales only where both are there
        values = values * float(read.get("RescaleSlope") or 1) + float(read.get("RescaleIntercept") or 0)
    window = re.search(r"VOI window (\S+)/(\S+) applied(?:, (LINEAR_EXACT|SIGMOID))?", steps)
    if window is None:
        low, high = values.min(), values.max()
        greys = (values - low) / max(high - low, 1e-12)
    else:
        asked = Dataset()
        asked.PixelRepresentation, asked.BitsStored, asked.PhotometricInterpretation = 1, 16, "MONOCHROME2"
        asked.WindowCenter, asked.WindowWidth, asked.VOILUTFunction = window[1], window[2], window[3] or "LINEAR"
        greys = (apply_windowing(values, asked) + 2**15) / (2**16 - 1)
    greys = greys.clip(0, 1)
    return 1 - greys if "inverted" in steps else greys


def rises_with(pixels: np.ndarray, stored: np.ndarray, film: Film) -> bool:
    """Whether greys rise, or where black and white are exchanged fall, with the stored values, as through any sensible table."""
    if pixels.shape != stored.shape:
        return True
    order = np.argsort(stored.ravel(), kind="stable")[:: max(1, stored.size // 2000)]
    steps = np.diff(pixels.ravel()[order].astype(float))
    return bool(min((steps < -0.02).mean(), (steps > 0.02).mean()) < 0.05)


def by_pillow(data: bytes) -> np.ndarray:
    """Read a picture upright and grey, in [0, 1], transparent parts black."""
    image: Image.Image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
    image.load()
    density = densities(image)
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):
        greys = np.asarray(image).astype(float)
        greys[greys == image.info.get("transparency", -1)] = 0  # Pillow names the one grey, and leaves it
        return with_square_pixels(greys / 65535, *density)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, (0, 0, 0, 255)), image)
    greys = np.asarray((image if image.mode in ("1", "L") else image.convert("RGB")).convert("L")).astype(float) / 255
    return with_square_pixels(greys, *density)


def densities(image: Image.Image) -> tuple[float, float]:
    """Return how densely a picture was sampled across and down, once it is upright."""
    of_jpeg = image.info.get("jfif_density") if image.info.get("jfif_unit", 3) < 3 else None
    across, down = of_jpeg or (image.format == "PNG" and (image.info.get("aspect") or image.info.get("dpi"))) or (1, 1)
    if not 0 < max(across, down) <= 8 * min(across, down):
        return 1, 1
    return (down, across) if image.getexif().get(0x0112, 1) > 4 else (across, down)


def with_square_pixels(greys: np.ndarray, across: float, down: float) -> np.ndarray:
    """Sample a picture as densely across as down."""
    height, width = greys.shape
    size = round(width * max(1, down / across)), round(height * max(1, across / down))
    if size == (width, height):
        return greys
    return np.asarray(Image.fromarray(greys.astype(np.float32)).resize(size, Image.Resampling.BILINEAR)).astype(float)


def verdict(one: Mutant, film: Film) -> str:
    """Say how a film that was read compares with what others read: "equal", "told", "alone" where nobody else reads it, or "wrong"."""
    near = CLOSE["lossy" if one.lossy or film.format == "JPEG" else "lossless"]
    told = bool(film.doubts)  # which say that the greys may be others
    seen = film.pixels
    if film.format != "DICOM":
        try:
            expected = by_pillow(one.whole or one.data)
        except Exception:  # it refuses what holds a needless chunk that it cannot make sense of
            return "alone"
        spared = 0 if one.whole is None else LAST_BLOCK  # what was cut within the last block cannot be told
        equal = expected.shape == seen.shape and (np.abs(expected - seen) > near).sum() <= spared
        return "equal" if equal else "wrong"
    candidates = [one.stored] if one.stored is not None else []
    read = Dataset()
    if one.sure:
        assert one.stored is not None
        equal = is_equal(film, one.stored, pydicom.dcmread(io.BytesIO(one.data)), near)
        return "equal" if equal else "told" if told else "wrong"
    with suppress(Exception):  # it refuses much that can be read all the same
        read = pydicom.dcmread(io.BytesIO(one.data))
        candidates.insert(0, by_pydicom(read))
    with suppress(Exception):  # the header does not say, or says nothing that can be done
        candidates += [by_standard(stored, read) for stored in candidates[-1:]]
    with suppress(Exception):  # pydicom drops the bits above bits stored, and with a high bit beyond them some that count
        words = np.frombuffer(read.PixelData, "<u2" if read.original_encoding[1] else ">u2")
        candidates.append(by_standard(words.reshape(read.Rows, read.Columns), read))
    if any(is_equal(film, stored, read, near) for stored in candidates):
        return "equal"
    return "told" if told else "wrong" if candidates else "alone"


def is_equal(film: Film, stored: np.ndarray, read: Dataset, near: float) -> bool:
    """Whether a film is the picture of stored values."""
    try:
        greys = greys_of(stored, read, film)
    except Exception:  # of values that pydicom cannot apply
        greys = None
    if greys is None:
        return rises_with(film.pixels, stored, film)
    return bool(np.quantile(np.abs(greys - film.pixels), 0.999) <= near)


@dataclass
class Tally:
    """What became of the mutants."""

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    growth: float = 0.0
    broken: list[str] = field(default_factory=list)


def peak_mb() -> float:
    """Return the most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def tried(first: int, count: int) -> Tally:
    """Decode mutants; a process that has decoded nothing yet tells their memory best."""
    tally = Tally()
    for source in SOURCES:  # what decoders load once
        with_warm_up(source)
    before = peak_mb()
    for number in range(first, first + count):
        one = mutant(number)
        made = peak_mb()
        started = time.process_time()
        film = None
        try:
            film = decode_film(one.data)
            outcome = "read"
        except ImageError as error:
            outcome = f"refused: {type(error).__name__}"
        except BaseException as error:
            outcome = "foreign error"
            tally.broken.append(f"{number} ({one.kind}, {one.done}): {type(error).__name__}: {error}")
        tally.slowest = max(tally.slowest, time.process_time() - started)
        tally.growth = max(tally.growth, peak_mb() - max(before, made))
        if film is not None:
            outcome = f"read: {verdict(one, film)}"
            if outcome == "read: wrong":
                tally.broken.append(f"{number} ({one.kind}, {one.done}): read wrongly, {film.steps}")
        tally.outcomes[outcome] += 1
    return tally


def with_warm_up(source: Callable[[np.random.Generator], Mutant]) -> None:
    """Decode some films of a kind."""
    for seed in range(20):
        try:
            decode_film(source(np.random.default_rng(seed)).data)
        except ImageError:
            continue


def joined(one: Tally, other: Tally) -> Tally:
    """Take two tallies together."""
    slowest, growth = max(one.slowest, other.slowest), max(one.growth, other.growth)
    return Tally(one.outcomes + other.outcomes, slowest, growth, one.broken + other.broken)


def tried_in_parts(first: int, count: int, keep: Path | None) -> Tally:
    """Decode mutants, part by part; what was kept of a run over the same numbers is not done again."""
    tally, done = Tally(), 0
    if keep is not None and keep.is_file():
        kept = json.loads(keep.read_text())
        if (kept["first"], kept["count"]) != (first, count):
            raise SystemExit(f"{keep} is of other films. Name another file.")
        done, tally = kept["done"], Tally(**kept["tally"] | {"outcomes": Counter(kept["tally"]["outcomes"])})
    while done < count:
        part = min(PART, count - done)
        tally = joined(tally, tried(first + done, part))
        done += part
        if keep is not None:
            kept = {"first": first, "count": count, "done": done, "tally": vars(tally)}
            replace_file(keep, lambda path, kept=kept: path.write_text(json.dumps(kept)))  # type: ignore[misc]
    return tally


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=COUNT)
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--keep", type=Path)
    asked = options.parse_args()
    warnings.simplefilter("ignore")  # of pydicom and Pillow, about what was broken on purpose
    tally = tried_in_parts(asked.first, asked.count, asked.keep)
    for line in tally.broken[:50]:
        print(line, file=sys.stderr)
    wrong = tally.outcomes["read: wrong"]
    rows = {name: f"{number:,}" for name, number in sorted(tally.outcomes.items())}
    rows |= {"slowest, processor time": f"{tally.slowest:.2f} s", "memory taken": f"{tally.growth:.0f} MB"}
    figures = {
        "foreign_errors": float(tally.outcomes["foreign error"]),
        "read_wrongly": float(wrong),
        "slowest_s": tally.slowest,
        "growth_mb": tally.growth,
    }
    most = {"foreign_errors": 0, "read_wrongly": 0, "slowest_s": SLOWEST_S, "growth_mb": LARGEST_MB}
    report(f"{asked.count:,} broken films from number {asked.first:,}", rows, figures, most=most)


if __name__ == "__main__":
    main()
