"""What a compressed picture declares of itself, read before it is unpacked: a decoder reserves what the stream says, not the header."""

import struct
from dataclasses import dataclass

from cxr_core.imaging.errors import InconsistentHeaderError, TruncatedImageError

_MIN_BLOCK_EXPONENT, _MIN_PRECINCT_EXPONENT = 4, 5
MAX_TILES = 4096

_DAMAGED = "The pixels of the DICOM file are damaged or end too early. Copy or export the film again."
_ODD = "The pixels of the DICOM file are packed in an uncommon way that is not read. Export the film as PNG."


@dataclass(frozen=True)
class Codestream:
    """What a compressed picture declares: the kind of coding, its extent, samples a pixel, and bits a sample."""

    coding: int
    height: int
    width: int
    components: int
    bits: int


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
    # Without its end marker, decoders fill up what is missing with grey and say nothing.
    if not stream.startswith(b"\xff\xd8") or b"\xff\xd9" not in stream[-8:]:
        raise TruncatedImageError(_DAMAGED)
    at = 2
    while stream[at : at + 1] == b"\xff":
        marker, length = stream[at + 1 : at + 2], int.from_bytes(stream[at + 2 : at + 4], "big")
        if marker == b"\xff":  # fill byte
            at += 1
        elif marker == b"\xf7" or (b"\xc0" <= marker <= b"\xcf" and marker not in (b"\xc4", b"\xc8", b"\xcc")):
            if at + 10 > len(stream):
                break
            bits, height, width, components = struct.unpack_from(">BHHB", stream, at + 4)
            return Codestream(marker[0], height, width, components, bits)
        elif marker == b"\xda" or length < 2:
            break
        else:
            at += 2 + length
    raise TruncatedImageError(_DAMAGED)


def jpeg2000_codestream(stream: bytes) -> Codestream:
    """Read the headers of a JPEG 2000 codestream; `coding` is 0.

    The extents of tiles, precincts and code-blocks are checked as well: a decoder keeps a tree of nodes for each, so that a small
    stream that declares millions of them takes gigabytes.

    Raises
    ------
    TruncatedImageError
        The headers are damaged.
    InconsistentHeaderError
        It has more tiles, or smaller precincts or code-blocks, than a film has.

    References
    ----------
    ITU-T T.800, annex A.
    """
    found = None
    at = 2
    try:
        while True:
            marker, length = struct.unpack_from(">HH", stream, at)
            if marker != 0xFF90 and at + 2 + length > len(stream):
                raise TruncatedImageError(_DAMAGED)
            if marker == 0xFF51 and found is None:
                found = _size(stream, at + 4)
            elif marker in (0xFF52, 0xFF53):
                _check_coding_style(stream[at + 4 : at + 2 + length], marker == 0xFF53)
            elif marker == 0xFF90:  # a tile-part; its own header may overrule the main one
                at = _check_tile_part(stream, at)
                if at >= len(stream) - 2 or stream[at : at + 2] == b"\xff\xd9":
                    break
                continue
            elif not 0xFF50 < marker < 0xFF90 or length < 2:
                raise TruncatedImageError(_DAMAGED)
            at += 2 + length
    except (struct.error, IndexError, ValueError):
        raise TruncatedImageError(_DAMAGED) from None
    if found is None:
        raise TruncatedImageError(_DAMAGED)
    return found


def _size(stream: bytes, at: int) -> Codestream:
    _, right, bottom, left, top, tile_width, tile_height, *_, components = struct.unpack_from(">H8IH", stream, at)
    bits = stream[at + 36]
    width, height = right - left, bottom - top
    if tile_width == 0 or tile_height == 0:
        raise TruncatedImageError(_DAMAGED)
    if -(-right // tile_width) * -(-bottom // tile_height) > MAX_TILES:
        raise InconsistentHeaderError(_ODD)
    return Codestream(0, height, width, components, (bits & 0x7F) + 1)


def _check_tile_part(stream: bytes, at: int) -> int:
    """Check the header of the tile-part that starts here, and return where it ends."""
    (length,) = struct.unpack_from(">I", stream, at + 6)
    end = at + length if length else len(stream)
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
