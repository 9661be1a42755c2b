"""Intervals, tests and sample sizes, of paired and independent samples. Knows no films; loads no SciPy before it is needed."""

from cxr_core.stats.bootstrap import BOOTSTRAP, interval, resampled_counts, share, share_among
from cxr_core.stats.independent import Estimate, auc_estimate, independent_difference, share_estimate
from cxr_core.stats.interval import Interval
from cxr_core.stats.paired import PairedComparison, compare_classifiers, holm
from cxr_core.stats.sample_size import trials_needed
from cxr_core.stats.wilson import wilson

__all__ = [
    "BOOTSTRAP",
    "Estimate",
    "Interval",
    "PairedComparison",
    "auc_estimate",
    "compare_classifiers",
    "holm",
    "independent_difference",
    "interval",
    "resampled_counts",
    "share",
    "share_among",
    "share_estimate",
    "trials_needed",
    "wilson",
]
