"""A model card round-trips, and a card of another shape is refused."""

import copy
import json

import pytest
from pydantic import ValidationError

from cxr_core.artifacts import CARD_FILE, ModelCard, WeightsDamagedError, WeightsMissingError, read_card, read_identity
from cxr_core.labels import CLASS_NAMES
from cxr_core.stats import Interval

INTERVAL = {"value": 0.9, "low": 0.85, "high": 0.94}
AVERAGES = {"precision": INTERVAL, "recall": INTERVAL, "f1": INTERVAL}
RESULTS = {
    "films": 40,
    "accuracy": INTERVAL,
    "classes": {
        name: {**AVERAGES, "specificity": INTERVAL, "roc_auc": INTERVAL, "average_precision": INTERVAL, "support": 10}
        for name in CLASS_NAMES
    },
    "macro": AVERAGES,
    "weighted": AVERAGES,
    "confusion": [[9, 1, 0, 0], [1, 9, 0, 0], [0, 0, 10, 0], [0, 1, 1, 8]],
    "expected_calibration_error": 0.03,
    "calibration_bins": 15,
}
CARD = {
    "model": {
        "backbone": "DenseNet121",
        "size": 224,
        "classes": list(CLASS_NAMES),
        "weights_file": "classifier.weights.h5",
        "sha256": "ab" * 32,
        "parameters": 7_300_000,
    },
    "written": "2025-01-01T00:00:00Z",
    "command": "evaluate",
    "libraries": {"numpy": "2.0"},
    "data": {
        "name": "films",
        "split": "test",
        "counts": {"test": dict.fromkeys(CLASS_NAMES, 10)},
        "near_duplicate_groups": 38,
        "index_sha256": "cd",
    },
    "training": {"recipe": {"rate": 1e-4}, "started_from": "ImageNet", "history": [{"epoch": 1.0, "loss": 0.7}]},
    "results": RESULTS,
    "bootstrap": "95% percentile intervals",
    "curves": {
        "COVID": {
            "roc": {"x": [0.0, 0.5, 1.0], "y": [0.0, 0.9, 1.0], "threshold": [None, 0.5, 0.1]},
            "precision_recall": {"x": [0.0, 1.0], "y": [1.0, 0.25], "threshold": [None, 0.1]},
        }
    },
    "reliability": [{"low": 0.8, "high": 0.9, "films": 40, "confidence": 0.85, "accuracy": 0.9}],
    "subtasks": [{"classes": ["COVID", "Normal"], "films": 20, "accuracy": INTERVAL}],
    "reads": {"file": "test_reads.csv", "sha256": "ef" * 32},
    "audits": [
        {
            "name": "Border only",
            "kept": "the outer 10%",
            "films": 40,
            "accuracy": INTERVAL,
            "chance_accuracy": 0.25,
            "macro_recall": INTERVAL,
            "chance_macro_recall": 0.25,
            "agreement": INTERVAL,
        }
    ],
    "copies": {"copy-a": {"films": 40, "accuracy": INTERVAL, "recall": {"COVID": INTERVAL}}},
    "paired_copies": {"films": 20, "agreement": INTERVAL, "mean_probability_change": 0.02},
    "external": RESULTS,
    "calibration": {
        "note": "Fitted on val.",
        "temperature": 1.2,
        "expected_calibration_error_before": 0.05,
        "reliability_before": [],
        "aimed_coverage": 0.9,
        "coverage": INTERVAL,
        "class_coverage": {"COVID": INTERVAL},
        "mean_set_size": 1.1,
        "set_sizes": [0.0, 0.9, 0.1, 0.0, 0.0],
        "rule": "sensitivity",
        "threshold": 0.3,
        "sensitivity": INTERVAL,
        "specificity": INTERVAL,
    },
    "statements": {"intended_use": ["teaching"], "not_for": ["diagnosis"], "limits": ["small"], "licence": "Apache-2.0"},
}


def changed(path, value):
    """The card with one entry, named by its path, set to a value."""
    card = copy.deepcopy(CARD)
    part = card
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return card


def without(path):
    card = copy.deepcopy(CARD)
    part = card
    for key in path[:-1]:
        part = part[key]
    del part[path[-1]]
    return card


def written(folder, card):
    (folder / CARD_FILE).write_text(json.dumps(card))
    return folder


def test_card_round_trips(tmp_path):
    card = read_card(written(tmp_path, CARD))
    model = {"crop": "lungs", "dilated": False, "companion": None} | CARD["model"]  # what older cards do not say of it
    training = {"companion": None} | CARD["training"]
    absent = dict.fromkeys(("elsewhere", "gate", "saliency", "stability"))
    data = {"broken": 0, "trained_and_tested": 0} | CARD["data"]
    assert json.loads(card.model_dump_json()) == absent | CARD | {"model": model, "training": training, "data": data}
    again = tmp_path / "again"
    again.mkdir()
    (again / CARD_FILE).write_text(card.model_dump_json(indent=2))
    assert read_card(again) == card


