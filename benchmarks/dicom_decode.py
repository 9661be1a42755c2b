"""A 12-megapixel DICOM film from bytes to the screen, against pydicom's own decoding of the same bytes."""

from common import interleaved_medians, report  # isort: skip

import io
from functools import partial

import cv2
import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian

from cxr_core.imaging import decode_film, display_grey, draw_phantom

HEIGHT, WIDTH = 4280, 2804
REPEATS = 30
WINDOWS = {12: (2048, 3500), 14: (8192, 14000), 16: (32768, 56000)}


def film_dicom(bits: int) -> bytes:
    """Draw a phantom film as an uncompressed DICOM file: what pydicom decodes by copying, so the hardest to keep up with."""
    pixels = cv2.resize(draw_phantom(HEIGHT // 4, WIDTH // 4, opacity=0.5).pixels, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    film = Dataset()
    film.file_meta = FileMetaDataset()
    film.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    film.file_meta.MediaStorageSOPClassUID = DigitalXRayImageStorageForPresentation
    film.file_meta.MediaStorageSOPInstanceUID = UID("1.2.3")
    film.Modality = "DX"
    film.SamplesPerPixel, film.PhotometricInterpretation, film.PixelRepresentation = 1, "MONOCHROME1", 0
    film.Rows, film.Columns = HEIGHT, WIDTH
    film.BitsAllocated, film.BitsStored, film.HighBit = 16, bits, bits - 1
    film.WindowCenter, film.WindowWidth = WINDOWS[bits]
    film.PixelData = np.rint(pixels.clip(0, 1) * (2**bits - 1)).astype(np.uint16).tobytes()
    file = io.BytesIO()
    film.save_as(file, enforce_file_format=True)
    return file.getvalue()


def to_screen(data: bytes) -> np.ndarray:
    return display_grey(decode_film(data))


def by_pydicom(data: bytes) -> np.ndarray:
    return pydicom.dcmread(io.BytesIO(data)).pixel_array


def main() -> None:
    rows: dict[str, str] = {}
    ratios = []
    for bits in WINDOWS:
        data = film_dicom(bits)
        medians = interleaved_medians({"screen": partial(to_screen, data), "pydicom": partial(by_pydicom, data)}, REPEATS)
        ratios.append(medians["screen"] / medians["pydicom"])
        rows |= {
            f"{bits} bits: bytes to the screen's picture": f"{medians['screen'] * 1000:.1f} ms",
            f"{bits} bits: pydicom, bytes to pixel_array": f"{medians['pydicom'] * 1000:.1f} ms",
            f"{bits} bits: ratio": f"{ratios[-1]:.2f}",
        }
    rows["largest ratio"] = f"{max(ratios):.2f} (must be at most 1.5)"
    report(
        f"{HEIGHT} x {WIDTH} uncompressed DICOM, medians of {REPEATS}",
        rows,
        {"ratio_to_pydicom": max(ratios)},
        most={"ratio_to_pydicom": 1.5},
    )


if __name__ == "__main__":
    main()
