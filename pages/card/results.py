"""How the model does on films of its own data set, and what it may have learned instead."""

from functools import partial

import streamlit as st

from cxr_core.artifacts import ModelCard
from cxr_core.figures import AuditRow, audit_figure, confusion_figure, precision_recall_figure, roc_figure
from cxr_core.labels import split_films
from cxr_core.model_card import report, results_card, shortcuts_card, tables
from pages.card.parts import chart, csv_button, findings, section, show_table


def results(card: ModelCard) -> None:
    """Show how the model does on films of its own data set."""
    section("results")
    found = card.results
    st.markdown(f"On the {split_films(card.data.split)}, by class against the others. In brackets: {card.bootstrap}.")
    show_table(tables.class_table(found), "results-by-class")
    left, right = st.columns(2, gap="large")
    with left:
        chart(partial(confusion_figure, found.confusion), "confusion-matrix", results_card.confusion_sentence(found))
        csv_button(tables.confusion_table(found), "confusion-matrix")
    with right:
        best = " and ".join(f"{value:.1%} ({classes})" for classes, value in report.SUBTASKS.items())
        st.markdown(
            "Easier questions: the same model choosing among some of its classes, on films of those alone. "
            f"The report's reference 3 reached {best}, on other films."
        )
        show_table(tables.subtask_table(card.subtasks), "easier-questions")
    left, right = st.columns(2, gap="large")
    with left:
        curves = {name: curve.roc for name, curve in card.curves.items()}
        areas = {name: found.classes[name].roc_auc for name in curves}
        chart(partial(roc_figure, curves, areas), "roc", results_card.roc_sentence(found))
    with right:
        curves = {name: curve.precision_recall for name, curve in card.curves.items()}
        areas = {name: found.classes[name].average_precision for name in curves}
        shares = {name: found.classes[name].support / found.films for name in curves}
        chart(partial(precision_recall_figure, curves, areas, shares), "precision-recall", results_card.precision_recall_sentence(found))


def shortcuts(card: ModelCard) -> None:
    """Show what the audits found."""
    section("shortcuts")
    found = [(audit.name, shortcuts_card.mask_finding(audit, card.results.macro.recall)) for audit in card.audits]
    if card.paired_copies is not None:
        found.append(("Paired copies", shortcuts_card.paired_finding(card.paired_copies)))
    if card.copies:
        found.append(("By copy", shortcuts_card.copies_finding(card.copies)))
    if card.external is not None:
        found.append(("Films from elsewhere", shortcuts_card.external_finding(card.external, card.results)))
    if not found:
        st.markdown("No audit was made.")
    findings(found)
    if card.audits:
        macro = card.results.macro.recall
        rows = [AuditRow("Whole film", macro, card.audits[0].chance_macro_recall)]
        rows += [AuditRow(audit.name, audit.macro_recall, audit.chance_macro_recall) for audit in card.audits]
        chart(
            partial(audit_figure, rows, "macro recall"),
            "audits",
            "The second dot should stay near the first; the third and the fourth should lie on their lines of chance.",
        )
        show_table(tables.audit_table(card.audits), "audits", words=["kept"])
    if card.copies:
        st.markdown("Accuracy, and recall by class, by the public copy that the films came from.")
        show_table(tables.copy_table(card.copies), "by-copy")
    if card.external is not None:
        st.markdown(f"The {card.external.films:,} films from elsewhere, by class against the others.")
        show_table(tables.class_table(card.external), "external")
