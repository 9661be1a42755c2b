"""Bootstrap intervals of films that come in groups of near-duplicates. Needs NumPy alone, so that a page may use it at no cost."""

import numpy as np

from cxr_core.stats.interval import Interval

RESAMPLES = 2000

BOOTSTRAP = f"95% percentile intervals from {RESAMPLES} bootstrap resamples of near-duplicate groups, which stay together; seed 0"


def resampled_counts(groups: np.ndarray, resamples: int = RESAMPLES, seed: int = 0) -> np.ndarray:
    """Draw how often each film is in each bootstrap resample.

    Whole groups are drawn with replacement: films of one group are near-duplicates, and drawing them singly would make the
    intervals too narrow.

    Parameters
    ----------
    groups : numpy.ndarray
        Shape (n,): the group of each film.
    resamples : int
        Number of resamples.
    seed : int
        Seed of the draw.

    Returns
    -------
    numpy.ndarray
        int, shape (resamples, n).
    """
    _, member = np.unique(groups, return_inverse=True)
    total = int(member.max()) + 1
    # Drawn one by one and counted: several times faster than multinomial draws, and a page waits for it.
    drawn = np.random.default_rng(seed).integers(total, size=(resamples, total)) + total * np.arange(resamples)[:, np.newaxis]
    return np.bincount(drawn.ravel(), minlength=resamples * total).reshape(resamples, total)[:, member]


def interval(value: float, samples: np.ndarray) -> Interval:
    """Put a 95% percentile interval around a value; resamples in which it is undefined (NaN) are left out."""
    if not np.isfinite(value):
        return Interval(value=None)
    low, high = np.nanpercentile(samples, (2.5, 97.5)) if np.isfinite(samples).any() else (None, None)
    return Interval(value=value, low=low, high=high)


def share(hits: np.ndarray, groups: np.ndarray) -> Interval:
    """Share of True in `hits`, with its interval."""
    counts = resampled_counts(groups)
    return interval(float(hits.mean()), counts @ hits / counts.sum(1))


def share_among(hits: np.ndarray, rows: np.ndarray, groups: np.ndarray) -> Interval:
    """Share of True in `hits` among `rows`, with its interval; no value where there are no such rows."""
    return share(hits[rows], groups[rows]) if rows.any() else Interval(value=None)
