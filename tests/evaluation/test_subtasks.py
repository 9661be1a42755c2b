"""The report's easier questions, put to the same classifier."""

import numpy as np
import pytest

from cxr_core.evaluation.subtasks import SUBTASKS, subtask_results
from cxr_core.labels import CLASS_NAMES
from cxr_core.stats import share
from tests.cards import drawn_films, drawn_probabilities


def test_accuracy_is_that_of_the_probabilities_scaled_to_the_classes():
    y_true, groups = drawn_films(300)
    probabilities = drawn_probabilities(y_true, 1.0)
    found = subtask_results(y_true, probabilities, groups)
    assert [tuple(one.classes) for one in found] == list(SUBTASKS)
    for one in found:
        codes = [CLASS_NAMES.index(name) for name in one.classes]
        rows = np.isin(y_true, codes)
        scaled = np.zeros_like(probabilities[rows])
        scaled[:, codes] = probabilities[rows][:, codes] / probabilities[rows][:, codes].sum(1, keepdims=True)
        assert one.films == rows.sum()
        assert one.accuracy == share(scaled.argmax(1) == y_true[rows], groups[rows])
        assert one.accuracy.low < one.accuracy.value < one.accuracy.high


def test_a_class_that_may_not_be_chosen_cannot_win():
    # All films look most like Lung_Opacity, and next like what they are.
    y_true = np.array([0, 2, 3] * 4)
    probabilities = np.eye(4)[y_true] * 0.3 + np.eye(4)[1] * 0.7
    assert [one.accuracy.value for one in subtask_results(y_true, probabilities, np.arange(12))] == [1, 1]


def test_films_of_other_classes_do_not_count():
    y_true = np.array([0, 1, 1, 1, 3])
    two, three = subtask_results(y_true, np.eye(4)[[0, 0, 0, 0, 0]], np.arange(5))
    assert (two.films, two.accuracy.value) == (1, 1)
    assert (three.films, three.accuracy.value) == (2, pytest.approx(0.5))


def test_question_without_films_is_left_out():
    assert subtask_results(np.array([1, 1]), np.eye(4)[[1, 1]], np.arange(2)) == []
    assert [one.classes for one in subtask_results(np.array([3]), np.eye(4)[[3]], np.arange(1))] == [["COVID", "Normal", "Viral Pneumonia"]]
