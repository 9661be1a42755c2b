"""What helps, in words and tables: every sentence follows from the rows."""

from collections.abc import Callable, Sequence

import pandas as pd

from cxr_core.artifacts import HelpsRow
from cxr_core.model_card.finding import listed
from cxr_core.model_card.tables import spread
from cxr_core.stats import Interval

FIGURES: tuple[tuple[str, Callable[[HelpsRow], Interval], bool], ...] = (
    ("accuracy on the held-out films", lambda row: row.outside.held_out, True),
    ("held-out normals called COVID", lambda row: row.outside.normals_called_covid, False),
    ("accuracy on Kermany's test folder", lambda row: row.outside.kermany_accuracy, True),
    ("bacterial against viral there", lambda row: row.outside.kermany_bacterial_against_viral, True),
    ("accuracy in-set", lambda row: row.in_set.accuracy, True),
)
"""What a row is compared in: the figure's name, the figure, and whether more is better."""


def number(row: HelpsRow, rows: Sequence[HelpsRow]) -> str:
    """Return the number by which chart and tables name a row."""
    return str([one.name for one in rows].index(row.name) + 1)


def verdict(rows: Sequence[HelpsRow]) -> str:
    """Say which row is best on films from elsewhere, which others it is not shown to beat, and which is best in-set.

    Parameters
    ----------
    rows : sequence of HelpsRow
        At least one, in the order of the table.

    Returns
    -------
    str
    """
    best = max(rows, key=lambda row: _value(row.outside.held_out))
    text = (
        f"On films of collections held out of every row the best is row {number(best, rows)}, {best.title}: "
        f"accuracy {best.outside.held_out}, normals called COVID {best.outside.normals_called_covid}."
    )
    others = [number(row, rows) for row in rows if row is not best and not _beats(best.outside.held_out, row.outside.held_out)]
    if others:
        whose = "row {}, whose interval overlaps" if len(others) == 1 else "rows {}, whose intervals overlap"
        text += f" It is not shown to beat {whose.format(listed(others))} with its own."
    elif len(rows) > 1:
        text += " The intervals of all others lie below its own."
    at_home = max(rows, key=lambda row: _value(row.in_set.accuracy))
    if len(rows) == 1:
        return f"{text} In-set its accuracy is {best.in_set.accuracy}. One row compares nothing."
    if at_home is best:
        return f"{text} It is also the best in-set, with an accuracy of {best.in_set.accuracy}."
    return (
        f"{text} In-set its accuracy is {best.in_set.accuracy}. By in-set accuracy alone row {number(at_home, rows)} would be chosen, "
        f"{at_home.title}: {at_home.in_set.accuracy} in-set, {at_home.outside.held_out} on the held-out films."
    )


def steps(rows: Sequence[HelpsRow]) -> list[str]:
    """Say of every row what became better and worse against the row that it differs from in one thing, where that is there."""
    by_name = {row.name: row for row in rows}
    found = []
    for row in rows:
        other = by_name.get(row.against or "")
        if other is None:
            continue
        better: list[str] = []
        worse: list[str] = []
        for name, figure, more_is_better in FIGURES:
            new, old = figure(row), figure(other)
            change = f"{name} ({_value(old):.3f} to {_value(new):.3f})"
            if _beats(new, old) or _beats(old, new):
                (better if _beats(new, old) == more_is_better else worse).append(change)
        said = [f"{word} in {listed(names)}" for word, names in (("better", better), ("worse", worse)) if names]
        found.append(
            f"Row {number(row, rows)}, {row.title}, against row {number(other, rows)}: {'; '.join(said) or 'no figure is shown to differ'}."
        )
    return found


def budget(rows: Sequence[HelpsRow]) -> str:
    """Say what all rows share, or that they do not."""
    if len({row.budget for row in rows}) > 1:
        return "These rows differ in budget, start or data set, so they cannot be compared. Make them anew with one command."
    row = rows[0]
    epochs = "1 epoch" if row.epochs == 1 else f"{row.epochs} epochs"
    return (
        f"Each row is one training of {row.backbone}, {epochs} of {row.epoch_films:,} films at {row.size} px, started from "
        f"{row.started_from}, its best epoch chosen on the same validation films. A difference is named where the two intervals do not "
        "overlap; they allow for which films were measured on, and not for another training with another seed."
    )


def outside_table(rows: Sequence[HelpsRow]) -> pd.DataFrame:
    """Every row in-set and on the collections that no row saw."""
    return pd.DataFrame(
        [
            {
                "row": f"{number(row, rows)} {row.title}",
                **spread(
                    {
                        "held-out accuracy": row.outside.held_out,
                        "JSRT normals called COVID": row.outside.normals_called_covid,
                        "external accuracy": row.outside.external_accuracy,
                        "in-set accuracy": row.in_set.accuracy,
                        "in-set COVID recall": row.in_set.covid_recall,
                        "in-set macro F1": row.in_set.macro_f1,
                    }
                ),
            }
            for row in rows
        ]
    )


def kermany_table(rows: Sequence[HelpsRow]) -> pd.DataFrame:
    """Every row on Kermany's own test folder, and what it was trained on."""
    return pd.DataFrame(
        [
            {
                "row": number(row, rows),
                "trained on": listed(row.collections),
                **spread(
                    {
                        "three-way accuracy": row.outside.kermany_accuracy,
                        "normal against pneumonia": row.outside.kermany_normal_against_rest,
                        "bacterial against viral, ROC AUC": row.outside.kermany_bacterial_against_viral,
                    }
                ),
                "films to draw from": row.train_films,
                "minutes": round(row.seconds / 60, 1),
            }
            for row in rows
        ]
    )


def films_sentence(row: HelpsRow) -> str:
    """Say how many films the figures of a row are of."""
    parts = [f"{films:,} of {name}" for name, films in row.outside.films.items()]
    return f"Figures elsewhere are of {listed(parts)}; in-set ones of the {row.in_set.films:,} test films."


def _value(interval: Interval) -> float:
    return -1.0 if interval.value is None else interval.value


def _beats(one: Interval, other: Interval) -> bool:
    """Whether the whole interval of one lies above that of the other; values without intervals show nothing."""
    return one.low is not None and other.high is not None and one.low > other.high
