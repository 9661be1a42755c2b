"""Intervals of a share of independent trials."""

from cxr_core.stats.interval import Interval


def wilson(hits: int, trials: int) -> Interval:
    """Return the share of `hits` among `trials` with its 95% Wilson interval; no value where there are none (Wilson 1927, JASA 22:209)."""
    if not trials:
        return Interval(value=None)
    from scipy.stats import binomtest  # a third of a second to import, and few who read an interval need it

    low, high = binomtest(hits, trials).proportion_ci(method="wilson")
    return Interval(value=hits / trials, low=float(low), high=float(high))
