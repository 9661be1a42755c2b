"""Prediction sets and operating points in words."""

from itertools import combinations
from typing import get_args

import pytest

from cxr_core.artifacts import Disagreement, Rule
from cxr_core.calibration import beside_the_set, disagreement_sentence, elsewhere_sentence, set_meaning, set_sentence
from cxr_core.calibration.sentences import RULES, rule_sentence
from cxr_core.labels import CLASS_NAMES, in_words
from tests.cards import drawn_card


def test_two_cannot_be_told_apart():
    assert set_sentence(("COVID", "Lung_Opacity"), "COVID") == "The model cannot tell COVID from Lung opacity here."


def test_one_stands_alone():
    assert set_sentence(("Viral Pneumonia",), "Viral Pneumonia") == "The prediction set holds Viral Pneumonia alone."


@pytest.mark.parametrize(("names", "listed"), [(("COVID",), "COVID"), (("COVID", "Lung_Opacity"), "COVID or Lung opacity")])
def test_set_without_the_most_probable_class_does_not_pass_over_it(names, listed):
    sentence = set_sentence(names, "Normal")
    assert sentence.startswith("Normal is the most probable class, but less probable here than on most films of that class;")
    assert sentence.endswith(f"; {listed} cannot be excluded.")


def test_three_are_listed():
    expected = "The model cannot tell COVID, Lung opacity and Normal apart here."
    assert set_sentence(("COVID", "Lung_Opacity", "Normal"), "Normal") == expected


def test_all_four_are_not():
    assert set_sentence(CLASS_NAMES, "COVID") == "The model cannot tell any of the four classes apart here."


def test_none_says_what_that_means():
    assert set_sentence((), "COVID").startswith("None of the four fits")


@pytest.mark.parametrize("size", range(5))
def test_every_set_is_one_sentence_of_its_own_that_names_its_classes(size):
    sets = list(combinations(CLASS_NAMES, size))
    sentences = [set_sentence(names, names[0] if names else "COVID") for names in sets]
    assert len(set(sentences)) == len(sets)
    for names, sentence in zip(sets, sentences, strict=True):
        assert sentence.endswith(".")
        assert sentence.count(".") == 1
        assert {name for name in CLASS_NAMES if in_words(name) in sentence} == (set(names) if size < 4 else set())


def test_every_rule_is_said():
    assert set(RULES) == set(get_args(Rule))
    assert "at least 0.95" in RULES["sensitivity"]
    assert rule_sentence("youden") == RULES["youden"]
    assert rule_sentence(None) == "Set by hand."


@pytest.mark.parametrize(
    ("positive", "prediction_set", "said"),
    [
        (True, ("COVID", "Normal"), ""),
        (False, ("Normal",), ""),
        (True, ("Normal",), "The prediction set does not hold COVID: the two are set by different rules."),
        (False, ("COVID",), "The prediction set holds COVID: the two are set by different rules."),
    ],
)
def test_call_and_set_that_differ_are_said_to(positive, prediction_set, said):
    assert beside_the_set(positive, prediction_set) == said


def test_what_a_set_promises_stands_beside_what_it_kept():
    card = drawn_card()[0]
    told = set_meaning(0.9, card)
    assert "the true class of 90% of the films of each class" in told
    assert f"On the test films it did in {card.calibration.coverage}, least often for " in told
    assert "On the" not in set_meaning(0.9, None)


def with_elsewhere(card, **parts):
    return card.model_copy(update={"elsewhere": card.elsewhere.model_copy(update=parts)})


def test_how_often_the_model_is_right_elsewhere_is_said():
    card = drawn_card()[0]
    unseen = card.elsewhere.unseen.model_copy(update={"films": 1440, "right": 620, "normals": 93, "normals_called_covid": 47})
    right = "On films of collections that it never saw, the model was right on 620 of 1,440"
    assert elsewhere_sentence(with_elsewhere(card, unseen=unseen)) == f"{right}, and called 47 of 93 normal ones COVID."
    no_normals = unseen.model_copy(update={"normals": 0, "normals_called_covid": 0})
    assert elsewhere_sentence(with_elsewhere(card, unseen=no_normals)) == f"{right}; none of them was normal."


def test_what_was_not_measured_elsewhere_is_said_to_be_unknown():
    card = drawn_card()[0]
    unknown = elsewhere_sentence(None)
    assert unknown == "Nobody has measured how often the model is right on films from elsewhere: it may be no better than guessing."
    assert elsewhere_sentence(card.model_copy(update={"elsewhere": None})) == unknown
    assert elsewhere_sentence(with_elsewhere(card, unseen=None)) == unknown


def test_disagreement_of_networks_is_said_with_how_often_it_is_wrong():
    card = drawn_card()[0]
    tops = {"DenseNet121": "Normal", "MobileNetV2": "Lung_Opacity"}
    assert disagreement_sentence(dict.fromkeys(tops, "Normal"), card) == ""
    apart = "The two networks behind this read disagree: DenseNet121 says Normal and MobileNetV2 says Lung opacity."
    assert disagreement_sentence(tops, None) == disagreement_sentence(tops, card) == apart

    def known(wrong):
        one = {"value": wrong, "low": wrong, "high": wrong}
        alike = {"value": 0.1, "low": 0.1, "high": 0.1}
        return Disagreement(films=9, apart=one, wrong_apart=one, wrong_alike=alike, tells_wrong=one)

    for disagreement, told in (
        ({"own": known(0.4)}, "On films like those that it learned from, 40% of such reads were wrong, and 10% of those"),
        ({"own": known(0.4), "unseen": known(0.7)}, "On films of collections that it never saw, 70% of such reads were wrong, and 10%"),
    ):
        found = with_elsewhere(card, disagreement=disagreement)
        assert disagreement_sentence(tops, found).startswith(f"{apart} {told}")
