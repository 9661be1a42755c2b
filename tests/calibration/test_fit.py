"""All that is fitted on the validation films, in one."""

import numpy as np
import pytest

from cxr_core.calibration import CalibrationFitError, calibrated, fit_calibration, point_at, set_members
from cxr_core.calibration.temperature import fit_temperature
from cxr_core.labels import CLASS_NAMES

RNG = np.random.default_rng(0)
CODES = np.repeat(np.arange(4), (60, 40, 100, 30))
LOGITS = (5 * np.eye(4)[CODES] + RNG.normal(0, 3, (230, 4))).astype(np.float32)


@pytest.fixture(scope="module")
def calibration():
    return fit_calibration(LOGITS, CODES, "ab" * 32)


def test_says_of_what_and_on_what_it_was_fitted(calibration):
    assert calibration.weights_sha256 == "ab" * 32
    assert calibration.split == "val"
    assert calibration.films == dict(zip(CLASS_NAMES, (60, 40, 100, 30), strict=True))
    assert calibration.coverage == 0.9


def test_sets_and_point_are_of_the_calibrated_probabilities(calibration):
    assert calibration.temperature == fit_temperature(LOGITS, CODES) != pytest.approx(1, abs=0.1)
    probabilities = calibrated(LOGITS, calibration.temperature)
    covered = set_members(probabilities, calibration.set_thresholds)[np.arange(230), CODES]
    assert [covered[code == CODES].sum() for code in range(4)] == [55, 37, 91, 28]  # ceil(0.9 (n + 1))
    assert calibration.operating_point == point_at(CODES == 0, probabilities[:, 0], calibration.threshold, "sensitivity")
    assert (calibration.operating_point.cases, calibration.operating_point.others) == (60, 170)
    assert calibration.operating_point.found >= 57


def test_the_rule_can_be_chosen(calibration):
    youden = fit_calibration(LOGITS, CODES, "ab" * 32, "youden")
    assert youden.operating_point.rule == "youden"
    assert youden.operating_point.threshold != calibration.operating_point.threshold
    assert youden.set_thresholds == calibration.set_thresholds


def test_films_of_covid_alone_are_refused():
    with pytest.raises(CalibrationFitError):
        fit_calibration(LOGITS[:60], CODES[:60], "ab" * 32)
