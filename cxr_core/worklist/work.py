"""Work of many steps in a thread of its own: how far it is, how long it still takes, a way to stop it, and a way to let it wait."""

import logging
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Final

WAITS_AT_MOST: Final = 30.0
"""Seconds that work waits for what comes first. Should that never say that it is done, the work goes on."""


class Work:
    """Work that has begun.

    Parameters
    ----------
    steps : generator
        Each turn is a step. It is closed when the work ends, however it ends.
    left : callable
        Returns how many steps are left.
    wanted : callable
        Asked before each step; the work stops when nobody waits for it any more.
    """

    def __init__(self, steps: Generator[None, None, None], left: Callable[[], int], wanted: Callable[[], bool] = lambda: True) -> None:
        self.done = 0
        self.failed = False
        self.finished = False
        self._steps, self._left, self._wanted = steps, left, wanted
        self._first_done = self._last_done = 0.0
        self._cancelled, self._clear = threading.Event(), threading.Event()
        self._clear.set()
        self._thread = threading.Thread(target=self._run, name="worklist", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            while not self._cancelled.is_set() and self._wanted():
                self._clear.wait(WAITS_AT_MOST)
                if self._cancelled.is_set() or next(self._steps, self) is self:
                    break
                self.done += 1
                self._last_done = time.monotonic()
                if self.done == 1:
                    self._first_done = self._last_done
        except Exception as error:  # its message, and its traceback's lines, may quote a file
            logging.getLogger(__name__).error("the work on a list ended with %s", type(error).__name__)
            self.failed = True
        finally:
            self._steps.close()
            self.finished = True

    @property
    def share(self) -> float:
        """The share that is done, in [0, 1]."""
        steps = self.done + self._left()
        return self.done / steps if steps else 1.0

    @property
    def seconds_left(self) -> float | None:
        """How long the rest takes at the pace so far; None while that is not known: the first step may load the model."""
        if self.done < 3:
            return None
        return (self._last_done - self._first_done) / (self.done - 1) * self._left()

    def cancel(self) -> None:
        """Stop after the step at hand."""
        self._cancelled.set()
        self._clear.set()

    @property
    def cancelled(self) -> bool:
        """Whether it was stopped by somebody."""
        return self._cancelled.is_set()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it has ended."""
        self._thread.join(seconds)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Let it wait after the step at hand: what somebody looks at comes first."""
        self._clear.clear()
        try:
            yield
        finally:
            self._clear.set()
