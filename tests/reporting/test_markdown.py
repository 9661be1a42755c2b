"""The figures in the README are the card's."""

from pathlib import Path

import pytest

from cxr_core.card import SHIPPED_MODEL, read_card
from cxr_core.reporting import ReportingError, card_markdown, replace_figures
from cxr_core.reporting.markdown import BEGIN, END

README = Path(__file__).parents[2] / "README.md"


def test_readme_shows_the_shipped_cards_figures():
    text = README.read_text()
    assert replace_figures(text, read_card(SHIPPED_MODEL)) == text


def test_table_has_the_cards_values_and_intervals():
    card = read_card(SHIPPED_MODEL)
    accuracy = card.results.accuracy
    row = f"| Accuracy | {accuracy.value:.3f} | {accuracy.low:.3f} to {accuracy.high:.3f} | {card.results.films:,} | 0.92 |"
    assert row in card_markdown(card)


def test_only_the_block_between_the_markers_is_replaced():
    text = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    replaced = replace_figures(text, read_card(SHIPPED_MODEL))
    assert replaced.startswith(f"before\n{BEGIN}\n")
    assert replaced.endswith(f"{END}\nafter\n")
    assert "old" not in replaced


def test_text_without_markers_is_refused():
    with pytest.raises(ReportingError, match="no lines"):
        replace_figures("nothing here", read_card(SHIPPED_MODEL))
