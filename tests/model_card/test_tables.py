"""Tables hold the card's numbers, for files as numbers and for the screen as text."""

import pandas as pd
import pytest

from cxr_core.evaluation import compare_all
from cxr_core.labels import CLASS_NAMES
from cxr_core.model_card import report, tables
from tests.cards import drawn_card, drawn_history, drawn_study


@pytest.fixture(scope="module")
def card():
    return drawn_card()[0]


def row(table, name):
    return table.set_index(table.columns[0]).loc[name]


def test_class_table_has_every_figure_with_its_bounds(card):
    table = tables.class_table(card.results)
    assert table["class"].tolist() == [*CLASS_NAMES, "macro average", "weighted average"]
    covid, found = row(table, "COVID"), card.results.classes["COVID"]
    assert (covid["recall"], covid["recall low"], covid["recall high"]) == (found.recall.value, found.recall.low, found.recall.high)
    assert covid["ROC AUC"] == found.roc_auc.value
    assert covid["films"] == found.support
    assert row(table, "macro average")["F1"] == card.results.macro.f1.value
    assert pd.isna(row(table, "macro average")["specificity"])


def test_screen_shows_bounds_behind_the_value_and_leaves_gaps_empty(card):
    text = tables.as_text(tables.class_table(card.results))
    assert list(text) == ["class", "precision", "recall", "specificity", "F1", "ROC AUC", "average precision", "films"]
    assert row(text, "COVID")["recall"] == str(card.results.classes["COVID"].recall)
    assert row(text, "macro average")["ROC AUC"] == ""
    assert row(text, "macro average")["films"] == "400"


def test_whole_numbers_are_shown_with_thousands():
    text = tables.as_text(pd.DataFrame({"class": ["a"], "films": [12345], "share": [0.5], "nothing": [None]}))
    assert text.iloc[0].tolist() == ["a", "12,345", "0.500", ""]


def test_markdown_aligns_columns_and_takes_nothing_for_markup():
    table = pd.DataFrame({"file_name": ["a|b*c\n&amp;", "x"], "share": ["0.500 [0.400, 0.600]", ""]})
    assert tables.as_markdown(table, {"file_name"}).split("\n") == [
        "| file\\_name | share |",
        "| :-- | --: |",
        "| a\\|b\\*c \\&amp; | 0.500 \\[0.400,\N{NO-BREAK SPACE}0.600\\] |",
        "| x |  |",
    ]


def test_confusion_table_is_in_counts(card):
    table = tables.confusion_table(card.results)
    assert table[list(CLASS_NAMES)].to_numpy().tolist() == card.results.confusion


def test_counts_are_summed_by_class_and_split():
    table = tables.count_table({"train": {"COVID": 2, "Normal": 3}, "test": {"COVID": 1}})
    assert list(table) == ["class", "train", "test", "all splits"]
    assert table["class"].tolist() == [*CLASS_NAMES, "all"]
    assert table["all splits"].tolist() == [3, 0, 3, 0, 6]
    assert table["train"].tolist() == [2, 0, 3, 0, 5]


def test_no_counts_make_an_empty_table():
    assert tables.count_table({})["all splits"].tolist() == [0] * 5


def test_audits_copies_subtasks_and_bins_are_all_there(card):
    assert tables.audit_table(card.audits)["audit"].tolist() == [audit.name for audit in card.audits]
    assert tables.copy_table(card.copies)["films"].sum() == card.results.films
    assert tables.subtask_table(card.subtasks)["choosing among"].tolist() == list(report.SUBTASKS)
    assert tables.reliability_table(card.reliability)["films"].sum() == card.results.films


def test_copy_without_films_of_a_class_has_a_gap(card):
    one = next(iter(card.copies.values()))
    lacking = one.model_copy(update={"recall": {"COVID": one.recall["COVID"]}})
    text = tables.as_text(tables.copy_table({"copy-a": one, "copy-b": lacking}))
    assert text["recall Normal"].tolist()[1] == ""


def test_history_keeps_its_numbers():
    assert tables.history_table(drawn_history())["val_loss"].tolist() == [epoch["val_loss"] for epoch in drawn_history()]


def test_recipe_stands_beside_those_that_it_grew_from():
    first = {"size": 96, "epochs": 9, "parent": None, "teacher_recipe": None}
    second = {"size": 128, "epochs": 7, "parent": first, "teacher_recipe": None}
    table = tables.recipe_table({"size": 192, "learning_rate": 1e-3, "teacher": None, "parent": second, "teacher_recipe": first})
    assert list(table) == ["setting", "this run", "the run before", "2 runs before", "its teacher"]
    assert row(table, "size").tolist() == ["192", "128", "96", "96"]
    assert row(table, "learning rate")["this run"] == "0.001"
    assert "parent" not in table["setting"].tolist()


def test_reports_figures_never_stand_in_our_column(card):
    table = tables.beside_report(card, report.FINAL, report.FILMS)
    name, ours, low, high, theirs = table.columns
    assert (low, high) == (ours + " low", ours + " high")
    assert "400 test films" in ours
    assert "4,232" in theirs
    assert table.set_index(name)[theirs].to_dict()["COVID recall"] == "0.89"
    assert table.set_index(name)[ours].to_dict()["COVID recall"] == card.results.classes["COVID"].recall.value


def test_report_table_has_two_digits_and_no_line_that_it_lacks():
    final = tables.report_table(report.FINAL)
    assert row(final, "macro average").tolist() == ["0.93", "0.90", "0.91", 4232]
    assert "weighted average" not in tables.report_table(report.PRELIMINARY[1])["class"].tolist()


def test_study_and_pairs_have_a_row_each():
    runs = drawn_study()
    table = tables.study_table(runs)
    assert table["classifier"].tolist() == [run.label for run in runs]
    assert table["minutes"].tolist() == [90] * 3
    some = [run.model_copy(update={"seconds": None}) if run is runs[0] else run for run in runs]
    assert tables.as_text(tables.study_table(some))["minutes"].tolist() == ["", "90", "90"]
    assert table["trained layers"].tolist() == ["last 20"] * 3
    pairs = compare_all(runs)
    assert tables.pair_table(pairs)["accuracy, first less second"].tolist() == [pair.comparison.difference for pair in pairs]


def test_run_of_all_layers_is_called_so():
    run = drawn_study()[0].model_copy(update={"trainable_layers": None})
    assert tables.study_table([run])["trained layers"].tolist() == ["all"]


@pytest.mark.parametrize(("p_value", "text"), [(0.00001, "<0.0001"), (0.00123, "0.0012"), (0.0414, "0.04"), (1.0, "1.00")])
def test_p_values_have_as_many_digits_as_they_are_worth(p_value, text):
    assert tables.p_text(p_value) == text
