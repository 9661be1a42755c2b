"""What a card offers to the calculator, and the sentence beside a sensitivity that comes from there."""

import copy

import pytest

from cxr_core.card import ModelCard
from cxr_core.decision import NO_MODEL, CalculatorState, ModelPoint, model_offer, origin_sentence, with_point
from tests.card.test_schema import CARD

HASH = "ab" * 32


def card(**recall):
    content = copy.deepcopy(CARD)
    content["results"]["classes"]["COVID"]["recall"].update(recall)
    return ModelCard.model_validate(content)


def test_offer_is_the_cards_points_under_its_weights():
    offer = model_offer(card())
    assert offer.model == HASH
    assert offer.top == ModelPoint(0.9, 0.9, None, 10, HASH)
    assert list(offer.points) == [ModelPoint(0.9, 0.5, 0.5, 10, HASH), ModelPoint(1.0, 0.0, 0.1, 10, HASH)]


def test_a_card_that_does_not_say_it_offers_less_and_none_nothing():
    content = copy.deepcopy(CARD)
    content["results"]["classes"]["COVID"]["recall"] = {"value": None}
    del content["curves"]["COVID"]
    assert model_offer(ModelCard.model_validate(content)).sources == ()
    assert model_offer(None) is NO_MODEL


def test_sentence_of_the_card_names_the_films_and_the_interval():
    offer = model_offer(card())
    state = with_point(CalculatorState(), "card", offer.top)
    said = origin_sentence(state, card())
    assert said == f"{card().model.version}, 10 COVID films of its test split; 95% interval 85% to 94%. Specificity 90%."


def test_sentence_without_an_interval_names_none():
    state = with_point(CalculatorState(), "card", model_offer(card()).top)
    assert "interval" not in origin_sentence(state, card(low=None, high=None))
    state = with_point(CalculatorState(), "threshold", model_offer(card()).points[0])  # the interval is of the most probable class
    assert origin_sentence(state, card()) == f"{card().model.version}, 10 COVID films of its test split. Specificity 50%."


@pytest.mark.parametrize(
    ("point", "sentence"),
    [
        (
            ModelPoint(0.87, 0.93, 0.3125, 150, HASH),
            "of model ababab as it was handed over, threshold 0.3125, measured on 150 COVID patients.",
        ),
        (ModelPoint(0.87, 0.93, 0.3125), "of an unnamed model as it was handed over, threshold 0.3125."),
    ],
)
def test_sentence_of_a_point_that_was_handed_over(point, sentence):
    said = origin_sentence(with_point(CalculatorState(), "point", point), card())
    assert said == f"Operating point {sentence} Specificity 93%."
