"""Two-way sensitivity analysis: the difference over two parameters at once, with the line on which the tests tie."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from cxr_core.decision.comparison import Values, difference_of, values_of
from cxr_core.decision.crossing import roots
from cxr_core.decision.errors import InvalidParameterError
from cxr_core.decision.formula import Scenario, Test
from cxr_core.decision.parameters import Parameter, ParameterName, checked, checked_parameter


@dataclass(frozen=True, eq=False)
class TwoWay:
    """The difference of the net benefits over two parameters.

    Attributes
    ----------
    x, y : Parameter
        The axes.
    x_values, y_values : numpy.ndarray
        Shapes (n,) and (m,), increasing.
    difference : numpy.ndarray
        Shape (m, n): X-ray minus PCR, exactly 0 where they tie.
    contour : tuple of numpy.ndarray
        The break-even line within the grid: pieces of shape (k, 2), each a chain of (x, y). Every point is solved for, none is
        interpolated. Empty where the tests tie nowhere; a parameter pair that does not matter at all has no line either.
    """

    x: Parameter
    y: Parameter
    x_values: np.ndarray
    y_values: np.ndarray
    difference: np.ndarray
    contour: tuple[np.ndarray, ...]


def two_way(x: ParameterName, y: ParameterName, x_values: Any, y_values: Any, *, xray: Test, pcr: Test, scenario: Scenario) -> TwoWay:
    """Work out the difference on a grid of two parameters, the others fixed.

    Parameters
    ----------
    x, y : str
        Two different names of `PARAMETERS`.
    x_values, y_values : array_like
        Increasing, shapes (n,) and (m,), in the parameters' ranges.
    xray, pcr : Test
    scenario : Scenario

    Returns
    -------
    TwoWay

    Raises
    ------
    InvalidParameterError
        A name is unknown or named twice, or its values are out of range or not increasing.
    """
    across, up = checked_parameter(x), checked_parameter(y)
    if x == y:
        raise InvalidParameterError(y, "is on both axes; choose two different parameters")
    xs, ys = _axis(x, x_values), _axis(y, y_values)
    values = values_of(xray, pcr, scenario)
    difference = np.broadcast_to(difference_of({**values, x: xs, y: ys[:, None]}), (len(ys), len(xs)))
    return TwoWay(across, up, xs, ys, difference, _contour(x, y, xs, ys, values))


def _axis(name: str, values: Any) -> np.ndarray:
    numbers = checked(name, values)
    if numbers.ndim != 1 or not numbers.size or (np.diff(numbers) <= 0).any():
        raise InvalidParameterError(name, "needs increasing values, one after the other")
    return numbers


def _contour(x: ParameterName, y: ParameterName, xs: np.ndarray, ys: np.ndarray, values: Values) -> tuple[np.ndarray, ...]:
    # The difference is bilinear in any two parameters, so the line is a hyperbola or two straight lines. Solving for y at every x misses
    # where it runs straight up, and solving for x at every y where it runs level: both together miss nothing.
    at_xs = np.column_stack([xs, np.broadcast_to(roots(y, {**values, x: xs})[1], xs.shape)])
    at_ys = np.column_stack([np.broadcast_to(roots(x, {**values, y: ys})[1], ys.shape), ys])
    points = np.concatenate([at_xs, at_ys])
    inside = (points[:, 0] >= xs[0]) & (points[:, 0] <= xs[-1]) & (points[:, 1] >= ys[0]) & (points[:, 1] <= ys[-1])  # NaN is not
    points = points[inside]
    # Which way the difference rises with y tells the branches of a hyperbola apart; it is 0 where the line runs straight up.
    slope = np.broadcast_to(roots(y, {**values, x: points[:, 0]})[0], (len(points),))
    level = np.broadcast_to(roots(x, {**values, y: points[:, 1]})[0], (len(points),))
    pieces = []
    for upward in (-1, 0, 1):
        chosen = points[np.sign(slope) == upward]
        sideways = np.sign(level[np.sign(slope) == upward])
        if len(chosen):
            # Where the difference rises the same way along both axes the line falls, else it climbs.
            falling = upward != 0 and bool((sideways * upward > 0).any())
            pieces.append(np.unique(chosen, axis=0) if not falling else _falling(chosen))
    return tuple(pieces)


def _falling(points: np.ndarray) -> np.ndarray:
    return np.unique(points * (1, -1), axis=0) * (1, -1)
