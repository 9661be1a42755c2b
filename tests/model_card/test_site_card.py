"""What is said of a user's own films follows from the numbers."""

import pytest

from cxr_core.labels import CLASS_NAMES
from cxr_core.model_card import site_card, tables
from cxr_core.site_cards import SiteComparison
from cxr_core.stats import Interval
from tests.site_cards.drawing import drawn_figures, drawn_site_card, home_card


@pytest.fixture(scope="module")
def figures():
    return drawn_figures()


def comparison(difference=-0.02, **parts):
    reach = 0.01 if abs(difference) > 0.1 else 0.1
    usual = {"figure": "sensitivity", "card": Interval(value=0.9), "p_value": 0.3, "low": difference - reach, "high": difference + reach}
    return SiteComparison(**{**usual, **parts}, difference=difference)


def with_comparisons(figures, *comparisons):
    return figures.model_copy(update={"comparisons": list(comparisons)})


def test_films_are_counted_and_what_was_left_out_is_named(figures):
    assert site_card.films_sentence(figures) == (
        "Films read: 120, 3 of them with a warning (40 COVID, 20 Lung opacity, 50 Normal, 10 Viral Pneumonia). "
        "Left out: the input gate refused 2 (inverted 2) and 1 cannot be read."
    )
    bare = figures.model_copy(update={"warned": 0, "refused": 0, "broken": 0, "repeated": 1})
    assert site_card.films_sentence(bare).endswith("10 Viral Pneumonia). Left out: 1 repeat another file.")


@pytest.mark.parametrize(
    ("counts", "starts"),
    [
        ((40, 20, 50, 10), []),
        ((40, 0, 0, 0), ["All films are of COVID"]),
        ((0, 20, 20, 0), ["No film is of COVID"]),
        ((4, 20, 20, 0), ["Only 4 films are of COVID"]),
        ((40, 1, 0, 0), ["Only 1 film is of other classes"]),
        ((10, 10, 9, 0), ["With fewer than 30 films"]),
        ((3, 0, 0, 0), ["All films are of COVID", "With fewer than 30 films"]),
    ],
)
def test_what_cannot_be_measured_is_said(counts, starts):
    said = site_card.caveats(drawn_figures(counts=counts))
    assert len(said) == len(starts)
    assert all(sentence.startswith(start) for sentence, start in zip(said, starts, strict=True))


def test_verdict_names_the_figures_that_differ(figures):
    start = "Here the model differs from its card:"
    assert site_card.verdict(figures) == f"{start} sensitivity is lower, specificity is lower and AUC is lower."
    higher = with_comparisons(figures, comparison(), comparison(0.2, figure="specificity"))
    assert site_card.verdict(higher) == f"{start} specificity is higher."
    same = with_comparisons(figures, comparison(), comparison(figure="roc_auc"))
    assert site_card.verdict(same) == "These films show no difference from the card in sensitivity and AUC."
    assert site_card.verdict(with_comparisons(figures)).startswith("These films cannot be compared")


@pytest.mark.parametrize(
    ("parts", "end"),
    [
        ({"difference": -0.2}, "0.200 lower, difference [-0.210, -0.190], p 0.30. It differs from the card."),
        ({"to_tell": 0.05, "more_films": 1234}, "To show one of 0.05 would take 1,234 more films of COVID."),
        ({"to_tell": 0.05, "more_films": 0}, "One of 0.05 would have shown in four of five sets of films this large."),
        ({"to_tell": 0.05}, "No number of films would show one of 0.05: the card itself rests on too few."),
        ({"difference": 0.0}, "the same, difference [-0.100, 0.100], p 0.30. These films do not show a difference."),
        ({"figure": "specificity", "to_tell": 0.06, "more_films": 5}, "take 5 more films of other classes."),
        ({"figure": "roc_auc"}, "These films do not show a difference."),
    ],
)
def test_each_comparison_is_said(figures, parts, end):
    (said,) = site_card.comparison_sentences(with_comparisons(figures, comparison(**parts)))
    assert said.endswith(end)
    assert str(getattr(figures, parts.get("figure", "sensitivity"))) in said


def test_calibration_is_judged_against_chance(figures):
    assert "more than chance explains" in site_card.calibration_sentence(figures)
    good = figures.model_copy(update={"calibration_error": 0.02})
    assert "which chance may explain" in site_card.calibration_sentence(good)
    assert site_card.calibration_sentence(figures.model_copy(update={"calibration_error": None})) is None


def test_what_was_fitted_is_said_beside_what_was_shipped():
    card = drawn_site_card()
    said = " ".join(site_card.fit_sentences(card))
    assert f"Temperature {card.temperature:.3f}; as shipped {card.shipped_temperature:.3f}." in said
    assert f"goes from {card.figures.calibration_error:.3f} to {card.calibration_error:.3f}" in said
    assert f"sensitivity {card.operating_point.sensitivity}" in said.lower()
    assert "By cross-validation in 5 parts" in said


def test_figures_stand_beside_the_cards(figures):
    card = home_card()
    table = site_card.figures_table(figures, card).set_index("figure")
    assert list(table.index) == [
        "sensitivity",
        "specificity",
        "AUC",
        "accuracy",
        *(f"recall {name}" for name in CLASS_NAMES),
        "calibration error",
    ]
    assert table.loc["sensitivity", "these films"] == figures.sensitivity.value
    assert table.loc["sensitivity", "difference low"] == figures.comparisons[0].low
    assert table.loc["accuracy", "model card"] == card.results.accuracy.value
    assert tables.as_text(table.reset_index()).loc[3, "difference"] == ""


def test_figures_of_other_weights_have_only_what_was_compared(figures):
    table = site_card.figures_table(figures, None).set_index("figure")
    assert table.loc["sensitivity", "model card"] == figures.comparisons[0].card.value
    assert table["model card"].notna().sum() == 3


def test_absent_figures_are_left_empty():
    few = drawn_figures(counts=(0, 9, 9, 0))
    shown = tables.as_text(site_card.figures_table(few, home_card())).set_index("figure")
    assert shown.loc["sensitivity", "these films"] == ""
    assert shown.loc["AUC", "p"] == ""
    assert "calibration error" not in shown.index
    assert list(site_card.confusion_table(few)["class of the film"]) == ["Lung_Opacity", "Normal"]


def test_site_cards_stand_below_the_model_card_and_those_of_other_weights_are_marked():
    ours = drawn_site_card()
    other = ours.model_copy(update={"name": "Old", "weights_sha256": "0" * 64, "model": "densenet121 000000"})
    table = site_card.cards_table(home_card(), [ours, other]).set_index("figures of")
    assert list(table.index) == ["model card, test films", "site card Ward 3", "site card Old"]
    assert list(table["applies"]) == ["yes", "yes", "no: of densenet121 000000"]
    assert table.loc["site card Ward 3", "sensitivity low"] == ours.figures.sensitivity.low
    assert table.loc["model card, test films", "accuracy"] == home_card().results.accuracy.value
    bare = site_card.cards_table(home_card().model_copy(update={"calibration": None}), [])
    assert bare["sensitivity"].isna().all()
