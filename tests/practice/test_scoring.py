"""Arithmetic of a series, against scikit-learn and statsmodels, and by hand."""

import numpy as np
import pytest
from sklearn.metrics import recall_score, roc_auc_score, roc_curve
from statsmodels.stats.proportion import proportion_confint

from cxr_core.practice import (
    TARGETS,
    Answer,
    Judgement,
    Mark,
    PracticeError,
    accuracy,
    by_confidence,
    chance_of,
    changes,
    model_accuracy,
    pointing,
    score_model,
    score_reader,
    seconds_a_film,
    together,
)
from cxr_core.practice.readers import GRID
from tests.practice.answering import drawn_answers, drawn_sheet

ANSWERS = drawn_answers()


def as_bounds(interval):
    return interval.low, interval.high


def truth_of(target):
    return np.array([answer.truth != "Normal" if target == "any disease" else answer.truth == target for answer in ANSWERS])


@pytest.mark.parametrize("target", TARGETS)
def test_reader_is_scored_as_others_do(target):
    truth = truth_of(target)
    called = np.array([one.own.class_name != "Normal" if target == "any disease" else one.own.class_name == target for one in ANSWERS])
    score = score_reader(ANSWERS, target)
    assert score.sensitivity.value == pytest.approx(recall_score(truth, called))
    assert score.specificity.value == pytest.approx(recall_score(~truth, ~called))
    assert as_bounds(score.sensitivity) == pytest.approx(proportion_confint((called & truth).sum(), truth.sum(), method="wilson"))
    assert as_bounds(score.specificity) == pytest.approx(proportion_confint((~called & ~truth).sum(), (~truth).sum(), method="wilson"))
    ratings = np.where(called, 1, -1) * np.array([one.own.confidence - 0.5 for one in ANSWERS])
    assert score.roc.area.value == pytest.approx(roc_auc_score(truth, ratings))
    x, y, _ = roc_curve(truth, ratings, drop_intermediate=False)
    np.testing.assert_allclose((score.roc.x, score.roc.y), (x, y))
    assert score.roc.area.low < score.roc.area.value < score.roc.area.high


@pytest.mark.parametrize("target", TARGETS)
def test_model_is_scored_on_the_same_films(target):
    truth = truth_of(target)
    p = np.array([answer.probabilities for answer in ANSWERS])
    rating = 1 - p[:, 2] if target == "any disease" else p[:, TARGETS.index(target) - 1]
    called = p.argmax(1) != 2 if target == "any disease" else p.argmax(1) == TARGETS.index(target) - 1
    score = score_model(ANSWERS, target)
    assert score.roc.area.value == pytest.approx(roc_auc_score(truth, rating))
    assert score.sensitivity.value == pytest.approx(recall_score(truth, called))
    assert (score.cases, score.others) == (truth.sum(), (~truth).sum())


def test_revised_reads_count_where_they_are_asked_for():
    last = score_reader(ANSWERS, "COVID", lambda answer: answer.last)
    assert last.sensitivity != score_reader(ANSWERS, "COVID").sensitivity
    assert accuracy(ANSWERS, lambda answer: answer.last).value == np.mean([one.revised.class_name == one.truth for one in ANSWERS])


def test_one_kind_alone_has_no_curve():
    score = score_reader([one for one in ANSWERS if one.truth == "Normal"], "any disease")
    assert (score.roc, score.sensitivity.value) == (None, None)
    assert score.specificity.value is not None


@pytest.mark.parametrize(("class_name", "confidence", "rating"), [("COVID", 5, 10), ("COVID", 1, 6), ("Normal", 1, 5), ("Normal", 5, 1)])
def test_ratings_rise_with_how_sure_a_reader_is_of_disease(class_name, confidence, rating):
    assert Judgement(class_name, confidence).rating("any disease") == rating


def answer_of(place, truth, own, revised, model):
    probabilities = tuple(0.7 if name == model else 0.1 for name in TARGETS[1:])
    return Answer(place, f"{place:012x}", truth, Judgement(own, 3), 10.0 * place, Judgement(revised, 4), probabilities)


