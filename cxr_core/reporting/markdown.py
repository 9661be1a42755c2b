"""A model card's headline figures as Markdown, for the README and for pasting."""

import re

from cxr_core.card import Interval, ModelCard
from cxr_core.reporting.errors import ReportingError
from cxr_core.reporting.report import FINAL

BEGIN, END = "<!-- figures: written by 'python -m cxr_core card --readme README.md' -->", "<!-- end of figures -->"

REPORT_FINAL = {"Accuracy": FINAL.accuracy, "COVID recall": FINAL.classes["COVID"].recall, "Macro F1": FINAL.macro.f1}


def card_markdown(card: ModelCard) -> str:
    """Write the headline figures of a card as a Markdown table, with the report's own beside them."""
    from cxr_core.doubt import wilson  # it brings SciPy, which a page that shows a card need not wait for

    results = card.results
    rows: list[tuple[str, Interval | None, int]] = [
        ("Accuracy", results.accuracy, results.films),
        ("COVID recall", results.classes["COVID"].recall, results.classes["COVID"].support),
        ("Macro F1", results.macro.f1, results.films),
        ("Expected calibration error", Interval(value=results.expected_calibration_error), results.films),
    ]
    if card.doubt is not None:
        promised = f"Prediction set holds the true class, {card.doubt.aimed_coverage:.0%} aimed at"
        rows.append((promised, card.doubt.coverage, results.films))
    if card.gate is not None:
        rows.append(("Films that the input gate refuses", card.gate.refused, card.gate.films))
        # Those that cannot be decoded as a film never come before the gate.
        decoded = sum(one.pictures - one.undecodable for one in card.gate.others)
        refused = sum(one.refused - one.undecodable for one in card.gate.others)
        rows.append(("Pictures of other things that it refuses", wilson(refused, decoded), decoded))
    if card.paired_copies is not None:
        rows.append(("Same top class on the other public copy", card.paired_copies.agreement, card.paired_copies.films))
    if card.external is not None:
        rows.append(("Accuracy on films of other collections", card.external.accuracy, card.external.films))
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
