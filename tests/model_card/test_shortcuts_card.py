"""What the audits found, from the numbers."""

import pytest

from cxr_core.artifacts import CopyResult, MaskAudit, PairedCopies
from cxr_core.model_card import shortcuts_card
from cxr_core.stats import Interval
from tests.cards import drawn_card

WHOLE = Interval(value=0.85, low=0.8, high=0.9)


@pytest.fixture(scope="module")
def card():
    return drawn_card()[0]


def audit(name, value, low, high):
    interval = Interval(value=value, low=low, high=high)
    return MaskAudit(
        name=name,
        kept="a part",
        films=100,
        accuracy=interval,
        chance_accuracy=0.47,
        macro_recall=interval,
        chance_macro_recall=0.25,
        agreement=interval,
    )


@pytest.mark.parametrize(
    ("value", "low", "high", "words"),
    [
        (0.24, 0.20, 0.28, "not shown to be above guessing"),
        (0.27, 0.25, 0.30, "not shown to be above guessing"),
        (0.27, 0.26, 0.28, "3% of what the whole film gains over it: next to nothing"),
        (0.34, 0.32, 0.36, "a trace of the source"),
        (0.45, 0.42, 0.48, "a good part of what the model goes by lies outside the lungs"),
        (0.80, 0.75, 0.85, "recognises sources more than disease"),
    ],
)
@pytest.mark.parametrize("name", ["Central field blanked", "Border only"])
def test_what_is_left_without_the_lungs_is_measured_against_chance(name, value, low, high, words):
    finding = shortcuts_card.mask_finding(audit(name, value, low, high), WHOLE)
    assert words in finding.meaning
    assert "no better than guessing, a macro recall of 0.25" in finding.good
    assert "source" in finding.bad


@pytest.mark.parametrize(
    ("value", "words"), [(0.84, "hardly needs the surroundings"), (0.7, "to some extent"), (0.4, "leans on the surroundings heavily")]
)
def test_what_is_left_without_the_surroundings_is_measured_against_the_whole_film(value, words):
    finding = shortcuts_card.mask_finding(audit("Surroundings blanked", value, value - 0.02, value + 0.02), WHOLE)
    assert words in finding.meaning
    assert "against 0.850 on whole films" in finding.meaning


@pytest.mark.parametrize("name", ["Surroundings blanked", "Border only"])
def test_model_that_guesses_has_no_gain_to_share_out(name):
    finding = shortcuts_card.mask_finding(audit(name, 0.4, 0.35, 0.45), Interval(value=0.25))
    assert "%" not in finding.meaning


@pytest.mark.parametrize(("agreement", "words"), [(1.0, "hardly matters"), (0.96, "matters a little"), (0.8, "decides too much")])
def test_paired_copies(agreement, words):
    paired = PairedCopies(films=1234, agreement=Interval(value=agreement), mean_probability_change=0.0123)
    finding = shortcuts_card.paired_finding(paired)
    assert words in finding.meaning
    assert "1,234 films, probabilities moved by 0.012" in finding.meaning


def copies(**recall):
    return {
        name: CopyResult(
            films=10, accuracy=Interval(value=0.9), recall={"COVID": Interval(value=value, low=value - 0.05, high=value + 0.05)}
        )
        for name, value in recall.items()
    }


@pytest.mark.parametrize(("other", "words"), [(0.85, "no difference is shown"), (0.6, "do not overlap, so the copy matters")])
def test_copies_are_compared_by_class(other, words):
    finding = shortcuts_card.copies_finding(copies(a=0.9, b=other))
    assert words in finding.meaning
    assert finding.meaning.startswith("The recall differs most for COVID")
    assert f"{0.9 - other:.2f} apart" in finding.meaning


def test_single_copy_cannot_be_compared():
    assert "nothing to compare" in shortcuts_card.copies_finding(copies(a=0.9)).meaning


def external(card, **changed):
    return shortcuts_card.external_finding(card.external.model_copy(update=changed), card.results).meaning


def macro(card, value, low):
    return card.external.macro.model_copy(update={"recall": Interval(value=value, low=low, high=1.0)})


def test_films_from_elsewhere_are_held_against_guessing_and_against_home(card):
    home = card.results.accuracy.value
    assert "the commonest class there would be right more often" in external(card, accuracy=Interval(value=0.1))
    assert "not shown to be better than guessing" in external(card, accuracy=Interval(value=0.7), macro=macro(card, 0.4, 0.3))
    assert "does nearly as well elsewhere" in external(card, accuracy=Interval(value=home), macro=macro(card, 0.9, 0.8))
    far = external(card.model_copy(), accuracy=Interval(value=0.7), macro=macro(card, 0.6, 0.5))
    assert ("much worse than at home" in far) == (home - 0.7 >= 0.1)
    assert "guessing among the 3 classes there reaches 0.33" in far
