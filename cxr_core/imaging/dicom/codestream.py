"""What a compressed picture declares of itself, read before it is unpacked: a decoder reserves what the stream says, not the header."""

import re
import struct
from dataclasses import dataclass, replace

from cxr_core.imaging.errors import InconsistentHeaderError, TruncatedImageError

_MIN_BLOCK_EXPONENT, _MIN_PRECINCT_EXPONENT = 4, 5
MAX_TILES = 4096

_END_FOLLOWS = re.compile(rb"[\x00\xff]{0,8}?\xff\xd9")
_FOREIGN = re.compile(rb"\xff[\x94-\xff]")
"""What no coded pixels hold: ITU-T T.800, section A.1.3."""

_ADDED = b"".join(bytes(range(1, 31)) + bytes([0xFF, restart]) for restart in range(0xD0, 0xD8))
"""Any bits that make a picture, in whatever restart interval."""

_DAMAGED = "The pixels of the DICOM file are damaged or end too early. Copy or export the film again."
_ODD = "The pixels of the DICOM file are packed in an uncommon way that is not read. Export the film as PNG."


@dataclass(frozen=True)
class Codestream:
    """What a compressed picture declares: the kind of coding, its extent, samples a pixel, bits a sample, and whether these are signed.

    `end` is where its last byte of pixels lies, the end mark of a JPEG included; what follows is padding.
    """

    coding: int
    height: int
    width: int
    components: int
    bits: int
    signed: bool = False
    end: int = 0


def jpeg_codestream(stream: bytes) -> Codestream:
    """Read the frame header of a JPEG or JPEG-LS stream; `coding` is its marker, such as 0xC3 for lossless.

    Raises
    ------
    TruncatedImageError
        There is no frame header, or the stream has no end.

    References
    ----------
    ITU-T T.81, annex B; ITU-T T.87, annex C.
    """
    if not stream.startswith(b"\xff\xd8"):
        raise TruncatedImageError(_DAMAGED)
    at, found = 2, None
    while stream[at : at + 1] == b"\xff":
        marker, length = stream[at + 1 : at + 2], int.from_bytes(stream[at + 2 : at + 4], "big")
        if marker == b"\xff":  # fill byte
            at += 1
            continue
        if found is None and (marker == b"\xf7" or (b"\xc0" <= marker <= b"\xcf" and marker not in (b"\xc4", b"\xc8", b"\xcc"))):
            if at + 10 > len(stream):
                break
            bits, height, width, components = struct.unpack_from(">BHHB", stream, at + 4)
            found = Codestream(marker[0], height, width, components, bits)
        if length < 2:
            break
        at += 2 + length
        if marker == b"\xda":
            # Coded pixels never hold this mark, and padding may be of any length. Without it, decoders fill up what is missing with
            # grey and say nothing.
            end = stream.find(b"\xff\xd9", at)
            if found is None or end < 0:
                break
            return replace(found, end=end + 2)
    raise TruncatedImageError(_DAMAGED)


def prolonged(coded: bytes) -> bytes:
    """Add what might be coded pixels to a JPEG that stands here without its end mark. A decoder passes them over if it has all it needs."""
    return coded.rstrip(b"\xff") + _ADDED + b"\xff\xd9"


