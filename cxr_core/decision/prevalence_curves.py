"""Net benefit of every strategy over prevalence."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from cxr_core.decision.best import Region, best_regions
from cxr_core.decision.crossing import BreakEven, break_even
from cxr_core.decision.formula import Scenario, Test
from cxr_core.decision.parameters import checked
from cxr_core.decision.strategies import SINGLE_TESTS, Strategy, strategy_curve


@dataclass(frozen=True, eq=False)
class PrevalenceCurves:
    """Net benefit over prevalence.

    Attributes
    ----------
    prevalences : numpy.ndarray
        Shape (n,).
    net_benefit : dict of Strategy to numpy.ndarray
        Each of shape (n,), in units of benefit per patient.
    crossing : BreakEven
        Where X-ray and PCR alone tie.
    regions : tuple of Region
        From prevalence 0 to 1: which of the strategies in `net_benefit` are best where.
    """

    prevalences: np.ndarray
    net_benefit: dict[Strategy, np.ndarray]
    crossing: BreakEven
    regions: tuple[Region, ...]


def prevalence_curves(xray: Test, pcr: Test, scenario: Scenario, prevalences: Any = None, *, sequential: bool = False) -> PrevalenceCurves:
    """Work out net benefit over prevalence.

    Parameters
    ----------
    xray, pcr : Test
    scenario : Scenario
        Its own prevalence is not used.
    prevalences : array_like, optional
        Shares in [0, 1], shape (n,); by default every half per cent.
    sequential : bool
        All five strategies instead of the two single tests.

    Returns
    -------
    PrevalenceCurves

    Raises
    ------
    InvalidParameterError
        A prevalence is not a number in [0, 1].
    """
    places = checked("prevalence", np.linspace(0, 1, 201) if prevalences is None else prevalences)
    strategies = tuple(Strategy) if sequential else SINGLE_TESTS
    return PrevalenceCurves(
        prevalences=places,
        net_benefit={strategy: strategy_curve(strategy, xray, pcr, scenario, places) for strategy in strategies},
        crossing=break_even("prevalence", xray, pcr, scenario),
        regions=best_regions("prevalence", xray, pcr, scenario, strategies),
    )
