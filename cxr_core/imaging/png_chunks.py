"""The chunks that a PNG file is made of, before anything is decoded."""

import zlib
from collections.abc import Iterator
from itertools import islice

_SIGNATURE = 8
_FRAME = 12
"""Bytes of a chunk beside its content: length, kind and check sum."""

_READ = (b"tRNS", b"eXIf", b"acTL", b"fcTL", b"fdAT")
"""Ancillary chunks that say something about the pixels: transparency, orientation, and that there are several pictures."""

_ORIENTATION_TEXTS = {b"iTXt": b"XML:com.adobe.xmp\0\0", b"tEXt": b"Raw profile type exif\0", b"zTXt": b"Raw profile type exif\0"}
"""How the text begins in which older programs keep the orientation, by kind of chunk. The last byte of iTXt's says "not compressed"."""


_METRE = 1
"""The one unit of densities; 0 says that there is none, and only their ratio counts."""
_LOOKED_AT = 1000
"""Chunks in which the density is looked for; it stands before the pixels."""


def declared_size(png: bytes) -> tuple[int, int] | None:
    """Read width and height from the header chunk, in pixels; None if the file does not start with a whole one."""
    if png[12:16] != b"IHDR" or len(png) < 24:
        return None
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def declared_density(png: bytes) -> tuple[int, int] | None:
    """Read how many pixels there are a unit across and down; None where nothing is said of it, or it is damaged.

    References
    ----------
    Portable Network Graphics (PNG) Specification, third edition, section 11.3.4.3 "pHYs Physical pixel dimensions".
    """
    for kind, at, end in islice(_chunks(png), _LOOKED_AT):
        if kind == b"IDAT":
            return None
        if kind == b"pHYs" and end - at == _FRAME + 9:
            if not _is_sound(png, at, end) or png[at + 16] > _METRE:
                return None
            return int.from_bytes(png[at + 8 : at + 12], "big"), int.from_bytes(png[at + 12 : at + 16], "big")
    return None


def pixels_are_sound(png: bytes) -> bool:
    """Whether the check sums of all whole chunks of pixels are right; decoders may be done with a picture before they look at the last."""
    return all(_is_sound(png, at, end) for kind, at, end in _chunks(png) if kind == b"IDAT")


def without_needless_chunks(png: bytes) -> bytes:
    """Leave out texts, colour profiles and all else that reading a film does not need.

    They may hold as much as their writer liked, compressed up to a thousandfold. Pillow unpacks each of them, which costs time, and
    takes a file for a damaged one where a text is longer than it expects.

    Parameters
    ----------
    png : bytes
        A file with the PNG signature. From the first chunk that makes no sense, the rest is kept as it is.

    Returns
    -------
    bytes
        The file without those chunks; `png` itself where there are none.

    References
    ----------
    Portable Network Graphics (PNG) Specification, third edition, sections 5.3 "Chunk layout" and 5.4 "Chunk naming conventions".
    """
    view = memoryview(png)
    kept, start = [], 0
    for kind, at, end in _chunks(png):
        is_ancillary = kind[0] & 0x20
        if is_ancillary and kind not in _READ and not _may_hold_orientation(png, kind, at + 8):
            if start < at:
                kept.append(view[start:at])
            start = end
    return b"".join([*kept, view[start:]]) if start else png


def _chunks(png: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Go through the whole chunks before the end: their kind, where they start, and where they end."""
    at = _SIGNATURE
    while at + _FRAME <= len(png):
        kind = png[at + 4 : at + 8]
        end = at + _FRAME + int.from_bytes(png[at : at + 4], "big")
        if kind == b"IEND" or end > len(png):
            break
        yield kind, at, end
        at = end


def _is_sound(png: bytes, at: int, end: int) -> bool:
    """Whether the check sum of a chunk is right."""
    return zlib.crc32(memoryview(png)[at + 4 : end - 4]) == int.from_bytes(png[end - 4 : end], "big")


def _may_hold_orientation(png: bytes, kind: bytes, content: int) -> bool:
    return kind in _ORIENTATION_TEXTS and png.startswith(_ORIENTATION_TEXTS[kind], content)
