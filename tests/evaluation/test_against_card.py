"""Whether a user's own films differ from a card's, and how many more would tell."""

from types import SimpleNamespace

import numpy as np
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from cxr_core.artifacts import OperatingPoint
from cxr_core.evaluation.against_card import compared_with_card
from cxr_core.stats import Interval, auc_estimate, wilson


def counts(found, cases, cleared, others):
    return OperatingPoint(threshold=0.5, sensitivity=wilson(found, cases), specificity=wilson(cleared, others), cases=cases, others=others)


def card_of(sensitivity=0.96, specificity=0.9, area=0.98, cases=670, others=1467):
    covid = SimpleNamespace(support=cases, roc_auc=Interval(value=area))
    calibration = None
    if sensitivity is not None:
        calibration = SimpleNamespace(sensitivity=Interval(value=sensitivity), specificity=Interval(value=specificity))
    return SimpleNamespace(results=SimpleNamespace(classes={"COVID": covid}, films=cases + others), calibration=calibration)


def compared(own, figure, card=None, area=None):
    found = {one.figure: one for one in compared_with_card(own, area, card or card_of())}
    return found.get(figure)


def test_difference_is_tested_against_the_cards_films():
    one = compared(counts(31, 40, 70, 80), "sensitivity")
    assert one.difference == pytest.approx(31 / 40 - 643 / 670)
    assert (one.low, one.high) == pytest.approx(confint_proportions_2indep(31, 40, 643, 670, method="newcomb", compare="diff"))
    assert one.is_significant
    assert one.p_value < 0.05
    assert (one.to_tell, one.more_films) == (None, None)


@pytest.mark.parametrize(
    ("own", "figure", "sought"),
    [
        (counts(19, 20, 70, 80), "sensitivity", 643 / 670 - 0.05),
        (counts(18, 20, 70, 80), "sensitivity", 0.9),
        (counts(20, 20, 33, 40), "specificity", 33 / 40),
        (counts(20, 20, 37, 40), "specificity", 1320 / 1467 + 0.05),
    ],
)
def test_no_difference_says_how_many_films_would_show_one(own, figure, sought):
    one = compared(own, figure)
    share, size = (643 / 670, 670) if figure == "sensitivity" else (1320 / 1467, 1467)
    assert not one.is_significant
    assert one.to_tell == pytest.approx(abs(sought - share))
    here = one.more_films + (own.cases if figure == "sensitivity" else own.others)
    rng = np.random.default_rng(0)
    hits, there = rng.binomial(here, sought, 4000) / here, rng.binomial(size, share, 4000) / size
    pooled = (hits * here + there * size) / (here + size)
    power = np.mean(np.abs(hits - there) > 1.96 * np.sqrt(pooled * (1 - pooled) * (1 / here + 1 / size)))
    assert 0.72 <= power <= 0.9


def test_figure_above_the_card_that_cannot_rise_further_is_sought_below():
    one = compared(counts(20, 20, 40, 40), "sensitivity", card_of(sensitivity=0.98))
    assert one.difference > 0
    assert one.to_tell == 0.05
    assert one.more_films > 0


def test_many_films_need_no_more():
    assert compared(counts(575, 600, 70, 80), "sensitivity").more_films == 0


def test_card_of_few_films_cannot_be_told_from():
    one = compared(counts(19, 20, 70, 80), "sensitivity", card_of(cases=40))
    assert one.to_tell == 0.05
    assert one.more_films is None


def test_areas_are_compared_without_a_number_of_films():
    one = compared(counts(20, 20, 70, 80), "roc_auc", area=auc_estimate(0.9, 20, 80))
    assert one.is_significant
    assert one.card.value == 0.98
    assert (one.to_tell, one.more_films) == (None, None)


def test_figures_that_one_side_lacks_are_left_out():
    figures = [one.figure for one in compared_with_card(counts(0, 0, 70, 80), None, card_of())]
    assert figures == ["specificity"]
    bare = card_of(sensitivity=None)
    assert [one.figure for one in compared_with_card(counts(3, 4, 5, 6), auc_estimate(0.9, 4, 6), bare)] == ["roc_auc"]
    assert compared_with_card(counts(3, 4, 5, 6), auc_estimate(0.9, 4, 6), card_of(sensitivity=None, area=None)) == []
