"""What a series came to: figures with their intervals, the model's beside them, and files to take away."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import streamlit as st

from cxr_core.figures import readers_roc_figure, sureness_figure
from cxr_core.labels import in_words
from cxr_core.practice import (
    DISEASE_OF_ANY_KIND,
    TARGETS,
    Answer,
    Judgement,
    Score,
    accuracy,
    by_confidence,
    changes,
    model_accuracy,
    pointing,
    score_model,
    score_reader,
    seconds_a_film,
)
from cxr_core.reporting import CONFIDENCE_WORDS
from cxr_core.stats import Interval
from pages.plot import plot_in_look
from pages.practice.sitting import Sitting, sit_down
from pages.practice.start import address_of

SMALL: Final = "Intervals are at 95%, Wilson's of shares and Newcombe's of areas; a short series leaves them wide."


def last_of(answer: Answer) -> Judgement:
    """Take what the reader ended with."""
    return answer.last


def target_choice(key: str) -> str:
    """Let it be chosen what is looked for."""
    chosen = st.selectbox(
        "What is looked for",
        TARGETS,
        format_func=lambda name: "Any disease, against Normal" if name == DISEASE_OF_ANY_KIND else f"{in_words(name)}, against all else",
        key=key,
    )
    return str(chosen)


def result_of_series(sitting: Sitting) -> None:
    """Draw what the series came to."""
    answers = sitting.answers
    st.header("Your series")
    if sitting.note:
        st.warning(sitting.note, icon=":material/warning:")
    if sitting.passed_over:
        st.warning(f"Films that cannot be read, and were passed over: {sitting.passed_over}.", icon=":material/warning:")
    if not answers:
        st.info("No film was answered.")
        st.button("Another series", on_click=sit_down, args=(None,))
        return
    _headline(answers)
    take_away(sitting)
    twice = any(answer.revised is not None for answer in answers)
    scores = _scores(answers, target_choice("practice_target"), twice=twice)
    left, right = st.columns(2, gap="large")
    with left:
        _curves(scores)
    with right:
        st.subheader("Are you as sure as you are right?", anchor=False)
        steps = by_confidence(answers)
        named = {f"{CONFIDENCE_WORDS[one.step - 1]} ({one.films})": one.right for one in steps}
        told = ", ".join(f"{name}: {share}" for name, share in named.items())
        plot_in_look(sureness_figure(named), "practice_confidence", f"Share of reads that are right by confidence. {told}")
        st.caption("Numbers of films in brackets. A reader who judges this well is right more often when surer.")
        if twice:
            _changes(answers)
    _films(sitting, answers)
    st.caption("This link leads to the same series:")
    st.code(address_of(sitting.link), language=None, wrap_lines=True)


def _headline(answers: Sequence[Answer]) -> None:
    hits, chance = pointing(answers)
    seconds = seconds_a_film(answers)
    cells = [("You are right", accuracy(answers)), ("The model is right", model_accuracy(answers))]
    if any(answer.revised is not None for answer in answers):
        cells.insert(1, ("You with the model", accuracy(answers, last_of)))
    with st.container(horizontal=True):
        for name, share in cells:
            _metric(name, share)
        st.metric("Time a film, median", f"{seconds:.0f} s")
        if chance is not None:
            _metric("Marks that hit", hits, f"; points anywhere: {chance:.0%}")


def _metric(name: str, share: Interval, more: str = "") -> None:
    if share.value is None:
        st.metric(name, "-")
        return
    st.metric(name, f"{share.value:.0%}", f"{share.low:.0%} to {share.high:.0%}{more}", delta_color="off", delta_arrow="off")


def _scores(answers: Sequence[Answer], target: str, *, twice: bool) -> dict[str, Score]:
    scores = {"You": score_reader(answers, target)}
    if twice:
        scores["You with the model"] = score_reader(answers, target, last_of)
    scores["The model"] = score_model(answers, target)
    rows = ["| | sensitivity | specificity | area under the ROC |", "|:--|--:|--:|--:|"]
    rows += [f"| {name} | {score.sensitivity} | {score.specificity} | {area(score)} |" for name, score in scores.items()]
    st.markdown("\n".join(rows))
    one = scores["You"]
    st.caption(f"{one.cases} films of what is looked for, {one.others} others. {SMALL}")
    return scores


def _curves(scores: Mapping[str, Score]) -> None:
    st.subheader("ROC", anchor=False)
    curves = {f"{name}, area {area(score, short=True)}": (score.roc.x, score.roc.y) for name, score in scores.items() if score.roc}
    if curves:
        plot_in_look(readers_roc_figure(curves), "practice_roc", f"ROC curves: {', '.join(curves)}")
        st.caption("A curve follows from class and confidence together: ten ratings, from certainly absent to certainly there.")


def area(score: Score, *, short: bool = False) -> str:
    """Write an area under the ROC."""
    if score.roc is None:
        return "not measured"
    return f"{score.roc.area.value:.2f}" if short else str(score.roc.area)


def _changes(answers: Sequence[Answer]) -> None:
    found = changes(answers)
    st.subheader("When the model spoke", anchor=False)
    st.markdown(
        f"It changed **{len(found.better)}** of {found.films} reads for the better and **{len(found.worse)}** for the worse.\n"
        f"- It helped, where you were wrong and it was right: {found.helped}\n"
        f"- It misled, where you were right and it was wrong: {found.misled}"
    )
    for word, places in (("Better", found.better), ("Worse", found.worse)):
        if places:
            st.caption(f"{word}: film {', '.join(str(place + 1) for place in places)}.")


def _films(sitting: Sitting, answers: Sequence[Answer]) -> None:
    with st.expander("Film by film", icon=":material/list:"):
        st.dataframe(
            [
                {
                    "Film": answer.place + 1,
                    "Case": answer.fingerprint,
                    "It is": in_words(answer.truth),
                    "You": in_words(answer.own.class_name),
                    "How sure": answer.own.confidence,
                    **({"You again": in_words(answer.last.class_name)} if sitting.link.order == "revise" else {}),
                    "The model": in_words(answer.model or ""),
                    "Source": sitting.cases[answer.place].source,
                    "Mark": {None: "", True: "hits", False: "misses"}[answer.hit],
                    "Seconds": round(answer.seconds),
                }
                for answer in answers
            ],
            hide_index=True,
        )


def take_away(sitting: Sitting) -> None:
    """Offer the answers as CSV, the sheet as PDF, and another series."""
    from cxr_core.practice import answers_csv
    from cxr_core.reporting import practice_pdf

    name = f"second-look-practice-{sitting.link.series}"
    with st.container(horizontal=True):
        st.download_button(
            "Answers, CSV",
            lambda: answers_csv(sitting.sheet()),
            f"{name}.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            help="A row a read: reader, case, truth, rating and more, as packages for readers' studies take it. A case is called by the "
            "fingerprint of its pixels.",
        )
        st.download_button(
            "Result, PDF",
            lambda: practice_pdf(sitting.sheet(), datetime.now().astimezone()),
            f"{name}.pdf",
            "application/pdf",
            icon=":material/download:",
            on_click="ignore",
        )
        st.button("Another series", icon=":material/replay:", on_click=sit_down, args=(None,))
    st.caption("Nothing is kept here: what you do not download is gone when you leave.")
