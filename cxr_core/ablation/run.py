"""Carrying a row out, and what is kept of it: a file a row."""

import datetime
import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import keras
import numpy as np

from cxr_core import __version__
from cxr_core.ablation.outside import Outside, outside_figures
from cxr_core.ablation.plan import ROWS, Budget, Row, films_of, recipe_of
from cxr_core.artifacts import STUDY_FOLDER, HelpsRow, InSetFigures, file_sha256, read_helps
from cxr_core.data import DataSet, canonical_films, class_codes, index_sha256
from cxr_core.evaluation import classification_results
from cxr_core.files import replace_file
from cxr_core.labels import CLASS_NAMES, COVID
from cxr_core.models import choose_device
from cxr_core.training import BEST_WEIGHTS, Progress, Recipe, RunError, load_trained, train

BATCH = 64
RESULTS = "results"
LIBRARIES = ("tensorflow", "keras", "numpy", "opencv-python-headless", "scikit-learn")


@dataclass(frozen=True)
class Workplace:
    """Where the work of a run of rows goes: the runs' folder, that of prepared films, and the command to be named in the rows."""

    out: Path
    cache: Path
    command: str


def run_row(
    row: Row,
    budget: Budget,
    data: DataSet,
    outside: Outside,
    work: Workplace,
    *,
    progress: Progress,
    announce: Callable[[str], None],
    callbacks: list[keras.callbacks.Callback],
) -> HelpsRow:
    """Train a row, going on where an earlier try stopped, and measure its best epoch in-set and elsewhere.

    The validation films choose the epoch.

    Parameters
    ----------
    row, budget
        What to do.
    data : DataSet
        Whose first collection's test split is measured on.
    outside : Outside
        The films from elsewhere.
    work : Workplace
        Where the work goes.
    progress, announce, callbacks
        As in `cxr_core.training.train`.

    Returns
    -------
    HelpsRow

    Raises
    ------
    RunError, DataSetError, ModelError
        As `train` does.
    """
    folder, films = work.out / row.name, films_of(row, budget, data)
    state = train(
        recipe_of(row, budget),
        films,
        data.root,
        folder,
        cache=work.cache,
        resume=True,
        progress=progress,
        announce=announce,
        callbacks=callbacks,
    )
    recipe, network = Recipe.load(folder), load_trained(folder)

    def predict(root: Path, paths: list[str]) -> np.ndarray:
        seen = canonical_films(root, paths, recipe.size, work.cache, announce=announce, crop=recipe.crop).films
        batches = (seen[start : start + BATCH, ..., np.newaxis].astype(np.float32) / 255 for start in range(0, len(seen), BATCH))
        return np.concatenate([network.predict_on_batch(batch) for batch in batches])

    names = list(dict.fromkeys(data.films["collection"]))
    trained_on = names if row.all_collections else names[:1]
    test = data.films[(data.films["split"] == "test") & (data.films["collection"] == names[0])]
    results = classification_results(class_codes(test), predict(data.root, list(test["path"])), test["group"].to_numpy())
    return HelpsRow(
        name=row.name,
        title=row.title.format(more=" + ".join(names[1:])),
        place=list(ROWS).index(row.key),
        against=None if row.against is None else ROWS[row.against].name,
        collections=trained_on,
        backbone=recipe.backbone,
        started_from=recipe.lineage(),
        size=recipe.size,
        epochs=state.epochs_done,
        epoch_films=budget.epoch_films,
        seed=recipe.seed,
        train_films=int((films["split"] == "train").sum()),
        seconds=sum(epoch["seconds"] for epoch in state.history),
        recipe=recipe.for_card(),
        history=state.history,
        in_set=InSetFigures(
            films=results.films,
            accuracy=results.accuracy,
            covid_recall=results.classes[CLASS_NAMES[COVID]].recall,
            macro_f1=results.macro.f1,
        ),
        outside=outside_figures(outside, predict),
        index_sha256=index_sha256(data.films),
        weights_sha256=file_sha256(folder / BEST_WEIGHTS),
        machine=f"{os.cpu_count()} cores, {choose_device()}",
        command=work.command,
        written=datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        libraries={"second-look": __version__, "python": platform.python_version()} | {name: version(name) for name in LIBRARIES},
    )


def rows_folder(out: Path, data_sha256: str) -> Path:
    """Choose where rows go: to those of this program where they are of the same data set, else into a folder of the runs.

    Parameters
    ----------
    out : Path
        The runs' folder.
    data_sha256 : str
        `index_sha256` of the data set.

    Returns
    -------
    Path

    Raises
    ------
    StudyDamagedError
        A row of this program cannot be read.
    """
    same = all(row.index_sha256 == data_sha256 for row in read_helps(STUDY_FOLDER))
    return STUDY_FOLDER if same else out / RESULTS


def check_rows(results: Path, budget: Budget, data_sha256: str, wanted: Sequence[Row]) -> list[Row]:
    """Tell which rows are still to be made, and refuse a folder with rows of another budget: they could not be compared.

    Parameters
    ----------
    results : Path
        The folder of rows; it need not be there.
    budget : Budget
        Of the rows to come.
    data_sha256 : str
        `index_sha256` of their data set.
    wanted : sequence of Row
        The rows that are asked for.

    Returns
    -------
    list of Row
        Those without a file.

    Raises
    ------
    RunError
        A row there has another budget or data set.
    StudyDamagedError
        A row there cannot be read.
    """
    start = file_sha256(Path(budget.init)) if Path(budget.init).is_file() else None
    there = read_helps(results)
    for row in there:
        theirs = (row.index_sha256, row.backbone, row.size, row.epochs, row.epoch_films, row.seed, row.recipe.get("init_sha256"))
        ours = (data_sha256, budget.backbone, budget.size, budget.epochs, budget.epoch_films, budget.seed, start)
        if theirs != ours or (start is None and row.recipe.get("init") != budget.init):
            raise RunError(
                f"{results} holds the row {row.name} of another budget, start or data set, which could not be compared. "
                "Give the same options, remove it, or name a folder with --results."
            )
    made = {row.name for row in there}
    return [row for row in wanted if row.name not in made]


def write_row(row: HelpsRow, results: Path) -> Path:
    """Write a row to its file, whole or not at all, and return the file's path."""
    results.mkdir(parents=True, exist_ok=True)
    path = results / f"{row.name}.json"
    replace_file(path, lambda partial: partial.write_text(row.model_dump_json(indent=1) + "\n"))
    return path
