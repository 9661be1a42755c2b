"""Pictures that are no chest films: what installed Python packages ship, and noise and pages of text that are drawn here."""

import gzip
import importlib.util
import io
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from pydicom import dcmread

from cxr_core.imaging import MIN_SIDE

DRAWN = 40
"""Pictures of noise, and pages of text."""

_PICTURES = {
    "scikit-image": ("skimage", "data"),
    "scikit-learn": ("sklearn", "datasets/images"),
    "matplotlib": ("matplotlib", "mpl-data/sample_data"),
}
"""By distribution: the package and the folder in it that holds pictures."""


@dataclass(frozen=True)
class NonChest:
    """One picture, as the bytes of a PNG, JPEG or DICOM file, with its kind and a name."""

    kind: str
    name: str
    data: bytes


def packages() -> dict[str, str]:
    """Return the version of every distribution whose pictures are collected here; `requirements.txt` has all of them."""
    return {name: version(name) for name in (*_PICTURES, "pydicom")}


@cache
def non_chest_pictures(seed: int = 0) -> tuple[NonChest, ...]:
    """Collect the pictures.

    The files of pydicom's tests come twice: as they are, and, where they hold pixels of their own, as a PNG of the (first) frame. Most
    of them are small parts of CT, MR, ultrasound and dose pictures; none is a chest film.

    Parameters
    ----------
    seed : int
        Seed of the noise and of the text.

    Returns
    -------
    tuple of NonChest
        None of the pictures twice, and of those that come from packages none under the side that films must have.
    """
    rng = np.random.default_rng(seed)
    found = [picture for name, (module, inside) in _PICTURES.items() for picture in _shipped(name, _folder(module), inside)]
    found += _measured(_folder("matplotlib"))
    found += [NonChest("noise", f"{number}", _png(_NOISE[number % len(_NOISE)](rng))) for number in range(DRAWN)]
    found += [NonChest("pages of text", f"{number}", _png(_page(rng, dark=number % 4 == 0))) for number in range(DRAWN)]
    found += _dicoms(_folder("pydicom"))
    return tuple({(picture.kind, picture.data): picture for picture in found}.values())


def _folder(module: str) -> Path:
    found = importlib.util.find_spec(module)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


def _shipped(name: str, folder: Path, inside: str) -> Iterator[NonChest]:
    for path in sorted((folder / inside).glob("*")):
        if path.suffix not in (".png", ".jpg"):
            continue
        data = path.read_bytes()
        with Image.open(io.BytesIO(data)) as image:
            if min(image.size) >= MIN_SIDE:
                yield NonChest(f"pictures of {name}", path.name, data)


def _measured(folder: Path) -> Iterator[NonChest]:
    """Give matplotlib's sample measurements, two reliefs and a slice of a head, as pictures."""
    samples = folder / "mpl-data" / "sample_data"
    for file, field in (("topobathy.npz", "topo"), ("jacksboro_fault_dem.npz", "elevation")):
        if (samples / file).is_file():
            with np.load(samples / file) as arrays:
                yield NonChest("pictures of matplotlib", file, _png(_stretched(arrays[field])))
    if (samples / "s1045.ima.gz").is_file():
        greys = np.frombuffer(gzip.decompress((samples / "s1045.ima.gz").read_bytes()), np.uint16).reshape(256, 256)
        yield NonChest("pictures of matplotlib", "s1045.ima.gz", _png(_stretched(greys)))


def _dicoms(folder: Path) -> Iterator[NonChest]:
    for path in sorted((folder / "data" / "test_files").glob("*.dcm")):
        data = path.read_bytes()
        yield NonChest("DICOM files of pydicom", path.name, data)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                pixels = dcmread(io.BytesIO(data), force=True).pixel_array
        except Exception:  # many of these files are broken on purpose, or hold no picture
            continue
        colour = pixels.ndim >= 3 and pixels.shape[-1] == 3
        frame = pixels.reshape(-1, *pixels.shape[-3 if colour else -2 :])[0]
        if np.ptp(frame) > 0:
            yield NonChest("DICOM files of pydicom as PNG", path.name, _png(_stretched(frame)))


def _stretched(values: np.ndarray) -> np.ndarray:
    """Scale any numbers to greys, or colours, of 8 bits."""
    values = values.astype(np.float64)
    return np.rint((values - values.min()) / np.ptp(values) * 255).astype(np.uint8)


def _png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def _white(rng: np.random.Generator) -> np.ndarray:
    return rng.integers(0, 256, rng.integers(128, 512, 2), np.uint8)


def _speckled(rng: np.random.Generator) -> np.ndarray:
    """Draw salt and pepper on grey."""
    return np.where(rng.random((256, 256)) < rng.uniform(0.02, 0.4), rng.choice([0, 255], (256, 256)), 128).astype(np.uint8)


def _clouded(rng: np.random.Generator) -> np.ndarray:
    """Draw clouds: noise of several sizes, enlarged and added up."""
    weight = rng.uniform(0, 1)
    sides = (4, 8, 16, 32, 64)
    layers = [cv2.resize(rng.random((side, side)), (256, 256), interpolation=cv2.INTER_CUBIC) / side**weight for side in sides]
    return _stretched(np.sum(layers, axis=0))


def _striped(rng: np.random.Generator) -> np.ndarray:
    """Draw lines of noise, as a screen without a signal shows."""
    return np.repeat(rng.integers(0, 256, (256, 1), np.uint8), 256, axis=1) // 2 + rng.integers(0, 128, (256, 256), np.uint8)


_NOISE: tuple[Callable[[np.random.Generator], np.ndarray], ...] = (_white, _speckled, _clouded, _striped)


def _page(rng: np.random.Generator, dark: bool) -> np.ndarray:
    """Draw a page of words that mean nothing; where it is dark, bright on black, as a screen may show it."""
    width, height = (int(side) for side in rng.integers(400, 900, 2))
    paper, ink = (16, 224) if dark else (248, 16)
    page = Image.new("L", (width, height), paper)
    draw = ImageDraw.Draw(page)
    size = int(rng.integers(12, 40))
    font = ImageFont.load_default(size)
    for top in range(size, height - 2 * size, int(size * 1.4)):
        if rng.random() < 0.1:  # the end of a paragraph
            continue
        letters = rng.integers(ord("a"), ord("z") + 1, width // size * 2)
        words = "".join(" " if rng.random() < 0.15 else chr(letter) for letter in letters)
        draw.text((size, top), words[: int(len(words) * rng.uniform(0.5, 0.9))], fill=ink, font=font)
    return np.asarray(page)
