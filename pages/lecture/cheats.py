"""The last chapter: the same film, changed in ways that say nothing of disease."""

from typing import Final

import numpy as np
import streamlit as st

from cxr_core.calibration import probability_text
from cxr_core.figures import grid_figure
from cxr_core.labels import CLASS_NAMES, in_words
from cxr_core.lecture import CHANGES, changed_share, changed_views, greyed
from pages.lecture.another_source import film_of_another_source, show_another_source
from pages.lecture.film import Look, look_at, say_which_film
from pages.lecture.parts import bars, chart, choice, picture, type_size
from pages.read import elsewhere

ANOTHER_SOURCE: Final = "Another film, from another source"


def cheats() -> None:
    """Show the film beside itself, changed, with the probabilities of both."""
    look = look_at(say_which_film())
    if look is None:
        return
    views, probabilities = _answers(look)
    before, *changed = views
    name = choice("Change", changed, "lecture_change")
    st.markdown(_sentence(name, views, probabilities))
    for column, shown in zip(st.columns(2), (before, name), strict=True):
        with column:
            left, right = st.columns([2, 3], vertical_alignment="center")
            with left:
                picture(greyed(views[shown][..., 0]), shown)
            with right:
                bars(shown, probabilities[shown], f"bars_{shown}")
    other = film_of_another_source(look, probabilities[before])
    beside = probabilities if other is None else {**probabilities, ANOTHER_SOURCE: other.probabilities}
    table = np.array(list(beside.values()))
    texts = [[probability_text(float(value)) for value in row] for row in table]
    st.markdown("**All changes beside each other**")
    columns = [in_words(class_name).replace(" ", "<br>") for class_name in CLASS_NAMES]
    chart(
        grid_figure(table, texts, rows=list(beside), columns=columns, text_size=type_size()),
        "changes",
        "Probabilities by change and class.",
    )
    if look.prepared.lungs.doubt is not None:
        st.caption(f"{look.prepared.lungs.doubt} So nothing can be blanked by them.")
    show_another_source(other)
    st.markdown(f"**Films from another collection.** {elsewhere(look.reader.classifier.identity)}")
    st.page_link("pages/model_card.py", label="The model card has all of it", icon=":material/fact_check:")


def _answers(look: Look) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return what the model sees of the film and of each change, and its probabilities, once for as long as the film is looked at."""
    if "how_answers" not in st.session_state or st.session_state.how_answers[0] is not look:
        with st.spinner("The network looks at the changed films"):
            views = changed_views(look.film, look.prepared, look.reader.classifier.identity.crop)
            rows = look.reader.classifier.predict(np.stack(list(views.values())))
            st.session_state.how_answers = (look, views, dict(zip(views, rows, strict=True)))
    return st.session_state.how_answers[1], st.session_state.how_answers[2]


def _sentence(name: str, views: dict[str, np.ndarray], probabilities: dict[str, np.ndarray]) -> str:
    """Say what is changed, how much of it the model sees, and what becomes of the answer."""
    first = next(iter(views))
    old, new = (int(probabilities[shown].argmax()) for shown in (first, name))
    was, now = (
        f"{in_words(CLASS_NAMES[code])} ({probability_text(float(probabilities[shown][code]))})"
        for shown, code in ((first, old), (name, new))
    )
    share = changed_share(views[first], views[name])
    answer = f"The answer stays: {was} before, {now} now." if old == new else f"The answer turns from {was} to {now}."
    return f"{CHANGES[name].about} That changes {share:.0%} of what the model sees. **{answer}**"
