"""Figures of films from elsewhere are of the right films."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from cxr_core.artifacts import UNLABELLED, Elsewhere
from cxr_core.evaluation.elsewhere import class_figures, disagreement_result, elsewhere_part, network_results, unseen_result
from cxr_core.evaluation.inputs import Collection
from cxr_core.evaluation.read_films import UNKNOWN
from cxr_core.labels import CLASS_NAMES
from cxr_core.stats import share
from tests.evaluation.drawing import CHANNELS, READ, REFUSED, films
from tests.gates import open_gate


def collection(name, seen=False):
    return Collection(name, "some films", seen, pd.DataFrame())


def test_figures_of_a_collection_are_of_its_classes():
    found = class_figures(films([2, 2, 2, 1, 1, 3, UNKNOWN, UNKNOWN], called=[2, 0, 2, 1, 3, 3, 0, 2]))
    assert found["called"] == {
        "Lung_Opacity": [0, 1, 0, 1],
        "Normal": [1, 0, 2, 0],
        "Viral Pneumonia": [0, 0, 0, 1],
        UNLABELLED: [1, 0, 1, 0],
    }
    assert found["accuracy"].value == pytest.approx(4 / 6)
    assert found["normal_called_covid"].value == pytest.approx(1 / 3)
    assert found["other_called_covid"].value == pytest.approx(1 / 5)
    assert found["normal_against_rest"].value == pytest.approx(5 / 6)
    assert {name: one.value for name, one in found["recall"].items()} == pytest.approx(
        {"Lung_Opacity": 0.5, "Normal": 2 / 3, "Viral Pneumonia": 1}
    )


def test_bacterial_against_viral_asks_for_those_two_probabilities_alone():
    drawn = films([1] * 30 + [3] * 30 + [0] * 10 + [2] * 10)
    two = drawn.probabilities[:60][:, [1, 3]]
    expected = roc_auc_score(np.repeat([0, 1], 30), two[:, 1] / two.sum(1))
    assert class_figures(drawn)["bacterial_against_viral"].value == pytest.approx(expected)


@pytest.mark.parametrize("y_true", [[0, 0], [2, 2], [UNKNOWN, 2]])
def test_what_needs_two_kinds_of_films_has_no_value_where_one_is_missing(y_true):
    found = class_figures(films(y_true))
    assert found["normal_against_rest"].value is None
    assert found["bacterial_against_viral"].value is None


def test_films_of_a_group_are_resampled_together():
    y_true, called = [2] * 40, [0, 2] * 20
    alone, together = (class_figures(films(y_true, called, groups))["normal_called_covid"] for groups in (None, np.repeat(range(2), 20)))
    paired = class_figures(films(y_true, called, np.tile([0, 1], 20)))["normal_called_covid"]
    assert together.value == alone.value == 0.5
    assert paired.high - paired.low > 2 * (alone.high - alone.low)
    assert together.low == together.high == 0.5


def test_collections_that_were_never_seen_are_pooled():
    found = unseen_result([("one", films([2, 2, UNKNOWN], [0, 2, 0])), ("two", films([0, 1], [0, 0])), ("none", films([UNKNOWN]))])
    assert found.collections == ["one", "two"]
    assert (found.films, found.right, found.normals, found.normals_called_covid) == (4, 2, 2, 1)
    assert found.accuracy.value == found.false_positive_rate.value == 0.5
    assert unseen_result([]) is None
    assert unseen_result([("none", films([UNKNOWN]))]) is None


def test_groups_of_two_collections_are_not_taken_for_one():
    apart = unseen_result([("one", films([2] * 10, [0] * 10, [1] * 10)), ("two", films([2] * 10, [2] * 10, [1] * 10))])
    assert (apart.accuracy.low, apart.accuracy.high) == (0, 1)


def test_the_part_puts_unseen_collections_first_and_measures_the_detector():
    gate = open_gate("ab" * 32, CHANNELS, features=(1.5, np.inf))
    own = films([0, 2] * 40, seed=1)
    far = films([2] * 30, shift=4.0, seed=2, outcomes=[READ, REFUSED, REFUSED] * 10)
    part = elsewhere_part(
        own,
        np.array(["", ""] * 40),
        [(collection("near", seen=True), films([2] * 30, seed=3)), (collection("far"), far)],
        gate,
        None,
        ["one"],
    )
    assert [one.name for one in part.collections] == ["far", "near"]
    first, second = part.collections
    assert first.told_from_own.value > 0.99
    assert first.warned_elsewhere.value > 0.9
    assert first.refused.value == pytest.approx(2 / 3)
    assert first.read.value == pytest.approx(1 / 3)
    assert second.told_from_own.low < 0.5 < second.told_from_own.high
    assert part.own_warned.value == pytest.approx(np.mean([gate.features(row) > 1.5 for row in own.features]))
    assert part.unseen.collections == ["far"]
    assert Elsewhere.model_validate(json.loads(part.model_dump_json())) == part
    assert set(part.collections[0].recall) == {CLASS_NAMES[2]}
    assert part.collections[0].accuracy == share(far.top == 2, far.groups)


def test_each_network_is_measured_alone():
    own = films([0, 2], alone=np.eye(4)[[[0, 2], [2, 2]]])
    away = [films([2, 2, 1], alone=np.eye(4)[[[0, 2], [2, 2], [0, 1]]]), films([UNKNOWN, 2], alone=np.eye(4)[[[0, 0], [2, 0]]])]
    first, second = network_results(["one", "two"], own, away)
    assert (first.network, second.network) == ("one", "two")
    assert (first.own.value, second.own.value) == (1, 0.5)
    assert (first.unseen.value, second.unseen.value) == (0.5, 0.75)
    assert first.normals_called_covid.value == pytest.approx(1 / 3)
    assert second.normals_called_covid.value == pytest.approx(1 / 3)
    (alone, _) = network_results(["one", "two"], own, [])
    assert alone.unseen.value is None
    assert alone.normals_called_covid.value is None


def test_disagreement_is_counted_on_films_of_the_four_classes():
    true, called = [0, 0, 2, 2, 3, UNKNOWN], [0, 2, 2, 0, 3, 1]
    second = [0, 0, 2, 2, 1, 3]  # apart on the second, fourth, fifth and the unlabelled film
    alone = np.stack([4 * np.eye(4)[called], 4 * np.eye(4)[second]], 1)
    alone[4] *= 2  # the right read on which they disagree lies farther apart than the two wrong ones
    found = disagreement_result([films(true[:3], called[:3], alone=alone[:3]), films(true[3:], called[3:], alone=alone[3:])])
    assert found.films == 5
    assert found.apart.value == pytest.approx(3 / 5)
    assert found.wrong_apart.value == pytest.approx(2 / 3)
    assert found.wrong_alike.value == 0
    assert found.tells_wrong.value == pytest.approx(2 * 2 / 6)
