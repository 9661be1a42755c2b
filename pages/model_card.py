"""The model card: what was measured of the shipped classifier, what it means, and what must be said beside it. Loads no model."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from cxr_core.card import CARD_FILE, SHIPPED_MODEL, STUDY_FOLDER, Interval, ModelCard, ModelError, StudyRun, read_card, read_study
from cxr_core.errors import SecondLookError
from cxr_core.evaluation.comparison import Pair, compare_all
from cxr_core.figures import (
    AuditRow,
    accuracy_figure,
    audit_figure,
    chart_config,
    confusion_figure,
    in_colour,
    loss_figure,
    precision_recall_figure,
    reliability_figure,
    roc_figure,
    study_figure,
)
from cxr_core.imaging import display_grey, draw_phantom
from cxr_core.reporting import meaning, report, tables

# On a server that has shown nothing yet, Streamlit takes the folder `pages` for an app of its older kind, and a link that leads straight
# here would be opened without the router.
if PagesManager.uses_pages_directory:
    PagesManager.uses_pages_directory = False
    st.rerun()

# Titles of the sections by their anchors.
SECTIONS = {
    "use": "What it is for",
    "data": "Data",
    "results": "Results",
    "doubt": "Doubt",
    "shortcuts": "What it may have learned instead",
    "training": "How it was trained",
    "report": "The report beside it",
    "backbones": "Backbones compared",
    "files": "The card itself",
}

# The report's figures, what each shows, and where its like is here.
COUNTERPARTS = (
    ("Figure 1", "an example of each class", "data", "example films"),
    ("Figures 2, 3, 4", "learning curves and confusion matrices of the three backbones", "backbones", "choose a run there"),
    ("Figure 5", "metrics of the three backbones", "backbones", "table of the runs, and of the one that is chosen"),
    ("Figure 6 (a), (b)", "learning curves of the final DenseNet121", "training", "learning curves"),
    ("Figure 6 (c)", "confusion matrix of the final DenseNet121", "results", "confusion matrix"),
    ("Figure 7", "metrics of the final DenseNet121", "results", "table by class"),
)

STUDY_COMMAND = "python -m cxr_core study --data DIR --out RUN"
THUMBNAIL = 320


def section(anchor: str) -> None:
    """Begin a section."""
    st.subheader(SECTIONS[anchor], anchor=anchor)


def bullets(sentences: Sequence[str]) -> None:
    """Write sentences as a list."""
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))


def chart(figure: go.Figure, name: str, sentence: str) -> None:
    """Draw a chart under the sentence that says what to see in it."""
    st.markdown(sentence)
    scheme = st.context.theme.type
    if scheme is not None:
        in_colour(figure, st.get_option(f"theme.{scheme}.textColor"))
    st.plotly_chart(figure, key=name, config=chart_config(f"second-look-{name}"), alt=sentence)


def csv_button(table: pd.DataFrame, name: str, label: str = "CSV") -> None:
    """Offer a table's numbers."""
    st.download_button(
        label,
        table.to_csv(index=False),
        f"second-look-{name}.csv",
        "text/csv",
        key=f"csv-{name}",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )


def show_table(table: pd.DataFrame, name: str, words: Sequence[str] = ()) -> None:
    """Show a table with its CSV: numbers to the right, the first column and those named in `words` to the left."""
    if table.empty:
        st.markdown("Not measured.")
        return
    text = tables.shown(table)
    left = {text.columns[0], *words}
    alignments = {column: st.column_config.TextColumn(alignment="left" if column in left else "right") for column in text.columns}
    st.dataframe(text, hide_index=True, height="content", column_config=alignments, key=f"table-{name}")
    csv_button(table, name)


