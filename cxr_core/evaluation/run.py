"""Measure a classifier on a data folder and write its model card."""

import datetime
import platform
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cxr_core import __version__
from cxr_core.artifacts import (
    DataSummary,
    ModelCard,
    PairedCopies,
    ReadsFile,
    Rule,
    SaliencyResult,
    Training,
    reads_csv,
    reads_sha256,
)
from cxr_core.calibration import TTA_VIEWS, calibrated, fit_calibration
from cxr_core.data import SPLITS, DataSet, DataSetError, class_codes, index_sha256
from cxr_core.evaluation.audits import MASKS, mask_audits, results_by_copy
from cxr_core.evaluation.calibration import calibration_result
from cxr_core.evaluation.companion import best_average
from cxr_core.evaluation.curves import class_curves, reliability
from cxr_core.evaluation.elsewhere import elsewhere_part
from cxr_core.evaluation.gate import JudgedFilms, external_outcomes, films_for_gate, fit_to_data, gate_results
from cxr_core.evaluation.inputs import Inputs, gather, look_at
from cxr_core.evaluation.metrics import classification_results
from cxr_core.evaluation.outputs import Outputs, View, run_films
from cxr_core.evaluation.pointing import pointing_result
from cxr_core.evaluation.read_films import UNKNOWN, ReadFilms
from cxr_core.evaluation.saliency_checks import check_saliency, draw_films
from cxr_core.evaluation.shipping import Evaluation
from cxr_core.evaluation.stability import one_view, stability_result
from cxr_core.evaluation.statements import data_set_name, statements
from cxr_core.evaluation.subtasks import subtask_results
from cxr_core.labels import CLASS_NAMES, split_films
from cxr_core.models import Classifier
from cxr_core.reading import load_films
from cxr_core.stats import BOOTSTRAP, share

LIBRARIES = ("tensorflow", "keras", "numpy", "opencv-python-headless", "scikit-learn", "pillow")

EXTERNAL = "external"
"""The collection whose films are also listed one by one."""

Progress = Callable[[str, int, int], None]
"""Called with what is being read, how many films are done, and how many there are."""


