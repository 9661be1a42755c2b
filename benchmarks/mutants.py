"""Films broken with an eye to their structure, each made from a number alone: what the fuzz benchmark of the decoders feeds on."""

import common  # noqa: F401  # so that the repository's own modules are found  # isort: skip

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tests.dicoms import LOSSLESS, LOSSY, PLAIN, dicom_bytes, levels, packed, table
from tests.drawing import exif_block, exif_chunk, jpeg_bytes, png_bytes, with_true_checksums

SYNTAXES = (*PLAIN, *LOSSLESS, *LOSSY)
SIDES = (64, 72, 96, 131)


@dataclass
class Mutant:
    """A broken film: its bytes, what was done, and the values that were stored, where it is known that they still can be read."""

    kind: str
    data: bytes
    stored: np.ndarray | None = None
    lossy: bool = False
    done: dict[str, Any] = field(default_factory=dict)


def drawn_header(draws: np.random.Generator) -> Mutant:
    """Write a sound film under a header of drawn values, some of which lie."""
    syntax = SYNTAXES[draws.integers(len(SYNTAXES))]
    bits = 8 if syntax.keyword == "JPEGBaseline8Bit" else int(draws.choice([8, 10, 12, 12, 14, 16]))
    bits = 12 if syntax.keyword == "JPEGExtended12Bit" else bits
    height, width = (int(side) for side in draws.choice(SIDES, 2))
    samples = levels(bits, height, width)
    if draws.random() < 0.2:
        samples = samples // 2 + 2 ** (bits - 2)
    signed = (syntax in PLAIN or syntax.keyword == "RLELossless") and draws.random() < 0.25
    if signed:
        samples = (samples.astype(np.int32) - 2 ** (bits - 1)).astype(np.int8 if bits == 8 else np.int16)
    centre = float(samples.astype(float).mean())
    wide = 2.0**bits
    choices: dict[str, list[Any]] = {
        "PhotometricInterpretation": ["MONOCHROME2", "MONOCHROME1"],
        "RescaleSlope": [None, None, 1, 2.5, -1, 0.01],
        "RescaleIntercept": [None, None, 0, -1024, 1000.5],
        "WindowCenter": [None, centre, centre, [centre, 0], -9e4],
        "WindowWidth": [None, wide, wide / 2, [wide, 100], 1],
        "VOILUTFunction": [None, None, "LINEAR", "LINEAR_EXACT", "SIGMOID"],
        "PresentationLUTShape": [None, "IDENTITY", "INVERSE"],
        "PixelPaddingValue": [None, None, None, int(samples.min()), int(samples.max())],
        "PixelSpacing": [None, [0.2, 0.2], [0.2, 0.3]],
    }
    tags = {name: values[draws.integers(len(values))] for name, values in choices.items()}
    if draws.random() < 0.1:
        entries = np.linspace(0, 2**12 - 1, 2**bits) if bits < 14 else np.linspace(0, 4095, 4096)
        tags["VOILUTSequence"] = [table([len(entries) % 2**16, int(samples.min()), int(draws.choice([8, 12, 16]))], entries)]
    lies: dict[str, list[Any]] = {
        "BitsStored": [bits - 1, bits + 1, 16, 12, 0],
        "HighBit": [bits, 15, 0],
        "PixelRepresentation": [1 - int(signed), 7],
        "Rows": [height + 1, height - 1, width, 65_535],
        "Columns": [width + 1, width - 1, height, 1],
        "BitsAllocated": [8, 16, 12, 32],
        "SamplesPerPixel": [3, 0],
        "NumberOfFrames": [1, 2, 0],
    }
    lying = {name: values[draws.integers(len(values))] for name, values in lies.items() if draws.random() < 0.04}
    if "PixelRepresentation" in lying:
        tags["PixelPaddingValue"] = None  # pydicom could not write it
    data = dicom_bytes(samples, syntax, bits, **{**tags, **lying})
    lossy = syntax in LOSSY
    return Mutant("drawn header", data, samples, lossy, {"syntax": syntax.keyword, "bits": bits, **lying})


def other_syntax(draws: np.random.Generator) -> Mutant:
    """Put a sound stream of one transfer syntax into a file that names another."""
    inside, named = (SYNTAXES[number] for number in draws.integers(len(SYNTAXES), size=2))
    bits = 8 if "Baseline" in inside.keyword else int(draws.choice([8, 12, 16]))
    bits = 12 if "Extended" in inside.keyword else bits
    samples = levels(bits, *(int(side) for side in draws.choice(SIDES, 2)))
    frame = samples.tobytes() if inside in PLAIN else packed(samples, inside, bits)
    if named in PLAIN:
        data = dicom_bytes(samples, named, bits, pixel_data=frame + b"\0" * (len(frame) % 2))
    else:
        data = dicom_bytes(samples, named, bits, frame)
    return Mutant("other syntax", data, samples, inside in LOSSY, {"inside": inside.keyword, "named": named.keyword})


