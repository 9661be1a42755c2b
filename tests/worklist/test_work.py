"""Work in a thread: it counts, waits, stops, and tells no more of a failure than its kind."""

import threading

import pytest

from cxr_core.worklist import work
from cxr_core.worklist.work import Work

PATIENCE = 60


class Steps:
    """Steps that are taken one by one when a test says so."""

    def __init__(self, count):
        self.count, self.taken, self.closed = count, 0, False
        self.go = threading.Semaphore(0)

    def __iter__(self):
        try:
            while self.taken < self.count:
                assert self.go.acquire(timeout=PATIENCE)
                self.taken += 1
                yield
        finally:
            self.closed = True

    @property
    def left(self):
        return self.count - self.taken


def until(holds):
    for _ in range(100 * PATIENCE):
        if holds():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it never came")


def test_it_counts_and_tells_the_time_left_once_it_knows_the_pace(monkeypatch):
    seconds = iter([10.0, 12.0, 14.0, 16.0, 18.0])  # the first step loaded the model: only what comes after counts
    monkeypatch.setattr(work, "time", type("clock", (), {"monotonic": staticmethod(lambda: next(seconds))}))
    steps = Steps(5)
    running = Work(iter(steps), lambda: steps.left)
    assert running.share == 0
    for number in (1, 2):
        steps.go.release()
        until(lambda number=number: running.done == number)
    assert running.seconds_left is None
    steps.go.release()
    until(lambda: running.done == 3)
    assert running.share == 0.6
    until(lambda: running.seconds_left == 4.0)
    steps.go.release(2)
    running.wait(PATIENCE)
    assert (running.finished, running.failed, running.share, steps.closed) == (True, False, 1.0, True)


def test_it_stops_after_the_step_at_hand():
    steps = Steps(5)
    running = Work(iter(steps), lambda: steps.left)
    steps.go.release()
    until(lambda: running.done == 1)
    running.cancel()
    steps.go.release()
    running.wait(PATIENCE)
    assert running.cancelled
    assert steps.closed
    assert steps.taken <= 2


def test_it_stops_when_nobody_wants_it_any_more():
    steps, wanted = Steps(5), [True, True]
    steps.go.release(5)
    running = Work(iter(steps), lambda: steps.left, lambda: bool(wanted and wanted.pop()))
    running.wait(PATIENCE)
    assert (running.done, running.finished, running.cancelled) == (2, True, False)


def test_it_waits_for_what_somebody_looks_at():
    steps = Steps(3)
    running = Work(iter(steps), lambda: steps.left)
    with running.waiting():
        steps.go.release(3)
        until(lambda: running.done <= 1 and not running._clear.is_set())
        threading.Event().wait(0.05)
        assert running.done <= 1  # the step that was at hand
    running.wait(PATIENCE)
    assert running.done == 3


def test_a_failure_ends_it_and_the_log_says_no_more_than_its_kind(caplog):
    def failing():
        yield
        raise ValueError("secret-name.png")

    running = Work(failing(), lambda: 1)
    running.wait(PATIENCE)
    assert (running.failed, running.finished, running.done) == (True, True, 1)
    assert "ValueError" in caplog.text
    assert "secret-name" not in caplog.text


@pytest.fixture(autouse=True)
def no_thread_stays():
    yield
    until(lambda: not [thread for thread in threading.enumerate() if thread.name == "worklist"])
