"""Tables of a card and of the study, as numbers for CSV files and as text for the screen."""

import re
from collections.abc import Collection, Mapping, Sequence
from numbers import Integral
from typing import Any

import pandas as pd

from cxr_core.artifacts import CopyResult, MaskAudit, Mean, ModelCard, ReliabilityBin, Results, StudyRun, Subtask
from cxr_core.evaluation import Pair
from cxr_core.labels import CLASS_NAMES, in_words, split_films
from cxr_core.model_card.report import ReportTable
from cxr_core.stats import Interval

PUNCTUATION = re.compile(r"[\\`*_{}\[\]<>()#|~$:&@]")
"""What may mean something in Markdown, or in Streamlit's."""

INTERVAL = re.compile(r", (?=[^,\[]*\]$)")
"""What stands between the bounds of an interval at a cell's end."""

LOW, HIGH = " low", " high"
"""Endings of the columns that hold the bounds of the column before."""


def as_text(table: pd.DataFrame) -> pd.DataFrame:
    """Write a table for the screen: every value as text, with its bounds behind it in brackets; what was not measured is left empty.

    Classes have the names that people read, in columns and cells.
    """
    text = pd.DataFrame(index=table.index)
    for name in table.columns:
        if name.endswith((LOW, HIGH)):
            continue
        bounds = [table[name + ending] if name + ending in table else [None] * len(table) for ending in (LOW, HIGH)]
        text[in_words(name)] = [_cell(*values) for values in zip(table[name], *bounds, strict=True)]
    return text


def as_markdown(text: pd.DataFrame, left: Collection[str]) -> str:
    """Write a table of text as a Markdown table: the columns in `left` aligned to the left, the others to the right.

    Punctuation in a cell is not taken for Markdown, a line break in it is a space, and an interval is not broken within its brackets.
    """
    rules = [":--" if column in left else "--:" for column in text.columns]
    rows = [[_escaped(cell) for cell in row] for row in (list(text.columns), *text.values.tolist())]
    return "\n".join("| " + " | ".join(row) + " |" for row in (rows[0], rules, *rows[1:]))


def _escaped(cell: str) -> str:
    return PUNCTUATION.sub(r"\\\g<0>", INTERVAL.sub(",\N{NO-BREAK SPACE}", " ".join(cell.split())))


def _cell(value: Any, low: Any, high: Any) -> str:
    if pd.isna(value):
        return ""
    if not isinstance(value, float):
        return f"{value:,}" if isinstance(value, Integral) else in_words(str(value))
    return f"{value:.3f}" if pd.isna(low) else f"{value:.3f} [{low:.3f}, {high:.3f}]"


def spread(intervals: Mapping[str, Interval | Mean | None]) -> dict[str, float | None]:
    """Return columns of a value and its bounds, for every interval by name."""
    cells = {}
    for name, interval in intervals.items():
        cells[name] = None if interval is None else interval.value
        cells[name + LOW] = None if interval is None else interval.low
        cells[name + HIGH] = None if interval is None else interval.high
    return cells


def class_table(results: Results) -> pd.DataFrame:
    """Every figure by class, and the averages over the classes."""
    rows = [
        {
            "class": name,
            **spread(
                {
                    "precision": one.precision,
                    "recall": one.recall,
                    "specificity": one.specificity,
                    "F1": one.f1,
                    "ROC AUC": one.roc_auc,
                    "average precision": one.average_precision,
                }
            ),
            "films": one.support,
        }
        for name, one in results.classes.items()
    ]
    for name, average in (("macro average", results.macro), ("weighted average", results.weighted)):
        figures = {"precision": average.precision, "recall": average.recall, "F1": average.f1}
        rows.append({"class": name, **spread(figures), "films": results.films})
    return pd.DataFrame(rows)


def confusion_table(results: Results) -> pd.DataFrame:
    """Count the confusion matrix: a row a true class, a column a predicted one."""
    return pd.DataFrame(
        [
            {"class of the film": name, **dict(zip(CLASS_NAMES, row, strict=True))}
            for name, row in zip(CLASS_NAMES, results.confusion, strict=True)
        ]
    )


def count_table(counts: Mapping[str, Mapping[str, int]]) -> pd.DataFrame:
    """Films by class and split, with their sums."""
    table = pd.DataFrame(counts).reindex(CLASS_NAMES).fillna(0).astype(int)
    table.loc["all"] = table.sum()
    table["all splits"] = table.sum(axis=1)
    return table.rename_axis("class").reset_index()


def subtask_table(subtasks: Sequence[Subtask]) -> pd.DataFrame:
    """Accuracy where fewer classes are to be told apart."""
    return pd.DataFrame(
        [{"choosing among": ", ".join(one.classes), **spread({"accuracy": one.accuracy}), "films": one.films} for one in subtasks]
    )


def reliability_table(bins: Sequence[ReliabilityBin]) -> pd.DataFrame:
    """List how often the model is right by the probability of its top class."""
    return pd.DataFrame(
        [
            {
                "probability": f"{one.low:.2f} to {one.high:.2f}",
                "its mean": one.confidence,
                "share that is right": one.accuracy,
                "films": one.films,
            }
            for one in bins
        ]
    )


