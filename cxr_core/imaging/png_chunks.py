"""The chunks that a PNG file is made of, before anything is decoded."""

_SIGNATURE = 8
_FRAME = 12
"""Bytes of a chunk beside its content: length, kind and check sum."""

_READ = (b"tRNS", b"eXIf", b"acTL", b"fcTL", b"fdAT")
"""Ancillary chunks that say something about the pixels: transparency, orientation, and that there are several pictures."""

_ORIENTATION_TEXTS = {b"iTXt": b"XML:com.adobe.xmp\0\0", b"tEXt": b"Raw profile type exif\0", b"zTXt": b"Raw profile type exif\0"}
"""How the text begins in which older programs keep the orientation, by kind of chunk. The last byte of iTXt's says "not compressed"."""


def declared_size(png: bytes) -> tuple[int, int] | None:
    """Read width and height from the header chunk, in pixels; None if the file does not start with a whole one."""
    if png[12:16] != b"IHDR" or len(png) < 24:
        return None
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


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
    kept, start, at = [], 0, _SIGNATURE
    while at + _FRAME <= len(png):
        kind = png[at + 4 : at + 8]
        end = at + _FRAME + int.from_bytes(png[at : at + 4], "big")
        if kind == b"IEND" or end > len(png):
            break
        is_ancillary = kind[0] & 0x20
        if is_ancillary and kind not in _READ and not _may_hold_orientation(png, kind, at + 8):
            if start < at:
                kept.append(view[start:at])
            start = end
        at = end
    return b"".join([*kept, view[start:]]) if start else png


def _may_hold_orientation(png: bytes, kind: bytes, content: int) -> bool:
    return kind in _ORIENTATION_TEXTS and png.startswith(_ORIENTATION_TEXTS[kind], content)
