"""The presets file: every preset is whole, valid and teaches what it says."""

import pytest

from cxr_core.calculator import CalculatorState, load_presets, with_preset
from cxr_core.calculator.presets import Counts
from cxr_core.decision import Quadrant, Strategy, Verdict, compare, rank

KEYS = ["report", "report-table", "clinic", "clinic-high", "outbreak", "screening", "scarce-pcr", "expensive-imaging"]


def verdict(key):
    state = load_presets()[key].state()
    return compare(state.xray(), state.pcr(), state.scenario())


def test_all_are_there():
    assert list(load_presets()) == KEYS


@pytest.mark.parametrize("key", KEYS)
def test_each_is_whole(key):
    preset = load_presets()[key]
    assert preset.source.endswith(".")
    assert preset.lesson.endswith(".")
    assert {"prevalence", "sensitivity_xray", "sensitivity_pcr", "value", "cost_importance", "cost_xray", "cost_pcr"} <= set(
        preset.settings
    )
    state = preset.state()
    assert state.preset == key
    assert not state.false_positives
    assert not state.waiting
    assert not state.sequential
    for evidence, sensitivity, cases in (
        (preset.xray, state.sensitivity_xray, state.cases_xray),
        (preset.pcr, state.sensitivity_pcr, state.cases_pcr),
    ):
        known = evidence.beta()
        low, high = known.interval()
        assert low < sensitivity < high
        if isinstance(evidence, Counts):
            assert evidence.true_positives / cases == pytest.approx(sensitivity, abs=0.001)
            assert cases == evidence.true_positives + evidence.false_negatives
        else:
            assert cases == round(known.alpha + known.beta - 1)


def test_invented_numbers_are_called_illustrative():
    for preset in load_presets().values():
        assert "illustrative" in preset.source.lower()


def test_the_first_is_the_default():
    assert load_presets()["report"].state() == CalculatorState()


@pytest.mark.parametrize(
    ("key", "winner", "quadrant"),
    [
        ("report", Verdict.XRAY, Quadrant.CHEAPER_LESS_SENSITIVE),
        ("report-table", Verdict.PCR, Quadrant.CHEAPER_LESS_SENSITIVE),
        ("clinic", Verdict.PCR, Quadrant.CHEAPER_LESS_SENSITIVE),
        ("outbreak", Verdict.PCR, Quadrant.CHEAPER_LESS_SENSITIVE),
        ("screening", Verdict.XRAY, Quadrant.CHEAPER_LESS_SENSITIVE),
        ("scarce-pcr", Verdict.XRAY, Quadrant.CHEAPER_LESS_SENSITIVE),
        ("expensive-imaging", Verdict.PCR, Quadrant.DOMINATED),
    ],
)
def test_each_teaches_what_it_says(key, winner, quadrant):
    found = verdict(key)
    assert (found.verdict, found.quadrant) == (winner, quadrant)


def test_screening_the_well_is_worse_than_testing_nobody():
    state = load_presets()["screening"].state()
    assert rank(state.xray(), state.pcr(), state.scenario()).best == (Strategy.NOBODY,)


def test_taking_a_preset_leaves_the_view_and_ends_a_link_to_the_model():
    before = CalculatorState(waiting=True, presenter=True, map_x="cost_pcr", prevalence=0.9, source="card", model="c0ffee")
    taken = with_preset(before, "screening")
    assert taken == load_presets()["screening"].state().model_copy(update={"waiting": True, "presenter": True, "map_x": "cost_pcr"})
    assert taken.source == "typed"
    assert not load_presets()["screening"].changed(taken)
    assert load_presets()["screening"].changed(taken.model_copy(update={"prevalence": 0.01}))
    assert with_preset(before, "") == before.model_copy(update={"preset": ""})
