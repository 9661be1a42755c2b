"""Figures of a user's own films, counted by hand, and their comparison with a card."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score
from statsmodels.stats.proportion import proportion_confint

from cxr_core.calibration import CalibrationFitError, calibrated
from cxr_core.evaluation import own_site_card, site_figures
from cxr_core.evaluation.validation import NoFilmsReadError, OwnReads, gather_reads
from cxr_core.labels import CLASS_NAMES, COVID
from tests.site_cards.drawing import (
    COUNTS,
    IDENTITY,
    drawn_figures,
    drawn_logits,
    drawn_reads,
    drawn_site_card,
    home_calibration,
    home_card,
    read_of,
)

LOGITS, CODES = drawn_logits()
CARD = home_card()
CALIBRATION = home_calibration()
PROBABILITIES = calibrated(LOGITS, CALIBRATION.temperature)


@pytest.fixture(scope="module")
def figures():
    return drawn_figures()


# What was read


EVEN = (0, 0, 0, 0)


def test_reads_are_gathered_by_what_became_of_them():
    labels = ["COVID", "Normal", "COVID", "Lung_Opacity", "Normal", "Viral Pneumonia"]
    reads = [
        read_of([1, 2, 3, 4]),
        read_of(),
        read_of(EVEN, "refused", ["inverted", "blurred"]),
        read_of([5, 6, 7, 8], "warning", ["blurred"]),
        read_of(EVEN, "refused", ["inverted"]),
        read_of([9, 9, 9, 9]),
    ]
    found = gather_reads(labels, reads, repeated=4)
    assert found.y_true.tolist() == [0, 1, 3]
    assert found.logits.tolist() == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 9, 9, 9]]
    assert (found.warned, found.refused, found.broken, found.repeated) == (1, 2, 1, 4)
    assert found.reasons == {"inverted": 2, "blurred": 1}


def test_a_film_without_its_label_is_no_film():
    with pytest.raises(ValueError, match="zip"):
        gather_reads(["COVID", "COVID"], [read_of(EVEN)])


def test_all_refused_is_said_with_the_reasons():
    reads = [read_of(EVEN, "refused", ["not_a_chest"])] * 3
    with pytest.raises(NoFilmsReadError, match=r"refused all 3 films.*not a chest \(3\)"):
        gather_reads(["COVID"] * 3, reads)


def test_all_broken_is_said():
    with pytest.raises(NoFilmsReadError, match="None of the 2 files is a film that can be read"):
        gather_reads(["COVID"] * 2, [read_of()] * 2)


def test_some_refused_and_the_rest_broken_is_said():
    with pytest.raises(NoFilmsReadError, match=r"refused 1, inverted \(1\); 1 more files? cannot be read"):
        gather_reads(["COVID"] * 2, [read_of(), read_of(EVEN, "refused", ["inverted"])])


# Figures


def test_figures_are_counted_at_the_shipped_operating_point(figures):
    called = PROBABILITIES[:, COVID] >= CALIBRATION.threshold
    top = PROBABILITIES.argmax(1)
    assert figures.threshold == CALIBRATION.threshold
    assert figures.films == sum(COUNTS)
    assert figures.counts == dict(zip(CLASS_NAMES, COUNTS, strict=True))
    assert figures.sensitivity.value == called[CODES == COVID].mean()
    assert figures.specificity.value == 1 - called[CODES != COVID].mean()
    assert figures.accuracy.value == (top == CODES).mean()
    assert figures.confusion == [[int(((true == CODES) & (top == call)).sum()) for call in range(4)] for true in range(4)]
    for code, name in enumerate(CLASS_NAMES):
        assert figures.recall[name].value == (top[code == CODES] == code).mean()
    assert figures.roc_auc.value == pytest.approx(roc_auc_score(CODES == COVID, PROBABILITIES[:, COVID]))


def test_intervals_are_wilsons(figures):
    hits = round(figures.sensitivity.value * COUNTS[0])
    assert (figures.sensitivity.low, figures.sensitivity.high) == pytest.approx(proportion_confint(hits, COUNTS[0], method="wilson"))
    assert figures.roc_auc.low < figures.roc_auc.value < figures.roc_auc.high


def test_what_became_of_the_other_files_is_passed_on(figures):
    assert (figures.warned, figures.refused, figures.broken, figures.repeated, figures.reasons) == (3, 2, 1, 0, {"inverted": 2})


def test_calibration_error_beside_what_chance_gives():
    calibrated_films = np.random.default_rng(0)
    logits = calibrated_films.normal(0, 3, (400, 4))
    probabilities = calibrated(logits, CALIBRATION.temperature)
    codes = np.array([calibrated_films.choice(4, p=row / row.sum()) for row in probabilities])
    found = site_figures(OwnReads(codes, logits, 0, 0, 0, 0, {}), CALIBRATION, CARD)
    assert found.calibration_error < found.chance_calibration_error < 0.1
    far_off = drawn_figures()
    assert far_off.calibration_error > far_off.chance_calibration_error


def test_few_films_have_no_calibration_error():
    assert drawn_figures(counts=(10, 5, 10, 4)).calibration_error is None
    assert drawn_figures(counts=(10, 5, 10, 5)).calibration_error is not None


def test_only_covid_has_no_specificity_and_no_area():
    found = drawn_figures(counts=(40, 0, 0, 0))
    assert found.sensitivity.value is not None
    assert found.specificity.value is None
    assert found.roc_auc.value is None
    assert list(found.recall) == ["COVID"]
    assert [one.figure for one in found.comparisons] == ["sensitivity"]


def test_no_covid_has_no_sensitivity_and_no_area():
    found = drawn_figures(counts=(0, 20, 20, 0))
    assert found.sensitivity.value is None
    assert found.roc_auc.value is None
    assert list(found.recall) == ["Lung_Opacity", "Normal"]
    assert [one.figure for one in found.comparisons] == ["specificity"]


# The site card


def test_site_card_is_fitted_by_cross_validation_and_bound_to_the_weights(figures):
    card = drawn_site_card()
    assert card.figures == figures
    assert card.weights_sha256 == IDENTITY.sha256
    assert card.model == IDENTITY.version
    assert card.shipped_temperature == CALIBRATION.temperature
    assert card.temperature > card.shipped_temperature
    assert card.calibration_error < figures.calibration_error
    assert card.operating_point.rule == CALIBRATION.operating_point.rule
    assert (card.operating_point.cases, card.operating_point.others) == (40, 80)
    assert card.written.tzinfo is not None


def test_too_few_films_have_no_site_card():
    reads = drawn_reads((4, 20, 20, 0))
    with pytest.raises(CalibrationFitError, match="at least 5 of COVID"):
        own_site_card("Ward 3", reads, site_figures(reads, CALIBRATION, CARD), CALIBRATION, IDENTITY)
