"""How it was trained, the report beside it, and the backbones compared."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from cxr_core.artifacts import SHIPPED_RUN, ModelCard, StudyRun, read_study
from cxr_core.errors import SecondLookError
from cxr_core.evaluation import Pair, compare_all
from cxr_core.figures import accuracy_figure, confusion_figure, loss_figure, study_figure
from cxr_core.model_card import report, results_card, study_card, tables
from pages.card.finder import link
from pages.card.parts import chart, csv_button, section, show_table, typed_folder

# The report's figures, what each shows, and where its like is here.
COUNTERPARTS = (
    ("Figure 1", "an example of each class", "examples", "Example films"),
    ("Figures 2, 3, 4", "learning curves and confusion matrices of the three backbones", "one-run", "Choose a run"),
    ("Figure 5", "metrics of the three backbones", "table-study", "Table of the runs"),
    ("Figure 6 (a), (b)", "learning curves of the final DenseNet121", "chart-loss-shipped", "Learning curves"),
    ("Figure 6 (c)", "confusion matrix of the final DenseNet121", "chart-confusion-matrix", "Confusion matrix"),
    ("Figure 7", "metrics of the final DenseNet121", "table-results-by-class", "Table by class"),
)

PLAIN = str.maketrans(" ", "-", "()")
"""Makes a name for files and keys of a figure's."""

STUDY_COMMAND = "python -m cxr_core study --data DIR --out RUN"


def training(card: ModelCard) -> None:
    """Say where the weights come from."""
    section("training")
    st.markdown(f"Started from {card.training.started_from}. The curves show the last stage of its training only.")
    learning_curves(card.training.history, "shipped")
    st.markdown("The recipe, setting by setting.")
    table = tables.recipe_table(card.training.recipe)
    show_table(table, "recipe", words=table.columns)


def learning_curves(history: Sequence[dict[str, float]], name: str) -> None:
    """Draw the learning curves of a run."""
    if not history:
        st.markdown("The history by epoch was not kept.")
        return
    left, right = st.columns(2, gap="large")
    with left:
        chart(partial(loss_figure, history), f"loss-{name}", study_card.learning_sentence(history))
    with right:
        chart(
            partial(accuracy_figure, history),
            f"accuracy-{name}",
            "Training films well above validation films: the network learned films by heart. It may also do worse on training films: those "
            "are measured while it learns, and as augmentation changes them.",
        )
    csv_button(tables.history_table(history), f"learning-curves-{name}", "CSV of both")


def beside_the_report(card: ModelCard) -> None:
    """Put the report's figures beside ours without mixing them."""
    section("report")
    st.markdown(
        f"The report measured its final DenseNet121 on another test set: {report.FILMS:,} films of the official data set, and it "
        "does not say how near-duplicates were kept apart. These figures cannot tell which of the two is better."
    )
    show_table(tables.beside_report(card, report.FINAL, report.FILMS), "beside-the-report")
    st.markdown(f"The report's own table ({report.FINAL.figure}), **another test set**:")
    show_table(tables.report_table(report.FINAL), "report-figure-7")
    st.markdown("Its figures, and their counterparts on this card:")
    for figure, what, item, where in COUNTERPARTS:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"{figure}, {what}:", width="content")
            link(where, item)


@st.cache_data(show_spinner="Comparing the runs")
def compared(key: tuple[str, ...], _runs: Sequence[StudyRun]) -> list[Pair]:
    """Compare every two runs of the study; `key` names their weights."""
    return compare_all(_runs)


def backbones(folder: Path, card: ModelCard) -> None:
    """Show the study in a folder, or in one that is typed, and the report's beside it."""
    section("backbones")
    shown = st.container()
    reports_comparison()
    another = typed_folder(
        "Results of another study on this computer",
        "Path of a folder of results",
        "The command study prints the file that it writes for each row. Name the folder of these files to see them here instead.",
    )
    with shown:
        if another is not None and not holds_results(another):
            st.error(f"There are no results of a study in {another}.", icon=":material/folder_off:")
        else:
            comparison(another or folder, card)


def holds_results(folder: Path) -> bool:
    """Tell whether a folder, of whatever name, holds files that may be a study's."""
    try:
        return any(folder.glob("*.json"))
    except (OSError, ValueError):
        return False


def comparison(folder: Path, card: ModelCard) -> None:
    """Show the backbones side by side, and each run by itself."""
    try:
        runs = sorted(read_study(folder), key=lambda run: run.results.accuracy.value or 0.0, reverse=True)
        pairs = compared(tuple(run.name + run.weights_sha256 + run.index_sha256 for run in runs), runs)
    except SecondLookError as error:
        st.error(str(error), icon=":material/error:")
        return
    for sentence in study_card.study_mismatches(runs, card):
        st.warning(sentence, icon=":material/difference:")
    if runs:
        accuracies = {run.label: run.results.accuracy for run in runs}
        recalls = {run.label: run.results.classes["COVID"].recall for run in runs}
        chart(partial(study_figure, accuracies, recalls), "backbones", study_card.study_sentence(runs, pairs))
        st.markdown(study_card.budget_sentence(runs))
        show_table(tables.study_table(runs), "study")
        if pairs:
            st.markdown(
                "All pairs, on the same films. A difference counts as shown where its interval leaves out 0 and the p-value, corrected "
                "for the number of comparisons (Holm), is small. McNemar's test takes films as independent, which near-duplicates are "
                "not; the interval keeps them together."
            )
            show_table(tables.pair_table(pairs), "pairs", words=["second"])
        one_run(runs)
    else:
        st.info(
            f"The backbones have not been compared yet. `{STUDY_COMMAND}` trains them and fills this part.",
            icon=":material/info:",
        )


def reports_comparison() -> None:
    """Show the report's own tables of its three backbones."""
    st.markdown(
        "**The report's comparison (its Figure 5), on another test set.** "
        "Its table of MobileNetV2, (c), repeats that of InceptionV3, (b), number for number, so one of the two is not what it says."
    )
    for preliminary in report.PRELIMINARY:
        st.markdown(f"{preliminary.figure}, {preliminary.classifier}: accuracy {preliminary.accuracy:.2f}")
        show_table(tables.report_table(preliminary), "report-" + preliminary.figure.lower().translate(PLAIN))


def one_run(runs: Sequence[StudyRun]) -> None:
    """Show one run of the study as the report shows its own, once it is chosen."""
    by_label = {run.label: run for run in runs}
    with st.container(key="one-run"):
        label = st.selectbox(
            "One run by itself", list(by_label), None, placeholder="Choose a run to see its curves and its confusion matrix"
        )
    if label is None:
        return
    run = by_label[label]
    last = "in the last stage of its training " if run.name == SHIPPED_RUN else ""
    again = "Its row is written by" if run.name == SHIPPED_RUN else "Repeat it with"
    st.markdown(
        f"Started from {run.started_from}; {last}{run.epochs} epochs at {run.size} px, {run.films_seen:,} films seen in "
        f"{'a time that was not noted' if run.seconds is None else f'{run.seconds / 60:,.0f} minutes'} on {run.machine}. "
        f"{again} `{run.command}`."
    )
    learning_curves(run.history, f"run-{run.name}")
    left, right = st.columns(2, gap="large")
    with left:
        name = f"confusion-matrix-run-{run.name}"
        chart(partial(confusion_figure, run.results.confusion), name, results_card.confusion_sentence(run.results))
        csv_button(tables.confusion_table(run.results), name)
    with right:
        st.markdown("By class, on the same films as all other runs.")
        show_table(tables.class_table(run.results), f"results-run-{run.name}")
