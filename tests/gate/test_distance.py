"""Distance from the vectors of training."""

import numpy as np
import pytest

from cxr_core.gate.distance import Distance

SCALES = np.array([5.0, 3.0, 2.0, 1.0, 1.0, 1.0])


@pytest.fixture(scope="module")
def vectors():
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 2, 6000)
    return rng.normal(0, SCALES, (6000, 6)) + 20 * codes[:, np.newaxis], codes


def mahalanobis(vector, vectors, codes):
    """The textbook's way: with the whole covariance, inverted."""
    means = [vectors[codes == code].mean(0) for code in (0, 1)]
    precision = np.linalg.inv(np.cov((vectors - np.array(means)[codes]).T, bias=True))
    return min(np.sqrt((vector - mean) @ precision @ (vector - mean) / len(vector)) for mean in means)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("components", [3, 5])
def test_it_is_that_of_mahalanobis_where_the_small_variances_are_alike(vectors, components, seed):
    vector = np.random.default_rng(100 + seed).normal(10, 10, 6)
    assert Distance.fit(*vectors, components=components)(vector) == pytest.approx(mahalanobis(vector, *vectors), rel=0.02)


def test_films_like_those_of_training_are_about_1_away(vectors):
    distance = Distance.fit(*vectors)
    assert np.mean([distance(vector) ** 2 for vector in vectors[0][:500]]) == pytest.approx(1, abs=0.1)


def test_directions_that_vary_little_count_more(vectors):
    distance = Distance.fit(*vectors)
    mean = distance.means[0]
    along = [distance(mean + 10 * axis) for axis in np.eye(6)[[0, 1, 5]]]
    assert along == sorted(along)
    assert along[2] > 3 * along[0]


@pytest.mark.parametrize("count", [1, 2, 9])
def test_few_vectors_of_many_dimensions_give_finite_distances(count):
    rng = np.random.default_rng(1)
    distance = Distance.fit(rng.normal(size=(count, 40)), np.full(count, 3))
    assert np.isfinite(distance(rng.normal(size=40)))
    assert distance(100 * rng.normal(size=40)) > distance(rng.normal(size=40))