def headline(card: ModelCard) -> None:
    """Show the five figures that stand for the rest."""
    results, external = card.results, card.external
    figures: list[tuple[str, Interval | None, str]] = [
        ("Accuracy", results.accuracy, f"{results.films:,} films"),
        ("COVID recall", results.classes["COVID"].recall, f"{results.classes['COVID'].support:,} films"),
        ("Macro F1", results.macro.f1, f"{results.films:,} films"),
        (
            "Accuracy elsewhere",
            external.accuracy if external else None,
            f"{external.films:,} films of other collections" if external else "",
        ),
    ]
    columns = st.columns(len(figures) + 1)
    for column, (name, value, films) in zip(columns, figures, strict=False):
        if value is None or value.value is None:
            column.metric(name, "not measured")
        else:
            column.metric(name, f"{value.value:.3f}")
            column.markdown(f":small[{films if value.low is None else f'{value.low:.3f} to {value.high:.3f} · {films}'}]")
    columns[-1].metric("Calibration error", f"{results.expected_calibration_error:.3f}")
    columns[-1].markdown(":small[0 is perfect]")


def use(card: ModelCard) -> None:
    """Say what the model is for and what it is not for."""
    section("use")
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**For**")
        bullets(card.statements.intended_use)
    with right:
        st.markdown("**Not for**")
        bullets(card.statements.not_for)


def data(card: ModelCard) -> None:
    """Say which films, how many, and what is wrong with them."""
    section("data")
    st.markdown(f"{card.data.name}. {card.data.near_duplicate_groups:,} groups of near-duplicates, each in one split only.")
    show_table(tables.count_table(card.data.counts), "films-by-class")
    st.markdown("**Limits**")
    bullets(card.statements.limits)
    examples()


@st.cache_data(show_spinner=False)
def phantoms() -> list[np.ndarray]:
    """Draw four phantoms."""
    return [display_grey(draw_phantom(THUMBNAIL, THUMBNAIL, seed, opacity)) for seed, opacity in enumerate((0.0, 0.3, 0.6, 0.9))]


def gallery(pictures: Sequence[np.ndarray], caption: str) -> None:
    """Show pictures in a row that wraps."""
    with st.container(horizontal=True):
        for picture in pictures:
            st.image(picture, caption=caption, width=160)


def examples() -> None:
    """Show phantoms or, from a folder on this computer, real films."""
    st.markdown("**Example films**")
    typed = st.text_input(
        "Data folder on this computer",
        placeholder="Path of a folder with films by class",
        help="The films are read into memory, shown here and forgotten. They are not sent anywhere and nothing is written.",
    )
    if not typed:
        st.markdown("The films themselves are not part of this app. These are drawings of a chest; name a data folder to see real films.")
        gallery(phantoms(), "phantom, not a patient")
        return
    from cxr_core.training.examples import example_films

    try:
        films = example_films(Path(os.path.expanduser(typed.strip().strip("'\""))))
    except SecondLookError as error:
        st.error(str(error), icon=":material/folder_off:")
        return
    st.markdown("Some films of every class, drawn by lot: between the rows, mind what differs besides the lungs.")
    for name, found in films.items():
        if found:
            gallery([display_grey(film, THUMBNAIL) for film in found], name)
        else:
            st.caption(f"{name}: no films in this folder")


def results(card: ModelCard) -> None:
    """Show how the model does on films of its own data set."""
    section("results")
    found = card.results
    st.markdown(f"On the {card.data.split} split, by class against the others. In brackets: {card.bootstrap}.")
    show_table(tables.class_table(found), "results-by-class")
    left, right = st.columns(2, gap="large")
    with left:
        chart(confusion_figure(found.confusion), "confusion-matrix", meaning.confusion_sentence(found))
        csv_button(tables.confusion_table(found), "confusion-matrix")
    with right:
        best = " and ".join(f"{value:.1%} ({classes})" for classes, value in report.SUBTASKS.items())
        st.markdown(
            "Easier questions: the same model choosing among some of its classes, on the films of those. "
            f"The report's reference 3 reached {best}, on other films."
        )
        show_table(tables.subtask_table(card.subtasks), "easier-questions")
    left, right = st.columns(2, gap="large")
    with left:
        curves = {name: curve.roc for name, curve in card.curves.items()}
        chart(roc_figure(curves, {name: found.classes[name].roc_auc for name in curves}), "roc", meaning.roc_sentence(found))
    with right:
        curves = {name: curve.precision_recall for name, curve in card.curves.items()}
        areas = {name: found.classes[name].average_precision for name in curves}
        shares = {name: found.classes[name].support / found.films for name in curves}
        chart(precision_recall_figure(curves, areas, shares), "precision-recall", meaning.precision_recall_sentence(found))


