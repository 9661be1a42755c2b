"""What an operating point makes of one film."""

import numpy as np
import pandas as pd
import pytest

from cxr_core.calibration import DEFAULT_PREVALENCE, LIKE_TRAINING, Call, MeasuredFilms, call_film, fit_site, point_at
from cxr_core.calibration.operating import choose_point, predictive_values
from cxr_core.calibration.sentences import RULES
from cxr_core.stats import Interval
from tests.site_cards.drawing import drawn_logits, drawn_site_card

# 20 films of COVID, of which 19 lie at 0.4 or above, and 10 others, of which 8 lie below it.
FILMS = MeasuredFilms(
    np.repeat([True, False], (20, 10)), np.array([0.1, *np.linspace(0.4, 0.9, 19), *np.linspace(0, 0.3, 8), 0.5, 0.6]), "test"
)
CHOSEN = choose_point(FILMS.is_covid, FILMS.probability)


def film(covid):
    return {"COVID": covid, "Lung_Opacity": 0.0, "Normal": 1 - covid, "Viral Pneumonia": 0.0}


def test_films_are_those_of_the_cards_reads():
    films = MeasuredFilms.of(
        pd.DataFrame({"label": ["COVID", "Normal"], "group": ["a", "b"], "COVID": [0.9, 0.2], "Normal": [0.1, 0.8]}), "val"
    )
    assert (films.is_covid.tolist(), films.probability.tolist(), films.split) == ([True, False], [0.9, 0.2], "val")


def test_call_at_the_models_own_threshold_names_its_rule():
    call = call_film(film(0.4), CHOSEN, FILMS)
    assert call.positive  # a film on the threshold is called
    assert call.operating_point == CHOSEN
    assert (call.rule_text, call.split, call.class_name) == (RULES["sensitivity"], "test", "COVID")
    assert (call.prevalence, call.prevalence_is_default) == (DEFAULT_PREVALENCE, True)
    assert (call.ppv, call.npv) == predictive_values(CHOSEN, DEFAULT_PREVALENCE)
    assert not call_film(film(0.399), CHOSEN, FILMS).positive


def test_threshold_and_prevalence_can_be_set():
    call = call_film(film(0.4), CHOSEN, FILMS, threshold=0.55, prevalence=0.05)
    assert not call.positive
    assert call.operating_point == point_at(FILMS.is_covid, FILMS.probability, 0.55)
    assert (call.rule_text, call.prevalence, call.prevalence_is_default) == ("Set by hand.", 0.05, False)
    assert (call.ppv, call.npv) == predictive_values(call.operating_point, 0.05)


def test_figures_are_of_these_films_wherever_the_point_was_chosen():
    others = MeasuredFilms(FILMS.is_covid[10:], FILMS.probability[10:], "test")
    call = call_film(film(0.9), CHOSEN, others)
    assert (call.operating_point.cases, call.operating_point.others) == (10, 10)
    assert call.rule_text == RULES["sensitivity"]


@pytest.mark.parametrize(("threshold", "ppv", "npv"), [(0.0, None, "none called negative"), (1.0, "none called positive", None)])
def test_predictive_value_of_what_no_film_is_called_is_said(threshold, ppv, npv):
    call = call_film(film(0.5), CHOSEN, FILMS, threshold)
    assert call.ppv_text == (ppv or str(call.ppv))
    assert call.npv_text == (npv or str(call.npv))
    assert (call.ppv == Interval(value=None), call.npv == Interval(value=None)) == (ppv is not None, npv is not None)


def test_call_comes_back_from_its_json():
    call = call_film(film(0.7), CHOSEN, FILMS)
    assert Call.model_validate_json(call.model_dump_json()) == call


# A site card's films


@pytest.fixture(scope="module")
def site():
    return drawn_site_card()


def test_own_threshold_of_a_site_card_has_the_figures_of_its_cross_validation(site):
    call = call_film({"COVID": site.threshold}, site.operating_point, MeasuredFilms.of_site(site))
    assert call.operating_point is site.operating_point
    assert call.positive
    assert (call.split, call.site_card) == ("own", "Ward 3")
    assert call.rule_text.startswith("Chosen on the films of the site card Ward 3: the fewest false positives")
    assert call.films_text == "of the site card Ward 3, by cross-validation."


def test_other_thresholds_count_the_site_cards_films(site):
    logits, y_true = drawn_logits()
    probability = fit_site(logits, y_true).probabilities[:, 0]
    films = MeasuredFilms.of_site(site)
    for threshold in np.linspace(0, 1, 1001):
        assert films.point(threshold) == point_at(y_true == 0, probability, threshold)
    call = call_film({"COVID": 0.2}, site.operating_point, films, threshold=0.31)
    assert not call.positive
    assert call.rule_text == "Set by hand."
    assert call.films_text == "of the site card Ward 3, each at a temperature fitted without it."


def test_films_of_the_model_card_are_named_by_their_split():
    call = call_film({"COVID": 0.5}, choose_point(FILMS.is_covid, FILMS.probability), FILMS)
    assert call.films_text == f"among the test films, {LIKE_TRAINING}; on films from elsewhere it may be far worse."
    assert call.site_card is None
