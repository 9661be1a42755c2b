"""Time of the probabilistic sensitivity analysis: 10,000 draws, everything uncertain, all extensions on."""

from common import interleaved_medians, report  # isort: skip

import random

import numpy as np

from cxr_core.calculator import CalculatorState
from cxr_core.decision import DRAWS, Uncertainty, acceptability, simulate

REPEATS = 30


def main() -> None:
    state = CalculatorState(false_positives=True, waiting=True, spread=0.2)
    xray, pcr, scenario = state.xray(), state.pcr(), state.scenario()
    base = state.uncertainty()
    uncertainty = Uncertainty(
        base.sensitivity_xray, base.sensitivity_pcr, {**base.ranges, "value": (500, 1500), "cost_importance": (0.5, 2)}
    )
    simulation = simulate(xray, pcr, scenario, uncertainty)
    beta = base.sensitivity_xray
    assert beta is not None
    places = np.linspace(0, 3, 101)

    def draw_only() -> None:
        generator = np.random.default_rng(0)
        for _ in range(2):
            generator.beta(beta.alpha, beta.beta, DRAWS)

    def plain_loop() -> float:
        # The report's formula alone, one draw after the other.
        preferred = 0
        for _ in range(DRAWS):
            found = random.betavariate(beta.alpha, beta.beta), random.betavariate(475, 8)
            costs = random.uniform(24, 36), random.uniform(40, 60)
            preferred += random.uniform(0.2, 0.3) * 1000 * (found[0] - found[1]) > costs[0] - costs[1]
        return preferred / DRAWS

    seconds = interleaved_medians(
        {
            "simulate": lambda: simulate(xray, pcr, scenario, uncertainty),
            "acceptability": lambda: acceptability(simulation, "cost_importance", places),
            "two Beta draws of NumPy": draw_only,
            "plain Python loop": plain_loop,
        },
        REPEATS,
    )
    figures = {
        "simulate_ms": 1000 * seconds["simulate"],
        "acceptability_ms": 1000 * seconds["acceptability"],
        "times_two_beta_draws": seconds["simulate"] / seconds["two Beta draws of NumPy"],
        "times_plain_loop": seconds["simulate"] / seconds["plain Python loop"],
    }
    report(
        f"{DRAWS:,} draws, median of {REPEATS}",
        {
            "simulate": f"{figures['simulate_ms']:.2f} ms",
            "acceptability curve of 101 points": f"{figures['acceptability_ms']:.2f} ms",
            "simulate / two Beta draws of NumPy": f"{figures['times_two_beta_draws']:.2f}",
            "simulate / plain Python loop": f"{figures['times_plain_loop']:.4f}",
        },
        figures,
        most={"simulate_ms": 50},
    )


if __name__ == "__main__":
    main()
