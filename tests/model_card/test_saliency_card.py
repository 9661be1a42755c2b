"""What is said of saliency maps follows from their figures."""

import pytest

from cxr_core.artifacts import InsideShare, LungCard, LungFigures, Mean, RandomisedStage
from cxr_core.model_card import saliency_card
from tests.cards import drawn_saliency


@pytest.fixture(scope="module")
def result():
    return drawn_saliency()


def around(value, apart=0.05):
    return Mean(value=value, low=value - apart, high=value + apart)


def test_tables_hold_the_figures(result):
    lungs = saliency_card.dice_table(lung_card(test=0.95, jsrt=0.941))
    assert lungs["masked films"].tolist() == ["test", "jsrt"]
    assert lungs["mean Dice"].tolist() == [0.95, 0.941]
    inside = saliency_card.inside_table(result.inside)
    assert inside["films called"].tolist() == list(result.inside)
    assert inside["saliency inside the lungs"].tolist() == [one.share.value for one in result.inside.values()]
    assert inside["mostly outside"].tolist() == [6] * 4
    patches = saliency_card.patch_table(result)
    assert patches["deletion, most salient first"].tolist() == result.deletion.by_saliency
    assert patches["insertion, at random"].tolist() == result.insertion.at_random
    randomised = saliency_card.randomised_table(result)
    assert randomised["rank correlation"].tolist() == [*(stage.correlation.value for stage in result.randomised), result.other_film.value]
    agreement = saliency_card.agreement_table(result.agreement).set_index("method")
    assert agreement.loc["Grad-CAM", "Score-CAM"] == result.agreement["Grad-CAM"]["Score-CAM"]


def lung_card(**means):
    figures = {
        name: LungFigures(films=20, mean=mean, low=mean - 0.01, high=mean + 0.01, fifth_percentile=0.5) for name, mean in means.items()
    }
    return LungCard(
        sha256="0" * 64,
        parameters=1,
        written="2026-01-01",
        command="none",
        trained_on="Lung masks of 9 training films.",
        epochs=1,
        seed=0,
        films={"train": 9},
        val_dice=[0.9],
        figures=figures,
    )


@pytest.mark.parametrize(("elsewhere", "words"), [(0.94, "good enough to crop and to measure shares by"), (0.5, "too coarse")])
def test_lung_network_is_judged_by_the_worst_of_its_figures(elsewhere, words):
    finding = saliency_card.lung_fields_finding(lung_card(test=0.95, jsrt=elsewhere))
    assert words in finding.meaning
    assert f"test 0.950 (0.940 to 0.960, 20 films); jsrt {elsewhere:.3f}" in finding.meaning
    assert "Lung masks of 9 training films." in finding.asks


def share(value, area=0.3):
    return InsideShare(films=10, share=around(value), area=area, warned=3, no_better=1)


def test_classes_that_look_at_the_lungs_are_named():
    meaning = saliency_card.inside_finding({"COVID": share(0.6), "Normal": share(0.32), "Lung_Opacity": share(0.2)}).meaning
    assert meaning == (
        "Beside the area: more lies inside than by chance for films called COVID; less than by chance for films called Lung opacity; "
        "no difference from chance is shown for films called Normal. "
        "Most of the saliency lies outside in 9 of 30 films, and a read of such a film says so."
    )
    several = saliency_card.inside_finding({"COVID": share(0.6), "Normal": share(0.7)}).meaning
    assert "for films called COVID and Normal." in several
    assert "less" not in several
    unknown = InsideShare(films=1, share=Mean(value=None), area=0.3, warned=0, no_better=0)
    assert "no difference" in saliency_card.inside_finding({"COVID": unknown}).meaning


@pytest.mark.parametrize(
    ("gain", "words"),
    [
        (around(0.2), "0.20 [0.15, 0.25]: the maps order the patches better than chance"),
        (around(0.01), "not shown that they order the patches better than chance"),
        (around(-0.2), "wrong side by 0.20 [0.15, 0.25]: the maps order the patches worse than chance"),
        (Mean(value=None), "It was not measured"),
    ],
)
def test_curves_are_held_against_a_random_order(result, gain, words):
    curve = result.deletion.model_copy(update={"gain": gain})
    assert words in saliency_card.deletion_sentence(curve)
    assert words in saliency_card.insertion_sentence(curve)


def test_smaller_area_is_better_for_deletion_and_larger_for_insertion(result):
    assert "is smaller by" in saliency_card.deletion_sentence(result.deletion)
    assert "is larger by" in saliency_card.insertion_sentence(result.insertion)


@pytest.mark.parametrize(
    ("value", "words"), [(0.1, "no higher than between different films"), (0.6, "still higher than between different films")]
)
def test_randomised_network_is_held_against_other_films(value, words):
    stages = [
        RandomisedStage(layers="last layer", correlation=around(0.9)),
        RandomisedStage(layers="all layers", correlation=around(value)),
    ]
    sentence = saliency_card.randomised_sentence(stages, around(0.15))
    assert f"With all layers randomised the rank correlation is {around(value)}, {words}" in sentence


def test_randomised_network_that_was_not_measured():
    stage = RandomisedStage(layers="last layer", correlation=Mean(value=None))
    assert saliency_card.randomised_sentence([stage], around(0.1)).endswith("It was not measured.")
    lone = saliency_card.randomised_sentence([RandomisedStage(layers="all layers", correlation=around(0.3))], Mean(value=None))
    assert lone.endswith(f"is {around(0.3)}.")


def test_methods_that_agree_most_and_least_are_named():
    matrix = {
        "A": {"A": 1.0, "B": 0.8, "C": -0.1},
        "B": {"A": 0.8, "B": 1.0, "C": 0.2},
        "C": {"A": -0.1, "B": 0.2, "C": 1.0},
    }
    sentence = saliency_card.agreement_sentence(matrix, 4)
    assert sentence.endswith("A and B are most alike (0.80), A and C least (-0.10).")
    assert "on 4 films" in sentence
    assert "Most alike" not in saliency_card.agreement_sentence({"A": {"A": 1.0}}, 4)
