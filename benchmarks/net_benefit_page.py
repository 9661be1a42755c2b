"""Time that a slider move takes on the server: everything that the calculator works out and draws, all tabs and extensions at once.

Processor time stands beside the time on the clock, which on a busy machine tells more of the others than of the page.
"""

from common import report  # isort: skip

import statistics
import time

import numpy as np

from cxr_core.calculator import (
    CalculatorState,
    answer,
    derivation,
    inequality_lines,
    lead_sentence,
    methods_paragraph,
    natural_frequencies,
    predictive_sentences,
    ranking_of,
    region_rows,
    results_of,
    strategy_rows,
    to_text,
)
from cxr_core.decision import (
    BASE_PARAMETERS,
    PARAMETERS,
    Strategy,
    acceptability,
    axis_values,
    best_regions,
    break_even,
    compare,
    decision_curve,
    default_ranges,
    histogram,
    lead_tornado,
    prevalence_curves,
    prevalence_end,
    prevalences,
    simulate,
    two_way,
)
from cxr_core.figures import (
    acceptability_figure,
    avoided_figure,
    difference_histogram_figure,
    difference_map_figure,
    frequency_tree_figure,
    icon_array_figure,
    lead_figure,
    net_benefit_figure,
)

MOVES = 60
FILMS = 2000
LIMIT_MS = 150


def move(state: CalculatorState, truth: np.ndarray, scores: np.ndarray) -> int:
    """Do what the page does for one slider move, and what it would do if all of its tabs were open; return the bytes sent."""
    xray, pcr, scenario = tests = state.xray(), state.pcr(), state.scenario()
    comparison, crossing, ranking = compare(*tests), break_even("prevalence", *tests), ranking_of(state)
    text = [answer(state).text, *inequality_lines(state, comparison), str(derivation(state))]
    simulation = simulate(*tests, state.uncertainty())
    text += [to_text(state), methods_paragraph(state, simulation), str(strategy_rows(ranking, results_of(state)))]
    results = {result.strategy: result.net_benefit for result in results_of(state)}
    bars = lead_tornado(*tests, default_ranges(*tests))
    now = {name: getattr(state, name) for name in BASE_PARAMETERS}
    text += [lead_sentence(bars), str(region_rows({name: best_regions(name, *tests) for name in BASE_PARAMETERS}, now))]
    counted = natural_frequencies(state)
    text += [sentence for test in counted for sentence in predictive_sentences(test)]
    curve = decision_curve(truth, scores, prevalence=state.prevalence)
    curves = prevalence_curves(*tests, prevalences(prevalence_end(crossing)), sequential=True)
    x, y = axis_values(crossing), axis_values(break_even("value", *tests))
    importance = axis_values(break_even("cost_importance", *tests), 121)
    figures = [
        net_benefit_figure(curves, state.prevalence, {strategy: results[strategy] for strategy in Strategy}),
        difference_map_figure(two_way("prevalence", "value", x, y, xray=xray, pcr=pcr, scenario=scenario), state.prevalence, state.value),
        lead_figure(bars, ranking.best[0], ranking.lead),
        *(draw(test.counts, test.name) for test in counted for draw in (icon_array_figure, frequency_tree_figure)),
        difference_histogram_figure(histogram(simulation), simulation.low, simulation.high),
        acceptability_figure(
            PARAMETERS["cost_importance"], importance, acceptability(simulation, "cost_importance", importance), state.cost_importance
        ),
        avoided_figure(curve),
    ]
    return sum(map(len, text)) + sum(len(figure.to_json()) for figure in figures)


def baseline(state: CalculatorState) -> str:
    """Draw the smallest figure of the same library: one line of 201 points."""
    import plotly.graph_objects as go

    return go.Figure(go.Scatter(x=np.linspace(0, 1, 201), y=state.value * np.linspace(0, 1, 201))).to_json()


def main() -> None:
    random = np.random.default_rng(0)
    truth = random.random(FILMS) < 0.3
    scores = np.clip(random.normal(0.3 + 0.4 * truth, 0.2), 0, 1)
    states = [
        CalculatorState(prevalence=place, false_positives=True, waiting=True, sequential=True, spread=0.2)
        for place in np.geomspace(0.002, 0.9, MOVES)
    ]
    size = move(states[0], truth, scores)
    baseline(states[0])
    actions = {"move": lambda state: move(state, truth, scores), "baseline": baseline}
    wall: dict[str, list[float]] = {name: [] for name in actions}
    busy: dict[str, list[float]] = {name: [] for name in actions}
    for state in states:
        for name, action in actions.items():
            started, worked = time.perf_counter(), time.process_time()
            action(state)
            wall[name].append(1000 * (time.perf_counter() - started))
            busy[name].append(1000 * (time.process_time() - worked))
    figures = {
        "move_median_ms": statistics.median(wall["move"]),
        "move_p95_ms": float(np.quantile(wall["move"], 0.95)),
        "move_cpu_median_ms": statistics.median(busy["move"]),
        "move_cpu_p95_ms": float(np.quantile(busy["move"], 0.95)),
        "times_one_line": statistics.median(busy["move"]) / statistics.median(busy["baseline"]),
    }
    report(
        f"One slider move on the server, ten figures, {MOVES} moves, to stay under {LIMIT_MS} ms",
        {
            "median": f"{figures['move_median_ms']:.1f} ms",
            "95% of moves within": f"{figures['move_p95_ms']:.1f} ms",
            "processor time, median": f"{figures['move_cpu_median_ms']:.1f} ms",
            "processor time, 95% of moves within": f"{figures['move_cpu_p95_ms']:.1f} ms",
            "processor time / that of one line of 201 points in Plotly": f"{figures['times_one_line']:.1f}",
            "sent": f"{size / 1024:.0f} kB",
        },
        figures,
        most={"move_p95_ms": LIMIT_MS},
    )


if __name__ == "__main__":
    main()
