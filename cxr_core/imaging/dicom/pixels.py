"""From the pixel data of a DICOM file to its samples as stored.

pydicom leaves compressed pixels to plug-ins. The usual one for JPEG, pylibjpeg-libjpeg, is under the GPL and so cannot go with a program
under Apache-2.0; Pillow knows neither 12 bits nor lossless JPEG, which most compressed films are. imagecodecs (BSD) brings libjpeg-turbo,
CharLS and OpenJPEG, all permissive and fuzzed by their makers, for every Python and system that we run on. It is called here directly,
once the stream's own header has been checked.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import imagecodecs
import numpy as np
from pydicom.uid import (
    JPEG2000,
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
    UID_dictionary,
)

from cxr_core.imaging.dicom.codestream import Codestream, jpeg2000_codestream, jpeg_codestream
from cxr_core.imaging.dicom.elements import Element
from cxr_core.imaging.dicom.header import SEVERAL_FRAMES, Header
from cxr_core.imaging.errors import (
    ImageError,
    InconsistentHeaderError,
    MultiFrameError,
    TruncatedImageError,
    UnsupportedTransferSyntaxError,
)

UNCOMPRESSED = {ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian}
MAX_FRAGMENTS = 10_000

Decoded = TypeVar("Decoded")

_STARTS = (b"\xff\xd8", b"\xff\x4f\xff\x51", b"\x00\x00\x00\x0cjP  ")
"""How a compressed picture begins: JPEG and JPEG-LS, JPEG 2000 bare, and in a file of its own."""

_DAMAGED = "The pixels of the DICOM file are damaged or end too early. Copy or export the film again."
_LIE = "The header of the DICOM file declares another size than its pixels have. Export the film again, or as PNG."


@dataclass(frozen=True)
class _Coding:
    """A family of compressed streams: its name, how its header is read, which codings are allowed, what unpacks it, and if it is lossy."""

    name: str
    declared: Callable[[bytes], Codestream]
    codings: tuple[int, ...]
    decode: Callable[[bytes], np.ndarray]
    lossy: bool = False


_BASELINE = _Coding("JPEG", jpeg_codestream, (0xC0,), imagecodecs.jpeg8_decode, lossy=True)
_EXTENDED = _Coding("JPEG", jpeg_codestream, (0xC0, 0xC1), imagecodecs.jpeg8_decode, lossy=True)
_LOSSLESS = _Coding("lossless JPEG", jpeg_codestream, (0xC3,), imagecodecs.jpeg8_decode)
_JPEG_LS = _Coding("JPEG-LS", jpeg_codestream, (0xF7,), imagecodecs.jpegls_decode)
_NEAR_LOSSLESS = replace(_JPEG_LS, lossy=True)
_JPEG_2000 = _Coding("JPEG 2000", jpeg2000_codestream, (0,), imagecodecs.jpeg2k_decode)
_LOSSY_2000 = replace(_JPEG_2000, lossy=True)

_CODINGS: dict[str, _Coding] = {
    JPEGBaseline8Bit: _BASELINE,
    JPEGExtended12Bit: _EXTENDED,
    JPEGLossless: _LOSSLESS,
    JPEGLosslessSV1: _LOSSLESS,
    JPEGLSLossless: _JPEG_LS,
    JPEGLSNearLossless: _NEAR_LOSSLESS,
    JPEG2000Lossless: _JPEG_2000,
    JPEG2000: _LOSSY_2000,
}


def check_transfer_syntax(syntax: str) -> None:
    """Refuse what is packed in a way that is not read here.

    Raises
    ------
    UnsupportedTransferSyntaxError
        With the syntax's name in the standard, if it has one.
    """
    if syntax in UNCOMPRESSED or syntax in _CODINGS or syntax == RLELossless:
        return
    name = f"as {UID(syntax).name!r}" if syntax in UID_dictionary else "in a way that the DICOM standard does not know"
    raise UnsupportedTransferSyntaxError(f"The pixels of the DICOM file are packed {name}, which is not read here. Export the film as PNG.")


def pixel_bytes(header: Header) -> int:
    """Return how long uncompressed pixel data is."""
    return header.rows * header.columns * header.bits_allocated // 8


def stored_samples(data: bytes, pixels: Element, syntax: str, header: Header, steps: list[str]) -> np.ndarray:
    """Decode the samples.

    Parameters
    ----------
    data : bytes
        What the data set was found in.
    pixels : Element
        Where its pixel data is.
    syntax : str
        The transfer syntax; checked before.
    header : Header
        The header.
    steps : list of str
        Takes what was done.

    Returns
    -------
    numpy.ndarray
        uint8 or uint16, shape (rows, columns), memory of its own: the stored values in ascending order, of which the lowest that
        `bits_stored` bits can tell is 0. For signed ones that is the most negative.

    Raises
    ------
    TruncatedImageError
        Pixels are missing or damaged.
    InconsistentHeaderError
        There are more or other ones than the header says.
    """
    if syntax in UNCOMPRESSED:
        words = _uncompressed(data, pixels, syntax == ExplicitVRBigEndian, header)
    else:
        frame = _frame(data, pixels)
        words = _run_lengths(frame, header) if syntax == RLELossless else _unpacked(frame, _CODINGS[syntax], header)
        steps.append(f"unpacked from {'RLE' if syntax == RLELossless else _CODINGS[syntax].name}")
    return _in_order(words.reshape(header.rows, header.columns), header)


def _uncompressed(data: bytes, pixels: Element, big_endian: bool, header: Header) -> np.ndarray:
    size = pixel_bytes(header)
    if pixels.length is None or pixels.length > size + size % 2:
        raise InconsistentHeaderError(_LIE)
    if pixels.length < size or len(data) < pixels.start + size:
        raise TruncatedImageError(_DAMAGED)
    if header.bits_allocated == 16:
        return np.frombuffer(data, ">u2" if big_endian else "<u2", size // 2, pixels.start)
    if big_endian and pixels.vr == b"OW":  # bytes that were written in pairs
        return np.frombuffer(data[pixels.start : pixels.start + size + size % 2], np.uint16).byteswap().view(np.uint8)[:size]
    return np.frombuffer(data, np.uint8, size, pixels.start)


def _frame(data: bytes, pixels: Element) -> bytes:
    """Join the fragments of the one frame (PS3.5, section A.4). More than one may be there though the header names no number."""
    if pixels.length is not None:
        raise InconsistentHeaderError("The DICOM file calls its pixels compressed, but they are not. Export the film again.")
    fragments: list[bytes] = []
    at = pixels.start
    while len(fragments) <= MAX_FRAGMENTS:
        head = data[at : at + 8]
        length = int.from_bytes(head[4:], "little")
        if head[:4] == b"\xfe\xff\xdd\xe0" and fragments:
            offsets, *parts = fragments  # the first one is a table of where frames begin
            if len(offsets) > 4 or sum(part.startswith(_STARTS) for part in parts) > 1:
                raise MultiFrameError(SEVERAL_FRAMES)
            return b"".join(parts)
        if head[:4] != b"\xfe\xff\x00\xe0" or at + 8 + length > len(data):
            break
        fragments.append(data[at + 8 : at + 8 + length])
        at += 8 + length
    raise TruncatedImageError(_DAMAGED)


def _run_lengths(frame: bytes, header: Header) -> np.ndarray:
    samples = header.rows * header.columns
    planes = header.bits_allocated // 8
    if len(frame) < 64:
        raise TruncatedImageError(_DAMAGED)
    if int.from_bytes(frame[:4], "little") != planes:
        raise InconsistentHeaderError(_LIE)
    unpacked = bytearray(samples * planes)
    decoded = _decoded(lambda stream: imagecodecs.dicomrle_decode(stream, f"<u{planes}", out=unpacked), frame)
    if len(decoded) != len(unpacked):
        raise TruncatedImageError(_DAMAGED)
    return np.frombuffer(unpacked, f"<u{planes}")


def _unpacked(frame: bytes, coding: _Coding, header: Header) -> np.ndarray:
    if coding.declared is jpeg2000_codestream:
        # Some writers wrap the codestream in a file of its own, whose boxes are none of our business.
        frame = frame[max(0, frame.find(b"\xff\x4f\xff\x51")) :]
    declared = coding.declared(frame)
    if declared.coding not in coding.codings:
        raise InconsistentHeaderError("The pixels of the DICOM file are packed otherwise than its header says. Export the film as PNG.")
    if (declared.height, declared.width, declared.components) != (header.rows, header.columns, 1) or declared.bits > header.bits_allocated:
        raise InconsistentHeaderError(_LIE)
    samples = _decoded(coding.decode, frame)
    if samples.shape != (header.rows, header.columns) or samples.dtype.itemsize > 2:
        raise InconsistentHeaderError(_LIE)
    if coding.lossy and declared.bits > header.bits_stored == header.high_bit + 1 and header.signed == (samples.dtype.kind == "i"):
        # What a lossy stream overshoots would begin anew at the other end of the range when its upper bits are cut off.
        lowest = -(2 ** (header.bits_stored - 1)) if header.signed else 0
        samples = np.clip(samples, lowest, lowest + 2**header.bits_stored - 1)
    # Signed ones come sign-extended: as unsigned words they have the bits that the header speaks of.
    size = header.bits_allocated // 8
    return samples.astype(f"{samples.dtype.kind}{size}", copy=False).view(f"u{size}")


def _decoded(decode: Callable[[bytes], Decoded], stream: bytes) -> Decoded:
    try:
        return decode(stream)
    except (MemoryError, ImageError):
        raise
    except Exception:  # each decoder has its own errors, and all mean the same to the user
        raise TruncatedImageError(_DAMAGED) from None


def _in_order(words: np.ndarray, header: Header) -> np.ndarray:
    """Cut out the bits that count, and put signed values into ascending order, in the fewest passes over new memory."""
    kind = np.uint8 if header.bits_allocated == 8 else np.uint16
    shift = header.high_bit + 1 - header.bits_stored
    if shift:
        words = words >> shift
    if header.bits_stored < header.bits_allocated:
        # Old files keep overlays, such as a name that was drawn on the film, in the bits above.
        samples = np.bitwise_and(words, kind(2**header.bits_stored - 1), dtype=kind)
    else:
        samples = words.astype(kind)
    if header.signed:
        np.bitwise_xor(samples, kind(2 ** (header.bits_stored - 1)), out=samples)
    return samples
