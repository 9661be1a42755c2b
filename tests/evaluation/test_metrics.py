"""Figures of merit against scikit-learn, SciPy and plain loops."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, classification_report, confusion_matrix, recall_score, roc_auc_score

from cxr_core.evaluation import classification_results
from cxr_core.evaluation.metrics import CALIBRATION_BINS, expected_calibration_error
from cxr_core.labels import CLASS_NAMES
from cxr_core.stats import Interval, resampled_counts

CODES = range(len(CLASS_NAMES))


def films(n=160, seed=0, classes=(0, 1, 2, 3)):
    """True classes and the probabilities of a reader that is often right."""
    rng = np.random.default_rng(seed)
    y_true = rng.choice(classes, n, p=np.arange(1, len(classes) + 1) / sum(range(1, len(classes) + 1)))
    scores = rng.normal(0, 1, (n, 4))
    scores[np.arange(n), y_true] += 1.5
    odds = np.exp(scores)
    return y_true, odds / odds.sum(1, keepdims=True)


def certain(y_pred):
    """Probabilities of a reader that is sure of these classes."""
    return np.eye(4)[np.asarray(y_pred)]


def width(found):
    return found.high - found.low


# calibration


def test_calibration_error_by_hand():
    # Two bins: [0, 0.5) holds 0.3 and 0.4 with accuracy 1/2, gap 0.15; [0.5, 1] holds 0.9 and 0.8 with accuracy 1/2, gap 0.35.
    correct = np.array([True, False, True, False])
    confidence = np.array([0.9, 0.8, 0.3, 0.4])
    assert expected_calibration_error(correct, confidence, bins=2) == pytest.approx(0.5 * 0.15 + 0.5 * 0.35)


def test_calibration_error_weighs_bins_by_their_films():
    # Four bins: 0.95 three times, two right, gap 0.95 - 2/3; 0.3 once, wrong, gap 0.3; the others are empty.
    correct = np.array([True, True, False, False])
    confidence = np.array([0.95, 0.95, 0.95, 0.3])
    assert expected_calibration_error(correct, confidence, bins=4) == pytest.approx(0.75 * (0.95 - 2 / 3) + 0.25 * 0.3)


def test_gaps_of_opposite_sign_do_not_cancel_between_bins():
    correct, confidence = np.array([True, False]), np.array([0.4, 0.6])
    assert expected_calibration_error(correct, confidence, bins=2) == pytest.approx(0.6)
    assert expected_calibration_error(correct, confidence, bins=1) == pytest.approx(0.0)


def test_full_confidence_falls_into_the_last_bin():
    assert expected_calibration_error(np.array([True, True]), np.array([1.0, 1.0])) == 0
    assert expected_calibration_error(np.array([False, False]), np.array([1.0, 1.0])) == 1


def test_calibration_error_agrees_with_a_plain_loop():
    rng = np.random.default_rng(8)
    confidence = rng.uniform(0.25, 1, 500)
    correct = rng.random(500) < confidence**2
    total = 0.0
    for low in np.arange(CALIBRATION_BINS) / CALIBRATION_BINS:
        inside = (confidence >= low) & (confidence < low + 1 / CALIBRATION_BINS)
        if inside.any():
            total += inside.mean() * abs(correct[inside].mean() - confidence[inside].mean())
    assert expected_calibration_error(correct, confidence) == pytest.approx(total, abs=1e-9)


# results


@pytest.mark.parametrize("seed", range(3))
def test_values_agree_with_scikit_learn(seed):
    y_true, probabilities = films(seed=seed)
    y_pred = probabilities.argmax(1)
    results = classification_results(y_true, probabilities, np.arange(len(y_true)))
    report = classification_report(y_true, y_pred, labels=list(CODES), target_names=CLASS_NAMES, output_dict=True)
    assert results.films == len(y_true)
    assert results.accuracy.value == pytest.approx(report["accuracy"])
    assert results.confusion == confusion_matrix(y_true, y_pred).tolist()
    assert list(results.classes) == list(CLASS_NAMES)
    for code, name in enumerate(CLASS_NAMES):
        found = results.classes[name]
        assert found.precision.value == pytest.approx(report[name]["precision"])
        assert found.recall.value == pytest.approx(report[name]["recall"])
        assert found.f1.value == pytest.approx(report[name]["f1-score"])
        assert found.support == report[name]["support"]
        assert found.specificity.value == pytest.approx(recall_score(y_true != code, y_pred != code))
        assert found.roc_auc.value == pytest.approx(roc_auc_score(y_true == code, probabilities[:, code]))
        assert found.average_precision.value == pytest.approx(average_precision_score(y_true == code, probabilities[:, code]))
    for average, found in (("macro avg", results.macro), ("weighted avg", results.weighted)):
        assert found.precision.value == pytest.approx(report[average]["precision"])
        assert found.recall.value == pytest.approx(report[average]["recall"])
        assert found.f1.value == pytest.approx(report[average]["f1-score"])
    expected = expected_calibration_error(y_pred == y_true, probabilities.max(1))
    assert results.expected_calibration_error == pytest.approx(expected)
    assert results.calibration_bins == CALIBRATION_BINS


@pytest.mark.parametrize("decimals", [1, 16])
def test_areas_of_a_resample_are_scikit_learns_with_its_counts_as_weights(decimals, monkeypatch):
    # One decimal leaves hardly a film without others of the same score.
    y_true, probabilities = films(140, seed=3)
    probabilities = probabilities.round(decimals)
    for counts in resampled_counts(np.arange(140) // 2, 25):
        # With one resample alone, both bounds are its area.
        monkeypatch.setattr("cxr_core.evaluation.metrics.resampled_counts", lambda groups, counts=counts: counts[np.newaxis])
        results = classification_results(y_true, probabilities, np.arange(140))
        for code, name in enumerate(CLASS_NAMES):
            found, labels, scores = results.classes[name], y_true == code, probabilities[:, code]
            roc_auc = roc_auc_score(labels, scores, sample_weight=counts)
            average_precision = average_precision_score(labels, scores, sample_weight=counts)
            assert (found.roc_auc.low, found.roc_auc.high) == pytest.approx((roc_auc, roc_auc), abs=1e-12)
            assert (found.average_precision.low, found.average_precision.high) == pytest.approx((average_precision,) * 2, abs=1e-12)


@pytest.mark.slow
def test_intervals_agree_with_scikit_learn_on_resampled_films():
    y_true, probabilities = films(90)
    y_pred = probabilities.argmax(1)
    groups = np.arange(90) // 2
    rows = np.random.default_rng(2).integers(0, 45, (200, 45))
    reports = []
    for drawn in rows:
        films_drawn = np.concatenate([2 * drawn, 2 * drawn + 1])
        truth, called, viral = y_true[films_drawn], y_pred[films_drawn], probabilities[films_drawn, 3]
        report = classification_report(truth, called, output_dict=True, zero_division=0)
        report["specificity"] = recall_score(truth != 2, called != 2)
        report["roc_auc"] = roc_auc_score(truth == 3, viral)
        report["average_precision"] = average_precision_score(truth == 3, viral)
        reports.append(report)
    results = classification_results(y_true, probabilities, groups)
    found = {
        ("accuracy",): results.accuracy,
        ("3", "precision"): results.classes[CLASS_NAMES[3]].precision,
        ("2", "recall"): results.classes[CLASS_NAMES[2]].recall,
        ("3", "f1-score"): results.classes[CLASS_NAMES[3]].f1,
        ("macro avg", "f1-score"): results.macro.f1,
        ("macro avg", "precision"): results.macro.precision,
        ("weighted avg", "precision"): results.weighted.precision,
        ("weighted avg", "f1-score"): results.weighted.f1,
        ("specificity",): results.classes["Normal"].specificity,
        ("roc_auc",): results.classes["Viral Pneumonia"].roc_auc,
        ("average_precision",): results.classes["Viral Pneumonia"].average_precision,
    }
    for path, ours in found.items():
        samples = [one[path[0]] if len(path) == 1 else one[path[0]][path[1]] for one in reports]
        low, high = np.percentile(samples, (2.5, 97.5))
        assert ours.low == pytest.approx(low, abs=0.03), path
        assert ours.high == pytest.approx(high, abs=0.03), path


def test_every_value_lies_in_its_interval():
    y_true, probabilities = films(200)
    results = classification_results(y_true, probabilities, np.arange(200))
    parts = [results.macro, results.weighted, *results.classes.values()]
    found = [results.accuracy, *(figure for part in parts for figure in (part.precision, part.recall, part.f1))]
    found += [figure for part in results.classes.values() for figure in (part.specificity, part.roc_auc, part.average_precision)]
    assert len(found) == 31
    for figure in found:
        assert figure.low < figure.value < figure.high


def test_copies_of_films_change_no_value_and_no_interval_of_the_accuracy():
    y_true, probabilities = films(80)
    once = classification_results(y_true, probabilities, np.arange(80))
    copied = classification_results(np.tile(y_true, 2), np.tile(probabilities, (2, 1)), np.tile(np.arange(80), 2))
    as_if_new = classification_results(np.tile(y_true, 2), np.tile(probabilities, (2, 1)), np.arange(160))
    assert copied.accuracy.value == once.accuracy.value == as_if_new.accuracy.value
    assert width(copied.accuracy) == pytest.approx(width(once.accuracy))
    assert width(copied.macro.f1) == pytest.approx(width(once.macro.f1))
    assert width(as_if_new.accuracy) < 0.85 * width(copied.accuracy)


def test_weighted_recall_is_the_accuracy():
    y_true, probabilities = films()
    results = classification_results(y_true, probabilities, np.arange(len(y_true)))
    for bound in ("value", "low", "high"):
        assert getattr(results.weighted.recall, bound) == pytest.approx(getattr(results.accuracy, bound))


def test_class_without_films_has_no_figures():
    y_true, probabilities = films(120, classes=(0, 1, 3))
    results = classification_results(y_true, probabilities, np.arange(120))
    absent = results.classes["Normal"]
    assert absent.support == 0
    figures = {getattr(absent, name) for name in ("precision", "recall", "specificity", "f1", "roc_auc", "average_precision")}
    assert figures == {Interval(value=None)}


def test_averages_are_over_the_classes_that_occur():
    y_true, probabilities = films(120, classes=(0, 1, 3))
    y_pred = probabilities.argmax(1)
    assert 2 in y_pred
    results = classification_results(y_true, probabilities, np.arange(120))
    report = classification_report(y_true, y_pred, labels=[0, 1, 3], output_dict=True)
    assert results.macro.recall.value == pytest.approx(report["macro avg"]["recall"])
    assert results.macro.f1.value == pytest.approx(report["macro avg"]["f1-score"])
    assert results.weighted.f1.value == pytest.approx(report["weighted avg"]["f1-score"])
    assert results.macro.recall.low < results.macro.recall.value < results.macro.recall.high


def test_class_never_predicted_has_no_precision_to_speak_of():
    results = classification_results(np.array([0, 1, 2, 3] * 5), certain([0, 1, 2, 0] * 5), np.arange(20))
    found = results.classes["Viral Pneumonia"]
    assert (found.precision.value, found.recall.value, found.f1.value) == (0, 0, 0)
    assert (found.precision.low, found.precision.high) == (0, 0)


def test_rare_class_that_some_resamples_miss_still_has_an_interval():
    y_true = np.array([0] + [1] * 15 + [2] * 15)
    results = classification_results(y_true, certain(y_true), np.arange(31))
    recall = results.classes["COVID"].recall
    assert (recall.value, recall.low, recall.high) == (1, 1, 1)


def test_perfect_reader_is_perfect_everywhere():
    y_true = np.array([0, 1, 2, 3] * 10)
    results = classification_results(y_true, certain(y_true), np.arange(40))
    for figure in (results.accuracy, results.macro.f1, results.weighted.precision, results.classes["COVID"].f1):
        assert (figure.value, figure.low, figure.high) == (1, 1, 1)
    for name in CLASS_NAMES:
        found = results.classes[name]
        assert found.specificity == found.roc_auc == found.average_precision == Interval(value=1, low=1, high=1)
    assert results.expected_calibration_error == 0


def test_reader_who_is_always_wrong_scores_zero():
    y_true = np.array([0, 1, 2, 3] * 10)
    results = classification_results(y_true, certain((y_true + 1) % 4), np.arange(40))
    assert results.accuracy == Interval(value=0, low=0, high=0)
    assert results.macro.f1 == Interval(value=0, low=0, high=0)
    assert results.expected_calibration_error == 1


def test_films_of_one_class_have_no_specificity_and_no_areas():
    results = classification_results(np.zeros(10, int), certain([0] * 7 + [1] * 3), np.arange(10))
    covid = results.classes["COVID"]
    assert covid.specificity == covid.roc_auc == covid.average_precision == Interval(value=None)
    assert results.classes["COVID"].recall.value == pytest.approx(0.7)
    assert results.classes["COVID"].precision.value == 1
    assert results.macro.recall.value == pytest.approx(0.7)


def test_single_film_can_be_evaluated():
    results = classification_results(np.array([2]), certain([2]), np.array([0]))
    assert results.films == 1
    assert results.accuracy == Interval(value=1, low=1, high=1)
    assert results.confusion[2] == [0, 0, 1, 0]


def test_float32_probabilities_are_accepted():
    y_true, probabilities = films(60)
    results = classification_results(y_true, probabilities.astype(np.float32), np.arange(60))
    assert results.accuracy == classification_results(y_true, probabilities, np.arange(60)).accuracy
