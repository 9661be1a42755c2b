"""What the card says of films from elsewhere follows from its figures."""

import pytest

from cxr_core.artifacts import Disagreement, PointingResult, Ratio
from cxr_core.model_card import elsewhere_card
from cxr_core.stats import Interval
from tests.cards import drawn_card, drawn_elsewhere


def sure(value, reach=0.02):
    return Interval(value=value, low=max(0.0, value - reach), high=min(1.0, value + reach))


@pytest.fixture(scope="module")
def card():
    return drawn_card()[0]


def test_collections_are_listed_with_their_figures(card):
    part = card.elsewhere
    table = elsewhere_card.collection_table(part.collections)
    assert table["collection"].tolist() == ["JSRT", "external", "Kermany"]
    assert table["seen in training"].tolist() == ["never", "never", "yes, or films of its source"]
    assert table["films"].tolist() == [60, 90, 90]
    for row, one in zip(table.to_dict("records"), part.collections, strict=True):
        assert row["accuracy"] == one.accuracy.value
        assert (
            row["normal films called COVID low"] == pytest.approx(one.normal_called_covid.low, nan_ok=True)
            or one.normal_called_covid.low is None
        )
    gate = elsewhere_card.gate_table(part)
    assert gate["told from own films, AUROC"].tolist() == [0.7] * 3


def test_what_films_were_called_adds_up(card):
    table = elsewhere_card.called_table(card.elsewhere.collections)
    counts = table[[name for name in table if name.startswith("called ")]].to_numpy().sum(1)
    assert counts.tolist() == [30] * 8
    assert table["films of"].tolist()[:2] == ["Normal", "none of the four"]


def test_sources_and_probes_are_listed_beside_the_blanked_films(card):
    sources = elsewhere_card.source_table(card.elsewhere.sources)
    assert set(sources["source"]) == {"clinic", "harbour"}
    assert sources["films"].sum() == card.results.films
    table = elsewhere_card.probe_table(card.elsewhere.probes, card.audits[:2])
    assert table["what is asked"].tolist() == [
        "source of COVID films (clinic, harbour)",
        "source of Normal films (clinic, harbour)",
        "class, surroundings blanked",
        "class, lungs blanked",
    ]
    assert table["guessing"].tolist() == [0.5, 0.5, 0.25, 0.25]


@pytest.mark.parametrize(
    ("value", "verdict"), [(0.9, "about what it reaches at home"), (0.8, "less than at home"), (0.3, "much less than at home")]
)
def test_unseen_films_are_put_beside_its_own(card, value, verdict):
    own = card.results.model_copy(update={"accuracy": sure(0.92)})
    unseen = card.elsewhere.unseen.model_copy(
        update={
            "accuracy": sure(value),
            "right": 37,
            "films": 120,
            "normals": 30,
            "normals_called_covid": 4,
            "false_positive_rate": sure(0.13),
        }
    )
    found = elsewhere_card.unseen_finding(unseen, own)
    assert "JSRT and external" in found.asks
    assert "Of 30 normal films it calls 4 COVID, 0.130 [0.110, 0.150]. It is right on 37 of 120 films" in found.meaning
    assert f": {verdict} (0.920)." in found.meaning
    without = elsewhere_card.unseen_finding(unseen.model_copy(update={"normals": 0}), own)
    assert "normal" not in without.meaning


def test_probe_names_the_classes_whose_source_shows(card):
    found = elsewhere_card.probe_finding(card.elsewhere.probes)
    assert found.meaning.endswith("the source of COVID films can be read off them.")
    chance = [one.model_copy(update={"balanced_accuracy": sure(0.5)}) for one in card.elsewhere.probes]
    assert "no source can be shown" in elsewhere_card.probe_finding(chance).meaning
    assert "two known sources" in elsewhere_card.probe_finding([]).meaning


def test_a_poor_detector_is_said_to_be_one(card):
    part = card.elsewhere
    assert "It does not work for JSRT and external: the gate's silence" in elsewhere_card.detector_finding(part).meaning
    good = [one.model_copy(update={"told_from_own": sure(0.95)}) for one in part.collections]
    assert "It works for these" in elsewhere_card.detector_finding(part.model_copy(update={"collections": good})).meaning
    seen = drawn_elsewhere(seen=True)
    assert seen.unseen is None
    assert "whether it works is unknown" in elsewhere_card.detector_finding(seen).meaning
    assert "no other collections" in elsewhere_card.detector_finding(part.model_copy(update={"collections": []})).meaning


