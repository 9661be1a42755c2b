"""Whether all of a JPEG picture is there: decoders fill up with grey what is missing before its end mark, and say nothing."""

import io
import re
from dataclasses import dataclass
from itertools import cycle

from PIL.JpegImagePlugin import JpegImageFile

from cxr_core.imaging.dicom.codestream import jpeg_codestream, prolonged
from cxr_core.imaging.errors import ImageError, TruncatedImageError, UnsupportedImageError

_UNCOMMON = {0xC3, 0xC7, 0xCB, 0xCF, 0xF7}
"""Frame markers of lossless JPEG and of JPEG-LS, which only DICOM files hold as a rule."""
_FRAMES = {bytes([marker]) for marker in range(0xC0, 0xD0)} - {b"\xc4", b"\xc8", b"\xcc"}
_SCAN, _END = b"\xda", b"\xd9"
_HUFFMAN, _PROGRESSIVE = {0xC0, 0xC1, 0xC2}, 0xC2
"""Codings of which a whole picture takes in nothing that is added; an arithmetic one may leave out its last bytes."""

_MARKER = re.compile(rb"\xff([\x02-\xcf\xd9-\xfe])")
_RESTART = re.compile(rb"\xff([\xd0-\xd7])")
_FILLED, _NEAR = 128, 8
"""The grey that decoders fill up with, and how far the last corner may lie from it beside blocks that were there."""
_PADDING = 16
"""Zeros before the end from which they may stand for what is missing."""
_STRIP = 512
_COEFFICIENTS = 64

_DAMAGED = "The image is damaged or ends too early. Copy or export the film again."


@dataclass(frozen=True)
class _Scan:
    """Which components a scan is of, which of their coefficients, down to which bit, and where its coded pixels lie."""

    components: bytes
    first: int
    last: int
    bit: int
    start: int
    end: int


def check_kind(data: bytes) -> None:
    """Tell a JPEG of a kind that Pillow does not know from a damaged one.

    Raises
    ------
    UnsupportedImageError
        It is lossless, JPEG-LS, or of more than 8 bits.
    """
    try:
        declared = jpeg_codestream(data)
    except ImageError:  # damaged, which is told by what decodes it
        return
    if declared.coding in _UNCOMMON or declared.bits != 8:
        raise UnsupportedImageError(
            "This JPEG is of a kind that is not read here: lossless, or of more than 8 bits. Export the film as PNG or DICOM."
        )


def check_whole(image: JpegImageFile, data: bytes) -> None:
    """Refuse a picture of which a part is missing though its end mark is there.

    Parameters
    ----------
    image : PIL.JpegImagePlugin.JpegImageFile
        The decoded picture, before it is turned.
    data : bytes
        The file.

    Raises
    ------
    TruncatedImageError
        Scans of a progressive picture are missing, or restart intervals, or coded pixels at its end: then the decoder takes in others
        that are added, and its picture changes by them.

    References
    ----------
    ITU-T T.81, sections B.2.3 "Scan header syntax", E.1.4 "Control procedure for decoding a restart interval", and annex G.
    """
    coding, scans, end = _scans(data)
    if coding not in _HUFFMAN:
        return
    if (coding == _PROGRESSIVE and not _are_all_there(scans)) or not all(_restarts_in_order(data, scan) for scan in scans):
        raise TruncatedImageError(_DAMAGED)
    coded = data[:end].rstrip(b"\xff")
    corner = image.getpixel((image.width - 1, image.height - 1))
    levels = corner if isinstance(corner, tuple) else (corner,)
    is_filled = len(scans) > 1 or all(abs(float(level or 0) - _FILLED) <= _NEAR for level in levels)
    if is_filled and end < len(data) and _changes(image, coded):
        raise TruncatedImageError(_DAMAGED)
    zeros = len(coded) - len(coded.rstrip(b"\0"))
    # A download may leave zeros in place of what it lacks. They are padding if it is whole without them, or pixels if it needs all.
    if zeros >= _PADDING and not _changes(image, coded[:-1]) and _changes(image, coded[:-zeros]):
        raise TruncatedImageError(_DAMAGED)


def _changes(image: JpegImageFile, coded: bytes) -> bool:
    """Whether a decoder takes in pixels that are added, so that another picture comes of them."""
    longer = JpegImageFile(io.BytesIO(prolonged(coded)))
    longer.load()
    strips = [(0, top, image.width, min(top + _STRIP, image.height)) for top in range(0, image.height, _STRIP)]
    return any(image.crop(strip).tobytes() != longer.crop(strip).tobytes() for strip in strips)


def _scans(data: bytes) -> tuple[int, list[_Scan], int]:
    """Find what marks the frame, the scans, and where they end: before the end mark, or at the end of the data where there is none."""
    coding, scans = 0, list[_Scan]()
    at, header = 2, b""
    while True:
        mark = _MARKER.search(data, at)
        end = len(data) if mark is None else mark.start()
        if header:
            count = header[0]
            first, last, bits = header[1 + 2 * count : 4 + 2 * count]
            scans.append(_Scan(header[1 : 1 + 2 * count : 2], first, last, bits & 15, at, end))
        if mark is None or mark[1] == _END:
            return coding, scans, end
        start = mark.end() + 2
        at = mark.end() + int.from_bytes(data[mark.end() : start], "big")
        header = data[start:at] if mark[1] == _SCAN else b""
        if not coding and mark[1] in _FRAMES:
            coding = mark[1][0]


def _are_all_there(scans: list[_Scan]) -> bool:
    """Whether the scans hold all coefficients of all their components, down to the last bit."""
    bits: dict[int, list[int]] = {}
    for scan in scans:
        for component in scan.components:
            of_component = bits.setdefault(component, [1] * _COEFFICIENTS)
            for place in range(scan.first, min(scan.last + 1, _COEFFICIENTS)):
                of_component[place] = scan.bit
    return not any(any(of_component) for of_component in bits.values())


def _restarts_in_order(data: bytes, scan: _Scan) -> bool:
    found = _RESTART.finditer(data, scan.start, scan.end)
    return all(data[mark.start() + 1] == expected for mark, expected in zip(found, cycle(range(0xD0, 0xD8)), strict=False))
