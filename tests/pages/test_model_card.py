"""The model card page shows the card's figures and loads no model."""

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cxr_core.card import SHIPPED_MODEL, WeightsMissingError, read_card

PAGE = str(Path(__file__).parents[2] / "pages" / "model_card.py")


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_file(PAGE, default_timeout=60).run()


def test_headline_figures_are_the_cards(page):
    card = read_card(SHIPPED_MODEL)
    shown = {metric.label: metric.value for metric in page.metric}
    assert not page.exception
    assert shown["Accuracy"] == f"{card.results.accuracy.value:.3f}"
    assert shown["COVID recall"] == f"{card.results.classes['COVID'].recall.value:.3f}"
    assert shown["Macro F1"] == f"{card.results.macro.f1.value:.3f}"


def test_limits_and_uses_are_all_said(page):
    card = read_card(SHIPPED_MODEL)
    said = " ".join(block.value for block in page.markdown)
    for sentence in [*card.statements.intended_use, *card.statements.not_for, *card.statements.limits]:
        assert sentence in said


def test_missing_card_gives_a_sentence(monkeypatch):
    def fail(folder):
        raise WeightsMissingError("There is no model card. Restore it.")

    monkeypatch.setattr("cxr_core.card.read_card", fail)
    app = AppTest.from_file(PAGE, default_timeout=60).run()
    assert not app.exception
    assert app.error[0].value == "There is no model card. Restore it."
    assert not app.metric


def test_page_imports_no_tensorflow():
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        f"app = AppTest.from_file({PAGE!r}, default_timeout=60).run(); assert app.metric; sys.exit('tensorflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0
