"""Measure a classifier on a data folder and write its model card."""

import datetime
import platform
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cxr_core import __version__
from cxr_core.batch import FileRead, load_films, read_files
from cxr_core.card import (
    DataSummary,
    Doubt,
    ModelCard,
    PairedCopies,
    ReadsFile,
    Results,
    Rule,
    SaliencyResult,
    Training,
    reads_csv,
    reads_sha256,
)
from cxr_core.doubt import VIEWS, calibrated, fit_doubt
from cxr_core.evaluation.audits import mask_audits, results_by_copy
from cxr_core.evaluation.curves import class_curves, reliability
from cxr_core.evaluation.doubt import doubt_result
from cxr_core.evaluation.gate import JudgedFilms, external_outcomes, fit_to_data, gate_results
from cxr_core.evaluation.lung_check import check_lung_fields
from cxr_core.evaluation.metrics import classification_results
from cxr_core.evaluation.resampling import BOOTSTRAP, share
from cxr_core.evaluation.saliency_checks import check_saliency, draw_films
from cxr_core.evaluation.shipping import Evaluation
from cxr_core.evaluation.stability import one_view, stability_result
from cxr_core.evaluation.statements import data_set_name, statements
from cxr_core.evaluation.subtasks import subtask_results
from cxr_core.gate import GateOutcome, InputGate
from cxr_core.labels import CLASS_NAMES
from cxr_core.models import Classifier
from cxr_core.training.errors import DataSetError
from cxr_core.training.index import SPLITS, class_codes, index_sha256, read_index, read_table

LIBRARIES = ("tensorflow", "keras", "numpy", "opencv-python-headless", "scikit-learn", "pillow")

EXTERNAL = "external films"

Progress = Callable[[str, int, int], None]
"""Called with what is being read, how many films are done, and how many there are."""


def evaluate(
    folder: Path, data: Path, split: str, training: Training, command: str, progress: Progress, rule: Rule = "sensitivity"
) -> Evaluation:
    """Measure the weights in a model folder and describe them in a card.

    Their doubt is fitted on val first, whatever the folder holds of it; every figure is of the calibrated probabilities.

    Parameters
    ----------
    folder : Path
        Holds the weights file and a card that names its hash.
    data : Path
        Data folder; `paired_copies.csv` and `external.csv` are used where they are in it.
    split : {"train", "val", "test"}
        Which films the results are of.
    training : Training
        How the weights came to be.
    command : str
        The command to be named in the card.
    progress : callable
        See `Progress`.
    rule : {"sensitivity", "youden"}
        How the operating point is chosen.

    Returns
    -------
    Evaluation

    Raises
    ------
    DataSetError
        The split or val is unknown or empty, a film cannot be read, or the classifier was trained on other data.
    DoubtFitError
        val has no films of COVID, or no others.
    ModelError
        The weights cannot be loaded.
    """
    if split not in SPLITS:
        raise DataSetError(f"There is no split {split!r}. Choose one of {', '.join(SPLITS)}.")
    index = read_index(data, progress=partial(progress, "films for near-duplicates"))
    check_data(training.recipe, index)
    chosen = _films_of(index, split)
    classifier = Classifier.load_unfitted(folder)
    doubt = fit_on_val(classifier, data, index, progress, rule)
    y_true, groups = class_codes(chosen), chosen["group"].to_numpy()
    digest = index_sha256(index)
    gate, fitted_on = fit_to_data(classifier, data, index, progress)
    judged: dict[str, list[GateOutcome]] = {}

    def probabilities(paths: pd.Series, what: str, change: Callable[[np.ndarray], np.ndarray] | None = None) -> np.ndarray:
        reads = list(_reads(classifier, data, paths, what, progress, change, gate if change is None else None))
        judged[what] = [read.gate for read in reads if read.gate is not None]
        return calibrated(np.array([read.logits for read in reads]), doubt.temperature)

    on_chosen = list(_reads(classifier, data, chosen["path"], f"{split} split", progress, gate=gate))
    logits = np.array([read.logits for read in on_chosen])
    on_split = calibrated(logits, doubt.temperature)
    reads = reads_csv(chosen["label"].to_numpy(), groups, on_split)
    paired, external = _paired(data, chosen, on_split, probabilities), _external(data, probabilities)
    views = [probabilities(chosen["path"], f"changed view {number + 1}", partial(one_view, number=number)) for number in range(VIEWS)]
    top = on_split.argmax(1)
    films = JudgedFilms([data / path for path in chosen["path"]], groups, [read.gate for read in on_chosen if read.gate is not None])
    others = external_outcomes(_external_index(data), judged[EXTERNAL]) if external is not None else []
    card = ModelCard(
        model=classifier.identity,
        written=datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        command=command,
        libraries={"second-look": __version__, "python": platform.python_version()} | {name: version(name) for name in LIBRARIES},
        data=_summary(index, split, digest),
        training=training,
        results=classification_results(y_true, on_split, groups),
        bootstrap=BOOTSTRAP,
        curves=class_curves(y_true, on_split),
        reliability=reliability(top == y_true, on_split.max(1)),
        subtasks=subtask_results(y_true, on_split, groups),
        reads=ReadsFile(file=f"{split}_reads.csv", sha256=reads_sha256(reads)),
        audits=mask_audits(y_true, on_split, groups, lambda mask: probabilities(chosen["path"], mask.name.lower(), mask)),
        copies=results_by_copy(y_true, on_split, groups, chosen["copy"].fillna("not named").to_numpy()) if "copy" in chosen else {},
        paired_copies=paired,
        external=external,
        doubt=doubt_result(doubt, logits, y_true, groups, split),
        stability=stability_result(y_true, on_split, views, groups),
        gate=gate_results(gate, fitted_on, classifier, films, others, progress),
        statements=statements(digest, paired=paired is not None, external=external is not None),
        saliency=_saliency(classifier, data, chosen, partial(progress, "saliency checks")),
    )
    return Evaluation(card, reads, doubt, gate)


