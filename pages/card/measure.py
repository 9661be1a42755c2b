"""Measure the model on the user's own films from the page, as `validate` does on the command line."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from cxr_core.artifacts import ModelCard
from cxr_core.errors import SecondLookError
from cxr_core.imaging import TOO_LITTLE_MEMORY
from cxr_core.site_cards import SiteFigures, check_new_site_card, write_site_card
from pages.card.parts import typed_folder
from pages.read import check_weights, start_loading
from pages.visitor import sits_here

if TYPE_CHECKING:
    from cxr_core.reading import FileRead

_MEASURED: Final = "own_films_measured"


@dataclass(frozen=True)
class Measured:
    """What came of it.

    Attributes
    ----------
    figures : SiteFigures, optional
        The figures; none where nothing could be measured.
    kept : str
        Name of the site card that was kept; empty for none.
    problem : str
        A sentence on what could not be done.
    """

    figures: SiteFigures | None = None
    kept: str = ""
    problem: str = ""


def measure_here(card: ModelCard, show: Callable[[SiteFigures], None]) -> None:
    """Let a folder of this computer be measured, for those who sit at it; the figures stay until others take their place.

    Parameters
    ----------
    card : ModelCard
        Of the model that is loaded.
    show : callable
        Draws figures.
    """
    if not sits_here():
        return
    with st.form("own_films"):
        folder = typed_folder("Folder with your films, or a CSV file", "/data/my-films", "Type the whole path.")
        name = st.text_input(
            "Keep the figures as a site card named", placeholder="Ward 3", autocomplete="off", help="Leave it empty to keep nothing."
        )
        asked = st.form_submit_button("Measure", icon=":material/straighten:")
    if asked:
        st.session_state[_MEASURED] = _measure(folder, name.strip(), card)
    measured: Measured | None = st.session_state.get(_MEASURED)
    if measured is None:
        return
    if measured.problem:
        st.error(measured.problem, icon=":material/error:")
    if measured.kept:
        st.success(f"Kept as the site card {measured.kept}.", icon=":material/check:")
    if measured.figures is not None:
        show(measured.figures)


def _measure(folder: Path | None, name: str, card: ModelCard) -> Measured:
    if folder is None:
        return Measured(problem="Type the folder in which your films are.")
    figures = None
    try:
        if name:
            check_new_site_card(name)
        from cxr_core.data import list_own_films

        listed = list_own_films(folder)
        with st.spinner("Loading the model"):
            reader = start_loading().result()
        identity = reader.classifier.identity
        check_weights(card, identity)
        from cxr_core.evaluation import measure_own, own_site_card

        bar = st.progress(0.0, "Reading your films. Another page, or a click here, stops it.")

        def watch(reads: Iterator["FileRead"], films: int) -> Iterable["FileRead"]:
            for number, read in enumerate(reads, 1):
                bar.progress(number / films, f"{number:,} of {films:,} films read. Another page, or a click here, stops it.")
                yield read

        reads, figures = measure_own(listed, reader.classifier, reader.gate, card, watch)
        bar.empty()
        if name:
            write_site_card(own_site_card(name, reads, figures, reader.classifier.calibration, identity))
    except (SecondLookError, MemoryError) as error:
        return Measured(figures, problem=str(error) or TOO_LITTLE_MEMORY)
    return Measured(figures, kept=name)
