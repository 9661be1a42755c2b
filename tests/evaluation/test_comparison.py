"""Which runs of a study are compared, and how."""

import numpy as np
import pytest

from cxr_core.evaluation import compare_all
from cxr_core.evaluation.errors import ComparisonError
from cxr_core.stats import compare_classifiers, holm, resampled_counts
from tests.cards import drawn_run, drawn_study


def compare(first, second, groups):
    return compare_classifiers(first, second, resampled_counts(groups))


def test_every_two_runs_are_compared_once_with_adjusted_p_values():
    runs = drawn_study()
    pairs = compare_all(runs)
    titles = [run.label for run in runs]
    assert [(pair.first, pair.second) for pair in pairs] == [(titles[0], titles[1]), (titles[0], titles[2]), (titles[1], titles[2])]
    hits = [np.array(run.top_class) == np.array(run.y_true) for run in runs]
    assert pairs[1].comparison == compare(hits[0], hits[2], np.array(runs[0].groups))
    assert [pair.adjusted_p_value for pair in pairs] == holm([pair.comparison.p_value for pair in pairs])


@pytest.mark.parametrize("number", [0, 1])
def test_fewer_than_two_runs_make_no_pair(number):
    assert compare_all(drawn_study()[:number]) == []


@pytest.mark.parametrize("change", [{"groups": [f"g{number}" for number in range(400)]}, {"y_true": [3] * 400}])
def test_runs_on_other_films_are_not_compared(change):
    one, other = drawn_study()[:2]
    with pytest.raises(ComparisonError, match="measured on different films"):
        compare_all([one, other.model_copy(update=change)])


def test_runs_on_the_same_films_are_compared_whatever_they_were_trained_on():
    one, other = drawn_study()[:2]
    elsewhere = {"index_sha256": "0" * 64, "groups": [f"pack:{group}" for group in other.groups]}
    assert compare_all([one, other.model_copy(update=elsewhere)]) == compare_all([one, other])


def test_three_equal_runs_do_not_differ():
    runs = [drawn_run(name, "DenseNet121", 2.0) for name in ("a", "b", "c")]
    assert [pair.adjusted_p_value for pair in compare_all(runs)] == [1, 1, 1]
