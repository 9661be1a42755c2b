"""All that is fitted on val, in one."""

import numpy as np
import pytest

from cxr_core.doubt import DoubtFitError, calibrated, count_at, fit_doubt, fit_temperature, set_members
from cxr_core.labels import CLASS_NAMES

RNG = np.random.default_rng(0)
CODES = np.repeat(np.arange(4), (60, 40, 100, 30))
LOGITS = (5 * np.eye(4)[CODES] + RNG.normal(0, 3, (230, 4))).astype(np.float32)


@pytest.fixture(scope="module")
def doubt():
    return fit_doubt(LOGITS, CODES, "ab" * 32)


def test_says_of_what_and_on_what_it_was_fitted(doubt):
    assert doubt.weights_sha256 == "ab" * 32
    assert doubt.split == "val"
    assert doubt.films == dict(zip(CLASS_NAMES, (60, 40, 100, 30), strict=True))
    assert doubt.coverage == 0.9


def test_sets_and_point_are_of_the_calibrated_probabilities(doubt):
    assert doubt.temperature == fit_temperature(LOGITS, CODES) != pytest.approx(1, abs=0.1)
    probabilities = calibrated(LOGITS, doubt.temperature)
    covered = set_members(probabilities, doubt.set_thresholds)[np.arange(230), CODES]
    assert [covered[code == CODES].sum() for code in range(4)] == [55, 37, 91, 28]  # ceil(0.9 (n + 1))
    counts = count_at(CODES == 0, probabilities[:, 0], doubt.operating_point.threshold)
    assert doubt.operating_point.sensitivity == pytest.approx(counts.found / 60)
    assert doubt.operating_point.specificity == pytest.approx(counts.cleared / 170)
    assert counts.found >= 57


def test_the_rule_can_be_chosen(doubt):
    youden = fit_doubt(LOGITS, CODES, "ab" * 32, "youden")
    assert youden.operating_point.rule == "youden"
    assert youden.operating_point.threshold != doubt.operating_point.threshold
    assert youden.set_thresholds == doubt.set_thresholds


def test_films_of_covid_alone_are_refused():
    with pytest.raises(DoubtFitError):
        fit_doubt(LOGITS[:60], CODES[:60], "ab" * 32)