def fit_on_val(classifier: Classifier, data: Path, index: pd.DataFrame, progress: Progress, rule: Rule = "sensitivity") -> Doubt:
    """Fit the doubt of a classifier on the val films of a data set.

    Parameters
    ----------
    classifier : Classifier
        From `Classifier.load_unfitted`.
    data, progress, rule
        As in `evaluate`.
    index : pandas.DataFrame
        From `read_index`.

    Returns
    -------
    Doubt
        Not yet written.

    Raises
    ------
    DataSetError, DoubtFitError
        As in `evaluate`.
    """
    films = _films_of(index, "val")
    reads = _reads(classifier, data, films["path"], "val split, for its doubt", progress)
    return fit_doubt(np.array([read.logits for read in reads]), class_codes(films), classifier.identity.sha256, rule)


def check_data(recipe: dict[str, Any], index: pd.DataFrame) -> None:
    """Refuse to measure a classifier on other data than it was trained on: its test split may hold films of the train split.

    Raises
    ------
    DataSetError
        The recipe names another data set or split.
    """
    trained_on = recipe.get("data_sha256")
    if trained_on not in (None, index_sha256(index)):
        raise DataSetError(
            "The classifier was trained on another data set or another split of it, so films that it was trained on may be among those "
            "to be measured. Name the data folder of its training."
        )


def _films_of(index: pd.DataFrame, split: str) -> pd.DataFrame:
    films = index[index["split"] == split].reset_index(drop=True)
    if films.empty:
        raise DataSetError(f"The data set has no films in its {split} split.")
    return films


def _reads(
    classifier: Classifier,
    data: Path,
    paths: pd.Series,
    what: str,
    progress: Progress,
    change: Callable[[np.ndarray], np.ndarray] | None = None,
    gate: InputGate | None = None,
) -> Iterator[FileRead]:
    for done, read in enumerate(read_files(classifier, [data / path for path in paths], change, gate), start=1):
        if read.error is not None:
            raise DataSetError(f"{read.path.name}: {read.error}") from read.error
        yield read
        progress(what, done, len(paths))


def _summary(index: pd.DataFrame, split: str, digest: str) -> DataSummary:
    counts = index.groupby(["split", "label"]).size()
    return DataSummary(
        name=data_set_name(digest),
        split=split,
        counts={part: {name: int(counts.get((part, name), 0)) for name in CLASS_NAMES} for part in SPLITS},
        near_duplicate_groups=int(index["group"].nunique()),
        index_sha256=digest,
    )


def _saliency(classifier: Classifier, data: Path, chosen: pd.DataFrame, count: Callable[[int, int], None]) -> SaliencyResult:
    """Check the saliency maps on films drawn from the split, and the lung fields on those that were outlined by hand."""

    def load(paths: list[Path]) -> np.ndarray:
        return load_films(paths, classifier.identity.size)

    drawn = chosen.iloc[draw_films(class_codes(chosen))]
    films = load([data / path for path in drawn["path"]])
    return check_saliency(classifier, films, class_codes(drawn), drawn["group"].to_numpy(), check_lung_fields(data, load), count)


def _paired(
    data: Path, chosen: pd.DataFrame, on_split: np.ndarray, probabilities: Callable[[pd.Series, str], np.ndarray]
) -> PairedCopies | None:
    """Compare each film of the split with its twin from the other public copy, where the data folder has twins."""
    if not (data / "paired_copies.csv").is_file():
        return None
    pairs = read_table(data / "paired_copies.csv", ("path", "twin"))[["path", "twin"]].merge(
        chosen.reset_index(names="row")[["path", "row", "group"]].rename(columns={"path": "twin"}), on="twin"
    )
    if pairs.empty:
        return None
    first, second = on_split[pairs["row"]], probabilities(pairs["path"], "paired copies")
    return PairedCopies(
        films=len(pairs),
        agreement=share(first.argmax(1) == second.argmax(1), pairs["group"].to_numpy()),
        mean_probability_change=float(np.abs(first - second).sum(1).mean() / 2),
    )


def _external(data: Path, probabilities: Callable[[pd.Series, str], np.ndarray]) -> Results | None:
    """Results on films of other collections; films of one patient are resampled together."""
    if not (data / "external.csv").is_file():
        return None
    index = _external_index(data)
    patients = index.get("patient", index["path"]).fillna(index["path"]).to_numpy()
    return classification_results(class_codes(index), probabilities(index["path"], EXTERNAL), patients)


def _external_index(data: Path) -> pd.DataFrame:
    return read_table(data / "external.csv", ("path", "label"))
