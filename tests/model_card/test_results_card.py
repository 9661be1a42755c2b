"""Sentences on the classes follow from the numbers."""

import pytest

from cxr_core.labels import in_words
from cxr_core.model_card import results_card
from cxr_core.stats import Interval
from tests.cards import drawn_card


@pytest.fixture(scope="module")
def card():
    return drawn_card()[0]


def test_confusion_names_the_commonest_mistake(card):
    results = card.results.model_copy(update={"confusion": [[8, 2, 0, 0], [0, 5, 7, 0], [0, 0, 9, 0], [0, 0, 1, 3]]})
    sentence = results_card.confusion_sentence(results)
    assert sentence.startswith("Of 10 COVID films 2 are called something else.")
    assert "made 7 times, is to call Lung opacity films Normal" in sentence


def test_perfect_reader_makes_no_mistake(card):
    results = card.results.model_copy(update={"confusion": [[3, 0, 0, 0], [0, 3, 0, 0], [0, 0, 3, 0], [0, 0, 0, 3]]})
    assert results_card.confusion_sentence(results) == "Of 3 COVID films 0 are called something else. No film is called wrongly."


def test_weakest_class_is_named(card):
    lowest = min(card.results.classes, key=lambda name: card.results.classes[name].roc_auc.value)
    assert f"{in_words(lowest)} stays furthest" in results_card.roc_sentence(card.results)
    lowest = min(card.results.classes, key=lambda name: card.results.classes[name].average_precision.value)
    assert f"{in_words(lowest)} has the smallest area" in results_card.precision_recall_sentence(card.results)


def test_without_areas_there_is_no_weakest_class(card):
    nothing = {"roc_auc": Interval(value=None), "average_precision": Interval(value=None)}
    classes = {name: one.model_copy(update=nothing) for name, one in card.results.classes.items()}
    results = card.results.model_copy(update={"classes": classes})
    assert "there is no curve" in results_card.roc_sentence(results)
    assert "there is no curve" in results_card.precision_recall_sentence(results)
