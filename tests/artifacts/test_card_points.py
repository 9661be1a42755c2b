"""Operating points from a card."""

import copy

import pytest

from cxr_core.artifacts import ModelCard, threshold_points, top_class_point
from tests.artifacts.test_schema import CARD


def card(**roc):
    content = copy.deepcopy(CARD)
    content["curves"]["COVID"]["roc"].update(roc)
    return ModelCard.model_validate(content)


def test_top_class_point_counts_whole_films():
    point = top_class_point(card())
    assert (point.found, point.cases, point.cleared, point.others) == (9, 10, 27, 30)
    assert (point.sensitivity.value, point.specificity.value) == (0.9, 0.9)
    assert point.threshold is None
    assert (point.sensitivity.low, point.sensitivity.high) == (0.85, 0.94)


def test_threshold_points_follow_the_roc_and_skip_the_point_without_a_threshold():
    points = threshold_points(card())
    assert [(point.threshold, point.found, point.specificity.value) for point in points] == [(0.5, 9, 0.5), (0.1, 10, 0.0)]
    assert {(point.cases, point.others, point.sensitivity.low) for point in points} == {(10, 30, None)}


def test_thresholds_that_read_alike_are_offered_once():
    points = threshold_points(card(x=[0.0, 0.1, 0.2, 1.0], y=[0.0, 0.5, 0.6, 1.0], threshold=[None, 0.50001, 0.50002, 0.1]))
    assert [point.threshold for point in points] == [0.50001, 0.1]


@pytest.mark.parametrize("change", ["no cases", "no recall", "no curve"])
def test_a_card_that_does_not_say_it_gives_no_point(change):
    content = copy.deepcopy(CARD)
    if change == "no cases":
        content["results"]["classes"]["COVID"]["support"] = 0
        content["results"] |= {"films": 30, "confusion": [[0] * 4, *content["results"]["confusion"][1:]]}
        content["external"] = None  # the same results
    elif change == "no recall":
        content["results"]["classes"]["COVID"]["recall"] = {"value": None}
    else:
        del content["curves"]["COVID"]
    model_card = ModelCard.model_validate(content)
    assert (top_class_point(model_card) is None) == (change != "no curve")
    assert (threshold_points(model_card) == ()) == (change in ("no cases", "no curve"))