@pytest.mark.parametrize(
    ("inside", "verdict"),
    [
        (sure(0.13), "no better than a point thrown at random"),
        (sure(0.16), "better than a point thrown at random, but not by much"),
        (sure(0.4), "it points at the infection more often"),
        (Interval(value=None), "no films with an outlined infection"),
    ],
)
def test_pointing_is_read_beside_chance(inside, verdict):
    pointing = PointingResult(outlined=100, inside=inside, chance=0.12, masked=1, lung_ratio=Ratio(value=None))
    assert verdict in elsewhere_card.pointing_finding(pointing).meaning


@pytest.mark.parametrize(
    ("ratio", "verdict"),
    [
        (Ratio(value=1.02, low=0.98, high=1.06), "no better than chance"),
        (Ratio(value=1.2, low=1.1, high=1.3), "little better than chance"),
        (Ratio(value=2.4, low=2.3, high=2.5), "2.40 [2.30, 2.50] on 7 films: it looks at the lungs"),
        (Ratio(value=None), "not measured"),
    ],
)
def test_share_inside_the_lungs_is_read_beside_chance(ratio, verdict):
    pointing = PointingResult(outlined=0, inside=Interval(value=None), chance=0.0, masked=7, lung_ratio=ratio)
    assert verdict in elsewhere_card.lung_ratio_finding(pointing).meaning


def test_what_the_crop_alone_reaches_is_told_and_is_the_chance_to_beat():
    measured = {"outlined": 100, "inside": sure(0.2), "chance": 0.12, "masked": 7, "lung_ratio": Ratio(value=2.4, low=2.3, high=2.5)}
    pointing = PointingResult(**measured, chance_in_box=0.21, even_ratio=2.31)
    said = elsewhere_card.pointing_finding(pointing).meaning
    assert "chance gives 0.120, and 0.210 in the box around the lungs, which is all it sees: no better than a point" in said
    said = elsewhere_card.lung_ratio_finding(pointing).meaning
    assert "a map that is even over the box around the lungs reaches 2.31: no better than chance" in said
    assert "it looks at the lungs" in elsewhere_card.lung_ratio_finding(PointingResult(**measured, even_ratio=1.5)).meaning


def test_films_without_a_map_are_told_of():
    ratio = Ratio(value=2.4, low=2.3, high=2.5)
    pointing = PointingResult(outlined=0, inside=Interval(value=None), chance=0.0, masked=70, lung_ratio=ratio, empty=9)
    assert "On 9 of them there is no map" in elsewhere_card.lung_ratio_finding(pointing).meaning


def test_disagreement_is_told_at_home_and_elsewhere():
    def known(area):
        return Disagreement(films=100, apart=sure(0.2), wrong_apart=sure(0.6), wrong_alike=sure(0.1), tells_wrong=sure(area))

    found = elsewhere_card.disagreement_finding({"own": known(0.9), "unseen": known(0.7)}).meaning
    assert found.startswith("On its own test films they disagree in 0.200")
    assert "on films that no training saw they disagree in" in found
    assert found.endswith(
        "On its own test films it tells wrong reads well; on films that no training saw it tells some of the wrong reads, not most of them."
    )


@pytest.mark.parametrize(
    ("area", "verdict"),
    [
        (Interval(value=0.56, low=0.46, high=0.66), "is not shown to tell wrong reads from right ones"),
        (Interval(value=None), "is not shown to tell wrong reads from right ones"),
        (Interval(value=0.85, low=0.75, high=0.9), "tells some of the wrong reads, not most of them"),
        (Interval(value=0.9, low=0.8, high=0.95), "tells wrong reads well"),
    ],
)
def test_disagreement_is_judged_by_the_low_end_of_its_interval(area, verdict):
    one = Disagreement(films=100, apart=sure(0.2), wrong_apart=sure(0.6), wrong_alike=sure(0.1), tells_wrong=area)
    assert elsewhere_card.disagreement_finding({"unseen": one}).meaning.endswith(f". On films that no training saw it {verdict}.")
