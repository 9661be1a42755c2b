"""Charts of the lecture."""

import numpy as np
import pytest

from cxr_core.figures import confidence_figure, dense_figure, descent_figure, frozen_figure, grid_figure, losses_figure, points_figure


def test_line_of_the_neuron_is_where_its_score_is_zero():
    figure = points_figure(np.array([[1.0, 2], [-1, -2], [3, 1]]), np.array([1, 0, 1]), np.array([2.0, -1.0]))
    line = figure.data[-1]
    np.testing.assert_allclose(2.0 * np.array(line.x) - np.array(line.y), 0, atol=1e-9)
    assert sum(len(trace.x) for trace in figure.data[:2]) == 3


def test_path_ends_at_the_weights_of_now():
    path = np.array([[0.0, 0], [1, 2]])
    figure = descent_figure(np.linspace(-3, 3, 4), np.zeros((4, 4)), path)
    named = {trace.name: trace for trace in figure.data}
    assert (named["start"].x[0], named["now"].y[0]) == (0, 2)
    assert list(figure.layout.xaxis.range) == [-3, 3]


def test_losses_stand_over_the_least():
    figure = losses_figure([3.0, 2.0, 1.5], 1.0)
    assert list(figure.data[0].y) == [3.0, 2.0, 1.5]
    assert list(figure.data[1].y) == [1.0, 1.0]


def test_both_losses_are_marked_at_the_confidence():
    axis = np.array([0.25, 0.9])
    figure = confidence_figure(axis, {"right": axis, "wrong": axis}, 0.6, {"right": 0.5, "wrong": 2.0})
    assert [(trace.x[0], trace.y[0]) for trace in figure.data[1::2]] == [(0.6, 0.5), (0.6, 2.0)]


def test_bars_stack_up_to_what_a_layer_sees():
    figure = dense_figure(64, [32, 32, 16], 1)
    np.testing.assert_array_equal(np.add(figure.data[0].y, figure.data[1].y), [64, 96, 128])


def test_frozen_share_is_marked():
    assert frozen_figure([0.1, 0.5, 1.0], 1).data[1].y[0] == 0.5


def test_grid_writes_every_number_and_frames_a_cell():
    figure = grid_figure(np.array([[1.0, -0.5], [0.0, 0.25]]), [["a", "b"], ["c", "d"]], rows=["r", "s"], columns=["x", "y"], marked=(1, 0))
    assert [(note.x, note.y, note.text) for note in figure.layout.annotations] == [(0, 0, "a"), (1, 0, "b"), (0, 1, "c"), (1, 1, "d")]
    assert figure.layout.shapes[0].y0 == 0.5
    assert (figure.data[0].zmin, figure.data[0].zmax) == (-1, 1)


@pytest.mark.parametrize(("grey", "ink"), [(0.0, "white"), (1.0, "black")])
def test_numbers_stand_out_from_their_grey(grey, ink):
    (note,) = grid_figure(np.array([[grey]]), [["x"]], grey=True).layout.annotations
    assert note.font.color == ink
