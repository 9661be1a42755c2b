"""From the pixel data of a DICOM file to its samples as stored.

pydicom leaves compressed pixels to plug-ins. The usual one for JPEG, pylibjpeg-libjpeg, is under the GPL and so cannot go with a program
under Apache-2.0; Pillow knows neither 12 bits nor lossless JPEG, which most compressed films are. imagecodecs (BSD) brings libjpeg-turbo,
CharLS and OpenJPEG, all permissive and fuzzed by their makers, for every Python and system that we run on. It is called here directly,
once the stream's own header has been checked.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

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

from cxr_core.imaging.dicom.codestream import Codestream, jpeg2000_codestream, jpeg_codestream, prolonged
from cxr_core.imaging.dicom.elements import Element
from cxr_core.imaging.dicom.frames import holds_picture, one_frame, starts_picture, starts_run_lengths
from cxr_core.imaging.dicom.header import SEVERAL_FRAMES, Header
from cxr_core.imaging.dicom.layout import Layout, layout_of_stream, layout_of_words
from cxr_core.imaging.errors import (
    ImageError,
    InconsistentHeaderError,
    MultiFrameError,
    TruncatedImageError,
    UnsupportedTransferSyntaxError,
)

UNCOMPRESSED = {ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian}
MAX_SPARE = 2**16
"""Bytes after the pixels that are looked at."""

_ALIKE = 0.5
"""Neighbouring samples lie apart by less than this share of the spread of all, in a picture."""
_LONGEST_RUN = 128
_FILLED_UP = {0xC0, 0xC1, 0xC3}
"""Codings whose decoder fills up what is missing."""
_BLOCK = 8
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


def stored_samples(data: bytes, pixels: Element, syntax: str, header: Header, steps: list[str]) -> tuple[np.ndarray, Layout]:
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
        their bits can tell is 0. For signed ones that is the most negative.
    Layout
        How many bits they have, and whether they are signed, which the header may have wrong.

    Raises
    ------
    TruncatedImageError
        Pixels are missing or damaged.
    InconsistentHeaderError
        There are more or other ones than the header says.
    """
    shape = header.rows, header.columns
    if syntax in UNCOMPRESSED:
        words = _uncompressed(data, pixels, syntax == ExplicitVRBigEndian, header, steps).reshape(shape)
        layout = layout_of_words(words, header, steps)
    elif syntax == RLELossless:
        steps.append("unpacked from RLE")
        words = _run_lengths(one_frame(data, pixels, starts_run_lengths), header).reshape(shape)
        layout = layout_of_words(words, header, steps)
    else:
        steps.append(f"unpacked from {_CODINGS[syntax].name}")
        words, layout = _unpacked(one_frame(data, pixels, starts_picture), _CODINGS[syntax], header, steps)
    return layout.in_order(words), layout


