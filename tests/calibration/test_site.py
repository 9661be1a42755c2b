"""What is fitted to a site's own films, and what cross-validation says of it."""

import numpy as np
import pytest

from cxr_core.calibration import CalibrationFitError, calibrated, fit_site, point_at, retempered
from cxr_core.calibration.operating import choose_point
from cxr_core.calibration.site import _folds
from cxr_core.calibration.temperature import fit_temperature
from cxr_core.labels import COVID
from tests.site_cards.drawing import drawn_logits

LOGITS, CODES = drawn_logits()


@pytest.fixture(scope="module")
def fit():
    return fit_site(LOGITS, CODES)


def test_all_films_give_temperature_and_point(fit):
    assert fit.temperature == fit_temperature(LOGITS, CODES)
    chosen = choose_point(CODES == COVID, calibrated(LOGITS, fit.temperature)[:, COVID])
    assert (fit.operating_point.threshold, fit.operating_point.rule) == (chosen.threshold, chosen.rule)
    assert fit.operating_point.sensitivity != chosen.sensitivity


def test_every_film_is_judged_by_what_was_fitted_without_it(fit):
    found = cleared = 0
    for fold in _folds(CODES, 5, 0):
        temperature = fit_temperature(LOGITS[~fold], CODES[~fold])
        point = choose_point(CODES[~fold] == COVID, calibrated(LOGITS[~fold], temperature)[:, COVID])
        assert fit.probabilities[fold] == pytest.approx(calibrated(LOGITS[fold], temperature))
        there = point_at(CODES[fold] == COVID, fit.probabilities[fold, COVID], point.threshold)
        found, cleared = found + there.found, cleared + there.cleared
    measured = fit.operating_point
    assert (measured.found, measured.cases, measured.cleared, measured.others) == (found, 40, cleared, 80)
    assert measured.sensitivity.low < measured.sensitivity.value < measured.sensitivity.high


def test_label_of_a_film_has_no_say_in_its_own_judgement(fit):
    film = int(np.flatnonzero(CODES == 1)[0])
    fold = next(fold for fold in _folds(CODES, 5, 0) if fold[film])
    others = np.flatnonzero(~fold)
    assert film not in others
    again = fit_site(np.where(np.arange(len(CODES))[:, None] == film, -LOGITS, LOGITS), CODES)
    same_fold = np.flatnonzero(fold & (np.arange(len(CODES)) != film))
    assert (again.probabilities[same_fold] == fit.probabilities[same_fold]).all()


@pytest.mark.parametrize("counts", [(40, 20, 50, 10), (5, 0, 25, 0), (25, 5, 0, 0), (6, 7, 9, 13)])
def test_folds_hold_every_film_once_and_their_share_of_each_class(counts):
    codes = np.repeat(np.arange(4), counts)
    folds = np.array(_folds(codes, 5, 0))
    assert (folds.sum(0) == 1).all()
    for code in range(4):
        shares = folds[:, codes == code].sum(1)
        assert shares.max() - shares.min() <= 1


def test_fit_is_the_same_every_time_and_takes_float32(fit):
    again = fit_site(LOGITS.astype(np.float32), CODES)
    assert again.temperature == pytest.approx(fit.temperature, rel=1e-4)
    assert (fit_site(LOGITS, CODES).probabilities == fit.probabilities).all()
    assert again.probabilities.sum(1) == pytest.approx(1)


def test_unsure_site_has_a_higher_temperature_and_smaller_error():
    sure = fit_site(*drawn_logits(skill=4.0))
    assert fit_site(LOGITS, CODES).temperature > 1.5 * sure.temperature


def test_cross_validation_flatters_less_than_the_films_it_was_chosen_on():
    gaps = []
    for seed in range(8):
        logits, codes = drawn_logits((10, 10, 20, 0), seed=seed)
        found = fit_site(logits, codes)
        chosen = choose_point(codes == COVID, calibrated(logits, found.temperature)[:, COVID])
        gaps.append(chosen.sensitivity.value - found.operating_point.sensitivity.value)
    assert np.mean(gaps) > 0.02


@pytest.mark.parametrize("counts", [(4, 10, 20, 10), (40, 2, 2, 0), (10, 10, 9, 0), (40, 0, 0, 0), (0, 20, 20, 0)])
def test_too_few_films_are_refused_with_how_many_there_are(counts):
    with pytest.raises(CalibrationFitError, match=rf"30 films or more.*here are {counts[0]} of COVID and {sum(counts[1:])} of other"):
        fit_site(*drawn_logits(counts))


def test_fewest_films_are_enough():
    found = fit_site(*drawn_logits((5, 0, 25, 0)))
    assert (found.operating_point.cases, found.operating_point.others) == (5, 25)


def test_probabilities_move_from_one_temperature_to_another_and_back():
    cold, warm = calibrated(LOGITS, 0.7), calibrated(LOGITS, 2.5)
    assert retempered(cold, 0.7, 2.5) == pytest.approx(warm)
    assert retempered(warm, 2.5, 0.7) == pytest.approx(cold)
    assert (retempered(cold, 0.7, 2.5).argmax(1) == cold.argmax(1)).all()


def test_probability_of_zero_stays_one():
    moved = retempered(np.array([1.0, 0.0, 0.0, 0.0], np.float32), 1.0, 2.0)
    assert moved.dtype == np.float32
    assert moved == pytest.approx([1, 0, 0, 0])
