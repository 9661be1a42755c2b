"""A film of the series: read it, point at what is seen, commit; then the model's read and the truth."""

import streamlit as st

from cxr_core.calibration import probability_text
from cxr_core.labels import CLASS_NAMES, in_words
from cxr_core.practice import Judgement, Mark, PracticeError
from cxr_core.reporting import CONFIDENCE_WORDS
from pages.practice.sitting import Sitting, sit_down
from pages.practice.start import address_of
from pages.read import Desk, film_on_screen, reading
from pages.viewer import Pointing, marked_on


def film_to_read(sitting: Sitting) -> None:
    """Draw the film that is up, with what is asked or told of it."""
    desk = sitting.desk()
    if desk is None:
        st.rerun()  # the last films could not be read
    told, shown = sitting.stage == "told", sitting.stage != "own"
    left, right = st.columns([5, 3], gap="medium")
    with left, st.container(key="film"):
        pointing = Pointing(asked=not shown, outlines=sitting.outlines if told else [])
        view = film_on_screen(desk, maps=shown and desk.read is not None, pointing=pointing)
    with right:
        st.progress(sitting.at / len(sitting.cases), f"Film {sitting.at + 1} of {len(sitting.cases)}")
        if sitting.note:
            st.warning(sitting.note, icon=":material/warning:")
        if shown:
            _told(sitting, desk)
        if not told:
            _form(sitting, desk, view.mark)
        _below(sitting)


def _form(sitting: Sitting, desk: Desk, marked: object) -> None:
    """Ask for the reader's class and confidence."""
    own = sitting.stage == "own"
    with st.form(f"practice_{sitting.stage}_{desk.number}"):
        st.markdown("**Your read.**" if own else "**And now?** Keep your read, or change it.")
        before = None if own else sitting.answer.own
        st.pills("What is it?", CLASS_NAMES, default=before and before.class_name, format_func=in_words, key=_key(sitting, desk, "class"))
        words = before and CONFIDENCE_WORDS[before.confidence - 1]
        st.pills("How sure are you?", CONFIDENCE_WORDS, default=words, key=_key(sitting, desk, "confidence"))
        if own:
            st.caption(
                "Your mark is on the film; a click on it takes it away."
                if marked
                else "If you see something, click on it. With *Box* above the film, drag a box around it."
            )
        st.form_submit_button("Commit" if own else "Commit again", type="primary", on_click=_commit, args=(sitting, desk))
        if st.session_state.pop("practice_incomplete", False):
            st.error("Choose a class, and how sure you are, first.", icon=":material/error:")


def _key(sitting: Sitting, desk: Desk, part: str) -> str:
    return f"practice_{sitting.stage}_{part}_{desk.number}"


def _commit(sitting: Sitting, desk: Desk) -> None:
    state = st.session_state
    class_name, words = state[_key(sitting, desk, "class")], state[_key(sitting, desk, "confidence")]
    if class_name is None or words is None:
        state.practice_incomplete = True
        return
    judgement = Judgement(class_name, CONFIDENCE_WORDS.index(words) + 1)
    if sitting.stage == "revise":
        sitting.revise(judgement)
    else:
        sitting.commit(judgement, _mark(desk))


def _mark(desk: Desk) -> Mark | None:
    """Return what is marked; a browser may send anything."""
    try:
        sides = marked_on(desk.layer)
        return None if sides is None else Mark(*map(float, sides))
    except (PracticeError, TypeError, ValueError):
        return None


def _told(sitting: Sitting, desk: Desk) -> None:
    """Tell the truth, if it is to be told yet, and what the model says."""
    if sitting.stage == "told":
        _truth(sitting)
    if desk.read is None and reading(desk):
        sitting.take_read()
        st.rerun()  # its maps go to the viewer, which is drawn above
    if desk.read is not None:
        sitting.take_read()
        _model(sitting, desk)
    if sitting.stage == "told":
        last = sitting.at + 1 == len(sitting.cases)
        st.button("See the result" if last else "Next film", type="primary", icon=":material/arrow_forward:", on_click=sitting.next)


def _truth(sitting: Sitting) -> None:
    answer, case = sitting.answer, sitting.case
    right = answer.last.class_name == answer.truth
    lines = [f"**It is {in_words(answer.truth)}**" + (f", from {case.source}." if case.source else ".")]
    said = f"{in_words(answer.own.class_name)}, {CONFIDENCE_WORDS[answer.own.confidence - 1]}"
    if answer.revised is not None and answer.revised != answer.own:
        said += f"; then {in_words(answer.revised.class_name)}, {CONFIDENCE_WORDS[answer.revised.confidence - 1]}"
    lines.append(f"You: {said}.")
    if answer.hit is not None:
        lines.append("Your mark hits the outlined infection." if answer.hit else "Your mark misses the outlined infection.")
    if answer.chance is not None:
        lines.append(f"The green line is the infection as it was outlined: {answer.chance:.0%} of the film.")
    elif answer.mark is not None:
        lines.append("Nobody outlined anything on this film, so your mark is not judged.")
    (st.success if right else st.error)("  \n".join(lines), icon=":material/check:" if right else ":material/close:")


def _model(sitting: Sitting, desk: Desk) -> None:
    read, truth = desk.read, sitting.answer.truth
    assert read is not None
    told = sitting.stage == "told"
    verdict = (", and is right" if read.top_class == truth else ", and is wrong") if told else ""
    lines = [f"**The model says {in_words(read.top_class)}**, {probability_text(read.probabilities[read.top_class])}{verdict}."]
    rest = [name for name in sorted(CLASS_NAMES, key=read.probabilities.__getitem__, reverse=True) if name != read.top_class]
    lines.append(" · ".join(f"{in_words(name)} {probability_text(read.probabilities[name])}" for name in rest))
    if read.gate.outcome != "read":
        refuses = "refuses this film" if read.gate.outcome == "refused" else "warns"
        lines.append(f"Its input gate {refuses}: {' '.join(read.gate.reasons)}")
    st.info("  \n".join(lines), icon=":material/neurology:")


def _below(sitting: Sitting) -> None:
    with st.expander("Leave, or share this series", icon=":material/ios_share:"):
        st.markdown("This link leads to the same series:")
        st.code(address_of(sitting.link), language=None, wrap_lines=True)
        if sitting.answers:
            from cxr_core.practice import answers_csv

            st.download_button(
                "Answers so far, CSV",
                lambda: answers_csv(sitting.sheet()),
                file_name=f"second-look-practice-{sitting.link.series}.csv",
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
                help="With it you can go on later. Nothing is kept here.",
            )
        st.button("Leave the series", icon=":material/logout:", on_click=sit_down, args=(None,))
