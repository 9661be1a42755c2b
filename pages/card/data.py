"""Which films, and what they look like."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from cxr_core.artifacts import ModelCard
from cxr_core.errors import SecondLookError
from cxr_core.imaging import display_grey, draw_phantom
from cxr_core.labels import in_words, split_films
from cxr_core.model_card import tables
from pages.card.parts import bullets, section, show_table, typed_folder

THUMBNAIL = 320


def data(card: ModelCard) -> None:
    """Say which films, how many, and what is wrong with them."""
    section("data")
    st.markdown(f"{card.data.name}. {card.data.near_duplicate_groups:,} groups of near-duplicates, each in one split only.")
    if card.data.broken:
        st.markdown(f"{card.data.broken:,} films could not be read and were left out.")
    if card.data.trained_and_tested:
        st.markdown(
            f"{card.data.trained_and_tested:,} patients have films on both sides: the films of theirs that stand in two collections keep "
            "the first one's split. Films of one patient that are no near-duplicates can so be in training and in test."
        )
    show_table(tables.count_table(card.data.counts), "films-by-class")
    counted = sum(card.data.counts.get(card.data.split, {}).values())
    if counted > card.results.films:
        st.markdown(
            f"The {counted:,} {split_films(card.data.split)} of the table are of all collections that the model learned from; "
            f"the results are of the {card.results.films:,} of the first collection only."
        )
    st.markdown("**Limits**")
    bullets([in_words(limit) for limit in card.statements.limits])
    with st.container(key="examples"):
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
    folder = typed_folder(
        "Data folder on this computer",
        "Path of a folder with films by class",
        "The films are read into memory, shown here and forgotten. They are not sent anywhere and nothing is written.",
    )
    if folder is None:
        st.markdown("The films themselves are not part of this app. These are drawings of a chest; name a data folder to see real films.")
        gallery(phantoms(), "phantom, not a patient")
        return
    from cxr_core.data import example_films

    try:
        films = example_films(folder)
    except SecondLookError as error:
        st.error(str(error), icon=":material/folder_off:")
        return
    st.markdown("Some films of every class, drawn at random. Look for what differs between the rows besides the lungs.")
    for name, found in films.items():
        if found:
            gallery([display_grey(film, THUMBNAIL) for film in found], in_words(name))
        else:
            st.caption(f"{in_words(name)}: no films in this folder")