def spliced(draws: np.random.Generator) -> Mutant:
    """Join the beginning of one film and the end of another, of whatever kinds."""
    first, second = (SOURCES[number](draws) for number in draws.integers(len(SOURCES), size=2))
    one, other = first.data, second.data
    cut = int(draws.integers(len(one)))
    start = min(cut, len(other)) if draws.random() < 0.5 else int(draws.integers(len(other)))
    return Mutant("spliced", one[:cut] + other[start:], first.stored, first.lossy, {"of": [first.done, second.done], "cut": cut})


def shuffled_png(draws: np.random.Generator) -> Mutant:
    """Move, double or drop chunks of a PNG, or change a byte under true check sums."""
    data = a_png(draws)
    chunks, at = [], 8
    while at < len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        chunks.append(data[at:end])
        at = end
    data = data[:8] + b"".join(rearranged(chunks, draws))
    if draws.random() < 0.3:
        broken = bytearray(data)
        place = int(draws.integers(8, min(len(data), 200)))
        broken[place] = int(draws.integers(256))
        data = with_true_checksums(bytes(broken))
    return Mutant("PNG chunks", data)


def shuffled_jpeg(draws: np.random.Generator) -> Mutant:
    """Move, double or drop segments of a JPEG, or change a byte."""
    data = a_jpeg(draws)
    segments, at = [], 2
    while data[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        segments.append(data[at:end])
        at = end
    scans = data[at:]
    data = data[:2] + b"".join(rearranged(segments, draws)) + scans
    if draws.random() < 0.3:
        broken = bytearray(data)
        broken[int(draws.integers(2, min(len(data), 700)))] = int(draws.integers(256))
        data = bytes(broken)
    return Mutant("JPEG segments", data)


def rearranged(parts: list[bytes], draws: np.random.Generator) -> list[bytes]:
    """Move, double or drop a few parts."""
    parts = list(parts)
    for _ in range(int(draws.integers(0, 3))):
        place = int(draws.integers(len(parts)))
        what = draws.integers(3)
        part = parts[place] if what == 1 else parts.pop(place)
        if what < 2:
            parts.insert(int(draws.integers(len(parts) + 1)), part)
        if not parts:
            break
    return parts


def a_png(draws: np.random.Generator) -> bytes:
    """Write a PNG of some kind."""
    bits = int(draws.choice([8, 8, 16]))
    grey = levels(bits, *(int(side) for side in draws.choice(SIDES, 2)))
    alpha = np.full_like(grey, np.iinfo(grey.dtype).max)
    kind = draws.integers(5)
    samples = [grey, np.dstack([grey] * 3), np.dstack([grey] * 3 + [alpha]), np.dstack([grey, alpha]), grey][kind]
    palette = np.repeat(np.arange(256)[:, None], 3, 1) if kind == 4 and bits == 8 else None
    chunks = [exif_chunk(int(draws.integers(1, 9)))] if draws.random() < 0.3 else []
    transparency = bytes([255] * 20 + [128] * 5) if palette is not None and draws.random() < 0.5 else None
    return png_bytes(samples, interlaced=bool(draws.random() < 0.3), palette=palette, transparency=transparency, chunks=chunks)


def a_jpeg(draws: np.random.Generator) -> bytes:
    """Write a JPEG of some kind."""
    grey = levels(8, *(int(side) for side in draws.choice(SIDES, 2)))
    kind = draws.integers(3)
    options: dict[str, Any] = {"progressive": bool(draws.random() < 0.4)}
    if draws.random() < 0.3:
        options["exif"] = exif_block(int(draws.integers(1, 9)))
    if kind == 2:
        return jpeg_bytes(np.dstack([grey] * 4), "CMYK", **options)
    return jpeg_bytes(np.dstack([grey] * 3) if kind else grey, **options)


SOURCES: tuple[Callable[[np.random.Generator], Mutant], ...] = (drawn_header, other_syntax, shuffled_png, shuffled_jpeg)
KINDS = (*SOURCES, drawn_header, spliced)


def mutant(number: int) -> Mutant:
    """Make the mutant of a number."""
    return KINDS[number % len(KINDS)](np.random.default_rng(number))