def doubt(card: ModelCard) -> None:
    """Show how far the probabilities can be believed."""
    section("doubt")
    left, right = st.columns([3, 2], gap="large")
    with left:
        chart(reliability_figure(card.reliability), "reliability", meaning.calibration_sentence(card.results, card.reliability))
    with right:
        st.markdown("The same by range of the top class's probability. A point that stands on few films says little.")
        show_table(tables.reliability_table(card.reliability), "reliability")


def shortcuts(card: ModelCard) -> None:
    """Show what the audits found."""
    section("shortcuts")
    found = [(audit.name, meaning.mask_finding(audit, card.results.macro.recall)) for audit in card.audits]
    if card.paired_copies is not None:
        found.append(("Paired copies", meaning.paired_finding(card.paired_copies)))
    if card.copies:
        found.append(("By copy", meaning.copies_finding(card.copies)))
    if card.external is not None:
        found.append(("Films from elsewhere", meaning.external_finding(card.external, card.results)))
    if not found:
        st.markdown("No audit was made.")
    for name, finding in found:
        st.markdown(f"**{name}.** {finding.asks}  \n:small[Good: {finding.good}. Bad: {finding.bad}.]  \n{finding.meaning}")
    if card.audits:
        macro = card.results.macro.recall
        rows = [AuditRow("Whole film", macro, card.audits[0].chance_macro_recall)]
        rows += [AuditRow(audit.name, audit.macro_recall, audit.chance_macro_recall) for audit in card.audits]
        chart(
            audit_figure(rows, "macro recall"),
            "audits",
            "The second dot should stay near the first; the third and the fourth should lie on their lines of chance.",
        )
        show_table(tables.audit_table(card.audits), "audits", words=["kept"])
    if card.copies:
        st.markdown("Accuracy, and recall by class, by the public copy that the films came from.")
        show_table(tables.copy_table(card.copies), "by-copy")


def learning_curves(history: Sequence[dict[str, float]], name: str) -> None:
    """Draw the learning curves of a run."""
    if not history:
        st.markdown("The history by epoch was not kept.")
        return
    left, right = st.columns(2, gap="large")
    with left:
        chart(loss_figure(history), f"loss-{name}", meaning.learning_sentence(history))
    with right:
        chart(
            accuracy_figure(history),
            f"accuracy-{name}",
            "Train well above val means films learned by heart; train is taken while it learns, on altered films, so it may lie below.",
        )
    csv_button(tables.history_table(history), f"learning-curves-{name}", "CSV of both")


def training(card: ModelCard) -> None:
    """Say where the weights come from."""
    section("training")
    st.markdown(f"Started from {card.training.started_from}.")
    learning_curves(card.training.history, "shipped")
    with st.expander("The recipe, setting by setting"):
        recipe = tables.recipe_table(card.training.recipe)
        show_table(recipe, "recipe", words=recipe.columns)


def beside_the_report(card: ModelCard) -> None:
    """Put the report's figures beside ours without mixing them."""
    section("report")
    st.markdown(
        f"The report measured its final DenseNet121 on another test set: {report.FILMS:,} films of the official data set, and it "
        "does not say how near-duplicates were kept apart. Which of the two is better cannot be told from these figures."
    )
    show_table(tables.beside_report(card, report.FINAL, report.FILMS), "beside-the-report")
    st.markdown(f"The report's own table ({report.FINAL.figure}), **another test set**:")
    show_table(tables.report_table(report.FINAL), "report-figure-7")
    st.markdown("Its figures, and where their like is on this page:")
    bullets([f"{figure}, {what}: [{where}](#{anchor})" for figure, what, anchor, where in COUNTERPARTS])


@st.cache_data(show_spinner="Comparing the runs")
def compared(key: tuple[str, ...], _runs: Sequence[StudyRun]) -> list[Pair]:
    """Compare every two runs of the study; `key` names their weights."""
    return compare_all(_runs)