def jpeg2000_codestream(stream: bytes) -> Codestream:
    """Read the headers of a JPEG 2000 codestream; `coding` is 0.

    The extents of tiles, precincts and code-blocks are checked as well: a decoder keeps a tree of nodes for each, so that a small
    stream that declares millions of them takes gigabytes.

    Raises
    ------
    TruncatedImageError
        The headers are damaged, or the stream ends before its last tile does.
    InconsistentHeaderError
        It has more tiles, or smaller precincts or code-blocks, than a film has.

    References
    ----------
    ITU-T T.800, annex A.
    """
    found, tiles, missing = None, 0, dict[int, int]()
    at = 2
    try:
        while True:
            marker, length = struct.unpack_from(">HH", stream, at)
            if marker != 0xFF90 and at + 2 + length > len(stream):
                raise TruncatedImageError(_DAMAGED)
            if marker == 0xFF51 and found is None:
                found, tiles = _size(stream, at + 4)
            elif marker in (0xFF52, 0xFF53):
                _check_coding_style(stream[at + 4 : at + 2 + length], marker == 0xFF53)
            elif marker == 0xFF90:  # a tile-part; its own header may overrule the main one
                tile, _, _, parts = struct.unpack_from(">HIBB", stream, at + 4)
                missing[tile] = (missing.get(tile) or parts) - 1
                start, at = at + 12, _check_tile_part(stream, at)
                if stream[at : at + 2] == b"\xff\x90":
                    continue
                is_whole = len(missing) == tiles and not any(missing.values())
                if not (_END_FOLLOWS.match(stream, at) or (is_whole and _ends_without_mark(stream, start, at))):
                    raise TruncatedImageError(_DAMAGED)
                break
            elif not 0xFF50 < marker < 0xFF90 or length < 2:
                raise TruncatedImageError(_DAMAGED)
            at += 2 + length
    except (struct.error, IndexError, ValueError):
        raise TruncatedImageError(_DAMAGED) from None
    if found is None:
        raise TruncatedImageError(_DAMAGED)
    return replace(found, end=at)


def _ends_without_mark(stream: bytes, start: int, end: int) -> bool:
    """Whether the last tile-part is all that there is, as some writers leave it, and holds nothing that was put in place of a cut one."""
    return len(stream) - end <= 1 and any(stream[end - 4 : end]) and not _FOREIGN.search(stream, start, end)


def _size(stream: bytes, at: int) -> tuple[Codestream, int]:
    """Read what the stream says of the picture, and into how many tiles it is cut."""
    _, right, bottom, left, top, tile_width, tile_height, *_, components = struct.unpack_from(">H8IH", stream, at)
    bits = stream[at + 36]
    width, height = right - left, bottom - top
    if tile_width == 0 or tile_height == 0:
        raise TruncatedImageError(_DAMAGED)
    tiles = -(-right // tile_width) * -(-bottom // tile_height)
    if tiles > MAX_TILES:
        raise InconsistentHeaderError(_ODD)
    return Codestream(0, height, width, components, (bits & 0x7F) + 1, bits >= 0x80), tiles


def _check_tile_part(stream: bytes, at: int) -> int:
    """Check the header of the tile-part that starts here, and return where it ends."""
    (length,) = struct.unpack_from(">I", stream, at + 6)
    # One of no length, the last, goes on to the end mark; its pixels never hold that.
    end = at + length if length else stream.find(b"\xff\xd9", at + 12)
    if end <= at + 12 or end > len(stream):
        raise TruncatedImageError(_DAMAGED)
    at += 12
    while stream[at : at + 2] != b"\xff\x93":
        marker, size = struct.unpack_from(">HH", stream, at)
        if marker in (0xFF52, 0xFF53):
            _check_coding_style(stream[at + 4 : at + 2 + size], marker == 0xFF53)
        if marker < 0xFF50 or size < 2 or at >= end:
            raise TruncatedImageError(_DAMAGED)
        at += 2 + size
    return end


def _check_coding_style(style: bytes, of_component: bool) -> None:
    """Check a coding style's code-blocks and, where a flag says that they follow its fixed part, its precincts."""
    flag, fixed = (style[1], 7) if of_component else (style[0], 10)
    blocks = style[fixed - 4 : fixed - 2]  # the exponents of their extents, less 2
    precincts = style[fixed:] if flag & 1 else b""
    if min(blocks) + 2 < _MIN_BLOCK_EXPONENT or any(min(size & 15, size >> 4) < _MIN_PRECINCT_EXPONENT for size in precincts):
        raise InconsistentHeaderError(_ODD)
