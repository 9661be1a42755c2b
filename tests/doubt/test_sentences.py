"""Prediction sets and operating points in words."""

from itertools import combinations
from typing import get_args

import pytest

from cxr_core.card import Rule
from cxr_core.doubt import RULES, set_sentence
from cxr_core.labels import CLASS_NAMES


def test_two_cannot_be_told_apart():
    assert set_sentence(("COVID", "Lung_Opacity"), "COVID") == "The model cannot tell COVID from Lung_Opacity here."


def test_one_stands_alone():
    assert set_sentence(("Viral Pneumonia",), "Viral Pneumonia") == "The prediction set holds Viral Pneumonia alone."


@pytest.mark.parametrize(("names", "listed"), [(("COVID",), "COVID"), (("COVID", "Lung_Opacity"), "COVID or Lung_Opacity")])
def test_set_without_the_most_probable_class_does_not_pass_over_it(names, listed):
    sentence = set_sentence(names, "Normal")
    assert sentence.startswith("Normal is the most probable class, but less probable here than on most films of that class;")
    assert sentence.endswith(f"; {listed} cannot be excluded.")


def test_three_are_listed():
    expected = "The model cannot tell COVID, Lung_Opacity and Normal apart here."
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
        assert {name for name in CLASS_NAMES if name in sentence} == (set(names) if size < 4 else set())


def test_every_rule_is_said():
    assert set(RULES) == set(get_args(Rule))
    assert "at least 0.95" in RULES["sensitivity"]
