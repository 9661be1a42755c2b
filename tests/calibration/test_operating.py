"""Operating points: how they are chosen, and what they are worth at a prevalence."""

import math

import numpy as np
import pytest

from cxr_core.artifacts import OperatingPoint
from cxr_core.calibration import CalibrationFitError, point_at
from cxr_core.calibration.operating import choose_point, predictive_values
from cxr_core.stats import Interval

# 20 films of COVID and 10 others; one case lies below five of the others, another below three.
COVID = np.array([0.05, 0.31, *np.linspace(0.6, 0.99, 18)])
OTHERS = np.array([0.01, 0.02, 0.03, 0.1, 0.2, 0.32, 0.33, 0.34, 0.59, 0.7])
TRUTH = np.repeat([True, False], (20, 10))
PROBABILITY = np.concatenate([COVID, OTHERS])


def counted(found, cases, cleared, others):
    sensitivity, specificity = (Interval(value=hits / films if films else None) for hits, films in ((found, cases), (cleared, others)))
    return OperatingPoint(threshold=0.5, sensitivity=sensitivity, specificity=specificity, cases=cases, others=others)


@pytest.mark.parametrize(("threshold", "found", "cleared"), [(0.32, 18, 5), (0.31, 19, 5), (0.0, 20, 0), (1.0, 0, 10)])
def test_a_film_on_the_threshold_is_called_positive(threshold, found, cleared):
    point = point_at(TRUTH, PROBABILITY, threshold)
    assert (point.found, point.cases, point.cleared, point.others) == (found, 20, cleared, 10)
    assert (point.threshold, point.rule) == (threshold, None)


def test_rule_of_sensitivity_by_hand():
    # 19 of 20 are just enough: the threshold is the second lowest case, above which five others lie.
    point = choose_point(TRUTH, PROBABILITY)
    assert point.rule == "sensitivity"
    assert point == point_at(TRUTH, PROBABILITY, 0.31, "sensitivity")
    assert point.sensitivity.value == 0.95
    assert point.specificity.value == 0.5


def test_youden_by_hand():
    # At the third lowest case: 18 of 20 found, one of ten others called.
    point = choose_point(TRUTH, PROBABILITY, "youden")
    assert point == point_at(TRUTH, PROBABILITY, 0.6, "youden")
    assert point.sensitivity.value == 0.9
    assert point.specificity.value == 0.9


@pytest.mark.parametrize("seed", range(20))
def test_no_threshold_does_better(seed):
    rng = np.random.default_rng(seed)
    truth = rng.random(200) < 0.3
    probability = np.round(1 / (1 + np.exp(-rng.normal(np.where(truth, 1.5, -1.5), 1.5))), 3)
    cases, others = truth.sum(), (~truth).sum()
    points = [(int((truth & (probability >= at)).sum()), int((~truth & (probability < at)).sum())) for at in probability]
    chosen = choose_point(truth, probability)
    assert chosen.found / cases >= 0.95
    assert chosen.cleared == max(cleared for found, cleared in points if found / cases >= 0.95)
    assert chosen.found == max(found for found, cleared in points if cleared == chosen.cleared)
    youden = choose_point(truth, probability, "youden")
    best = max(found / cases + cleared / others for found, cleared in points)
    assert youden.found / cases + youden.cleared / others == pytest.approx(best)


def test_cases_without_others_between_them_cost_nothing_and_are_taken():
    point = choose_point(np.array([True] * 20 + [False]), np.array([*np.linspace(0.5, 0.9, 20), 0.1]))
    assert (point.threshold, point.sensitivity.value, point.specificity.value) == (0.5, 1, 1)


def test_threshold_has_six_digits_and_its_figures_are_of_what_is_kept():
    truth, probability = np.array([True] * 20 + [False]), np.array([*np.linspace(0.5, 0.9, 19), 0.12345678, 0.1234565])
    point = choose_point(truth, probability)
    assert point.threshold == 0.5
    every = choose_point(np.array([True, False]), np.array([0.12345678, 0.1234565]))
    assert every.threshold == 0.123456
    assert (every.sensitivity.value, every.specificity.value) == (1, 0)


@pytest.mark.parametrize("truth", [[True, True], [False, False]])
def test_one_kind_of_films_alone_is_refused(truth):
    with pytest.raises(CalibrationFitError, match="the validation films hold only one kind"):
        choose_point(np.array(truth), np.array([0.2, 0.8]))


def test_wilson_by_hand():
    # Wilson 1927 for 18 of 20: (18 + z²/2 ± z sqrt(18 * 2 / 20 + z²/4)) / (20 + z²), z = 1.959964.
    z = 1.959964
    reach = z * math.sqrt(18 * 2 / 20 + z * z / 4)
    point = point_at(TRUTH, PROBABILITY, 0.32)
    assert point.sensitivity.value == 0.9
    assert (point.sensitivity.low, point.sensitivity.high) == pytest.approx(
        ((18 + z * z / 2 - reach) / (20 + z * z), (18 + z * z / 2 + reach) / (20 + z * z)), abs=1e-6
    )
    assert (point.sensitivity.low, point.sensitivity.high) == pytest.approx((0.6990, 0.9721), abs=1e-4)
    assert point.specificity.value == 0.5
    assert point.specificity.low == pytest.approx(0.2366, abs=1e-4)


