"""What a card offers to the calculator, and the sentence beside a sensitivity that comes from there."""

import copy

import pytest

from cxr_core.artifacts import ModelCard, top_class_point
from cxr_core.calculator import NO_MODEL, CalculatorState, model_offer, origin_sentence, share_text, site_offer, with_point
from tests.artifacts.test_schema import CARD
from tests.calculator.links import point
from tests.site_cards.drawing import drawn_site_card

HASH = "ab" * 32


def card(**recall):
    content = copy.deepcopy(CARD)
    content["results"]["classes"]["COVID"]["recall"].update(recall)
    return ModelCard.model_validate(content)


def test_offer_is_the_cards_points_under_its_weights():
    offer = model_offer(card())
    assert offer.model == HASH
    assert offer.top == top_class_point(card())
    assert [(one.threshold, one.cases) for one in offer.points] == [(0.5, 10), (0.1, 10)]


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
    assert said == f"{card().model.version}, 10 COVID films among its test films; 95% interval 85% to 94%. Specificity 90%."


def test_sentence_without_an_interval_names_none():
    state = with_point(CalculatorState(), "card", model_offer(card()).top)
    assert "interval" not in origin_sentence(state, card(low=None, high=None))
    state = with_point(CalculatorState(), "threshold", model_offer(card()).points[0])  # the interval is of the most probable class
    assert origin_sentence(state, card()) == f"{card().model.version}, 10 COVID films among its test films. Specificity 50%."


@pytest.mark.parametrize(
    ("cases", "model", "sentence"),
    [
        (150, HASH, "of model ababab as it was handed over, threshold 0.3125, measured on 150 COVID patients."),
        (0, "", "of an unnamed model as it was handed over, threshold 0.3125."),
    ],
)
def test_sentence_of_a_point_that_was_handed_over(cases, model, sentence):
    said = origin_sentence(with_point(CalculatorState(), "point", point(0.87, 0.93, 0.3125, cases), model), card())
    assert said == f"Operating point {sentence} Specificity 93%."


@pytest.fixture(scope="module")
def site():
    return drawn_site_card()


def test_offer_of_a_site_card_is_its_operating_point_and_its_curve(site):
    offer = site_offer(site)
    assert offer.model == site.weights_sha256
    assert offer.top is site.operating_point
    assert offer.points == site.points
    assert offer.sources == ("card", "threshold")


def test_sentence_of_a_site_card_names_it_and_its_films(site):
    start = "Figures from the site card Ward 3, 120 films, 40 of them of COVID, by cross-validation; threshold"
    own = with_point(CalculatorState(), "card", site.operating_point)
    assert origin_sentence(own, card(), site).startswith(f"{start} {site.threshold:.4f}; 95% interval ")
    along = with_point(CalculatorState(), "threshold", site.points[3])
    assert origin_sentence(along, None, site) == (
        f"{start} {site.points[3].threshold:.4f}. Specificity {share_text(site.points[3].specificity.value)}."
    )
    handed = with_point(CalculatorState(), "point", point(0.87, 0.93, 0.3125, 150), HASH)
    assert "as it was handed over" in origin_sentence(handed, card(), site)
