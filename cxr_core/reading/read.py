"""What a film, or a file, comes to: the types of a read."""

import math
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from cxr_core.calibration import retempered, spread
from cxr_core.errors import SecondLookError
from cxr_core.gate import Finding, GateOutcome
from cxr_core.imaging import Box
from cxr_core.labels import CLASS_NAMES
from cxr_core.lungs import LungFields, Prepared


@dataclass(frozen=True, eq=False)
class Read:
    """The result for one film.

    Attributes
    ----------
    probabilities : dict of str to float
        By class name: calibrated; they sum to 1.
    prediction_set : tuple of str
        The classes that fit the film, in their order; empty where none does.
    gate : GateOutcome
        What the input gate says. A film that it refuses has all the rest as well; whether that is shown is up to the caller.
    lungs : LungFields
        Where the lungs lie, and whether that can be trusted.
    box : Box
        What of the film that square shows.
    model : str
        Version of the classifier, such as ``densenet121 3f2a9c``.
    model_sha256 : str
        Hash of its weights, 64 hex digits.
    device : str
        Where it ran.
    tops : dict of str to str
        By backbone: the class that each of the averaged networks would choose alone. Of one network where there is no companion.
    low, high : dict of str to float
        By class name: range of the probability over the film and two test-time augmentations of it. Empty where only the film was read.
    views : numpy.ndarray
        float32, shape (n, 4): the calibrated probabilities of these augmentations. Empty where only the film was read.
    features : numpy.ndarray
        float32, shape (channels,): the last activation of the classifier's own backbone, averaged over its places, as
        `Classifier.features` has it. Empty where they were not kept.
    maps : dict of str to numpy.ndarray
        Grad-CAM by class name, float32 (h, w) in [0, 1], over the square model input. Empty where none were drawn.
    seconds : float
        Time from film to result; NaN where it was read together with others.
    """

    probabilities: dict[str, float]
    prediction_set: tuple[str, ...]
    gate: GateOutcome
    lungs: LungFields
    box: Box
    model: str
    model_sha256: str
    device: str
    tops: dict[str, str] = field(default_factory=dict)
    low: dict[str, float] = field(default_factory=dict)
    high: dict[str, float] = field(default_factory=dict)
    views: np.ndarray = field(default_factory=lambda: np.empty((0, len(CLASS_NAMES)), np.float32))
    features: np.ndarray = field(default_factory=lambda: np.empty(0, np.float32))
    maps: dict[str, np.ndarray] = field(default_factory=dict)
    seconds: float = math.nan

    @property
    def lung_mask(self) -> np.ndarray:
        """The lungs over the square model input, float32, shape (64, 64), values in [0, 1]."""
        return self.lungs.within(self.box, 64, 64)

    @property
    def top_class(self) -> str:
        """The class with the highest probability."""
        return max(self.probabilities, key=self.probabilities.__getitem__)

    @property
    def networks_disagree(self) -> bool:
        """Whether the networks that are averaged would choose different classes."""
        return len(set(self.tops.values())) > 1


def at_temperature(read: Read, fitted: float, other: float) -> Read:
    """Return a read with its probabilities at another temperature than the one that was fitted with the model.

    The prediction set stays: its thresholds belong to the fitted temperature.

    Parameters
    ----------
    read : Read
        As a reader made it.
    fitted, other : float
        What its logits were divided by, and what they are to be divided by instead.

    Returns
    -------
    Read
    """
    film = np.array([[read.probabilities[name] for name in CLASS_NAMES]], read.views.dtype)
    probabilities = retempered(np.concatenate([film, read.views]), fitted, other)
    low, high = map(by_class, spread(probabilities)) if read.low else ({}, {})
    return replace(read, probabilities=by_class(probabilities[0]), low=low, high=high, views=probabilities[1:])


@dataclass(frozen=True, eq=False)
class FileOutputs:
    """What the network makes of one file, or the error that kept it from being read.

    Attributes
    ----------
    path : Path
        The file.
    prepared : Prepared or None
        The film as the networks see it.
    of_file : tuple of Finding
        What the file itself says against reading it.
    logits, features, alone : numpy.ndarray or None
        Its row of what `Classifier.outputs` returns.
    error : SecondLookError or None
        Set where all else is None.
    fingerprint : str or None
        Names the film by its pixels.
    seconds : float
        What it took to load, and its share of the batch's forward pass; NaN where it could not be read.
    """

    path: Path
    prepared: Prepared | None = None
    of_file: tuple[Finding, ...] = ()
    logits: np.ndarray | None = None
    features: np.ndarray | None = None
    alone: np.ndarray | None = None
    error: SecondLookError | None = None
    fingerprint: str | None = None
    seconds: float = math.nan


@dataclass(frozen=True, eq=False)
class FileRead:
    """The outcome for one file: its read with the logits behind it, float32 (4,), or the error that kept it from being read.

    `fingerprint` and `seconds` are as in `FileOutputs`.
    """

    path: Path
    read: Read | None = None
    logits: np.ndarray | None = None
    error: SecondLookError | None = None
    fingerprint: str | None = None
    seconds: float = math.nan


def by_class(values: np.ndarray) -> dict[str, float]:
    """Name the values of the classes, shape (4,)."""
    return dict(zip(CLASS_NAMES, map(float, values), strict=True))


def tops(networks: tuple[str, ...], alone: np.ndarray) -> dict[str, str]:
    """Name the class that each network would choose alone, from its logits, shape (networks, 4)."""
    return {name: CLASS_NAMES[code] for name, code in zip(networks, alone.argmax(1), strict=True)}
