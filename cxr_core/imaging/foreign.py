"""Files that are not read: what they are, by their first bytes, and what to do with each."""

import re
import zlib

from cxr_core.imaging.errors import ImageError, NotAnImageError, UnsupportedImageError

ZIP: tuple[bytes, ...] = (b"PK\x03\x04", b"PK\x05\x06")
"""What a zip archive begins with: its first file or, of an empty one, its directory's end."""

_AS_PNG = "Export the film as PNG, which keeps all of its grey levels."
_AS_DICOM_OR_PNG = "Take the film as DICOM or PNG from where it was stored first."
_UNPACK = "Unpack it, and choose the film inside."
_NIFTI = ("NIfTI volume", f"NIfTI holds volumes and keeps no display settings. {_AS_DICOM_OR_PNG}")

_KNOWN = {
    rb"GIF8": ("GIF file", _AS_PNG),
    rb"BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\x00\x00\x00": ("BMP file", _AS_PNG),
    rb"(II[*+]\x00|MM\x00[*+])": ("TIFF file", _AS_PNG),
    rb"RIFF.{4}WEBP": ("WebP file", _AS_PNG),
    rb".{4}ftyp(heic|heix|heim|heis|hevc|hevx|mif1|msf1|avif|avis)": (
        "HEIC or AVIF file",
        "Phones save photographs so. Export the film itself as PNG or DICOM; if there is only the photograph, save it as JPEG.",
    ),
    rb"%PDF": ("PDF file", "Export the film as PNG or DICOM from where it is shown."),
    rb"(\x00\x00\x00\x0cjP  |\xff\x4f\xff\x51)": ("JPEG 2000 file", _AS_PNG),
    rb"(\x00\x00\x00\x0cJXL |\xff\x0a)": ("JPEG XL file", _AS_PNG),
    rb"(\x5c\x01\x00\x00|\x00\x00\x01\x5c).{340}n[i+]1\x00": _NIFTI,
    rb"(\x1c\x02\x00\x00|\x00\x00\x02\x1c)n[i+]2\x00": _NIFTI,
    rb"NRRD000": ("NRRD file", _AS_DICOM_OR_PNG),
    rb"PK(\x03\x04|\x05\x06|\x07\x08)": ("zip archive", _UNPACK),
    rb"\x1f\x8b": ("gzip archive", _UNPACK),
    rb"BZh[1-9]": ("bzip2 archive", _UNPACK),
    rb"\xfd7zXZ\x00": ("xz archive", _UNPACK),
    rb"\x28\xb5\x2f\xfd": ("Zstandard archive", _UNPACK),
    rb"7z\xbc\xaf\x27\x1c": ("7-Zip archive", _UNPACK),
    rb"Rar!\x1a\x07": ("RAR archive", _UNPACK),
    rb".{257}ustar": ("tar archive", _UNPACK),
}
"""What files of other kinds begin with, as patterns: their name, and what to do."""

_LOOKED_AT = 352
"""Bytes of a file that these patterns look at, at most."""


def is_zip(data: bytes) -> bool:
    """Whether a file begins as a zip archive."""
    return data.startswith(ZIP)


def refusal_of_foreign_bytes(data: bytes) -> ImageError:
    """Say what a file is that is neither PNG nor JPEG nor DICOM, and what to do with it."""
    if not data:
        return NotAnImageError("The file is empty. Choose a PNG, JPEG or DICOM file.")
    kind = _kind(data)
    if data.startswith(b"\x1f\x8b") and _kind(_gunzipped(data)) == _NIFTI:
        kind = _NIFTI
    if kind is None:
        return NotAnImageError("The file is not an image, whatever its name says. Choose a PNG, JPEG or DICOM file.")
    name, advice = kind
    return UnsupportedImageError(f"This is a {name}, which is not read here. {advice}")


def _kind(data: bytes) -> tuple[str, str] | None:
    start = data[:_LOOKED_AT]
    return next((kind for beginning, kind in _KNOWN.items() if re.match(beginning, start, re.DOTALL)), None)


def _gunzipped(data: bytes) -> bytes:
    """Unpack the first bytes of a gzip archive; none of a damaged one."""
    try:
        return zlib.decompressobj(31).decompress(data[:65_536], _LOOKED_AT)
    except zlib.error:
        return b""