def audit_table(audits: Sequence[MaskAudit]) -> pd.DataFrame:
    """Show what is left when a part of every film is blanked."""
    return pd.DataFrame(
        [
            {
                "audit": one.name,
                **spread({"macro recall": one.macro_recall}),
                "chance recall": one.chance_macro_recall,
                **spread({"accuracy": one.accuracy}),
                "chance accuracy": one.chance_accuracy,
                **spread({"as the whole film": one.agreement}),
                "films": one.films,
                "kept": one.kept,
            }
            for one in audits
        ]
    )


def copy_table(copies: Mapping[str, CopyResult]) -> pd.DataFrame:
    """Accuracy, and recall by class, by the public copy that the films came from."""
    rows = []
    for name, one in copies.items():
        recalls = {f"recall {label}": one.recall.get(label) for label in CLASS_NAMES}
        rows.append({"copy": name, **spread({"accuracy": one.accuracy, **recalls}), "films": one.films})
    return pd.DataFrame(rows)


def history_table(history: Sequence[Mapping[str, float]]) -> pd.DataFrame:
    """Give the learning curves as numbers."""
    return pd.DataFrame(history)


def recipe_table(recipe: Mapping[str, Any]) -> pd.DataFrame:
    """List the settings of a run, of those that it went on from, and of its teacher's, side by side."""
    runs, before = {"this run": recipe}, recipe.get("parent")
    number = 1
    while before:
        runs["the run before" if number == 1 else f"{number} runs before"] = before
        before, number = before.get("parent"), number + 1
    if recipe.get("teacher_recipe"):
        runs["its teacher"] = recipe["teacher_recipe"]
    settings = [name for name in recipe if name not in ("parent", "teacher_recipe")]
    return pd.DataFrame(
        [{"setting": name.replace("_", " "), **{run: _setting(values.get(name)) for run, values in runs.items()}} for name in settings]
    )


def _setting(value: Any) -> str:
    return "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def beside_report(card: ModelCard, report: ReportTable, films: int) -> pd.DataFrame:
    """Our headline figures and the report's, each in a column of its own test set."""
    results = card.results
    ours = {
        "accuracy": results.accuracy,
        "COVID precision": results.classes["COVID"].precision,
        "COVID recall": results.classes["COVID"].recall,
        "COVID F1": results.classes["COVID"].f1,
        "macro precision": results.macro.precision,
        "macro recall": results.macro.recall,
        "macro F1": results.macro.f1,
    }
    covid, macro = report.classes["COVID"], report.macro
    theirs = (report.accuracy, covid.precision, covid.recall, covid.f1, macro.precision, macro.recall, macro.f1)
    mine, other = f"this model, its {results.films:,} {split_films(card.data.split)}", f"the report, its own {films:,} films"
    return pd.DataFrame(
        [
            {"figure": name, mine: figure.value, mine + LOW: figure.low, mine + HIGH: figure.high, other: f"{value:.2f}"}
            for (name, figure), value in zip(ours.items(), theirs, strict=True)
        ]
    )


def report_table(report: ReportTable) -> pd.DataFrame:
    """One of the report's own tables, with the two digits that it prints."""
    lines = {**report.classes, "macro average": report.macro}
    if report.weighted is not None:
        lines["weighted average"] = report.weighted
    return pd.DataFrame(
        [
            {"class": name, "precision": f"{one.precision:.2f}", "recall": f"{one.recall:.2f}", "F1": f"{one.f1:.2f}", "films": one.support}
            for name, one in lines.items()
        ]
    )


def study_table(runs: Sequence[StudyRun]) -> pd.DataFrame:
    """List the study's runs: what they were given, and what they came to."""
    table = pd.DataFrame(
        [
            {
                "classifier": run.label,
                **spread(
                    {
                        "accuracy": run.results.accuracy,
                        "COVID recall": run.results.classes["COVID"].recall,
                        "macro F1": run.results.macro.f1,
                    }
                ),
                "calibration error": run.results.expected_calibration_error,
                "size, px": run.size,
                "trained layers": "all" if run.trainable_layers is None else f"last {run.trainable_layers}",
                "epochs": run.epochs,
                "films seen": run.films_seen,
                "minutes": None if run.seconds is None else round(run.seconds / 60),
                "seed": run.seed,
            }
            for run in runs
        ]
    )
    return table.astype({"minutes": "Int64"}) if runs else table  # whole numbers, though some may be missing


def pair_table(pairs: Sequence[Pair]) -> pd.DataFrame:
    """Every two runs of the study on the same films."""
    return pd.DataFrame(
        [
            {
                "first": pair.first,
                "second": pair.second,
                "accuracy, first less second": pair.comparison.difference,
                "accuracy, first less second" + LOW: pair.comparison.low,
                "accuracy, first less second" + HIGH: pair.comparison.high,
                "p (Holm)": p_text(pair.adjusted_p_value),
                "p (McNemar)": p_text(pair.comparison.p_value),
                "only first right": pair.comparison.first_only,
                "only second right": pair.comparison.second_only,
            }
            for pair in pairs
        ]
    )


def p_text(p_value: float) -> str:
    """Write a p-value with as many digits as it is worth."""
    return "<0.0001" if p_value < 1e-4 else f"{p_value:.4f}" if p_value < 0.01 else f"{p_value:.2f}"
