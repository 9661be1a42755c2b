"""Many films through the network in one pass: each is decoded once, whatever is to be made of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from cxr_core.data import DataSetError
from cxr_core.gate import GateOutcome, InputGate
from cxr_core.lungs import Prepared
from cxr_core.models import Classifier
from cxr_core.reading import BATCH, file_outputs

Progress = Callable[[str, int, int], None]

View = Callable[[Prepared], np.ndarray]
"""Makes of a prepared film what is classified in its place: float32 (size, size, 1)."""


@dataclass(frozen=True, eq=False)
class Outputs:
    """What the network and the gate make of n films.

    Attributes
    ----------
    logits : numpy.ndarray
        float32, shape (n, 4).
    features : numpy.ndarray
        float32, shape (n, channels): the pooled features.
    alone : numpy.ndarray
        float32, shape (n, networks, 4): the logits of each network alone.
    outcomes : tuple of GateOutcome
        What the gate says of each; empty where none was asked.
    views : tuple of numpy.ndarray
        The logits of each view, shape (n, 4) each.
    """

    logits: np.ndarray
    features: np.ndarray
    alone: np.ndarray
    outcomes: tuple[GateOutcome, ...]
    views: tuple[np.ndarray, ...]


def run_films(
    classifier: Classifier,
    paths: Sequence[Path],
    what: str,
    progress: Progress,
    gate: InputGate | None = None,
    views: Sequence[View] = (),
) -> Outputs:
    """Run films through the network, and views of them.

    Parameters
    ----------
    classifier : Classifier
    paths : sequence of Path
        The films; at least one.
    what : str
        What they are, for the progress.
    progress : callable
        Called with `what`, how many films are done, and how many there are.
    gate : InputGate, optional
        Judges every film.
    views : sequence of callable
        Further pictures of each film.

    Returns
    -------
    Outputs

    Raises
    ------
    DataSetError
        A film cannot be read.
    """
    logits, features, alone, outcomes = [], [], [], []
    seen: list[list[np.ndarray]] = [[] for _ in views]
    found = file_outputs(classifier, paths)
    while batch := list(islice(found, BATCH)):
        prepared = []
        for one in batch:
            if one.prepared is None or one.logits is None or one.features is None or one.alone is None:
                raise DataSetError(f"{one.path.name}: {one.error}") from one.error
            prepared.append(one.prepared)
            logits.append(one.logits)
            features.append(one.features)
            alone.append(one.alone)
            if gate is not None:
                outcomes.append(gate.judge_input(one.prepared, one.features, one.of_file))
        for rows, view in zip(seen, views, strict=True):
            rows.append(classifier.outputs(np.stack([view(film) for film in prepared])).logits)
        progress(what, len(logits), len(paths))
    return Outputs(np.stack(logits), np.stack(features), np.stack(alone), tuple(outcomes), tuple(np.concatenate(rows) for rows in seen))
