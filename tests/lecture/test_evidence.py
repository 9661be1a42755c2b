"""The sum at one place, term by term."""

import numpy as np
import pytest

from cxr_core.lecture import evidence_map, stretched, terms_at

RNG = np.random.default_rng(0)
ACTIVATION, WEIGHTS = RNG.random((3, 4, 10)), RNG.normal(size=10)


def test_terms_add_up_to_the_place_of_the_map():
    at = terms_at(ACTIVATION, WEIGHTS, 1, 2, most=4)
    assert at.total == pytest.approx(evidence_map(ACTIVATION, WEIGHTS)[1, 2])
    assert (len(at.terms), at.others_count) == (4, 6)
    assert at.others == pytest.approx(at.total - sum(term.product for term in at.terms))
    sizes = [abs(term.product) for term in at.terms]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] >= np.sort(np.abs(WEIGHTS * ACTIVATION[1, 2]))[-4] - 1e-12


def test_map_sums_over_the_channels():
    np.testing.assert_allclose(evidence_map(ACTIVATION, WEIGHTS), np.einsum("hwk,k->hw", ACTIVATION, WEIGHTS))


def test_stretched_map_spans_zero_to_one_without_what_is_negative():
    np.testing.assert_allclose(stretched(np.array([[-2.0, 0.0], [1.0, 4.0]])), [[0, 0], [0.25, 1]], atol=1e-6)
    np.testing.assert_array_equal(stretched(np.full((2, 2), -1.0)), 0)
