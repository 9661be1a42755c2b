"""File bytes -> validated grey film -> model input."""

from cxr_core.imaging.decode import decode_film
from cxr_core.imaging.errors import (
    AnimatedImageError,
    BlankImageError,
    ImageError,
    ImageTooLargeError,
    ImageTooSmallError,
    NotAnImageError,
    TruncatedImageError,
    UnsupportedImageError,
)
from cxr_core.imaging.film import Film
from cxr_core.imaging.model_input import Placement, model_input, placement

__all__ = [
    "AnimatedImageError",
    "BlankImageError",
    "Film",
    "ImageError",
    "ImageTooLargeError",
    "ImageTooSmallError",
    "NotAnImageError",
    "Placement",
    "TruncatedImageError",
    "UnsupportedImageError",
    "decode_film",
    "model_input",
    "placement",
]