def evaluate(
    folder: Path,
    data_set: DataSet,
    split: str,
    training: Training,
    command: str,
    progress: Progress,
    rule: Rule = "sensitivity",
) -> Evaluation:
    """Measure the weights in a model folder and describe them in a card.

    Everything to be read is looked at before anything is fitted. How two networks are averaged, and the calibration, are fitted on the
    validation films, whatever the folder holds of them; every figure is of the calibrated probabilities.

    Parameters
    ----------
    folder : Path
        Holds the weights file and a card that names its hash.
    data_set : DataSet
        The films. The results are of its first collection. Used where they lie beside one of them: `paired_copies.csv`, `masks.csv`, and
        the tables of `cxr_core.evaluation.inputs.KNOWN_COLLECTIONS`.
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
        The split is unknown, it or the validation films are empty, a table or a film cannot be used, or the classifier was trained on
        other data.
    CalibrationFitError
        The validation films hold none of COVID, or no others.
    ModelError
        The weights cannot be loaded.
    """
    check_data(training.recipe, data_set.films)
    inputs = gather(data_set, split)
    look_at(inputs, [path for films in films_for_gate(inputs.index).values() for path in films["path"]], progress)
    digest, chosen = index_sha256(inputs.index), inputs.chosen
    classifier = Classifier.load_unfitted(folder)
    val = run_films(classifier, [inputs.root / path for path in inputs.val["path"]], "validation films, for the calibration", progress)
    known = class_codes(inputs.val)
    if classifier.identity.companion is not None:
        classifier.average_by(*best_average(val.alone, known))
    calibration = fit_calibration(classifier.averaged(val.alone), known, classifier.identity.sha256, rule)
    gate, fitted_on = fit_to_data(classifier, inputs.root, inputs.index, progress)

    def run(films: pd.DataFrame, what: str, views: Sequence[View] = ()) -> Outputs:
        return run_films(classifier, [inputs.root / path for path in films["path"]], what, progress, gate, views)

    def probabilities(logits: np.ndarray) -> np.ndarray:
        return calibrated(logits, calibration.temperature)

    tta = [partial(one_view, number=number) for number in range(TTA_VIEWS)]
    found = run(chosen, f"{split_films(split)}, their test-time augmentations and audits", [*tta, *(mask.blank for mask in MASKS)])
    own = _measured(chosen, found, probabilities(found.logits))
    collections = []
    for collection in inputs.collections:
        of_it = run(collection.films, f"{collection.name} films")
        collections.append((collection, _measured(collection.films, of_it, probabilities(of_it.logits))))
    external = next(((one.films, films) for one, films in collections if one.name == EXTERNAL), None)
    others = [] if external is None else external_outcomes(external[0], external[1].outcomes)
    of_views = [probabilities(logits) for logits in found.views]
    masked = dict(zip(MASKS, of_views[TTA_VIEWS:], strict=True))
    y_true, groups, on_split = own.y_true, own.groups, own.probabilities
    reads = reads_csv(chosen["label"].to_numpy(), groups, on_split)
    paired = None
    if inputs.paired is not None:
        paired = _paired(inputs.paired["row"].to_numpy(), own, probabilities(run(inputs.paired, "paired copies").logits))
    judged = JudgedFilms([inputs.root / path for path in chosen["path"]], groups, found.outcomes)
    pointing = pointing_result(classifier, inputs, own.top, partial(progress, "films for the pointing game"))
    card = ModelCard(
        model=classifier.identity,
        written=datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        command=command,
        libraries={"second-look": __version__, "python": platform.python_version()} | {name: version(name) for name in LIBRARIES},
        data=_summary(data_set, split, digest),
        training=training,
        elsewhere=elsewhere_part(own, chosen["source"].to_numpy(), collections, gate, pointing, classifier.identity.networks),
        results=classification_results(y_true, on_split, groups),
        bootstrap=BOOTSTRAP,
        curves=class_curves(y_true, on_split),
        reliability=reliability(own.top == y_true, on_split.max(1)),
        subtasks=subtask_results(y_true, on_split, groups),
        reads=ReadsFile(file=f"{split}_reads.csv", sha256=reads_sha256(reads)),
        audits=mask_audits(y_true, on_split, groups, masked.__getitem__),
        copies=results_by_copy(y_true, on_split, groups, chosen["copy"].replace("", "not named").to_numpy()) if "copy" in chosen else {},
        paired_copies=paired,
        external=None if external is None else classification_results(external[1].y_true, external[1].probabilities, external[1].groups),
        calibration=calibration_result(calibration, found.logits, y_true, groups, split),
        stability=stability_result(y_true, on_split, of_views[:TTA_VIEWS], groups),
        gate=gate_results(gate, fitted_on, classifier, judged, others, progress),
        statements=statements(digest, paired=paired is not None, external=external is not None),
        saliency=_saliency(classifier, inputs, partial(progress, "saliency checks")),
    )
    return Evaluation(card, reads, calibration, gate)


def check_data(recipe: dict[str, Any], index: pd.DataFrame) -> None:
    """Refuse to measure a classifier on other data than it was trained on: it may have learned from the test films.

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


def _measured(films: pd.DataFrame, found: Outputs, probabilities: np.ndarray) -> ReadFilms:
    codes = {name: code for code, name in enumerate(CLASS_NAMES)}
    return ReadFilms(
        np.array([codes.get(label, UNKNOWN) for label in films["label"]]),
        probabilities,
        found.features,
        found.alone,
        films["group"].to_numpy(),
        found.outcomes,
    )


def _summary(data_set: DataSet, split: str, digest: str) -> DataSummary:
    index = data_set.films
    counts = index.groupby(["split", "label"]).size()
    return DataSummary(
        name=data_set_name(digest),
        split=split,
        counts={part: {name: int(counts.get((part, name), 0)) for name in CLASS_NAMES} for part in SPLITS},
        near_duplicate_groups=int(index["group"].nunique()),
        index_sha256=digest,
        broken=data_set.broken,
        trained_and_tested=data_set.trained_and_tested,
    )


def _saliency(classifier: Classifier, inputs: Inputs, count: Callable[[int, int], None]) -> SaliencyResult:
    """Check the saliency maps on films drawn from the split."""
    drawn = inputs.chosen.iloc[draw_films(class_codes(inputs.chosen))]
    films = load_films([inputs.root / path for path in drawn["path"]], classifier.identity.size, classifier.identity.crop)
    return check_saliency(classifier, films, class_codes(drawn), drawn["group"].to_numpy(), count)


def _paired(rows: np.ndarray, own: ReadFilms, second: np.ndarray) -> PairedCopies:
    """Compare films of the split with their twins from the other public copy, whose probabilities are `second`."""
    first = own.probabilities[rows]
    return PairedCopies(
        films=len(rows),
        agreement=share(first.argmax(1) == second.argmax(1), own.groups[rows]),
        mean_probability_change=float(np.abs(first - second).sum(1).mean() / 2),
    )
