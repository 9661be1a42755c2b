"""Convolution against SciPy, its single windows against it, ReLU and pooling."""

import numpy as np
import pytest
from scipy.signal import correlate2d

from cxr_core.lecture import HAND_MADE, Kernel, convolve, max_pool, relu, window_at

FILM = np.random.default_rng(0).random((20, 17))
STRIDED = Kernel("of 2", np.random.default_rng(1).normal(size=(5, 5)), bias=0.3, stride=2)


@pytest.mark.parametrize("kernel", [*HAND_MADE.values(), STRIDED], ids=lambda kernel: kernel.name)
def test_convolution_is_scipys(kernel):
    expected = correlate2d(FILM, kernel.weights, mode="valid")[:: kernel.stride, :: kernel.stride] + kernel.bias
    np.testing.assert_allclose(convolve(FILM, kernel), expected)


@pytest.mark.parametrize(("row", "column"), [(0, 0), (7, 6), (3, 1)])
def test_window_makes_its_place_of_the_result(row, column):
    window = window_at(FILM, STRIDED, row, column)
    assert (window.top, window.left) == (2 * row, 2 * column)
    np.testing.assert_allclose(window.products, window.greys * STRIDED.weights)
    assert window.total == pytest.approx(convolve(FILM, STRIDED)[row, column])


def test_edges_show_on_edges_alone():
    step = np.tile((np.arange(9) > 4).astype(float), (9, 1))
    assert np.abs(convolve(step, HAND_MADE["Upright edges"])).max() == 4
    assert np.abs(convolve(step, HAND_MADE["Level edges"])).max() == 0


def test_blur_and_sharpen_keep_an_even_grey():
    for name in ("Blur", "Sharpen"):
        np.testing.assert_allclose(convolve(np.full((5, 5), 0.4), HAND_MADE[name]), 0.4)


def test_relu_and_pooling():
    values = np.array([[-1.0, 2, 0], [3, -4, 9], [5, 6, 7]])
    np.testing.assert_array_equal(relu(values), [[0, 2, 0], [3, 0, 9], [5, 6, 7]])
    np.testing.assert_array_equal(max_pool(values, 2), [[3]])
    np.testing.assert_array_equal(max_pool(values, 1), values)
