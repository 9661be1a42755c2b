"""The third chapter, second half: the sum that makes Grad-CAM of the last activation."""

import numpy as np
import streamlit as st

from cxr_core.figures import grid_figure
from cxr_core.imaging import WHOLE_FILM
from cxr_core.labels import CLASS_NAMES, in_words
from cxr_core.lecture import Evidence, evidence_map, greyed, stretched, terms_at
from pages.lecture.film import Look, look_at, say_which_film
from pages.lecture.parts import brief, chart, choice, number, picture, slider, type_size


def gradcam() -> None:
    """Show the sum at one place of the map, and the map."""
    look = look_at(say_which_film())
    if look is None:
        return
    first = look.read.top_class
    name = choice("Class", [first, *(other for other in CLASS_NAMES if other != first)], "lecture_class", format_func=in_words)
    code = CLASS_NAMES.index(name)
    activation, weights = look.seen.last, look.seen.weights[code]
    evidence = evidence_map(activation, weights)
    drawn = stretched(evidence)
    rows, columns = evidence.shape
    best = np.unravel_index(int(evidence.argmax()), evidence.shape)
    left, right = st.columns(2)
    with left:
        row = slider("Place, down", 0, rows - 1, int(best[0]), "lecture_down")
    with right:
        column = slider("Place, across", 0, columns - 1, int(best[1]), "lecture_across")
    at = terms_at(activation, weights, row, column)
    st.markdown(
        f"In row {row}, column {column} the {activation.shape[2]:,} channels add up to **{at.total:.4f}** for {in_words(name)}: "
        f"{'ReLU makes it 0' if at.total < 0 else 'ReLU leaves it'}, and stretched to the whole map it is **{drawn[row, column]:.3f}**."
    )
    pictures, grid, table = st.columns([3, 4, 4], gap="small")
    with pictures:
        _over_the_film(look, drawn)
    with grid:
        st.markdown(f"**The sums at all {rows} x {columns} places**")
        size = max(8, round(type_size() * min(1.0, 9 / max(rows, columns))))
        texts = [[brief(value, 2) for value in line] for line in evidence]
        chart(
            grid_figure(evidence, texts, marked=(row, column), text_size=size), "evidence", f"The sums for {in_words(name)} at every place."
        )
    with table:
        _terms(at)
    own = look.read.maps[name]
    st.caption(
        f"The read's own Grad-CAM has {float(own[row, column]):.3f} here; nowhere do the two differ by more than "
        f"{float(np.abs(own - drawn).max()):.1g}.{_of_which_network(look)}"
    )


def _over_the_film(look: Look, drawn: np.ndarray) -> None:
    from cxr_core.saliency import colour_layer, film_map, overlay

    greys = greyed(look.prepared.canonical[..., 0])
    side = len(greys)
    layer = colour_layer(film_map(drawn.astype(np.float32), WHOLE_FILM, side, side))
    times = max(1, round(480 / side))
    picture(overlay(greys, layer, 0.7).repeat(times, 0).repeat(times, 1), "The map, over what the network sees")


def _terms(evidence: Evidence) -> None:
    lines = [f"| {term.channel} | {number(term.weight)} | {number(term.activation)} | {term.product:.4f} |" for term in evidence.terms]
    st.markdown(
        "| Channel | Weight | Activation | Product |\n|---:|---:|---:|---:|\n"
        + "\n".join(lines)
        + f"\n| {evidence.others_count:,} others | | | {evidence.others:.4f} |\n| **Sum** | | | **{evidence.total:.4f}** |"
    )


def _of_which_network(look: Look) -> str:
    """Say whose map it is where two networks are averaged."""
    identity = look.reader.classifier.identity
    if identity.companion is None:
        return ""
    return (
        f" The map is of {identity.backbone}, whose logits count {1 - identity.companion.share:.0%} in the answer; those of "
        f"{identity.companion.backbone} count {identity.companion.share:.0%}."
    )