def backbones() -> None:
    """Show the study: the backbones side by side, and each run by itself."""
    section("backbones")
    try:
        runs = sorted(read_study(STUDY_FOLDER), key=lambda run: run.results.accuracy.value or 0.0, reverse=True)
        pairs = compared(tuple(run.weights_sha256 + run.index_sha256 for run in runs), runs)
    except SecondLookError as error:
        st.error(str(error), icon=":material/error:")
        return
    if runs:
        chart(
            study_figure(
                {run.title: run.results.accuracy for run in runs}, {run.title: run.results.classes["COVID"].recall for run in runs}
            ),
            "backbones",
            meaning.study_sentence(runs, pairs),
        )
        show_table(tables.study_table(runs), "study")
        if pairs:
            st.markdown(
                "Every two on the same films. A difference is shown where its interval leaves out 0 and the last p, which allows for the "
                "number of comparisons, is small."
            )
            show_table(tables.pair_table(pairs), "pairs", words=["second"])
        one_run(runs)
    else:
        st.info(
            f"The backbones have not been compared yet. `{STUDY_COMMAND}` trains them and leaves what this section shows.",
            icon=":material/info:",
        )
    with st.expander("The report's comparison (its Figure 5), on another test set"):
        st.markdown(
            "Its table of MobileNetV2, (c), repeats that of InceptionV3, (b), number for number, so one of the two is not what it says."
        )
        for preliminary in report.PRELIMINARY:
            st.markdown(f"{preliminary.figure}, {preliminary.classifier}: accuracy {preliminary.accuracy:.2f}")
            show_table(tables.report_table(preliminary), f"report-{preliminary.figure.lower().replace(' ', '-')}")


def one_run(runs: Sequence[StudyRun]) -> None:
    """Show one run of the study as the report shows its own, once it is chosen."""
    by_title = {run.title: run for run in runs}
    title = st.selectbox("One run by itself", list(by_title), None, placeholder="Choose a run to see its curves and its confusion matrix")
    if title is None:
        return
    run = by_title[title]
    st.markdown(
        f"Started from {run.started_from}; {run.epochs} epochs at {run.size} px, {run.films_seen:,} films seen in "
        f"{run.seconds / 60:,.0f} minutes on {run.machine}. Repeat it with `{run.command}`."
    )
    learning_curves(run.history, run.name)
    left, right = st.columns(2, gap="large")
    with left:
        name = f"confusion-matrix-{run.name}"
        chart(confusion_figure(run.results.confusion), name, meaning.confusion_sentence(run.results))
        csv_button(tables.confusion_table(run.results), name)
    with right:
        st.markdown("By class, on the same films as all other runs.")
        show_table(tables.class_table(run.results), f"results-{run.name}")


def files(card: ModelCard) -> None:
    """Offer the card itself."""
    section("files")
    st.markdown(f"{card.statements.licence}")
    st.caption(
        f"Written {card.written[:10]} by `{card.command}` with "
        + ", ".join(f"{name} {version}" for name, version in card.libraries.items())
        + f". Weights SHA-256 {card.model.sha256}."
    )
    st.download_button(
        "The card as JSON",
        (SHIPPED_MODEL / CARD_FILE).read_bytes(),
        CARD_FILE,
        "application/json",
        icon=":material/download:",
        on_click="ignore",
    )


try:
    card = read_card(SHIPPED_MODEL)
except ModelError as error:
    st.error(str(error), icon=":material/error:")
    st.stop()

st.header(f"Model card: {card.model.version}")
st.markdown(
    f"Measured on the {card.data.split} split, {card.results.films:,} films "
    + ("that no choice was made on." if card.data.split == "test" else "that choices may have been made on.")
    + " Below each figure: its 95% interval."
)
headline(card)
st.markdown(" · ".join(f"[{title}](#{anchor})" for anchor, title in SECTIONS.items()))
use(card)
data(card)
results(card)
doubt(card)
shortcuts(card)
training(card)
beside_the_report(card)
backbones()
files(card)
