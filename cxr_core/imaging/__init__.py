"""File bytes -> validated grey film -> model input."""

from cxr_core.imaging.colour import Colour, measure_colour
from cxr_core.imaging.decode import decode_film
from cxr_core.imaging.display import VIEW_SIDE, display_grey, png_bytes, windowed
from cxr_core.imaging.errors import (
    TOO_LITTLE_MEMORY,
    AnimatedImageError,
    BlankImageError,
    ImageError,
    ImageTooLargeError,
    ImageTooSmallError,
    InconsistentHeaderError,
    MultiFrameError,
    NoPixelDataError,
    NotAnImageError,
    TruncatedImageError,
    UnreadableFileError,
    UnsupportedImageError,
    UnsupportedTransferSyntaxError,
    WrongModalityError,
)
from cxr_core.imaging.files import read_film_file
from cxr_core.imaging.film import BURNED_IN, Film
from cxr_core.imaging.lungs import lung_fields
from cxr_core.imaging.model_input import Placement, model_input, placement
from cxr_core.imaging.outlines import outlines
from cxr_core.imaging.phantom import draw_phantom

__all__ = [
    "BURNED_IN",
    "TOO_LITTLE_MEMORY",
    "VIEW_SIDE",
    "AnimatedImageError",
    "BlankImageError",
    "Colour",
    "Film",
    "ImageError",
    "ImageTooLargeError",
    "ImageTooSmallError",
    "InconsistentHeaderError",
    "MultiFrameError",
    "NoPixelDataError",
    "NotAnImageError",
    "Placement",
    "TruncatedImageError",
    "UnreadableFileError",
    "UnsupportedImageError",
    "UnsupportedTransferSyntaxError",
    "WrongModalityError",
    "decode_film",
    "display_grey",
    "draw_phantom",
    "lung_fields",
    "measure_colour",
    "model_input",
    "outlines",
    "placement",
    "png_bytes",
    "read_film_file",
    "windowed",
]
