"""Films broken with an eye to their structure, each made from a number alone: what the fuzz benchmark of the decoders feeds on."""

import common  # noqa: F401  # so that the repository's own modules are found  # isort: skip

import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import imagecodecs
import numpy as np
from pydicom.uid import JPEG2000, JPEG2000Lossless, JPEGLosslessSV1, JPEGLSLossless, JPEGLSNearLossless

from tests.dicoms import LOSSLESS, LOSSY, PLAIN, dicom_bytes, levels, packed, table
from tests.drawing import PNG_MAGIC, chunk, exif_block, exif_chunk, jpeg_bytes, png_bytes, with_true_checksums

SYNTAXES = (*PLAIN, *LOSSLESS, *LOSSY)
SIDES = (64, 72, 96, 131)


@dataclass
class Mutant:
    """A broken film: its bytes, and what was done.

    `stored` are the values in it, where it is known that they still can be read, and `sure` says that no other reading is right. `whole`
    is the file that it is a part of: what is read of it must be that picture.
    """

    kind: str
    data: bytes
    stored: np.ndarray | None = None
    lossy: bool = False
    done: dict[str, Any] = field(default_factory=dict)
    whole: bytes | None = None
    sure: bool = False


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


def signed_stream(draws: np.random.Generator) -> Mutant:
    """Pack signed values into a stream, signed or of their lowest bits, under a header that tells other bits, or another sign."""
    syntaxes = (JPEG2000Lossless, JPEGLSLossless, JPEGLosslessSV1, JPEG2000, JPEGLSNearLossless)
    syntax = syntaxes[draws.integers(len(syntaxes))]
    bits = int(draws.choice([10, 12, 13, 14]))
    samples = levels(bits, *(int(side) for side in draws.choice(SIDES, 2))).astype(np.int16)
    samples -= int(2**bits * draws.choice([0.0, 0.1, 0.25, 0.5]))
    precision, stored = int(draws.integers(bits, 17)), int(draws.integers(bits, 17))
    of_2000, signed = syntax in (JPEG2000Lossless, JPEG2000), bool(draws.random() < 0.5)
    if samples.max() >= 2 ** (precision - 1):  # its sign would have no room
        precision = bits + 1
    as_packed = samples if signed and of_2000 else (samples.astype(np.int32) & (2**precision - 1)).astype(np.uint16)
    lossy = syntax in LOSSY and ((signed and of_2000) or samples.min() >= 0)  # its errors would wrap the lowest bits of others
    if of_2000:
        how: dict[str, Any] = {"level": 60 + 6 * (precision - bits)} if lossy else {"level": 0, "reversible": True}
        frame = imagecodecs.jpeg2k_encode(as_packed, codecformat="J2K", bitspersample=precision, **how)
    elif syntax == JPEGLosslessSV1:
        frame = imagecodecs.jpeg8_encode(as_packed, lossless=True, bitspersample=precision)
    else:
        frame = imagecodecs.jpegls_encode(as_packed, level=2 if lossy else 0)
    centre, wide = float(samples.mean()), 2.0**bits
    tags = {
        "PixelRepresentation": int(draws.random() < 0.8),
        "RescaleIntercept": [None, -1024][draws.integers(2)],
        "RescaleSlope": 1,
        **({"WindowCenter": centre, "WindowWidth": wide} if draws.random() < 0.5 else {}),
    }
    done = {"syntax": syntax.keyword, "bits": bits, "precision": precision, "stored": stored, "signed": signed, **tags}
    return Mutant("signed stream", dicom_bytes(samples, syntax, stored, frame, **tags), samples, lossy, done, sure=True)


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
    data = data[:8] + b"".join(rearranged(png_chunks(data), draws))
    if draws.random() < 0.3:
        broken = bytearray(data)
        place = int(draws.integers(8, min(len(data), 200)))
        broken[place] = int(draws.integers(256))
        data = with_true_checksums(bytes(broken))
    return Mutant("PNG chunks", data)


