"""The two-way map and its line."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from cxr_core.decision import BASE_PARAMETERS, PARAMETERS, InvalidParameterError, Scenario, Test, compare, two_way
from tests.decision.draws import scale
from tests.decision.test_crossing import with_parameter

XRAY, PCR, SCENARIO = Test(0.92, 30), Test(0.985, 50), Scenario(0.25, 1000, 1)
FULL = Test(0.92, 30, 0.9, 0.25), Test(0.985, 50, 0.99, 3), Scenario(0.25, 1000, 1, 30, 100)


def axis(name, points):
    return np.linspace(0, 1 if PARAMETERS[name].share else 2000 if name == "value" else 100, points)


def test_worked_by_hand():
    found = two_way("prevalence", "value", [0, 0.25, 0.5], [500, 1000], xray=XRAY, pcr=PCR, scenario=SCENARIO)
    np.testing.assert_allclose(found.difference, [[20, 11.875, 3.75], [20, 3.75, -12.5]])
    (line,) = found.contour
    # P·V = 20/0.065: only V = 1000 at P = 0.3077 and V = 615.4 at P = 0.5 lie in the grid
    np.testing.assert_allclose(line, [[20 / 65, 1000], [0.5, 20 / 0.065 / 0.5]])


def test_every_pair_agrees_with_the_comparison_and_its_line_with_a_tie():
    for x, y in permutations(BASE_PARAMETERS, 2):
        found = two_way(x, y, axis(x, 7), axis(y, 5), xray=XRAY, pcr=PCR, scenario=SCENARIO)
        assert found.difference.shape == (5, 7), (x, y)
        for row, column in ((0, 0), (4, 6), (2, 3), (1, 5)):
            there = with_parameter(y, found.y_values[row], *with_parameter(x, found.x_values[column], XRAY, PCR, SCENARIO))
            assert found.difference[row, column] == compare(*there).difference, (x, y)
        for piece in found.contour:
            assert (np.diff(piece[:, 0]) >= 0).all(), (x, y)
            for point in piece:
                there = with_parameter(y, point[1], *with_parameter(x, point[0], XRAY, PCR, SCENARIO))
                assert compare(*there).difference == pytest.approx(0, abs=1e-12 * scale(*there)), (x, y)


def test_the_line_separates_the_winners():
    for x, y in list(permutations(PARAMETERS, 2))[::3]:
        # Wherever the winner changes between neighbours, the line passes between them; also with every extension on.
        found = two_way(x, y, axis(x, 30), axis(y, 40), xray=FULL[0], pcr=FULL[1], scenario=FULL[2])
        points = np.concatenate([*found.contour, np.empty((0, 2))])
        winner = np.sign(found.difference)
        for row, column in np.argwhere(winner[:, :-1] * winner[:, 1:] < 0):
            on_row = points[points[:, 1] == found.y_values[row], 0]
            assert ((on_row > found.x_values[column]) & (on_row < found.x_values[column + 1])).any(), (x, y)
        for row, column in np.argwhere(winner[:-1] * winner[1:] < 0):
            on_column = points[points[:, 0] == found.x_values[column], 1]
            assert ((on_column > found.y_values[row]) & (on_column < found.y_values[row + 1])).any(), (x, y)


def test_each_piece_of_the_line_goes_one_way():
    for x, y in list(permutations(PARAMETERS, 2))[::3]:
        found = two_way(x, y, axis(x, 30), axis(y, 40), xray=FULL[0], pcr=FULL[1], scenario=FULL[2])
        for piece in found.contour:
            steps = np.diff(piece[:, 1])
            assert (np.diff(piece[:, 0]) >= 0).all(), (x, y)
            assert (steps >= -1e-9).all() or (steps <= 1e-9).all(), (x, y)


def test_level_and_upright_lines_are_found():
    equal_cost = replace(PCR, cost=30)
    found = two_way("prevalence", "value", [0, 0.5, 1], [0, 500, 1000], xray=XRAY, pcr=equal_cost, scenario=SCENARIO)
    upright, level = sorted(found.contour, key=lambda piece: np.ptp(piece[:, 0]))
    assert (upright[:, 0] == 0).all()
    assert (level[:, 1] == 0).all()
    found = two_way("specificity_pcr", "prevalence", [0.5, 1], np.linspace(0, 1, 9), xray=XRAY, pcr=PCR, scenario=SCENARIO)
    (level,) = found.contour
    np.testing.assert_allclose(level[:, 1], 20 / 65)


def test_where_nothing_ties_there_is_no_line():
    assert two_way("prevalence", "value", [0, 1], [0, 1], xray=Test(0.9, 30), pcr=Test(0.9, 50), scenario=SCENARIO).contour == ()


@pytest.mark.parametrize(
    ("x", "y", "xs", "ys", "parameter"),
    [
        ("value", "value", [1, 2], [1, 2], "value"),
        ("value", "sensitivity", [1, 2], [0, 1], "parameter"),
        ("value", "prevalence", [2, 1], [0, 1], "value"),
        ("value", "prevalence", [1, 1], [0, 1], "value"),
        ("value", "prevalence", [[1, 2]], [0, 1], "value"),
        ("value", "prevalence", [], [0, 1], "value"),
        ("value", "prevalence", [1, 2], [0, 2], "prevalence"),
    ],
)
def test_bad_axes_are_refused(x, y, xs, ys, parameter):
    with pytest.raises(InvalidParameterError) as caught:
        two_way(x, y, xs, ys, xray=XRAY, pcr=PCR, scenario=SCENARIO)
    assert caught.value.parameter == parameter
