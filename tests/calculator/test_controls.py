"""What the sliders and boxes offer, and that they agree with the calculator's fields."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_core.calculator import CONTROLS, CalculatorState, load_presets
from cxr_core.decision import BASE_PARAMETERS

SLIDERS = {field: control for field, control in CONTROLS.items() if control.grid}


def test_every_parameter_of_the_formula_has_a_slider():
    assert set(BASE_PARAMETERS) <= set(SLIDERS)


@pytest.mark.parametrize("field", CONTROLS)
def test_what_a_control_admits_is_what_the_calculator_admits(field):
    control = CONTROLS[field]
    for shown in (control.low, control.high, *control.grid[:1], *control.grid[-1:]):
        CalculatorState(**{field: control.value(shown)})


@pytest.mark.parametrize("field", SLIDERS)
def test_slider_steps_increase_and_are_all_written_differently(field):
    control = CONTROLS[field]
    assert list(control.grid) == sorted(set(control.grid))
    assert len({control.text(step) for step in control.grid}) == len(control.grid)
    assert control.low <= control.grid[0]
    assert control.grid[-1] <= control.high


@pytest.mark.parametrize("field", SLIDERS)
def test_every_step_comes_back_from_the_field(field):
    control = CONTROLS[field]
    for step in control.grid:
        assert control.shown(control.value(step)) == step
        assert control.nearest(control.value(step)) == step


def test_prevalence_is_fine_below_one_per_cent():
    below = [step for step in CONTROLS["prevalence"].grid if 0 < step < 1]
    assert below[0] == 0.01
    assert max(later - earlier for earlier, later in itertools.pairwise(below)) <= 0.0101
    assert CONTROLS["prevalence"].grid[-1] == 100


def test_shares_are_shown_in_per_cent_without_rounding_noise():
    assert CONTROLS["prevalence"].shown(0.07) == 7
    assert CONTROLS["sensitivity_pcr"].value(98.5) == 0.985
    assert CONTROLS["prevalence"].text(0.5) == "0.5%"
    assert CONTROLS["value"].text(100_000) == "100,000"


def test_numbers_of_every_preset_are_on_the_sliders():
    for preset in load_presets().values():
        state = preset.state()
        for field in ("prevalence", "value", "cost_importance", "cost_xray", "cost_pcr", "sensitivity_pcr", "sensitivity_xray"):
            assert SLIDERS[field].nearest(getattr(state, field)) == SLIDERS[field].shown(getattr(state, field)), (preset.key, field)


@given(st.sampled_from(list(SLIDERS)), st.floats(0, 1e12))
def test_any_number_has_a_nearest_step(field, number):
    control = SLIDERS[field]
    nearest = control.nearest(control.value(number))
    shown = control.shown(control.value(number))
    assert nearest in control.grid
    assert abs(nearest - shown) == min(abs(step - shown) for step in control.grid)
