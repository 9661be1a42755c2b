"""DICOM files drawn in code, for every feature and fault; pydicom writes them, imagecodecs packs their pixels."""

import functools
import io
import struct

import imagecodecs
import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    JPEG2000,
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
)

from tests.drawing import phantom_levels

PLAIN = (ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian)
LOSSLESS = (JPEGLossless, JPEGLosslessSV1, JPEGLSLossless, JPEG2000Lossless, RLELossless)
LOSSY = (JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLSNearLossless, JPEG2000)


def levels(bits=12, height=96, width=80):
    """A phantom's stored values, uint8 or uint16."""
    return _levels(bits, height, width).copy()


_levels = functools.cache(lambda bits, height, width: phantom_levels(height, width, bits))


def packed(samples, syntax, bits):
    """Compress samples into one frame."""
    samples = np.ascontiguousarray(samples)
    if syntax == RLELossless:
        return run_lengths(samples)
    if syntax in (JPEGLossless, JPEGLosslessSV1):
        return imagecodecs.jpeg8_encode(samples, lossless=True, bitspersample=bits)
    if syntax == JPEGBaseline8Bit:
        return imagecodecs.jpeg8_encode(samples, level=98)
    if syntax == JPEGExtended12Bit:
        return imagecodecs.jpeg8_encode(samples, level=98, bitspersample=bits)
    if syntax == JPEGLSLossless:
        return imagecodecs.jpegls_encode(samples)
    if syntax == JPEGLSNearLossless:
        return imagecodecs.jpegls_encode(samples, level=2)
    if syntax == JPEG2000Lossless:
        return imagecodecs.jpeg2k_encode(samples, level=0, codecformat="J2K", reversible=True, bitspersample=bits)
    return imagecodecs.jpeg2k_encode(samples, level=60, codecformat="J2K", bitspersample=bits)


def run_lengths(samples):
    """Pack samples as DICOM's RLE, plane by plane from the high byte, all literal runs of at most 128 bytes (PS3.5, annex G)."""
    planes = [samples >> 8, samples & 255] if samples.dtype.itemsize == 2 else [samples]
    segments = []
    for plane in planes:
        raw = plane.astype(np.uint8).tobytes()
        runs = b"".join(bytes([len(raw[at : at + 128]) - 1]) + raw[at : at + 128] for at in range(0, len(raw), 128))
        segments.append(runs + b"\x80" * (len(runs) % 2))
    offsets = np.cumsum([64, *(len(segment) for segment in segments)])[:-1].tolist()
    return struct.pack("<16I", len(planes), *offsets, *[0] * (15 - len(planes))) + b"".join(segments)


def data_set(samples, bits=None, **tags):
    """A film's data set without pixels; a tag that is None is left out."""
    bits = bits or 8 * samples.dtype.itemsize
    made = Dataset()
    technical = {
        "Modality": "DX",
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "Rows": samples.shape[0],
        "Columns": samples.shape[1],
        "BitsAllocated": 8 * samples.dtype.itemsize,
        "BitsStored": bits,
        "HighBit": bits - 1,
        "PixelRepresentation": int(samples.dtype.kind == "i"),
        **tags,
    }
    for keyword, value in technical.items():
        if value is not None:
            setattr(made, keyword, value)
    return made


def dicom_bytes(samples, syntax=ExplicitVRLittleEndian, bits=None, frame=None, pixel_data=None, meta=None, **tags):
    """Write a DICOM file of stored values.

    `frame` stands in for the compressed frame, `pixel_data` for the whole pixel data, and `meta` adds to the file meta information.
    """
    bits = bits or 8 * samples.dtype.itemsize
    made = data_set(samples, bits, **tags)
    if pixel_data is not None:
        made.PixelData = pixel_data
    elif syntax in PLAIN:
        made.PixelData = samples.astype(samples.dtype.newbyteorder(">")).tobytes() if syntax == ExplicitVRBigEndian else samples.tobytes()
    else:
        made.PixelData = encapsulate([frame if frame is not None else packed(samples, syntax, bits)])
    made["PixelData"].VR = "OW" if samples.dtype.itemsize == 2 else "OB"
    made["PixelData"].is_undefined_length = syntax not in PLAIN
    return written(made, syntax, meta)


def written(made, syntax=ExplicitVRLittleEndian, meta=None):
    """Write a data set as a file."""
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = syntax
    made.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.1.1"
    made.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    for keyword, value in (meta or {}).items():
        setattr(made.file_meta, keyword, value)
    file = io.BytesIO()
    made.save_as(file, enforce_file_format=True)
    return file.getvalue()


def item(**tags):
    """An item of a sequence."""
    made = Dataset()
    for keyword, value in tags.items():
        setattr(made, keyword, value)
    return made


def table(descriptor, entries):
    """An item with a look-up table."""
    entries = np.asarray(entries).astype(int).tolist()
    is_long = len(entries) > 2**15  # than the length of a US can tell
    made = item(LUTDescriptor=descriptor, LUTData=np.asarray(entries, "<u2").tobytes() if is_long else entries)
    made["LUTDescriptor"].VR, made["LUTData"].VR = ("SS" if min(descriptor) < 0 else "US"), "OW" if is_long else "US"
    return made
