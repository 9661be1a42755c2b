"""The report's own figures agree with themselves, as far as two digits can."""

import pytest

from cxr_core.labels import CLASS_NAMES
from cxr_core.model_card.report import FILMS, FINAL, PRELIMINARY

TABLES = [*PRELIMINARY, FINAL]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.figure)
def test_classes_add_up(table):
    assert tuple(table.classes) == CLASS_NAMES
    assert sum(row.support for row in table.classes.values()) == table.macro.support == FILMS
    right = sum(row.recall * row.support for row in table.classes.values()) / FILMS
    assert right == pytest.approx(table.accuracy, abs=0.01)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.figure)
def test_averages_are_those_of_the_classes(table):
    for name in ("precision", "recall", "f1"):
        values = [getattr(row, name) for row in table.classes.values()]
        assert sum(values) / len(values) == pytest.approx(getattr(table.macro, name), abs=0.01)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.figure)
def test_f1_is_the_harmonic_mean(table):
    for row in table.classes.values():
        assert 2 * row.precision * row.recall / (row.precision + row.recall) == pytest.approx(row.f1, abs=0.011)


def test_headline_figures_are_those_of_the_text():
    assert [table.accuracy for table in TABLES] == [0.89, 0.86, 0.86, 0.92]
    assert FINAL.classes["COVID"].recall == 0.89
    assert PRELIMINARY[0].classes["COVID"].recall == 0.77
