"""Undo and redo: the scenarios that a session went through."""

from typing import Final

from cxr_core.calculator.state import CalculatorState

TOGETHER_S: Final = 1.0
"""Changes of the same numbers that follow one another within so many seconds are one step: a slider that is dragged."""

MOST_STEPS: Final = 500
"""The oldest steps are forgotten beyond these."""

_VIEW: Final = frozenset({"presenter"})
"""What undo leaves as it is."""


class History:
    """A line of scenarios, one of which is the current one.

    Parameters
    ----------
    state : CalculatorState
        The first.
    """

    def __init__(self, state: CalculatorState) -> None:
        self._states = [state]
        self._place = 0
        self._changed: frozenset[str] = frozenset()
        self._at = 0.0

    @property
    def now(self) -> CalculatorState:
        """The current scenario."""
        return self._states[self._place]

    @property
    def can_undo(self) -> bool:
        """Whether a scenario lies before the current one."""
        return self._place > 0

    @property
    def can_redo(self) -> bool:
        """Whether scenarios were undone since the last change."""
        return self._place + 1 < len(self._states)

    def record(self, state: CalculatorState, at: float) -> None:
        """Make a scenario the current one. What was undone before is forgotten, unless nothing but the view has changed.

        Parameters
        ----------
        state : CalculatorState
        at : float
            When it was made, in seconds on any clock that only goes forward.
        """
        changed = frozenset(field for field in CalculatorState.model_fields if getattr(state, field) != getattr(self.now, field)) - _VIEW
        if not changed:
            self._states[self._place] = state
            return
        del self._states[self._place + 1 :]
        if self.can_undo and changed == self._changed and at - self._at <= TOGETHER_S:
            self._states[self._place] = state
        else:
            self._states = [*self._states[-MOST_STEPS:], state]
            self._place = len(self._states) - 1
        self._changed, self._at = changed, at

    def undo(self) -> CalculatorState:
        """Go one scenario back, as far as there is one; return it, seen as now."""
        return self._go(max(0, self._place - 1))

    def redo(self) -> CalculatorState:
        """Go one scenario forward, as far as there is one; return it, seen as now."""
        return self._go(min(len(self._states) - 1, self._place + 1))

    def _go(self, place: int) -> CalculatorState:
        view = {field: getattr(self.now, field) for field in _VIEW}
        self._changed = frozenset()  # the next change is a step of its own
        self._states[place] = self._states[place].model_copy(update=view)
        self._place = place
        return self.now
