"""What is said of the stated calibration follows from its figures."""

import pytest

from cxr_core.artifacts import ReliabilityBin
from cxr_core.model_card import calibration_card, tables
from cxr_core.stats import Interval
from tests.cards import drawn_card


@pytest.fixture(scope="module")
def calibration():
    return drawn_card()[0].calibration


@pytest.fixture(scope="module")
def card():
    return drawn_card()[0]


def around(value, apart=0.01):
    return Interval(value=value, low=value - apart, high=value + apart)


def test_bins_stand_after_beside_before():
    after = [ReliabilityBin(low=0.8, high=1.0, films=30, confidence=0.9, accuracy=0.91)]
    before = [ReliabilityBin(low=low, high=low + 0.2, films=10, confidence=low + 0.1, accuracy=0.5) for low in (0.6, 0.8)]
    text = tables.as_text(calibration_card.calibration_table(after, before))
    assert text.columns.tolist() == [
        "probability",
        *(f"{when}: {what}" for what in ("right", "films", "mean") for when in ("after", "before")),
    ]
    assert text["probability"].tolist() == ["0.60 to 0.80", "0.80 to 1.00"]
    assert text["after: films"].tolist() == ["", "30"]
    assert text["before: films"].tolist() == ["10", "10"]
    assert text["after: right"].tolist() == ["", "0.910"]


def test_coverage_stands_beside_what_was_aimed_at(calibration):
    table = calibration_card.coverage_table(calibration)
    assert table["class of the film"].tolist() == [*calibration.class_coverage, "all classes"]
    assert table["aimed at"].tolist() == [calibration.aimed_coverage] * len(table)
    assert table["set holds it"].tolist() == [one.value for one in [*calibration.class_coverage.values(), calibration.coverage]]


def test_operating_point_has_its_rule(calibration):
    (row,) = calibration_card.point_table(calibration).to_dict("records")
    assert row["called COVID from"] == calibration.threshold
    assert row["sensitivity low"] == calibration.sensitivity.low
    assert "sensitivity of at least 0.95 on the validation films" in row["chosen for"]


@pytest.mark.parametrize(
    ("temperature", "after", "words"),
    [
        (1.5, 0.01, "less sure"),
        (0.8, 0.01, "more sure"),
        (1.5, 0.01, "which is better"),
        (1.5, 0.09, "did not help"),
        (1.5, 0.05, "no change"),
    ],
)
def test_temperature_is_judged_by_what_it_did(calibration, temperature, after, words):
    changed = calibration.model_copy(update={"temperature": temperature, "expected_calibration_error_before": 0.05})
    sentence = calibration_card.temperature_sentence(changed, after)
    assert words in sentence
    assert f"from 0.050 to {after:.3f}" in sentence


def test_classes_whose_sets_break_their_promise_are_named(calibration):
    classes = {"COVID": around(0.8), "Lung_Opacity": around(0.85), "Normal": around(0.9), "Viral Pneumonia": around(0.97)}
    changed = calibration.model_copy(update={"class_coverage": classes, "coverage": around(0.88), "aimed_coverage": 0.9})
    finding = calibration_card.coverage_finding(changed)
    assert finding.meaning == (
        f"The set holds the true class in {around(0.88)} of all films; for COVID and Lung opacity it does so less often than "
        "promised; for Viral Pneumonia more often, so smaller sets would do."
    )
    kept = calibration_card.coverage_finding(changed.model_copy(update={"class_coverage": {"Normal": around(0.905)}}))
    assert kept.meaning.endswith("in no class is a difference from the aim shown.")
    assert "90% in every class" in kept.asks


def test_sizes_are_summed_up(calibration):
    sentence = calibration_card.sizes_sentence(
        calibration.model_copy(update={"set_sizes": [0.02, 0.9, 0.05, 0.02, 0.01], "mean_set_size": 1.1})
    )
    assert "set of one the better, as long as the coverage holds: 90.0% do here, 8.0% have more, 2.0% none" in sentence
    assert "1.10 classes on average" in sentence


@pytest.mark.parametrize(("value", "words"), [(0.97, "the aim is met"), (0.9, "the aim is missed")])
def test_operating_point_is_held_against_its_rule(calibration, value, words):
    finding = calibration_card.point_finding(calibration.model_copy(update={"sensitivity": around(value)}))
    assert f"For the sensitivity {words}" in finding.meaning
    assert f"{calibration.threshold:.3f}" in finding.asks


def test_youden_has_no_sensitivity_to_keep(calibration):
    finding = calibration_card.point_finding(calibration.model_copy(update={"rule": "youden"}))
    assert "aim" not in finding.meaning
    assert "Youden" in finding.asks


def stability(steady, flipped):
    return drawn_card()[0].stability.model_copy(update={"accuracy_steady": steady, "accuracy_flipped": flipped})


@pytest.mark.parametrize(
    ("steady", "flipped", "said"),
    [
        (around(0.95), around(0.6), "is a sign of an error"),
        (around(0.95), around(0.94), "is not shown"),
        (around(0.95), Interval(value=None), ""),
    ],
)
def test_a_class_that_changes_is_called_a_sign_only_where_it_is_one(steady, flipped, said):
    found = stability(steady, flipped)
    meaning = calibration_card.stability_finding(found).meaning
    assert f"changes in {found.flipped} of the films" in meaning
    assert said in meaning
    assert ("error" in meaning, "shown" in meaning) == ("error" in said, "shown" in said)


def test_accuracy_stands_by_whether_the_class_stays():
    table = calibration_card.stability_table(stability(around(0.95), Interval(value=None)))
    assert table["top class"].tolist() == ["stays", "changes"]
    assert tables.as_text(table)["accuracy"].tolist() == ["0.950 [0.940, 0.960]", ""]


def bins(confidence, accuracy):
    return [ReliabilityBin(low=0.8, high=1.0, films=10, confidence=confidence, accuracy=accuracy)]


@pytest.mark.parametrize(
    ("confidence", "accuracy", "words"),
    [(0.95, 0.85, "are too sure"), (0.85, 0.95, "too modest"), (0.9, 0.91, "about as sure as it is right")],
)
def test_calibration_is_put_in_words(card, confidence, accuracy, words):
    sentence = calibration_card.calibration_sentence(card.results, bins(confidence, accuracy))
    assert words in sentence
    assert f"mean probability of {confidence:.3f} and is right in {accuracy:.3f}" in sentence