def test_card_and_identity_agree(tmp_path):
    written(tmp_path, CARD)
    assert read_card(tmp_path).model == read_identity(tmp_path)


def test_unmeasured_parts_may_be_none(tmp_path):
    card = read_card(written(tmp_path, CARD | {"paired_copies": None, "external": None}))
    assert card.paired_copies is None
    assert card.external is None


def test_card_of_an_evaluation_that_fitted_no_calibration_has_none(tmp_path):
    assert read_card(written(tmp_path, without(("calibration",)))).calibration is None


def test_class_without_films_has_no_values(tmp_path):
    nothing = {"value": None, "low": None, "high": None}
    figures = ("precision", "recall", "specificity", "f1", "roc_auc", "average_precision")
    absent = {**dict.fromkeys(figures, nothing), "support": 0}
    results = copy.deepcopy(RESULTS) | {"films": 30, "confusion": [[9, 1, 0, 0], [1, 9, 0, 0], [0, 0, 0, 0], [0, 1, 1, 8]]}
    results["classes"]["Normal"] = absent
    card = read_card(written(tmp_path, CARD | {"results": results}))
    assert card.results.classes["Normal"].recall == Interval(value=None)


@pytest.mark.parametrize("field", [name for name in CARD if name not in ("model", "calibration")])
def test_missing_part_is_refused(tmp_path, field):
    with pytest.raises(WeightsDamagedError, match="not written by this version"):
        read_card(written(tmp_path, without((field,))))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("surprise",), 1),
        (("results", "surprise"), 1),
        (("results", "films"), 0),
        (("results", "films"), 2.5),
        (("results", "accuracy", "value"), 1.2),
        (("results", "accuracy", "value"), float("nan")),
        (("results", "accuracy", "low"), -0.1),
        (("results", "accuracy"), 0.9),
        (("results", "classes", "COVID", "support"), -1),
        (("results", "classes", "COVID", "roc_auc"), None),
        (("results", "classes", "COVID", "roc_auc", "value"), 1.01),
        (("results", "classes", "COVID", "support"), 9),
        (("curves", "Flu"), CARD["curves"]["COVID"]),
        (("curves", "COVID", "roc", "threshold"), ["high"]),
        (("subtasks", 0, "classes"), ["COVID", "Flu"]),
        (("copies", "copy-a", "recall"), {"Flu": INTERVAL}),
        (("calibration", "class_coverage"), {"Flu": INTERVAL}),
        (("data", "counts"), {"test": {"Flu": 10}}),
        (("reliability", 0, "films"), 0),
        (("audits", 0, "chance_accuracy"), 2),
        (("reads", "file"), "../reads.csv"),
        (("results", "confusion"), [["many"]]),
        (("results", "confusion"), [[10, 0, 0], [0, 20, 0], [0, 0, 10]]),
        (("results", "films"), 41),
        (("results", "classes"), {}),
        (("results", "accuracy", "low"), None),
        (("results", "accuracy"), {"value": 0.9, "low": 0.95, "high": 0.85}),
        (("curves", "COVID", "roc", "x"), [0.5]),
        (("results", "expected_calibration_error"), -0.01),
        (("results", "calibration_bins"), 0),
        (("paired_copies", "mean_probability_change"), 1.5),
        (("external", "macro"), None),
        (("data", "counts"), {"test": {"COVID": "ten"}}),
        (("training", "history"), [{"loss": None}]),
        (("statements", "limits"), "one"),
        (("written",), None),
    ],
    ids=repr,
)
def test_wrong_part_is_refused(tmp_path, path, value):
    with pytest.raises(WeightsDamagedError, match="not written by this version") as refusal:
        read_card(written(tmp_path, changed(path, value)))
    message = str(refusal.value)
    assert "\n" not in message
    assert message.endswith(".")
    assert str(tmp_path) in message


@pytest.mark.parametrize("path", [("results", "accuracy", "value"), ("results", "classes", "COVID", "f1"), ("statements", "licence")])
def test_missing_figure_is_refused(tmp_path, path):
    with pytest.raises(WeightsDamagedError, match="not written by this version"):
        read_card(written(tmp_path, without(path)))


def test_card_cut_short_is_refused(tmp_path):
    text = json.dumps(CARD)
    (tmp_path / CARD_FILE).write_text(text[: len(text) // 2])
    with pytest.raises(WeightsDamagedError, match="damaged"):
        read_card(tmp_path)


def test_card_of_no_weights_is_refused(tmp_path):
    with pytest.raises(WeightsDamagedError, match="damaged"):
        read_card(written(tmp_path, without(("model",))))


def test_missing_card_is_told(tmp_path):
    with pytest.raises(WeightsMissingError, match="no model card"):
        read_card(tmp_path)


def test_card_cannot_be_changed():
    card = ModelCard.model_validate(CARD)
    with pytest.raises(ValidationError):
        card.command = "other"
