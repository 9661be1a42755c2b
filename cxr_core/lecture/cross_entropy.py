"""Categorical cross-entropy of one film, as the report has it (section 4.1): minus the sum of y_i times log of p_i."""

import math
from collections.abc import Sequence

import numpy as np


def shared_rest(confidence: float, called: int, classes: int) -> np.ndarray:
    """Return probabilities, shape (classes,): `confidence` for the class that is called, the rest in equal parts for the others."""
    probabilities = np.full(classes, (1 - confidence) / (classes - 1))
    probabilities[called] = confidence
    return probabilities


def cross_entropy(probabilities: np.ndarray, true: int) -> float:
    """Return the loss of one film, in nats: minus the logarithm of the probability of its true class; infinite where that is 0."""
    value = float(probabilities[true])
    return -math.log(value) if value > 0 else math.inf


def loss_sentence(probabilities: Sequence[float], true: int, digits: int = 3) -> str:
    """Write the report's formula with the numbers in it, as LaTeX, two terms a line."""
    terms = [rf"{int(code == true)} \cdot \log {value:.{digits}f}" for code, value in enumerate(probabilities)]
    lines = r" \\ &+ ".join(" + ".join(terms[at : at + 2]) for at in range(0, len(terms), 2))
    return rf"\begin{{aligned}}-(&{lines}) = {cross_entropy(np.asarray(probabilities), true):.{digits}f}\end{{aligned}}"