CHANGED = [
    answer_of(0, "COVID", "Normal", "COVID", "COVID"),  # helped
    answer_of(1, "COVID", "Normal", "Normal", "COVID"),  # could have helped
    answer_of(2, "Normal", "Normal", "COVID", "COVID"),  # misled
    answer_of(3, "Normal", "Normal", "Normal", "COVID"),  # withstood
    answer_of(4, "Normal", "Normal", "Normal", "Normal"),
    answer_of(5, "COVID", "Normal", "COVID", "Normal"),  # better, without the model's help
]


def test_where_the_model_helped_and_misled():
    found = changes([*CHANGED, *drawn_answers(4, revised=False)])
    assert (found.films, found.better, found.worse) == (6, (0, 5), (2,))
    assert (found.helped.value, found.misled.value) == (0.5, 0.5)
    assert as_bounds(found.helped) == pytest.approx(proportion_confint(1, 2, method="wilson"))


def test_confidence_steps_hold_every_film_once():
    steps = by_confidence(ANSWERS)
    assert sum(one.films for one in steps) == len(ANSWERS)
    five = [one for one in ANSWERS if one.own.confidence == 5]
    assert steps[-1].right.value == pytest.approx(np.mean([one.own.class_name == one.truth for one in five]))


def test_time_accuracy_and_pointing():
    assert seconds_a_film(CHANGED) == 25
    assert model_accuracy(CHANGED).value == pytest.approx(3 / 6)
    hits, chance = pointing(ANSWERS)
    assert hits.value == pytest.approx(np.mean([one.hit for one in ANSWERS if one.hit is not None]))
    assert chance == 0.125
    assert pointing(CHANGED)[1] is None


# Marks


OUTLINE = np.zeros((100, 200), bool)
OUTLINE[20:60, 100:150] = True


@pytest.mark.parametrize(
    ("sides", "hit"),
    [
        ((0.5, 0.2, 0.5, 0.2), True),
        ((0.74, 0.59, 0.74, 0.59), True),
        ((0.76, 0.3, 0.76, 0.3), False),
        ((1.0, 1.0, 1.0, 1.0), False),
        ((0.5, 0.2, 0.75, 0.6), True),
        ((0.375, 0.2, 0.75, 0.6), True),  # two thirds of it
        ((0.2, 0.2, 0.75, 0.6), False),  # less than half
    ],
)
def test_marks_hit_or_miss(sides, hit):
    assert Mark(*sides).hits(OUTLINE) is hit


def test_chance_is_the_outlines_share():
    assert chance_of(OUTLINE) == pytest.approx(0.1)


@pytest.mark.parametrize("sides", [(0.5, 0.5, 0.4, 0.5), (-0.1, 0, 0, 0), (0, 0, 0, 1.1), (float("nan"), 0, 0, 0)])
def test_a_mark_off_the_film_is_refused(sides):
    with pytest.raises(PracticeError):
        Mark(*sides)


# A class


def test_a_class_has_a_mean_and_a_spread():
    sheets = [drawn_sheet(name, seed=seed) for seed, name in enumerate("ABA")]
    found = together(sheets, "any disease")
    assert list(found.scores) == ["A", "B", "A (2)"]
    areas = [score.roc.area.value for score in found.scores.values()]
    assert found.mean_area.value == pytest.approx(np.mean(areas))
    assert found.spread == pytest.approx(np.std(areas, ddof=1))
    assert found.mean_area.low < found.mean_area.value < found.mean_area.high
    # The area under a curve that is averaged at equal specificity is the mean of the areas, but for the steps of the grid.
    assert np.trapezoid(found.mean, GRID) == pytest.approx(found.mean_area.value, abs=0.02)
    assert (found.low <= found.mean).all()
    assert (found.mean <= found.high).all()
    assert found.same_films
    assert not together([sheets[0], drawn_sheet("C", films=20)], "any disease").same_films
    assert np.isnan(together(sheets[:1], "COVID").spread)
