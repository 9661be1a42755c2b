"""The four answers on trust follow from the card's figures."""

import pytest

from cxr_core.model_card import answers, at_home
from cxr_core.stats import Interval
from tests.cards import drawn_card


def sure(value, reach=0.02):
    return Interval(value=value, low=max(0.0, value - reach), high=min(1.0, value + reach))


@pytest.fixture(scope="module")
def card():
    return drawn_card()[0]


def of_unseen(card, **changes):
    unseen = card.elsewhere.unseen.model_copy(update=changes)
    return answers(card.model_copy(update={"elsewhere": card.elsewhere.model_copy(update={"unseen": unseen})}))


def test_figures_are_the_cards_with_their_intervals(card):
    right, alarms, lungs, gate = answers(card)
    unseen, (blanked,) = card.elsewhere.unseen, [audit for audit in card.audits if audit.name == "Lungs blanked"]
    for answer, figure, films in (
        (right, unseen.accuracy, unseen.films),
        (alarms, unseen.false_positive_rate, unseen.normals),
    ):
        assert answer.figure == f"{figure.value:.3f}"
        assert answer.about.startswith(f"{figure.low:.3f} to {figure.high:.3f}, ")
        assert f"{films:,} " in answer.about
    assert lungs.figure == f"{blanked.macro_recall.value:.3f}"
    assert lungs.about.endswith(f"guessing {blanked.chance_macro_recall:.2f}")
    assert gate.figure == f"{card.gate.others_refused:.3f}"
    pictures, refused = (sum(getattr(one, name) for one in card.gate.others) for name in ("pictures", "refused"))
    assert gate.about.startswith(f"{refused} of {pictures} ")


def test_accuracy_elsewhere_is_put_beside_that_at_home(card):
    home = card.results.accuracy.value
    for lost, words in ((0.01, "About what it reaches at home"), (0.1, "Less than at home"), (0.6, "Much less than at home")):
        assert of_unseen(card, accuracy=sure(home - lost))[0].means.startswith(f"{words} ({home:.3f})")
    assert "most of its answers there are wrong" in of_unseen(card, accuracy=sure(0.4))[0].means
    assert "wrong" not in of_unseen(card, accuracy=sure(0.6))[0].means


def test_false_alarms_are_counted_in_words(card):
    for share, words in ((0.01, "Hardly any"), (0.05, "Few"), (0.3, "Many"), (0.8, "Most")):
        assert of_unseen(card, false_positive_rate=sure(share))[1].means.startswith(words)


def test_what_is_left_without_the_lungs_is_judged_by_the_gain_over_guessing(card):
    whole, chance = card.results.macro.recall.value, 0.25

    def means(recall):
        audits = [audit.model_copy(update={"macro_recall": recall, "chance_macro_recall": chance}) for audit in card.audits]
        return answers(card.model_copy(update={"audits": audits}))[2].means

    for kept, words in ((0.04, "next to nothing"), (0.1, "a trace"), (0.4, "lies outside"), (0.6, "sources more than disease")):
        assert f"keeps {kept:.0%} of its gain" in means(sure(chance + kept * (whole - chance), 0.001))
        assert words in means(sure(chance + kept * (whole - chance), 0.001))
    assert "not shown to beat guessing" in means(sure(chance + 0.01))


def test_gate_is_judged_by_the_collections_that_no_training_saw(card):
    def means(told, warned):
        collections = [
            one.model_copy(update={"told_from_own": sure(told), "warned_elsewhere": sure(share)} if not one.seen else {})
            for one, share in zip(card.elsewhere.collections, warned, strict=True)
        ]
        return answers(card.model_copy(update={"elsewhere": card.elsewhere.model_copy(update={"collections": collections})}))[3].means

    assert means(0.7, (0.1, 0.3, 0.9)) == "It warns of 10% to 30% of chest films from elsewhere: its silence promises nothing."
    assert means(0.9, (0.8, 0.8, 0.1)) == "It warns of 80% of chest films from elsewhere and tells them from its own."


def test_what_was_not_measured_says_so(card):
    bare = card.model_copy(update={"elsewhere": None, "audits": [], "gate": None})
    for answer in answers(bare):
        assert (answer.figure, answer.about) == ("not measured", "")
        assert answer.means.startswith("Nobody knows ")
    without = answers(card.model_copy(update={"elsewhere": None}))
    assert [answer.figure == "not measured" for answer in without] == [True, True, False, False]
    assert without[3].means == "Whether it notices chest films from elsewhere was not measured."


def test_sentences_are_short(card):
    for given in (answers(card), answers(card.model_copy(update={"elsewhere": None, "audits": [], "gate": None}))):
        assert all(len(answer.means.split()) <= 20 for answer in given)


def test_line_of_its_own_films_says_whether_choices_were_made_on_them(card):
    assert at_home(card).startswith(f"{card.results.films:,} test films that no choice was made on: accuracy {card.results.accuracy}, ")
    assert f"calibration error {card.results.expected_calibration_error:.3f}." in at_home(card)
    validated = card.model_copy(update={"data": card.data.model_copy(update={"split": "val"})})
    assert "validation films that choices may have been made on" in at_home(validated)
