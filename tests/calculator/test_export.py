"""What a user takes away."""

import io

import numpy as np
import pandas as pd
import pytest

from cxr_core.calculator import CalculatorState, curves_table, load_presets, methods_paragraph, scenario_table, with_point
from cxr_core.decision import InvalidParameterError, Strategy, prevalence_curves, simulate
from tests.calculator.links import point

EVERYTHING = CalculatorState(false_positives=True, waiting=True, sequential=True, spread=0.2)


def curves(state, **options):
    return prevalence_curves(state.xray(), state.pcr(), state.scenario(), **options)


def test_curves_are_straight_lines_that_cross_where_they_should():
    found = curves(CalculatorState())
    assert list(found.net_benefit) == [Strategy.XRAY, Strategy.PCR]
    assert found.prevalences.shape == (201,)
    np.testing.assert_allclose(found.net_benefit[Strategy.XRAY], 920 * found.prevalences - 30)
    np.testing.assert_allclose(found.net_benefit[Strategy.PCR], 985 * found.prevalences - 50)
    assert found.crossing.value == pytest.approx(20 / 65)


def test_curves_of_all_strategies_at_chosen_places():
    found = curves(EVERYTHING, prevalences=[0.001, 0.01], sequential=True)
    assert list(found.net_benefit) == list(Strategy)
    assert all(line.shape == (2,) for line in found.net_benefit.values())
    with pytest.raises(InvalidParameterError):
        curves(EVERYTHING, prevalences=[2])


def test_curves_as_csv():
    text = curves_table(curves(EVERYTHING, sequential=True)).to_csv(index=False)
    back = pd.read_csv(io.StringIO(text))
    assert list(back.columns) == ["prevalence", *(strategy.value for strategy in Strategy)]
    assert len(back) == 201


def test_scenario_as_a_table():
    table = scenario_table(CalculatorState())
    assert list(table.columns) == ["quantity", "symbol", "value", "unit"]
    values = table.set_index("symbol")["value"]
    assert list(table["symbol"][:7]) == ["P", "V", "A", "S_xray", "S_pcr", "C_xray", "C_pcr"]
    assert values["NB_xray"] == pytest.approx(200)
    assert values["NB_xray - NB_pcr"] == pytest.approx(3.75)
    assert values["P*"] == pytest.approx(20 / 65)
    assert "xray" in list(values)


def test_scenario_lists_the_extensions_that_are_on_alone():
    assert not {"F", "h", "Sp_xray"} & set(scenario_table(CalculatorState())["symbol"])
    table = scenario_table(EVERYTHING)
    assert {"F", "h", "Sp_xray", "t_xray", "t_pcr"} <= set(table["symbol"])
    assert len(table[table["quantity"].str.startswith("net benefit of:")]) == 3


ORIGIN = "source of the sensitivity of X-ray"
OF_A_MODEL = {
    "model, first digits of the SHA-256 of its weights": "c0ffee",
    "threshold of the model": 0.3125,
    "patients behind the sensitivity of X-ray": 150,
}


@pytest.mark.parametrize(
    ("source", "words"), [("card", "model card"), ("threshold", "threshold on the model's ROC"), ("point", "operating point handed over")]
)
@pytest.mark.parametrize("left_out", [None, *OF_A_MODEL])
def test_scenario_says_where_the_sensitivity_of_xray_comes_from(source, words, left_out):
    threshold = None if left_out == "threshold of the model" else 0.3125
    cases = 0 if left_out == "patients behind the sensitivity of X-ray" else 150
    model = "" if left_out == "model, first digits of the SHA-256 of its weights" else "c0ffee"
    table = scenario_table(with_point(CalculatorState(), source, point(0.87, 0.93, threshold, cases), model))
    values = table.set_index("quantity")["value"].to_dict()
    assert values[ORIGIN] == words
    assert {name: values[name] for name in OF_A_MODEL if name in values} == {
        name: value for name, value in OF_A_MODEL.items() if name != left_out
    }


def test_scenario_names_the_site_card_whose_figures_are_used():
    for source in ("card", "threshold"):
        table = scenario_table(with_point(CalculatorState(), source, point(0.87, 0.93, 0.3, 40)), "Ward 3")
        assert table.set_index("quantity")["value"][ORIGIN] == "site card Ward 3"
    assert scenario_table(CalculatorState(), "Ward 3").set_index("quantity")["value"][ORIGIN] == "typed"


def test_a_typed_sensitivity_counts_as_that():
    values = scenario_table(CalculatorState()).set_index("quantity")["value"].to_dict()
    assert values[ORIGIN] == "typed"
    assert not OF_A_MODEL.keys() & values.keys()


def test_a_prevalence_that_cannot_be_is_left_out():
    table = scenario_table(load_presets()["scarce-pcr"].state())
    assert table.set_index("symbol")["value"].isna()["P*"]


def test_methods_paragraph_of_the_report():
    text = methods_paragraph(CalculatorState())
    assert "\n" not in text
    for words in (
        "NB = P·S·V - A·C,",
        "P = 25%, V = 1,000, A = 1, S_xray = 92%, S_pcr = 98.5%, C_xray = 30, C_pcr = 50.",
        "The net benefit was 200 for X-ray and 196.25 for PCR.",
        "X-ray is preferred, by 3.75 a patient tested. It stays so until prevalence exceeds 30.8%.",
        "no account of specificity or turnaround time",
    ):
        assert words in text
    assert "specificities" not in text
    assert "draws" not in text


def test_methods_paragraph_of_everything():
    simulation = simulate(EVERYTHING.xray(), EVERYTHING.pcr(), EVERYTHING.scenario(), EVERYTHING.uncertainty())
    text = methods_paragraph(EVERYTHING, simulation)
    for words in (
        "NB = P·S·V·2^(-t/h) - (1-P)·(1-Sp)·F - A·C",
        "90% for X-ray and 99% for PCR",
        "15 minutes for X-ray and 18 hours for PCR",
        "'Test nobody'",
        "independent given the disease.",
        "In 10,000 draws",
    ):
        assert words in text
    assert "no account" not in text


def test_sequential_strategies_without_specificity_say_so():
    assert "false positives as absent" in methods_paragraph(CalculatorState(sequential=True))
