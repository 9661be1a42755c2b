"""File bytes -> validated grey film -> model input."""

from cxr_core.imaging.bounds import MAX_FILE_BYTES, MIN_SIDE, TOO_LARGE
from cxr_core.imaging.colour import Colour
from cxr_core.imaging.decode import decode_film
from cxr_core.imaging.dicom.signature import DICOM_VERSION, looks_like_dicom
from cxr_core.imaging.display import display_grey, display_levels, png_bytes, windowed
from cxr_core.imaging.errors import (
    TOO_LITTLE_MEMORY,
    ImageError,
    ImageTooLargeError,
    InconsistentHeaderError,
    MultiFrameError,
    NotAnImageError,
    TruncatedImageError,
    UnreadableFileError,
    WrongModalityError,
)
from cxr_core.imaging.files import DroppedFile, load_film, read_film_file
from cxr_core.imaging.film import BURNED_IN, Film
from cxr_core.imaging.foreign import is_zip
from cxr_core.imaging.greyscale import AS_FILED, FilmWindow
from cxr_core.imaging.model_input import (
    CONTRAST_PERCENTILES,
    HARMONISED_SIDE,
    HARMONISING_SIGMA,
    INPUT_VERSION,
    WHOLE_FILM,
    Box,
    Placement,
    model_input,
    placement,
    square_input,
)
from cxr_core.imaging.names import FILM_SUFFIXES, PARTIAL_SUFFIXES, PICTURE_SUFFIXES, SYSTEM_NAMES, is_hidden
from cxr_core.imaging.outlines import outlines
from cxr_core.imaging.packing import PackedSamples, pack_samples
from cxr_core.imaging.phantom import draw_phantom
from cxr_core.imaging.zips import ZippedFilm, film_files, open_zip

__all__ = [
    "AS_FILED",
    "BURNED_IN",
    "CONTRAST_PERCENTILES",
    "DICOM_VERSION",
    "FILM_SUFFIXES",
    "HARMONISED_SIDE",
    "HARMONISING_SIGMA",
    "INPUT_VERSION",
    "MAX_FILE_BYTES",
    "MIN_SIDE",
    "PARTIAL_SUFFIXES",
    "PICTURE_SUFFIXES",
    "SYSTEM_NAMES",
    "TOO_LARGE",
    "TOO_LITTLE_MEMORY",
    "WHOLE_FILM",
    "Box",
    "Colour",
    "DroppedFile",
    "Film",
    "FilmWindow",
    "ImageError",
    "ImageTooLargeError",
    "InconsistentHeaderError",
    "MultiFrameError",
    "NotAnImageError",
    "PackedSamples",
    "Placement",
    "TruncatedImageError",
    "UnreadableFileError",
    "WrongModalityError",
    "ZippedFilm",
    "decode_film",
    "display_grey",
    "display_levels",
    "draw_phantom",
    "film_files",
    "is_hidden",
    "is_zip",
    "load_film",
    "looks_like_dicom",
    "model_input",
    "open_zip",
    "outlines",
    "pack_samples",
    "placement",
    "png_bytes",
    "read_film_file",
    "square_input",
    "windowed",
]
