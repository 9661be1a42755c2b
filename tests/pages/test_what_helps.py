"""The section of what helps on the model card: its rows, none, and a damaged one."""

from streamlit.testing.v1 import AppTest

from cxr_core.model_card import helps_card
from tests.helps import drawn_row, write_rows


def draw(folder):
    from pathlib import Path

    from pages.card.helps import what_helps

    what_helps(Path(folder))


def show(folder):
    app = AppTest.from_function(draw, args=(str(folder),), default_timeout=60).run()
    assert not app.exception
    return app


def test_rows_are_shown_with_what_they_say(tmp_path):
    rows = [drawn_row("whole-film", held_out=0.2, in_set=0.9), drawn_row("lung-crop")]
    app = show(write_rows(tmp_path, rows))
    said = "\n".join(block.value for block in [*app.markdown, *app.caption])
    for sentence in [helps_card.verdict(rows), *helps_card.steps(rows), helps_card.budget(rows), helps_card.films_sentence(rows[0])]:
        assert sentence in said
    assert "| 1 whole film | 0.200" in said
    assert [chart.key for chart in app.get("plotly_chart")] == ["what-helps"]
    assert not app.info


def test_without_rows_the_command_is_named(tmp_path):
    app = show(tmp_path)
    assert "python -m cxr_core what-helps" in app.info[0].value
    assert not app.get("plotly_chart")


def test_damaged_row_is_told(tmp_path):
    (tmp_path / "helps-all.json").write_text("{}")
    assert "damaged" in show(tmp_path).error[0].value
