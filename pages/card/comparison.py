"""How it was trained, the report beside it, and the backbones compared."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from cxr_core.card import SHIPPED_RUN, ModelCard, StudyRun, read_study
from cxr_core.errors import SecondLookError
from cxr_core.evaluation.comparison import Pair, compare_all
from cxr_core.figures import accuracy_figure, confusion_figure, loss_figure, study_figure
from cxr_core.reporting import meaning, report, tables
from pages.card.parts import bullets, chart, csv_button, section, show_table, typed_folder, when_opened

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


def training(card: ModelCard) -> None:
    """Say where the weights come from."""
    section("training")
    st.markdown(f"Started from {card.training.started_from}. The curves are of the last stage of its training alone.")
    learning_curves(card.training.history, "shipped")
    when_opened("The recipe, setting by setting", "recipe", partial(recipe, card))


def recipe(card: ModelCard) -> None:
    """List the settings of the run that made the weights, and of those before it."""
    table = tables.recipe_table(card.training.recipe)
    show_table(table, "recipe", words=table.columns)


def learning_curves(history: Sequence[dict[str, float]], name: str) -> None:
    """Draw the learning curves of a run."""
    if not history:
        st.markdown("The history by epoch was not kept.")
        return
    left, right = st.columns(2, gap="large")
    with left:
        chart(partial(loss_figure, history), f"loss-{name}", meaning.learning_sentence(history))
    with right:
        chart(
            partial(accuracy_figure, history),
            f"accuracy-{name}",
            "Train well above val means films learned by heart. Train is taken while the network learns, and on altered films where they "
            "are altered in training, so it may lie below.",
        )
    csv_button(tables.history_table(history), f"learning-curves-{name}", "CSV of both")


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


def backbones(folder: Path, card: ModelCard) -> None:
    """Show the study in a folder, or in one that is typed, and the report's beside it."""
    section("backbones")
    shown = st.container()
    when_opened("The report's comparison (its Figure 5), on another test set", "reports-comparison", reports_comparison)
    another = typed_folder(
        "Results of another study on this computer",
        "Path of a folder of results",
        "The command study ends each row with the file that it wrote. Name the folder of these files to see them here instead.",
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
    for sentence in meaning.study_mismatches(runs, card):
        st.warning(sentence, icon=":material/difference:")
    if runs:
        accuracies = {run.label: run.results.accuracy for run in runs}
        recalls = {run.label: run.results.classes["COVID"].recall for run in runs}
        chart(partial(study_figure, accuracies, recalls), "backbones", meaning.study_sentence(runs, pairs))
        st.markdown(meaning.budget_sentence(runs))
        show_table(tables.study_table(runs), "study")
        if pairs:
            st.markdown(
                "Every two on the same films. A difference is shown where its interval leaves out 0 and the p that allows for the number "
                "of comparisons (Holm) is small. McNemar's test takes films as independent, which near-duplicates are not; the interval "
                "keeps them together."
            )
            show_table(tables.pair_table(pairs), "pairs", words=["second"])
        one_run(runs)
    else:
        st.info(
            f"The backbones have not been compared yet. `{STUDY_COMMAND}` trains them and leaves what this section shows.",
            icon=":material/info:",
        )


def reports_comparison() -> None:
    """Show the report's own tables of its three backbones."""
    st.markdown(
        "Its table of MobileNetV2, (c), repeats that of InceptionV3, (b), number for number, so one of the two is not what it says."
    )
    for preliminary in report.PRELIMINARY:
        st.markdown(f"{preliminary.figure}, {preliminary.classifier}: accuracy {preliminary.accuracy:.2f}")
        show_table(tables.report_table(preliminary), f"report-{preliminary.figure.lower().replace(' ', '-')}")


def one_run(runs: Sequence[StudyRun]) -> None:
    """Show one run of the study as the report shows its own, once it is chosen."""
    by_label = {run.label: run for run in runs}
    label = st.selectbox("One run by itself", list(by_label), None, placeholder="Choose a run to see its curves and its confusion matrix")
    if label is None:
        return
    run = by_label[label]
    last = "in the last stage of its training " if run.name == SHIPPED_RUN else ""
    again = "Its row is written by" if run.name == SHIPPED_RUN else "Repeat it with"
    st.markdown(
        f"Started from {run.started_from}; {last}{run.epochs} epochs at {run.size} px, {run.films_seen:,} films seen in "
        f"{run.seconds / 60:,.0f} minutes on {run.machine}. {again} `{run.command}`."
    )
    learning_curves(run.history, f"run-{run.name}")
    left, right = st.columns(2, gap="large")
    with left:
        name = f"confusion-matrix-run-{run.name}"
        chart(partial(confusion_figure, run.results.confusion), name, meaning.confusion_sentence(run.results))
        csv_button(tables.confusion_table(run.results), name)
    with right:
        st.markdown("By class, on the same films as all other runs.")
        show_table(tables.class_table(run.results), f"results-run-{run.name}")
