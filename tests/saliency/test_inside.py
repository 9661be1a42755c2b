"""Share of a map inside the lungs, and when it is warned of."""

import numpy as np
import pytest

from cxr_core.saliency import outside_warning, seen_sentence, share_inside
from cxr_core.saliency.inside import WARN_BELOW
from tests.cards import drawn_card

LEFT_HALF = np.zeros((192, 192), bool)
LEFT_HALF[:, :96] = True


def test_share_is_that_of_the_saliency_not_of_the_area():
    saliency = np.zeros((6, 6), np.float32)
    saliency[2, 1], saliency[3, 5] = 0.9, 0.3
    assert share_inside(saliency, LEFT_HALF) == pytest.approx(0.75)


def test_a_map_that_knows_nothing_has_the_lungs_share_of_the_area():
    lungs = np.random.default_rng(0).random((192, 192)) < 0.3
    assert share_inside(np.ones((6, 6), np.float32), lungs) == pytest.approx(lungs.mean())
    assert share_inside(np.ones((192, 192), np.float32), lungs) == pytest.approx(lungs.mean())


def test_a_cell_across_the_border_counts_by_its_part_inside():
    saliency = np.zeros((1, 3), np.float32)
    saliency[0, 1] = 1
    assert share_inside(saliency, LEFT_HALF) == pytest.approx(0.5)


def test_a_map_of_nothing_has_no_share_and_no_warning():
    share = share_inside(np.zeros((6, 6), np.float32), LEFT_HALF)
    assert np.isnan(share)
    assert outside_warning(share, 0.5) is None


def test_warning_comes_where_most_lies_outside():
    assert outside_warning(WARN_BELOW, 0.2) is None
    assert outside_warning(1.0, 0.2) is None
    assert "(70%) lies outside the lung fields. 30% of it lies inside them, on 20% of the film's area." in outside_warning(0.3, 0.2)


def test_warning_says_when_the_lungs_got_no_more_than_their_area():
    assert "no better than chance" in outside_warning(0.2, 0.2)
    assert "chance" not in outside_warning(0.3, 0.2)


def test_how_often_the_warning_came_on_the_cards_films_is_said():
    found = drawn_card()[0].saliency
    films, warned = (sum(getattr(one, part) for one in found.inside.values()) for part in ("films", "warned"))
    assert seen_sentence(found) == f"Seen on {warned} of {films} test films."
