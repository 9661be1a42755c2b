"""The one compressed frame of a DICOM file, put together from the fragments that it lies in."""

from collections.abc import Callable

from cxr_core.imaging.dicom.elements import Element
from cxr_core.imaging.dicom.header import SEVERAL_FRAMES
from cxr_core.imaging.errors import InconsistentHeaderError, MultiFrameError, TruncatedImageError

MAX_FRAGMENTS = 10_000

_ITEM = b"\xfe\xff\x00\xe0"
_ENDS = (b"\xfe\xff\xdd\xe0", b"\xfe\xff\x0d\xe0", b"\xfc\xff\xfc\xff", bytes(4))
"""What stands after the last fragment: the end of a sequence, or what is found in its place: that of an item, padding, nothing."""

_STARTS = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51", b"\x00\x00\x00\x0cjP  ")
"""How a compressed picture begins: JPEG and JPEG-LS, JPEG 2000 bare, and in a file of its own."""

_DAMAGED = "The pixels of the DICOM file are damaged or end too early. Copy or export the film again."


def starts_picture(part: bytes) -> bool:
    """Whether bytes are the beginning of a JPEG, JPEG-LS or JPEG 2000 picture."""
    return part.startswith(_STARTS)


def holds_picture(rest: bytes) -> bool:
    """Whether such a picture begins somewhere in what follows another."""
    return any(start in rest for start in _STARTS)


def starts_run_lengths(part: bytes) -> bool:
    """Whether bytes are the beginning of a picture of run lengths: up to two planes, the first of which follows the header."""
    return len(part) >= 64 and part[:4] in (b"\1\0\0\0", b"\2\0\0\0") and part[4:8] == b"\x40\0\0\0"


def one_frame(data: bytes, pixels: Element, starts: Callable[[bytes], bool]) -> bytes:
    """Join the fragments of the one frame (PS3.5, section A.4). More than one may be there though the header names no number.

    A table of offsets that is left out or lists fragments in place of frames, a length in place of an end mark, and an end mark that is
    damaged or missing do no harm: whether all of a picture is there is seen from the picture itself.

    Parameters
    ----------
    data : bytes
        What the data set was found in.
    pixels : Element
        Where its pixel data is.
    starts : callable
        Whether bytes are the beginning of a picture: `starts_picture` or `starts_run_lengths`.

    Returns
    -------
    bytes
        The frame, and what follows it in its last fragment.

    Raises
    ------
    InconsistentHeaderError
        The pixels are not compressed.
    MultiFrameError
        Several fragments begin a picture.
    TruncatedImageError
        The last fragment is cut, or there is none.
    """
    end = len(data)
    if pixels.length is not None:
        end = min(end, pixels.start + pixels.length)
        if starts(data[pixels.start : pixels.start + 64]):
            return data[pixels.start : end]
        if data[pixels.start : pixels.start + 4] != _ITEM:
            raise InconsistentHeaderError("The DICOM file calls its pixels compressed, but they are not. Export the film again.")
    parts = _fragments(data, pixels.start, end)
    if parts and not starts(parts[0]):
        parts = parts[1:]  # a table of where frames begin
    if sum(map(starts, parts)) > 1:
        raise MultiFrameError(SEVERAL_FRAMES)
    if not any(parts):
        raise TruncatedImageError(_DAMAGED)
    return b"".join(parts)


def _fragments(data: bytes, at: int, end: int) -> list[bytes]:
    fragments: list[bytes] = []
    while len(fragments) <= MAX_FRAGMENTS:
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 > end or data[at : at + 4] in _ENDS:
            return fragments
        if data[at : at + 4] != _ITEM:
            break
        at += 8
        if at + length > end:
            break
        fragments.append(data[at : at + length])
        at += length
        if length % 2 and data[at : at + 4] != _ITEM:  # made even, though its length is not
            at += data[at + 1 : at + 5] == _ITEM
    raise TruncatedImageError(_DAMAGED)
