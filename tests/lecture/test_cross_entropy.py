"""The loss of one film, against Keras's formula written out, and the formula with the numbers in it."""

import math

import numpy as np
import pytest

from cxr_core.lecture import cross_entropy, loss_sentence, shared_rest


def test_rest_goes_to_the_others_in_equal_parts():
    np.testing.assert_allclose(shared_rest(0.7, 2, 4), [0.1, 0.1, 0.7, 0.1])


@pytest.mark.parametrize(("true", "expected"), [(0, -math.log(0.7)), (3, -math.log(0.1))])
def test_loss_is_minus_the_logarithm_of_the_true_classs_probability(true, expected):
    probabilities = shared_rest(0.7, 0, 4)
    one_hot = np.eye(4)[true]
    assert cross_entropy(probabilities, true) == pytest.approx(expected) == pytest.approx(float(-(one_hot * np.log(probabilities)).sum()))


def test_impossible_truth_costs_without_end():
    assert cross_entropy(np.array([1.0, 0.0]), 1) == math.inf


def test_formula_has_the_numbers_in_it():
    assert loss_sentence([0.75, 0.25, 0.0], 1) == (
        r"\begin{aligned}-(&0 \cdot \log 0.750 + 1 \cdot \log 0.250 \\ &+ 0 \cdot \log 0.000) = 1.386\end{aligned}"
    )
