"""How large a film may be, and how flat. The same for every kind of file."""

import numpy as np

from cxr_core.imaging.errors import BlankImageError, ImageTooLargeError, ImageTooSmallError

MAX_FILE_BYTES = 50 * 1024 * 1024
TOO_LARGE = f"The file is too large: at most {MAX_FILE_BYTES // 2**20} MB are read. Export it smaller."
MIN_SIDE = 64
MAX_SIDE = 10_000
MAX_PIXELS = 64_000_000
MIN_CONTRAST = {8: 4 / 255, 16: 64 / 65535}
"""Smallest spread between the 1st and 99th percentile, as a share of the full range, by bit depth; under it a film is blank."""


def check_size(width: int, height: int) -> None:
    """Refuse a picture whose header declares too many pixels or too few.

    Raises
    ------
    ImageTooLargeError, ImageTooSmallError
        A side, or the number of pixels, is out of bounds.
    """
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise ImageTooLargeError(
            f"The image is {width} x {height} pixels; at most {MAX_SIDE:,} a side and {MAX_PIXELS // 10**6} megapixels are read. "
            "Export it smaller."
        )
    if min(width, height) < MIN_SIDE:
        raise ImageTooSmallError(
            f"The image is {width} x {height} pixels; at least {MIN_SIDE} a side are needed. Choose the full-size film."
        )


def sparse(pixels: np.ndarray, side: int = 256) -> np.ndarray:
    """Pick a grid of some `side` pixels a side: enough to see that a film is blank, and off the clock for large ones."""
    step = max(1, min(pixels.shape[:2]) // side)
    return pixels[::step, ::step]


def check_contrast(pixels: np.ndarray, bit_depth: int) -> None:
    """Refuse a blank film.

    Parameters
    ----------
    pixels : numpy.ndarray
        Greys in [0, 1], all of the film or `sparse` ones.
    bit_depth : int
        Bits a sample in the file.

    Raises
    ------
    BlankImageError
        Nearly all of them are the same.
    """
    low, high = np.percentile(pixels, (1, 99))
    if high - low < MIN_CONTRAST[8 if bit_depth <= 8 else 16]:
        raise BlankImageError("The image is blank: all of it has nearly the same grey. Check the export and try again.")
