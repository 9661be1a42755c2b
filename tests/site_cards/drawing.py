"""Films of a site, and site cards of them, drawn by lot."""

import functools
from types import SimpleNamespace

import numpy as np

from cxr_core.artifacts import ModelIdentity
from cxr_core.evaluation import own_site_card, site_figures
from cxr_core.evaluation.validation import OwnReads
from cxr_core.gate import Finding, GateOutcome
from tests.cards import drawn_calibration, drawn_card

home_calibration = functools.cache(drawn_calibration)


def home_card():
    """The model card that the site's films are compared with."""
    return drawn_card()[0]


COUNTS = (40, 20, 50, 10)
IDENTITY = ModelIdentity(backbone="DenseNet121", size=192, sha256="ab" * 32, parameters=1)
"""Of the weights that `drawn_card` and `drawn_calibration` speak of."""


def drawn_logits(counts=COUNTS, skill=1.0, seed=5):
    """Logits and class codes of films on which a reader does worse than at home."""
    y_true = np.repeat(np.arange(4), counts)
    logits = np.random.default_rng(seed).normal(0, 1, (len(y_true), 4))
    logits[np.arange(len(y_true)), y_true] += skill
    return 3 * logits, y_true


def drawn_reads(counts=COUNTS, skill=1.0, seed=5, **parts):
    """What became of these films."""
    logits, y_true = drawn_logits(counts, skill, seed)
    usual = {"warned": 3, "refused": 2, "broken": 1, "repeated": 0, "reasons": {"inverted": 2}}
    return OwnReads(y_true, logits, **{**usual, **parts})


@functools.cache
def drawn_figures(**films):
    """Their figures beside a drawn model card."""
    return site_figures(drawn_reads(**films), home_calibration(), home_card())


@functools.cache
def drawn_site_card(name="Ward 3", identity=IDENTITY, **films):
    """A site card of them."""
    reads = drawn_reads(**films)
    calibration = home_calibration()
    return own_site_card(name, reads, site_figures(reads, calibration, home_card()), calibration, identity)


def read_of(logits=None, outcome="read", codes=()):
    """One file's read with its gate, or a broken file."""
    if logits is None:
        return SimpleNamespace(read=None, logits=None, error="broken")
    gate = GateOutcome.of(Finding(code, "refused" if outcome == "refused" else "warning", "So it is.") for code in codes)
    return SimpleNamespace(read=SimpleNamespace(gate=gate), logits=np.asarray(logits, np.float32), error=None)