def drawn_png(draws: np.random.Generator) -> Mutant:
    """Write a PNG of drawn values: a header that lies, a density, a transparent grey, pixels in several chunks, texts and profiles."""
    start, *middle, pixels, end = png_chunks(a_png(draws))
    width, height, bits, kind, packing, filtering, interlace = struct.unpack(">IIBBBBB", start[8:-4])
    lies: dict[str, tuple[int, list[int]]] = {
        "width": (width, [width + 1, width - 1, height, 1, 10_000]),
        "height": (height, [height + 1, height - 1, width, 6_400]),
        "bits": (bits, [1, 2, 4, 8, 16, 3]),
        "kind": (kind, [0, 2, 3, 4, 6, 5]),
        "packing": (packing, [1]),
        "filtering": (filtering, [1]),
        "interlace": (interlace, [1 - interlace, 2]),
    }
    lying = {name: int(draws.choice(values)) for name, (_, values) in lies.items() if draws.random() < 0.06}
    parts = [chunk(b"IHDR", struct.pack(">IIBBBBB", *(lying.get(name, true) for name, (true, _) in lies.items())))]
    extras = {
        b"pHYs": struct.pack(">IIB", *draws.choice([0, 1, 2835, 2835, 5670, 2**31], 2), draws.integers(3)),
        b"tRNS": bytes(draws.integers(0, 256, int(draws.choice([1, 2, 6, 256])), dtype=np.uint8)),
        b"gAMA": struct.pack(">I", int(draws.choice([0, 45_455, 100_000]))),
        b"iCCP": b"x\0\0" + zlib.compress(bytes(int(draws.choice([0, 3144, 10**6])))),
        b"zTXt": b"Comment\0\0" + zlib.compress(bytes(10**6)),
        b"sBIT": bytes([int(draws.choice([1, 5, 8, 12]))]),
        b"acTL": struct.pack(">II", *draws.integers(0, 3, 2)),
    }
    added = {name: chunk(name, body) for name, body in extras.items() if draws.random() < 0.12}
    order = [*middle, *added.values()]
    packed_pixels, cuts = pixels[8:-4], sorted(int(cut) for cut in draws.integers(0, len(pixels) - 12, int(draws.integers(4))))
    several = [chunk(b"IDAT", packed_pixels[one:other]) for one, other in pairwise([0, *cuts, len(packed_pixels)])]
    parts += [order[place] for place in draws.permutation(len(order))] + several + [end]
    return Mutant("PNG values", parts_joined(parts), done={**lying, "added": [name.decode() for name in added]})


def cut_png(draws: np.random.Generator) -> Mutant:
    """Cut the pixels of a PNG short under true check sums, and keep its end."""
    data = a_png(draws)
    *before, pixels, end = png_chunks(data)
    kept = int(len(pixels[8:-4]) * draws.choice([0.2, 0.7, 0.95, 1])) - int(draws.integers(0, 20))
    return Mutant("PNG cut", parts_joined([*before, chunk(b"IDAT", pixels[8:-4][: max(kept, 0)]), end]), whole=data)


def shuffled_jpeg(draws: np.random.Generator) -> Mutant:
    """Move, double or drop segments of a JPEG, or change a byte."""
    data = a_jpeg(draws)
    segments, scans = jpeg_segments(data)
    data = data[:2] + b"".join(rearranged(segments, draws)) + scans
    if draws.random() < 0.3:
        broken = bytearray(data)
        broken[int(draws.integers(2, min(len(data), 700)))] = int(draws.integers(256))
        data = bytes(broken)
    return Mutant("JPEG segments", data)


