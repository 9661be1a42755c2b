"""Films as if they had been read."""

import numpy as np

from cxr_core.evaluation.read_films import ReadFilms
from cxr_core.gate import Finding, GateOutcome
from tests.cards import drawn_probabilities

CHANNELS = 8
READ, REFUSED = GateOutcome(), GateOutcome((Finding("odd", "refused", "It is odd."),))


def films(y_true, called=None, groups=None, shift=0.0, outcomes=None, seed=0, alone=None):
    """Films of which each is surely called one class."""
    y_true = np.array(y_true)
    probabilities = drawn_probabilities(np.maximum(y_true, 0), seed=seed) if called is None else np.eye(4)[called] * 0.9 + 0.025
    features = np.random.default_rng(seed).normal(shift, 1, (len(y_true), CHANNELS)).astype(np.float32)
    groups = np.arange(len(y_true)) if groups is None else np.array(groups)
    alone = np.log(probabilities)[:, np.newaxis] if alone is None else np.asarray(alone)
    return ReadFilms(y_true, probabilities, features, alone, groups, outcomes or [READ] * len(y_true))
