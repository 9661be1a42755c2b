"""What is told of sources is of the right films, and a probe reads off the features what is there."""

import numpy as np
import pytest

from cxr_core.evaluation.read_films import UNKNOWN
from cxr_core.evaluation.sources import source_probes, source_results, source_totals
from tests.evaluation.drawing import CHANNELS, films


def test_sources_are_told_apart_within_their_class():
    own = films([0, 0, 0, 2, 2], [0, 2, 0, 0, 2])
    found = source_results(own, np.array(["web", "web", "clinic", "web", ""]))
    assert [(one.label, one.source, one.films, one.recall.value, one.called_covid.value) for one in found] == [
        ("COVID", "clinic", 1, 1.0, 1.0),
        ("COVID", "web", 2, 0.5, 0.5),
        ("Normal", "web", 1, 0.0, 1.0),
    ]


def test_sources_are_measured_over_their_classes():
    own = films([0, 0, 2, 2, 1, UNKNOWN, 3], called=[0, 2, 0, 2, 1, 0, 3])
    web, clinic = source_totals(own, np.array(["web", "web", "clinic", "clinic", "clinic", "clinic", ""]))[::-1]
    assert (web.source, web.labels, web.accuracy.value) == ("web", {"COVID": 2}, 0.5)
    assert web.called_covid.value is None
    assert (clinic.source, clinic.labels) == ("clinic", {"Lung_Opacity": 1, "Normal": 2})
    assert clinic.accuracy.value == pytest.approx(2 / 3)
    assert clinic.called_covid.value == pytest.approx(1 / 3)


def test_probe_finds_a_source_that_shows_in_the_features_and_no_other():
    sources = np.array(["web", "clinic"] * 60 + ["web", "clinic", "rare"] * 40)
    own = films([0] * 120 + [2] * 120)
    own.features[:120][sources[:120] == "web"] += 3
    covid, normal = source_probes(own, sources)
    assert (covid.label, covid.sources, covid.chance) == ("COVID", {"clinic": 60, "web": 60}, 0.5)
    assert covid.balanced_accuracy.value > 0.95
    assert (normal.label, normal.chance) == ("Normal", 1 / 3)
    assert normal.balanced_accuracy.low < 1 / 3 < normal.balanced_accuracy.high


def test_probe_asks_for_enough_groups_of_each_source_and_keeps_them_whole():
    sources = np.array(["web", "clinic"] * 60)
    assert source_probes(films([0] * 120, groups=np.arange(120) // 8), sources) == []
    # Each group has a mark of its own that says nothing of other groups: a probe that split groups would read the source off it.
    own = films([0] * 120, groups=np.arange(120) // 2 // 2 * 2 + np.tile([0, 1], 60))
    own.features[:] = 20 * np.random.default_rng(5).normal(0, 1, (200, CHANNELS))[own.groups]
    assert source_probes(own, sources)[0].balanced_accuracy.value < 0.75
