"""A model card's headline figures as Markdown, for the README and for pasting."""

import re

from cxr_core.artifacts import UNLABELLED, CollectionResult, Elsewhere, ModelCard, Ratio
from cxr_core.model_card.errors import ReportingError
from cxr_core.model_card.report import FINAL
from cxr_core.stats import Interval

BEGIN, END = "<!-- figures: written by 'python -m cxr_core card --readme README.md' -->", "<!-- end of figures -->"

Row = tuple[str, Interval | Ratio | None, int]
"""Name of a figure, the figure, and the number of films behind it."""

REPORT_FINAL = {"Accuracy": FINAL.accuracy, "COVID recall": FINAL.classes["COVID"].recall, "Macro F1": FINAL.macro.f1}


def card_markdown(card: ModelCard) -> str:
    """Write the headline figures of a card as a Markdown table, those of films from elsewhere first, the report's own beside them."""
    from cxr_core.stats import wilson  # it brings SciPy, which a page that shows a card need not wait for

    results = card.results
    rows: list[Row] = [] if card.elsewhere is None else _outside(card.elsewhere)
    rows += [
        ("Accuracy", results.accuracy, results.films),
        ("COVID recall", results.classes["COVID"].recall, results.classes["COVID"].support),
        ("Macro F1", results.macro.f1, results.films),
        ("Expected calibration error", Interval(value=results.expected_calibration_error), results.films),
    ]
    if card.calibration is not None:
        promised = f"Prediction set holds the true class, {card.calibration.aimed_coverage:.0%} aimed at"
        rows.append((promised, card.calibration.coverage, results.films))
    if card.gate is not None:
        rows.append(("Films that the input gate refuses", card.gate.refused, card.gate.films))
        # Those that cannot be decoded as a film never come before the gate.
        decoded = sum(one.pictures - one.undecodable for one in card.gate.others)
        refused = sum(one.refused - one.undecodable for one in card.gate.others)
        rows.append(("Pictures of other things that it refuses", wilson(refused, decoded), decoded))
    if card.paired_copies is not None:
        rows.append(("Same top class on the other public copy", card.paired_copies.agreement, card.paired_copies.films))
    lines = [
        f"`{card.model.version}`, {card.data.split} split, written {card.written[:10]}:",
        "",
        "| | value | 95% interval | films | the report, on another test set |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, figure, films in rows:
        if figure is not None and figure.value is not None:
            theirs = f"{REPORT_FINAL[name]:.2f}" if name in REPORT_FINAL else ""
            bounds = "" if figure.low is None else f"{figure.low:.3f} to {figure.high:.3f}"
            lines.append(f"| {name} | {figure.value:.3f} | {bounds} | {films:,} | {theirs} |")
    return "\n".join(lines)


def _outside(part: Elsewhere) -> list[Row]:
    """Give the rows of films from elsewhere, COVID's false alarms first."""
    rows: list[Row] = []
    if part.unseen is not None:
        names = " and ".join(part.unseen.collections)
        if part.unseen.normals:
            rows.append((f"Normal films never seen ({names}) called COVID", part.unseen.false_positive_rate, part.unseen.normals))
        rows.append((f"Accuracy on films never seen ({names})", part.unseen.accuracy, part.unseen.films))
    for one in part.collections:
        labelled = sum(sum(row) for label, row in one.called.items() if label != UNLABELLED)
        name = one.name if not one.seen else f"{one.name}, of a source that was trained on"
        rows += [
            (f"{name}: accuracy", one.accuracy, labelled),
            (f"{name}: normal against all else", one.normal_against_rest, labelled),
            (f"{name}: bacterial against viral, AUC", one.bacterial_against_viral, _films(one, "Lung_Opacity", "Viral Pneumonia")),
            (f"{name}: normal films called COVID", one.normal_called_covid, _films(one, "Normal")),
            (f"{name}: told from the model's own films, AUROC", one.told_from_own, one.films),
        ]
    if part.pointing is not None:
        chance = f"Grad-CAM's peak inside the outlined infection, chance {part.pointing.chance:.2f}"
        rows.append((chance, part.pointing.inside, part.pointing.outlined))
        rows.append(("Share of the map inside the lungs over the lungs' share of the film", part.pointing.lung_ratio, part.pointing.masked))
    return rows


def _films(one: CollectionResult, *labels: str) -> int:
    return sum(sum(one.called.get(label, ())) for label in labels)


def replace_figures(text: str, card: ModelCard) -> str:
    """Put a card's figures between the two markers of a Markdown text.

    Raises
    ------
    ReportingError
        The text has no such markers.
    """
    block = f"{BEGIN}\n{card_markdown(card)}\n{END}"
    replaced, count = re.subn(re.escape(BEGIN) + ".*?" + re.escape(END), lambda _: block, text, flags=re.DOTALL)
    if not count:
        raise ReportingError(f"The text has no lines {BEGIN!r} and {END!r} between which the figures could be put.")
    return replaced
