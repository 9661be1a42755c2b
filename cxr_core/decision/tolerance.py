"""When two sides count as equal. One rule, used by everything in this package.

Inputs such as 0.1 are rounded when they are typed, each by up to half a unit in the last place, and a difference of two of them keeps that
error while it loses the digits before it. A difference therefore counts as zero where it is no larger than `TOLERANCE` times what was
subtracted, and a sum of terms of both signs where it is no larger than `TOLERANCE` times what went into them. Terms that all point the
same way leave no doubt about the sign, and none is taken from them.

The products of the formulas stay exact down to 1e-308; what is smaller than that is zero to a computer, and counts as zero here.
"""

from collections.abc import Sequence

import numpy as np

TOLERANCE = 8 * float(np.finfo(float).eps)
"""Relative; three factors and their difference gather at most about three units in the last place on either side."""


def settle(difference: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Put differences to exactly zero that rounding of what was subtracted can account for.

    Parameters
    ----------
    difference : numpy.ndarray
        Any shape.
    scale : numpy.ndarray
        Sum of the magnitudes that were subtracted; broadcasts with `difference`.

    Returns
    -------
    numpy.ndarray
    """
    return np.where(np.abs(difference) <= TOLERANCE * scale, 0.0, difference)


def balance(terms: Sequence[np.ndarray], scales: Sequence[np.ndarray]) -> np.ndarray:
    """Add terms, each of settled sign, and put the sum to exactly zero where they cancel but for rounding.

    Parameters
    ----------
    terms : sequence of numpy.ndarray
        Shapes that broadcast. A term that is zero is exactly so, and adds no doubt.
    scales : sequence of numpy.ndarray
        For each term, the sum of the magnitudes that went into it.

    Returns
    -------
    numpy.ndarray
    """
    total = sum(terms[1:], start=terms[0])
    doubt = sum((np.where(term == 0, 0.0, scale) for term, scale in zip(terms, scales, strict=True)), start=np.zeros(()))
    smallest, largest = terms[0], terms[0]
    for term in terms[1:]:
        smallest, largest = np.minimum(smallest, term), np.maximum(largest, term)
    opposed = (smallest < 0) & (largest > 0)
    return np.where(opposed & (np.abs(total) <= TOLERANCE * doubt), 0.0, total)
