"""Undo and redo."""

import pytest

from cxr_core.calculator import CalculatorState, History
from cxr_core.calculator.history import MOST_STEPS

FIRST = CalculatorState()


def gone_through(*values, apart=10.0):
    history = History(FIRST)
    for number, value in enumerate(values):
        history.record(FIRST.model_copy(update={"value": float(value)}), apart * number)
    return history


def test_nothing_to_undo_or_redo_at_first():
    history = History(FIRST)
    assert (history.now, history.can_undo, history.can_redo) == (FIRST, False, False)
    assert history.undo() == history.redo() == FIRST


def test_every_change_can_be_undone_and_redone():
    history = gone_through(1, 2, 3)
    assert [history.undo().value for _ in range(3)] == [2, 1, 1000]
    assert not history.can_undo
    assert [history.redo().value for _ in range(3)] == [1, 2, 3]
    assert not history.can_redo


def test_a_change_after_undo_ends_what_was_undone():
    history = gone_through(1, 2)
    history.undo()
    history.record(FIRST.model_copy(update={"prevalence": 0.5}), 100)
    assert not history.can_redo
    assert (history.now.value, history.now.prevalence) == (1000, 0.5)
    assert history.undo().value == 1


def test_a_slider_that_is_dragged_is_one_step():
    history = gone_through(1, 2, 3, 4, apart=0.3)
    assert history.now.value == 4
    assert history.undo() == FIRST
    assert history.redo().value == 4


def test_two_sliders_are_two_steps_however_fast():
    history = gone_through(1)
    history.record(history.now.model_copy(update={"prevalence": 0.5}), 0.1)
    history.record(history.now.model_copy(update={"value": 2.0}), 0.2)
    assert (history.undo().value, history.undo().prevalence) == (1, 0.25)


def test_a_change_right_after_undo_is_a_step_of_its_own():
    history = gone_through(1, 2, apart=0.9)
    history.undo()
    history.record(FIRST.model_copy(update={"value": 5.0}), 1.0)
    assert history.undo() == FIRST


@pytest.mark.parametrize("presenter", [True, False])
def test_the_view_stays_through_undo_and_is_no_step(presenter):
    history = gone_through(1)
    history.record(history.now.model_copy(update={"presenter": presenter}), 20)
    assert history.undo() == FIRST.model_copy(update={"presenter": presenter})
    history.record(history.now.model_copy(update={"presenter": not presenter}), 30)
    assert history.can_redo
    assert history.redo().presenter is not presenter


def test_the_oldest_steps_are_forgotten():
    history = gone_through(*range(MOST_STEPS + 20))
    steps = 0
    while history.can_undo:
        history.undo()
        steps += 1
    assert steps == MOST_STEPS
