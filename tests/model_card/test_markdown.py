"""The figures in the README are the card's."""

from pathlib import Path

import pytest

from cxr_core.artifacts import SHIPPED_MODEL, read_card
from cxr_core.model_card import replace_figures
from cxr_core.model_card.errors import ReportingError
from cxr_core.model_card.markdown import BEGIN, END, card_markdown
from tests.cards import drawn_card

README = Path(__file__).parents[2] / "README.md"


def test_readme_shows_the_shipped_cards_figures():
    text = README.read_text()
    assert replace_figures(text, read_card(SHIPPED_MODEL)) == text


def test_table_has_the_cards_values_and_intervals():
    card = read_card(SHIPPED_MODEL)
    accuracy = card.results.accuracy
    row = f"| Accuracy | {accuracy.value:.3f} | {accuracy.low:.3f} to {accuracy.high:.3f} | {card.results.films:,} | 0.92 |"
    assert row in card_markdown(card)


def rows(card):
    lines = [line.strip("| ").split(" | ") for line in card_markdown(card).splitlines() if line.startswith("| ")]
    return {name: [cell.strip() for cell in cells] for name, *cells in lines}


def test_gate_sets_and_calibration_have_their_rows():
    card = drawn_card()[0]
    found = rows(card)
    assert found["Expected calibration error"][:3] == [f"{card.results.expected_calibration_error:.3f}", "", "400"]
    coverage, refused = card.calibration.coverage, card.gate.refused
    bounds = f"{coverage.low:.3f} to {coverage.high:.3f}"
    assert found["Prediction set holds the true class, 90% aimed at"][:3] == [f"{coverage.value:.3f}", bounds, "400"]
    bounds = f"{refused.low:.3f} to {refused.high:.3f}"
    assert found["Films that the input gate refuses"][:3] == [f"{refused.value:.3f}", bounds, "400"]
    assert found["Pictures of other things that it refuses"][:3] == ["0.943", "0.862 to 0.978", "70"]


def test_what_a_card_lacks_has_no_row():
    card = drawn_card()[0]
    lacking = rows(card.model_copy(update={"calibration": None, "gate": None}))
    gone = set(rows(card)) - set(lacking)
    assert len(gone) == 3
    assert all("gate" in name or "other things" in name or "Prediction set" in name for name in gone)


def test_only_the_block_between_the_markers_is_replaced():
    text = f"before\n{BEGIN}\nwhat was there\n{END}\nafter\n"
    replaced = replace_figures(text, read_card(SHIPPED_MODEL))
    assert replaced.startswith(f"before\n{BEGIN}\n")
    assert replaced.endswith(f"{END}\nafter\n")
    assert "what was there" not in replaced


def test_text_without_markers_is_refused():
    with pytest.raises(ReportingError, match="no lines"):
        replace_figures("nothing here", read_card(SHIPPED_MODEL))