def drawn_jpeg(draws: np.random.Generator) -> Mutant:
    """Write a JPEG of drawn values: a frame header that lies, a density, what its colours are, an EXIF block, restart intervals."""
    segments, scans = jpeg_segments(a_jpeg(draws))
    lying: dict[str, Any] = {}
    made: list[bytes] = []
    for segment in segments:
        body = bytearray(segment)
        if segment[1] in (0xC0, 0xC2) and draws.random() < 0.4:
            place, value = [(4, 12), (5, 0x19), (6, 0), (7, 1), (8, 0x27), (8, 0), (9, 1), (11, 0x22), (11, 0x41), (12, 3)][
                draws.integers(10)
            ]
            body[place] = value
            lying["frame"] = place, value
        if segment[1] == 0xE0 and draws.random() < 0.5:
            body[11:16] = struct.pack(">BHH", int(draws.integers(4)), *(int(side) for side in draws.choice([0, 1, 72, 144, 65_535], 2)))
            lying["density"] = bytes(body[11:16])
        if segment[1] == 0xEE and draws.random() < 0.5:
            body[-1] = int(draws.integers(4))
            lying["colours"] = body[-1]
        if segment[1] == 0xDD and draws.random() < 0.3:
            body[4:6] = struct.pack(">H", int(draws.integers(0, 30)))
            lying["restart interval"] = bytes(body[4:6])
        made.append(bytes(body))
    if draws.random() < 0.2:
        made.insert(int(draws.integers(len(made) + 1)), b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0" + bytes([int(draws.integers(3))]))
    return Mutant("JPEG values", b"\xff\xd8" + b"".join(made) + scans, lossy=True, done=lying)


def cut_jpeg(draws: np.random.Generator) -> Mutant:
    """Leave out coded pixels of a JPEG, at its end or, where a mark for that stands, within, and keep its end mark."""
    data = a_jpeg(draws)
    segments, scans = jpeg_segments(data)
    marks = [mark.start() for mark in re.finditer(rb"\xff[\xd0-\xd7]", scans)]
    if len(marks) > 2 and draws.random() < 0.3:
        one, other = sorted(int(mark) for mark in draws.choice(marks, 2, replace=False))
        cut = scans[:one] + scans[other:]
        if (other - one) and scans[one + 1] == scans[other + 1]:  # a multiple of eight, which nobody can tell
            cut = scans
    else:
        kept = int(len(scans) * draws.choice([0.1, 0.5, 0.9, 0.99]))
        cut = scans[:kept].rstrip(b"\xff") + b"\xff\xd9"
    return Mutant("JPEG cut", data[:2] + b"".join(segments) + cut, lossy=True, whole=data)


def png_chunks(data: bytes) -> list[bytes]:
    """Take a sound PNG apart."""
    chunks, at = [], 8
    while at < len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        chunks.append(data[at:end])
        at = end
    return chunks


def parts_joined(chunks: list[bytes]) -> bytes:
    """Put a PNG together."""
    return PNG_MAGIC + b"".join(chunks)


def jpeg_segments(data: bytes) -> tuple[list[bytes], bytes]:
    """Take a sound JPEG apart: its segments, and all from its first scan on."""
    segments, at = [], 2
    while data[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        segments.append(data[at:end])
        at = end
    return segments, data[at:]


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
        options["restart_marker_blocks"] = int(draws.integers(1, 12))
    if draws.random() < 0.3:
        options["exif"] = exif_block(int(draws.integers(1, 9)))
    if kind == 2:
        return jpeg_bytes(np.dstack([grey] * 4), "CMYK", **options)
    return jpeg_bytes(np.dstack([grey] * 3) if kind else grey, **options)


Source = Callable[[np.random.Generator], Mutant]
DICOM: tuple[Source, ...] = (drawn_header, other_syntax, signed_stream)
PNG: tuple[Source, ...] = (shuffled_png, drawn_png, cut_png)
JPEG: tuple[Source, ...] = (shuffled_jpeg, drawn_jpeg, cut_jpeg)
SOURCES = (*dict.fromkeys((*DICOM, *PNG, *JPEG)),)
KINDS = (*DICOM, *PNG, *JPEG, spliced)


def mutant(number: int) -> Mutant:
    """Make the mutant of a number."""
    return KINDS[number % len(KINDS)](np.random.default_rng(number))