def test_without_films_there_is_no_share():
    point = point_at(TRUTH[20:], PROBABILITY[20:], 0.32)
    assert (point.sensitivity.value, point.found, point.cases) == (None, 0, 0)
    assert point.specificity.value == 0.5


def test_predictive_values_by_hand():
    # S = 31 / 34, C = 32 / 44, P = 0.07.
    # PPV = 0.911765 * 0.07 / (0.911765 * 0.07 + 0.272727 * 0.93) = 0.0638235 / 0.3174599 = 0.201044
    # var logit PPV = (1 - S) / (S n1) + C / ((1 - C) n0) = 0.00284630 + 0.06060606 = 0.06345237, its root 0.251898
    # logit PPV = -1.379841 ± 1.959964 * 0.251898: -1.873552 and -0.886130
    ppv, npv = predictive_values(counted(31, 34, 32, 44), 0.07)
    assert ppv.value == pytest.approx(0.201044, abs=1e-6)
    assert (ppv.low, ppv.high) == pytest.approx((0.13313, 0.29191), abs=2e-5)
    # NPV = 0.727273 * 0.93 / (0.727273 * 0.93 + 0.0882353 * 0.07) = 0.6763636 / 0.6825401 = 0.990951
    # var logit NPV = S / ((1 - S) n1) + (1 - C) / (C n0) = 0.30392157 + 0.00852273 = 0.31244430, its root 0.558967
    # logit NPV = 4.695996 ± 1.095555: 3.600441 and 5.791551
    assert npv.value == pytest.approx(0.990951, abs=1e-6)
    assert (npv.low, npv.high) == pytest.approx((0.97341, 0.99696), abs=2e-5)


def test_intervals_cover_what_is_true():
    rng = np.random.default_rng(0)
    sensitivity, specificity, prevalence = 0.85, 0.9, 0.1
    ppv = sensitivity * prevalence / (sensitivity * prevalence + (1 - specificity) * (1 - prevalence))
    npv = specificity * (1 - prevalence) / (specificity * (1 - prevalence) + (1 - sensitivity) * prevalence)
    drawn = [
        predictive_values(counted(found, 200, cleared, 400), prevalence)
        for found, cleared in rng.binomial((200, 400), (0.85, 0.9), (2000, 2))
    ]
    for number, truth in enumerate((ppv, npv)):
        assert np.mean([pair[number].low <= truth <= pair[number].high for pair in drawn]) == pytest.approx(0.95, abs=0.015)


@pytest.mark.parametrize(
    "point", [counted(20, 20, 10, 10), counted(20, 20, 5, 10), counted(10, 20, 10, 10), counted(0, 20, 5, 10), counted(5, 20, 0, 10)]
)
def test_empty_cells_keep_their_value_and_have_an_interval_around_it(point):
    sensitivity, specificity = point.found / point.cases, point.cleared / point.others
    called, spared = sensitivity * 0.2 + (1 - specificity) * 0.8, (1 - sensitivity) * 0.2 + specificity * 0.8
    for value, expected in zip(predictive_values(point, 0.2), (sensitivity * 0.2 / called, specificity * 0.8 / spared), strict=True):
        assert value.value == pytest.approx(expected)
        assert 0 <= value.low <= value.value <= value.high <= 1
        assert 0.02 < value.high - value.low < 1


def test_all_calls_right_is_not_certainty():
    # S = 20/20 and C = 10/10 with z²/2 added to every count: S = C' = 21.9207 / 23.8414 and 11.9207 / 13.8414.
    ppv, npv = predictive_values(counted(20, 20, 10, 10), 0.5)
    assert ppv.value == npv.value == 1
    s, c, n1, n0 = 21.920729 / 23.841459, 11.920729 / 13.841459, 23.841459, 13.841459
    centre, reach = math.log(s / (1 - c)), 1.959964 * math.sqrt((1 - s) / (s * n1) + c / ((1 - c) * n0))
    assert ppv.low == pytest.approx(1 / (1 + math.exp(reach - centre)), abs=1e-6)
    assert ppv.high == 1


def test_nothing_called_has_no_predictive_value():
    ppv, npv = predictive_values(counted(0, 20, 10, 10), 0.3)
    assert ppv.value is None
    assert npv.value == pytest.approx(0.7)
    ppv, npv = predictive_values(counted(20, 20, 0, 10), 0.3)
    assert ppv.value == pytest.approx(0.3)
    assert npv.value is None


def test_without_films_there_is_no_predictive_value():
    assert [value.value for value in predictive_values(counted(0, 0, 5, 10), 0.3)] == [None, None]


@pytest.mark.parametrize(("prevalence", "values"), [(0.0, (0, 1)), (1.0, (1, 0))])
def test_where_all_are_well_or_all_are_ill_the_call_does_not_matter(prevalence, values):
    for value, expected in zip(predictive_values(counted(18, 20, 8, 10), prevalence), values, strict=True):
        assert (value.value, value.low, value.high) == (expected,) * 3
