"""Fit a classifier's input gate to a data folder, and measure it for the card."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from cxr_core.artifacts import GateAudit, GateChange, GateExternal, GateOthers
from cxr_core.data import DataSetError
from cxr_core.evaluation.corruptions import CORRUPTIONS, Corruption, narrowed
from cxr_core.evaluation.non_chest import NonChest, non_chest_pictures, packages
from cxr_core.gate import GateOutcome, InputGate, SoundFilm, findings_of_file, fit_gate, reshaped, turned
from cxr_core.imaging import Film, ImageError, decode_film, read_film_file
from cxr_core.labels import split_films
from cxr_core.lungs import Prepared, prepare
from cxr_core.models import Classifier
from cxr_core.reading import BATCH, FileOutputs, file_outputs
from cxr_core.stats import Interval, share

FITTED_FILMS = 1500
"""At most so many training films, and validation films, are drawn for the fit: more take long and change little."""

CHANGED_FILMS = 500
"""At most so many films, drawn at random, are turned, inverted and mirrored."""

CORRUPTED_FILMS = 200
"""At most so many films are corrupted in each way: each takes a pass through the network."""

MIRRORED = "mirrored"
NARROWED = "brought to 4:5 or 5:4"

CHANGES = {
    "inverted": "inverted",
    "rotated_90": "rotated by 90 degrees",
    "rotated_180": "rotated by 180 degrees",
    "rotated_270": "rotated by 270 degrees",
    MIRRORED: "mirrored",
}

Progress = Callable[[str, int, int], None]


def fit_to_data(
    classifier: Classifier, data: Path, index: pd.DataFrame, progress: Progress, seed: int = 0
) -> tuple[InputGate, dict[str, int]]:
    """Fit the gate of a classifier to the training and validation films of a data folder.

    Parameters
    ----------
    classifier : Classifier
        The classifier.
    data : Path
        Data folder.
    index : pandas.DataFrame
        From `open_collections`.
    progress : callable
        Called with what is being read, how many films are done, and how many there are.
    seed : int
        Seed of the draw of films, and of the counterexamples.

    Returns
    -------
    InputGate
        The gate.
    dict of str to int
        How many films of each split it was fitted on.

    Raises
    ------
    DataSetError
        A film cannot be read.
    """
    drawn = films_for_gate(index, seed)

    def films_of(split: str) -> Iterator[SoundFilm]:
        rng = np.random.default_rng(seed)
        found = file_outputs(classifier, [data / path for path in drawn[split]["path"]])
        done = 0
        while batch := [_whole(outputs) for outputs in islice(found, BATCH)]:
            narrow = [_prepared(classifier, reshaped(film, rng)) for film, _ in batch]
            rows = classifier.outputs(np.stack([film.canonical for film in narrow])).features
            for shown, other, row in zip(batch, narrow, rows, strict=True):
                yield SoundFilm(*shown, other.square, row)
            done += len(batch)
            progress(f"{split_films(split)} for the input gate", done, len(drawn[split]))

    train = zip(films_of("train"), drawn["train"].groupby(["label", "source"], dropna=False).ngroup(), strict=True)
    gate = fit_gate(classifier.identity.sha256, train, films_of("val"), seed)
    return gate, {split: len(films) for split, films in drawn.items()}


def films_for_gate(index: pd.DataFrame, seed: int = 0) -> dict[str, pd.DataFrame]:
    """Draw the training and validation films that a gate is fitted on; of every collection, since the classifier learned from all."""
    drawn = {}
    for split in ("train", "val"):
        films = index[index["split"] == split]
        drawn[split] = films.sample(min(len(films), FITTED_FILMS), random_state=seed)
    return drawn


def _whole(found: FileOutputs) -> tuple[np.ndarray, np.ndarray]:
    if found.prepared is None or found.features is None:
        raise DataSetError(f"{found.path.name}: {found.error}") from found.error
    return found.prepared.square, found.features


def _prepared(classifier: Classifier, film: Film) -> Prepared:
    return prepare(film, classifier.identity.size, classifier.identity.crop)


@dataclass(frozen=True)
class JudgedFilms:
    """Films of a split: paths, near-duplicate groups, and what the gate said of each."""

    paths: Sequence[Path]
    groups: np.ndarray
    outcomes: Sequence[GateOutcome]


def gate_results(
    gate: InputGate,
    fitted_on: dict[str, int],
    classifier: Classifier,
    split: JudgedFilms,
    external: Sequence[GateExternal],
    progress: Progress,
) -> GateAudit:
    """Measure a gate.

    Parameters
    ----------
    gate : InputGate
        The gate of `classifier`.
    fitted_on : dict of str to int
        How many films of each split it was fitted on.
    classifier : Classifier
        Gives the features of the pictures that are no chest films.
    split : JudgedFilms
        The films to be reported on.
    external : sequence of GateExternal
        From `external_outcomes`.
    progress : callable
        As in `fit_to_data`.

    Returns
    -------
    GateAudit
    """
    others = _others(gate, classifier, progress)
    corrupted = _corrupted(gate, classifier, split, progress)
    return GateAudit(
        fitted_on=fitted_on,
        films=len(split.outcomes),
        read=_share(split.outcomes, split.groups, "read"),
        warned=_share(split.outcomes, split.groups, "warning"),
        refused=_share(split.outcomes, split.groups, "refused"),
        reasons=_reasons(split.outcomes),
        changed=_changed(gate, classifier.identity.size, split, progress),
        corruptions=[corrupted[name] for name in CORRUPTIONS],
        narrowed=corrupted[NARROWED],
        others=others,
        others_refused=sum(kind.refused for kind in others) / sum(kind.pictures for kind in others),
        packages=packages(),
        external=list(external),
    )


def external_outcomes(index: pd.DataFrame, outcomes: Sequence[GateOutcome]) -> list[GateExternal]:
    """List what the gate said of the films of other collections.

    Parameters
    ----------
    index : pandas.DataFrame
        From `cxr_core.evaluation.inputs.Collection`; `finding` and `view` are used where it has them.
    outcomes : sequence of GateOutcome
        One a row.
    """
    rows = []
    for number, outcome in enumerate(outcomes):
        told = {name: str(index[name].iloc[number]) if name in index else "" for name in ("finding", "view")}
        rows.append(GateExternal(row=int(index["table_row"].iloc[number]), outcome=outcome.outcome, codes=list(outcome.codes), **told))
    return rows


def _share(outcomes: Sequence[GateOutcome], groups: np.ndarray, *wanted: str) -> Interval:
    return share(np.array([outcome.outcome in wanted for outcome in outcomes]), groups)


def _reasons(outcomes: Sequence[GateOutcome]) -> dict[str, dict[str, int]]:
    """Count the films by outcome and by each reason of that weight."""
    counted: dict[str, Counter[str]] = {"warning": Counter(), "refused": Counter()}
    for outcome in outcomes:
        for finding in outcome.findings:
            if finding.severity == outcome.outcome:
                counted[outcome.outcome][finding.code] += 1
    return {name: dict(sorted(codes.items())) for name, codes in counted.items()}


def _changed(gate: InputGate, size: int, split: JudgedFilms, progress: Progress) -> list[GateChange]:
    drawn = np.random.default_rng(0).permutation(len(split.paths))[:CHANGED_FILMS]
    outcomes: dict[str, list[GateOutcome]] = {change: [] for change in CHANGES}

    def judged(row: int) -> list[GateOutcome]:
        pixels = decode_film(read_film_file(split.paths[row])).pixels
        shown = [np.ascontiguousarray(_turned(pixels, change)) for change in CHANGES]
        return [gate.judge_input(prepare(Film(picture, 8, "drawing"), size), None) for picture in shown]

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for done, found in enumerate(pool.map(judged, drawn), start=1):
            for change, outcome in zip(CHANGES, found, strict=True):
                outcomes[change].append(outcome)
            progress("films turned, inverted and mirrored", done, len(drawn))
    return [_change(CHANGES[change], found, split.groups[drawn]) for change, found in outcomes.items()]


def _turned(pixels: np.ndarray, change: str) -> np.ndarray:
    return pixels[:, ::-1] if change == MIRRORED else turned(pixels[..., np.newaxis], change)[..., 0]


def _corrupted(gate: InputGate, classifier: Classifier, split: JudgedFilms, progress: Progress) -> dict[str, GateChange]:
    """Judge corrupted films, and sound ones of other proportions, with the network's features; that takes a pass each, so of some films."""
    drawn = np.random.default_rng(0).permutation(len(split.paths))[:CORRUPTED_FILMS]
    ways: dict[str, Corruption] = {**CORRUPTIONS, NARROWED: narrowed}
    draws = {name: np.random.default_rng(0) for name in ways}
    judged: dict[str, list[GateOutcome]] = {name: [] for name in ways}
    for start in range(0, len(drawn), BATCH):
        films = [decode_film(read_film_file(split.paths[row])).pixels for row in drawn[start : start + BATCH]]
        for name, corrupt in ways.items():
            made = [Film(corrupt(pixels, draws[name]), bit_depth=8, format="drawing") for pixels in films]
            inputs = [_prepared(classifier, film) for film in made]
            rows = classifier.outputs(np.stack([film.canonical for film in inputs])).features
            judged[name] += [gate.judge_input(film, row) for film, row in zip(inputs, rows, strict=True)]
        progress("corrupted films", start + len(films), len(drawn))
    return {name: _change(name, outcomes, split.groups[drawn]) for name, outcomes in judged.items()}


