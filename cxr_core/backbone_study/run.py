"""Carrying a plan out, and what is kept of it: one file a row, with everything that the tables and plots show."""

import datetime
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import numpy as np
import pandas as pd

from cxr_core.artifacts import SHIPPED_RUN, STUDY_FOLDER, ModelCard, StudyRun, file_sha256, read_reads, read_study
from cxr_core.backbone_study.plan import Plan
from cxr_core.data import canonical_films, class_codes, index_sha256
from cxr_core.evaluation import classification_results
from cxr_core.files import replace_file
from cxr_core.labels import CLASS_NAMES
from cxr_core.models import choose_device
from cxr_core.training import BEST_WEIGHTS, Progress, Recipe, RunError, load_trained, train

BATCH = 64
RESULTS = "results"


def run_plan(
    plan: Plan,
    index: pd.DataFrame,
    data: Path,
    out: Path,
    *,
    cache: Path,
    command: str,
    progress: Progress,
    announce: Callable[[str], None],
    callbacks: list[keras.callbacks.Callback],
) -> StudyRun:
    """Train by a plan, going on where an earlier try stopped, and measure the best epoch on the test films.

    The validation films choose the epoch.

    Parameters
    ----------
    plan : Plan
        What to do.
    index : pandas.DataFrame
        From `open_collections`.
    data, out, cache : Path
        The data folder; the study's folder, in which the plan has one of its own; where films and features are kept.
    command : str
        The command to be named in the row.
    progress, announce, callbacks
        As in `cxr_core.training.fit.train`.

    Returns
    -------
    StudyRun

    Raises
    ------
    RunError, DataSetError, ModelError
        As `train` does.
    """
    folder = out / plan.name
    state = train(plan.recipe, index, data, folder, cache=cache, resume=True, progress=progress, announce=announce, callbacks=callbacks)
    recipe = Recipe.load(folder)
    chosen = index[index["split"] == "test"]
    films = canonical_films(data, list(chosen["path"]), recipe.size, cache, announce=announce, crop=recipe.crop).films
    network = load_trained(folder)
    probabilities = np.concatenate(
        [
            network.predict_on_batch(films[start : start + BATCH, ..., np.newaxis].astype(np.float32) / 255)
            for start in range(0, len(films), BATCH)
        ]
    )
    y_true, groups = class_codes(chosen), chosen["group"].to_numpy()
    trained_on = int((index["split"] == "train").sum())
    return StudyRun(
        name=plan.name,
        title=f"{recipe.backbone}, {recipe.lineage()}; {plan.method}",
        backbone=recipe.backbone,
        started_from=recipe.lineage(),
        size=recipe.size,
        trainable_layers=recipe.trainable_layers,
        epochs=state.epochs_done,
        seconds=sum(row["seconds"] for row in state.history),
        films_seen=_films_seen(state.epochs_done, trained_on, recipe.batch_size),
        seed=recipe.seed,
        recipe=recipe.for_card(),
        history=state.history,
        results=classification_results(y_true, probabilities, groups),
        top_class=probabilities.argmax(1).tolist(),
        y_true=y_true.tolist(),
        groups=[str(group) for group in groups],
        index_sha256=index_sha256(index),
        weights_sha256=file_sha256(folder / BEST_WEIGHTS),
        machine=f"{os.cpu_count()} cores, {choose_device()}",
        command=command,
        written=_now(),
    )


def shipped_row(folder: Path, card: ModelCard, command: str) -> StudyRun:
    """Make the row of a shipped classifier from its card and the films behind it; nothing is trained or read again.

    Parameters
    ----------
    folder : Path
        The model folder.
    card : ModelCard
        Its card.
    command : str
        The command to be named in the row.

    Returns
    -------
    StudyRun
        Its budget is that of the last stage of its training alone; `started_from` tells of those before.

    Raises
    ------
    ModelError
        The films behind the card are missing or damaged.
    """
    reads = read_reads(folder, card)
    recipe, history = card.training.recipe, card.training.history
    trained_on = sum(card.data.counts["train"].values())
    return StudyRun(
        name=SHIPPED_RUN,
        title=f"{card.model.version}, the shipped classifier; started from {card.training.started_from}",
        backbone=card.model.backbone,
        started_from=card.training.started_from,
        size=card.model.size,
        trainable_layers=recipe["trainable_layers"],
        epochs=len(history),
        seconds=sum(row["seconds"] for row in history) if all("seconds" in row for row in history) else None,
        films_seen=_films_seen(len(history), int(recipe.get("epoch_films") or trained_on), int(recipe["batch_size"])),
        seed=int(recipe["seed"]),
        recipe=recipe,
        history=history,
        results=card.results,
        top_class=reads[list(CLASS_NAMES)].to_numpy().argmax(1).tolist(),
        y_true=reads["label"].map(CLASS_NAMES.index).tolist(),
        groups=reads["group"].tolist(),
        index_sha256=card.data.index_sha256,
        weights_sha256=card.model.sha256,
        machine="a machine that was not noted",
        command=command,
        written=_now(),
    )


def results_folder(out: Path, data_sha256: str) -> Path:
    """Choose where the rows of a study go: to those of this program where they are of the same data set, else into the study's folder.

    Parameters
    ----------
    out : Path
        The study's folder.
    data_sha256 : str
        `index_sha256` of its data set.

    Returns
    -------
    Path

    Raises
    ------
    StudyDamagedError
        A row of this program cannot be read.
    """
    same = all(row.index_sha256 == data_sha256 for row in read_study(STUDY_FOLDER))
    return STUDY_FOLDER if same else out / RESULTS


def check_results(results: Path, data_sha256: str) -> None:
    """Refuse a folder of results that holds rows of another data set: they could not be compared with those to come.

    The row of the shipped classifier is let be: what it was trained on is its own affair.

    Parameters
    ----------
    results : Path
        The folder; it need not be there.
    data_sha256 : str
        `index_sha256` of the data set of the rows to come.

    Raises
    ------
    RunError
        It does.
    StudyDamagedError
        A row in it cannot be read.
    """
    _refuse(results, [row for row in read_study(results) if row.index_sha256 != data_sha256 and row.name != SHIPPED_RUN])


def check_same_films(results: Path, row: StudyRun) -> None:
    """Refuse a folder of results that were measured on other test films than a row that is about to join them.

    Raises
    ------
    RunError
        They were.
    StudyDamagedError
        A row in it cannot be read.
    """
    _refuse(results, [other for other in read_study(results) if other.name != row.name and other.measured_on != row.measured_on])


def _refuse(results: Path, others: Sequence[StudyRun]) -> None:
    if others:
        raise RunError(f"{results} holds results on another data set ({others[0].label}). Name a folder for these with --results.")


def write_row(row: StudyRun, results: Path) -> Path:
    """Write a row to its file in the folder of results, whole or not at all, and return the file's path."""
    results.mkdir(parents=True, exist_ok=True)
    path = results / f"{row.name}.json"
    replace_file(path, lambda partial: partial.write_text(row.model_dump_json(indent=1) + "\n"))
    return path


def _films_seen(epochs: int, films: int, batch_size: int) -> int:
    """Count films in whole batches, as an epoch leaves the rest out; fewer than a batch are all taken."""
    return epochs * min(films, max(1, films // batch_size) * batch_size)


def _now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