def _uncompressed(data: bytes, pixels: Element, big_endian: bool, header: Header, steps: list[str]) -> np.ndarray:
    size = pixel_bytes(header)
    if pixels.length is None:
        raise InconsistentHeaderError(_LIE)
    if pixels.length < size or len(data) < pixels.start + size:
        raise TruncatedImageError(_DAMAGED)
    kind = np.dtype(f"{'>' if big_endian else '<'}u{header.bits_allocated // 8}")
    if pixels.length > size + size % 2:
        spare = data[pixels.start + size : pixels.start + min(pixels.length, size + MAX_SPARE)]
        _check_spare(np.frombuffer(spare, kind, len(spare) // kind.itemsize), pixels.length - size, header)
        steps.append("bytes after the pixels left out")
    if header.bits_allocated == 16:
        return np.frombuffer(data, kind, size // 2, pixels.start)
    if big_endian and pixels.vr == b"OW":  # bytes that were written in pairs
        return np.frombuffer(data[pixels.start : pixels.start + size + size % 2], np.uint16).byteswap().view(np.uint8)[:size]
    return np.frombuffer(data, np.uint8, size, pixels.start)


def _check_spare(spare: np.ndarray, length: int, header: Header) -> None:
    """Refuse a second frame, and what may be rows or columns that the header does not name: the picture would be cut or askew."""
    if length >= pixel_bytes(header):
        raise InconsistentHeaderError(_LIE)
    # Neighbours in a picture are alike; in what happened to lie in the writer's memory they are not.
    is_line = length >= min(header.rows, header.columns) * spare.itemsize
    if is_line and 0 < np.abs(np.diff(spare.astype(np.float64))).mean() < _ALIKE * spare.std():
        raise InconsistentHeaderError(_LIE)


def _run_lengths(frame: bytes, header: Header) -> np.ndarray:
    """Unpack plane by plane (PS3.5, annex G), the high bytes first."""
    planes = header.bits_allocated // 8
    if len(frame) < 64:
        raise TruncatedImageError(_DAMAGED)
    count, *offsets = struct.unpack_from("<16I", frame)
    if count != planes:
        raise InconsistentHeaderError(_LIE)
    starts = [*offsets[:planes], len(frame)]
    if starts[0] < 64 or starts != sorted(starts):
        raise TruncatedImageError(_DAMAGED)
    words = np.empty(header.rows * header.columns, f"<u{planes}")
    for plane, (start, end) in enumerate(pairwise(starts), 1):
        words.view(np.uint8)[planes - plane :: planes] = _plane(frame[start:end], len(words))
    return words


def _plane(segment: bytes, size: int) -> np.ndarray:
    """Unpack the runs of one plane; what follows its last byte is padding."""
    before = None
    for filling in (b"\0", b"\xff"):
        # A run that begins inside the plane and ends beyond it still needs its place.
        buffer = bytearray(filling * (size + _LONGEST_RUN))
        unpacked = np.frombuffer(buffer, np.uint8, size)
        try:
            length = len(imagecodecs.packbits_decode(segment, out=buffer))
        except Exception:
            # It stopped at a run that makes no sense or has no place. If the plane was full by then, a second try is equal to the first.
            if before is not None and (before == unpacked).all():
                return before
            before = unpacked
        else:
            if length < size:
                break
            return unpacked
    raise TruncatedImageError(_DAMAGED)


def _unpacked(frame: bytes, coding: _Coding, header: Header, steps: list[str]) -> tuple[np.ndarray, Layout]:
    if coding.declared is jpeg2000_codestream:
        # Some writers wrap the codestream in a file of its own, whose boxes are none of our business.
        frame = frame[max(0, frame.find(b"\xff\x4f\xff\x51")) :]
    declared = coding.declared(frame)
    if holds_picture(frame[declared.end :]):
        raise MultiFrameError(SEVERAL_FRAMES)
    if declared.coding not in coding.codings:
        raise InconsistentHeaderError("The pixels of the DICOM file are not packed as its header says. Export the film as PNG.")
    if (declared.height, declared.width, declared.components) != (header.rows, header.columns, 1) or declared.bits > header.bits_allocated:
        raise InconsistentHeaderError(_LIE)
    end = b"\xff\xd9" if coding.declared is jpeg2000_codestream else b""
    samples = _decoded(coding.decode, frame[: declared.end] + end)
    if samples.shape != (header.rows, header.columns) or samples.dtype.itemsize > 2:
        raise InconsistentHeaderError(_LIE)
    if declared.coding in _FILLED_UP and np.ptp(samples[-1, -_BLOCK:]) == 0:
        # It may have been cut before its end mark, and filled up with one grey. Then it takes in what is added, and changes by it.
        longer = _decoded(coding.decode, prolonged(frame[: declared.end - 2]))
        if (longer != samples).any():
            raise TruncatedImageError(_DAMAGED)
    return layout_of_stream(samples, declared, coding.lossy, header, steps)


def _decoded(decode: Callable[[bytes], np.ndarray], stream: bytes) -> np.ndarray:
    try:
        return decode(stream)
    except (MemoryError, ImageError):
        raise
    except Exception:  # each decoder has its own errors, and all mean the same to the user
        raise TruncatedImageError(_DAMAGED) from None