def _change(name: str, judged: Sequence[GateOutcome], groups: np.ndarray) -> GateChange:
    caught = _share(judged, groups, "warning", "refused")
    return GateChange(change=name, films=len(judged), caught=caught, refused=_share(judged, groups, "refused"))


def judge_pictures(gate: InputGate, classifier: Classifier, pictures: Sequence[NonChest], progress: Progress) -> list[GateOutcome | None]:
    """Judge picture files; None stands for one that is refused before it comes to the gate, because it cannot be decoded as a film."""
    outcomes: list[GateOutcome | None] = []
    for start in range(0, len(pictures), BATCH):
        films: list[Film | None] = []
        for picture in pictures[start : start + BATCH]:
            try:
                films.append(decode_film(picture.data))
            except ImageError:
                films.append(None)
        inputs = [_prepared(classifier, film) for film in films if film is not None]
        outputs = classifier.outputs(np.stack([film.canonical for film in inputs])).features if inputs else ()
        rows = iter(zip(inputs, outputs, strict=True))
        for film in films:
            outcomes.append(None if film is None else gate.judge_input(*next(rows), findings_of_file(film)))
        progress("pictures that are no chest films", len(outcomes), len(pictures))
    return outcomes


def _others(gate: InputGate, classifier: Classifier, progress: Progress) -> list[GateOthers]:
    pictures = non_chest_pictures()
    outcomes = judge_pictures(gate, classifier, pictures, progress)
    kinds = []
    for kind in dict.fromkeys(picture.kind for picture in pictures):
        of_kind = [outcome for picture, outcome in zip(pictures, outcomes, strict=True) if picture.kind == kind]
        said = Counter("undecodable" if outcome is None else outcome.outcome for outcome in of_kind)
        kinds.append(
            GateOthers(
                kind=kind,
                pictures=len(of_kind),
                refused=said["refused"] + said["undecodable"],
                warned=said["warning"],
                undecodable=said["undecodable"],
            )
        )
    return kinds
