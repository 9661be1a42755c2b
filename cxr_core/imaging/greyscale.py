"""What the greys of a film are in its file's own numbers, and the windows through which they can be looked at."""

from dataclasses import dataclass
from typing import Final

import numpy as np

AS_FILED: Final = "filed"
"""Key of the window that shows a film as its file asks for, or else as `display_grey` does."""

_SHARES: Final = {"lungs": ("Lungs", 5, 65), "soft": ("Soft tissue", 35, 95), "bones": ("Bones", 52, 88)}
"""Windows that every film has: name, and which part of the greys as filed, in percent from black, they spread."""


@dataclass(frozen=True, eq=False)
class FilmWindow:
    """One way to make greys of a film's values.

    Attributes
    ----------
    key : str
        Names the window among those of the film; the general ones have the same key on every film.
    name : str
        What a reader knows it by.
    level, width : float
        In the units of the film's values: black lies half a width below the level, white half a width above, linearly between.
        Of a curve, where it rises.
    curve : numpy.ndarray, optional
        float32, shape (n,), in [0, 1]: the grey of each sample, where that is no line. Black and white are those of the screen.
    """

    key: str
    name: str
    level: float
    width: float
    curve: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class GreyScale:
    """The values that the samples of a film stand for.

    Attributes
    ----------
    values : numpy.ndarray
        float64, shape (n,): by sample, in the file's units.
    unit : str
        Of the values, such as ``"HU"``; empty where the file names none.
    inverted : bool
        Whether high values are black.
    windows : tuple of FilmWindow
        The file's own; the first is `AS_FILED`.
    """

    values: np.ndarray
    unit: str
    inverted: bool
    windows: tuple[FilmWindow, ...]

    def table(self, level: float, width: float) -> np.ndarray:
        """Return the grey of each sample through a window, float64, shape (n,), in [0, 1].

        Parameters
        ----------
        level, width : float
            As in `FilmWindow`; `width` is positive.
        """
        share = ((self.values - level) / width + 0.5).clip(0, 1)
        return 1 - share if self.inverted else share


def full_scale(bit_depth: int) -> int:
    """Return what white is in a PNG or JPEG file."""
    return 255 if bit_depth <= 8 else 65535


def plain_scale(bit_depth: int, low: float, high: float) -> GreyScale:
    """Return the scale of a PNG, a JPEG or a drawing, whose samples are their own values.

    Parameters
    ----------
    bit_depth : int
        Bits a sample in the file.
    low, high : float
        What is shown black and white.
    """
    width = max(high - low, 1.0)
    filed = FilmWindow(AS_FILED, "As filed", low + width / 2, width)
    return GreyScale(np.arange(full_scale(bit_depth) + 1, dtype=np.float64), "", False, (filed,))


def curve_scale(greys: np.ndarray) -> GreyScale:
    """Return the scale of samples of which no more is known than the grey, float32 (n,) in [0, 1], that each stands for."""
    values = np.arange(len(greys), dtype=np.float64)
    return GreyScale(values, "", False, (FilmWindow(AS_FILED, "As filed", (len(greys) - 1) / 2, len(greys) - 1, greys),))


def general_windows(scale: GreyScale, darkest: int, brightest: int) -> tuple[FilmWindow, ...]:
    """Return the windows that every film has besides its own: parts of the greys as filed, and all of the film's values.

    Parameters
    ----------
    scale : GreyScale
        The film's.
    darkest, brightest : int
        Lowest and highest sample of the film.
    """
    filed, sign = scale.windows[0], -1 if scale.inverted else 1
    parts = [
        FilmWindow(key, name, filed.level + sign * filed.width * ((low + high) / 200 - 0.5), filed.width * (high - low) / 100)
        for key, (name, low, high) in _SHARES.items()
    ]
    low, high = sorted(float(end) for end in scale.values[[darkest, brightest]])
    return (*parts, FilmWindow("all", "All values", (low + high) / 2, max(high - low, 1e-6)))
