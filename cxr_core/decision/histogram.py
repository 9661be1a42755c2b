"""The draws of the probabilistic analysis, counted in bins."""

from dataclasses import dataclass

import numpy as np

from cxr_core.decision.probabilistic import Simulation


@dataclass(frozen=True, eq=False)
class Histogram:
    """Counts of draws by difference (X-ray minus PCR).

    Attributes
    ----------
    edges : numpy.ndarray
        Shape (n + 1,), evenly spaced. Where draws lie on both sides of 0, 0 is one of the edges, so that no bin holds draws for both tests.
    counts : numpy.ndarray
        int, shape (n,): draws from an edge up to the next. The last bin holds its upper edge too.
    """

    edges: np.ndarray
    counts: np.ndarray


def histogram(simulation: Simulation, bins: int = 50) -> Histogram:
    """Count draws of the difference in about `bins` bins of equal width.

    Parameters
    ----------
    simulation : Simulation
    bins : int
        At least 2.

    Returns
    -------
    Histogram
        With a single bin where all draws are the same.
    """
    draws = simulation.difference
    low, high = float(draws.min()), float(draws.max())
    width = (high - low) / bins
    if not width > 1e-12 * max(abs(low), abs(high)):
        half = 0.5 * abs(low) or 0.5
        return Histogram(np.array([low - half, low + half]), np.array([len(draws)]))
    first, last = np.floor(low / width), np.ceil(high / width)
    edges = np.arange(first, last + 1) * width
    return Histogram(edges, np.histogram(draws, edges)[0])
