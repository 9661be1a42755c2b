"""A convolution step by step: a window of the film times a kernel, the sum, then ReLU and pooling (report, section 4.3).

As in all neural networks the kernel is not turned over: mathematicians call it a cross-correlation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np


@dataclass(frozen=True, eq=False)
class Kernel:
    """A kernel over grey levels.

    Attributes
    ----------
    name : str
        For people.
    weights : numpy.ndarray
        float64, shape (k, k).
    bias : float
        Added to every sum.
    stride : int
        Places that the window moves at a time.
    """

    name: str
    weights: np.ndarray
    bias: float = 0.0
    stride: int = 1

    @property
    def side(self) -> int:
        """Places along a side."""
        return len(self.weights)


HAND_MADE: Final[Mapping[str, Kernel]] = MappingProxyType(
    {
        kernel.name: kernel
        for kernel in (
            Kernel("Upright edges", np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])),
            Kernel("Level edges", np.array([[-1.0, -2.0, -1.0], [0.0, 0.0, 0.0], [1.0, 2.0, 1.0]])),
            Kernel("Blur", np.full((3, 3), 1 / 9)),
            Kernel("Sharpen", np.array([[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]])),
        )
    }
)
"""Kernels that need no network, by name: Sobel's two, a mean and a sharpener."""


@dataclass(frozen=True, eq=False)
class KernelWindow:
    """One place of a convolution.

    Attributes
    ----------
    top, left : int
        Its upper left place on the film.
    greys, products : numpy.ndarray
        Shape (k, k): what the window shows, and that times the kernel.
    total : float
        Their sum and the bias.
    """

    top: int
    left: int
    greys: np.ndarray
    products: np.ndarray
    total: float


def convolve(film: np.ndarray, kernel: Kernel) -> np.ndarray:
    """Move a kernel over a film, wherever its window lies wholly on it.

    Parameters
    ----------
    film : numpy.ndarray
        Shape (height, width), grey levels.
    kernel : Kernel
        What is moved.

    Returns
    -------
    numpy.ndarray
        float64, shape ((height - k) // stride + 1, (width - k) // stride + 1).
    """
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(film, float), kernel.weights.shape)
    return np.einsum("hwij,ij->hw", windows[:: kernel.stride, :: kernel.stride], kernel.weights) + kernel.bias


def window_at(film: np.ndarray, kernel: Kernel, row: int, column: int) -> KernelWindow:
    """Return the window that makes the value at a row and a column of `convolve`."""
    top, left = row * kernel.stride, column * kernel.stride
    greys = np.asarray(film, float)[top : top + kernel.side, left : left + kernel.side]
    products = greys * kernel.weights
    return KernelWindow(top, left, greys, products, float(products.sum() + kernel.bias))


def relu(values: np.ndarray) -> np.ndarray:
    """Put 0 in the place of all that is negative."""
    return np.maximum(values, 0.0)


def max_pool(values: np.ndarray, side: int) -> np.ndarray:
    """Keep the largest of each square of `side` places; what is left over at the lower and right edge is dropped."""
    height, width = (extent // side for extent in values.shape)
    return values[: height * side, : width * side].reshape(height, side, width, side).max((1, 3))
