"""The benchmark of many sessions notices a read that is another film's, and one that did not come."""

import importlib
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
READS = np.array([[0.9, 0.1, 0.0, 0.0], [0.86, 0.1, 0.04, 0.0], [0.1, 0.2, 0.3, 0.4]])


@pytest.fixture
def sessions(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("sessions")


def label(read):
    return "Class probabilities: " + ", ".join(
        f"{name} {value:.2f}" for name, value in zip(("COVID", "Lung opacity", "Normal", "Viral Pneumonia"), read, strict=True)
    )


@pytest.mark.parametrize("film", range(3))
@pytest.mark.parametrize("shown", range(3))
def test_read_is_told_from_those_of_other_films(sessions, film, shown):
    rounding = np.array([0.004, -0.004, 0.004, -0.004])
    assert sessions.is_read_of(sessions.shown_read(label((READS[shown] + rounding).clip(0))), READS, film) == (film == shown)


@pytest.mark.parametrize("text", ["", "Class probabilities: COVID 0.90", label([0.5, 0.5, 0.0, 0.0])])
def test_anything_else_is_no_film_s_read(sessions, text):
    assert not any(sessions.is_read_of(sessions.shown_read(text), READS, film) for film in range(3))


def test_chosen_reads_differ_each_from_all_others(sessions):
    reads = np.random.default_rng(0).dirichlet(np.full(4, 0.4), 500)
    rows = sessions.far_apart(reads, 100)
    assert len(set(rows)) == 100
    chosen = reads[rows]
    distance = np.abs(chosen[:, np.newaxis] - chosen).max(-1) + np.eye(100)
    assert distance.min() > sessions.APART


def test_too_few_different_reads_are_not_made_do_with(sessions):
    with pytest.raises(SystemExit, match="Only 1 films"):
        sessions.far_apart(np.tile(READS[:1], (20, 1)), 2)
