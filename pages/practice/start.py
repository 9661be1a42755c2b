"""The start of a series: the folder, the number that it follows from, and answers to go on from."""

import os
import random
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cxr_core.errors import SecondLookError
from cxr_core.labels import CLASS_NAMES, in_words
from cxr_core.practice import NO_MODEL, NUMBERS, SIZES, Link, PracticeError, candidates, draw_series
from pages.practice.sitting import Sitting, sit_down
from pages.read import start_loading
from pages.uploads import CSV_TOO_LARGE, MOST_CSV_MB, csv_of
from pages.visitor import FOLDER, sits_here

if TYPE_CHECKING:
    import pandas as pd

    from cxr_core.practice import AnswerSheet, PracticeFilms

ORDERS: Final = {"alone": "Your read, then the truth", "revise": "Your read, the model's, yours again, then the truth"}
_FILMS: Final = "practice_films"
_REFUSAL: Final = "practice_refusal"


def start_of_series() -> None:
    """Draw the start of the page."""
    st.header("Practise")
    st.markdown(
        "Read a series of films whose class is known: commit to a class, say how sure you are, point at what you see. Then you are told "
        "what it is, what the model says and where it looked. Half of the films are Normal, and the model is wrong on more of them than "
        "usual, as far as its reads are known. Nothing is kept on the server: what you want to keep, you download."
    )
    link = _link_of_address()
    folder()
    if _REFUSAL in st.session_state:
        st.error(st.session_state.pop(_REFUSAL), icon=":material/error:")
    films: PracticeFilms | None = st.session_state.get(_FILMS)
    if films is None:
        return
    labels = list(films.films["label"])
    counts = ", ".join(f"{in_words(name)} {labels.count(name):,}" for name in CLASS_NAMES if name in labels)
    st.caption(f"{films.about} {len(labels):,} films: {counts}.")
    _series(films, link)


def _link_of_address() -> Link | None:
    try:
        return Link.of(st.query_params.to_dict())
    except PracticeError as error:
        st.error(str(error), icon=":material/error:")
        return None


def folder() -> None:
    """Let the folder be named."""
    fixed = os.environ.get(FOLDER)
    if fixed:
        if _FILMS not in st.session_state:
            _open(fixed)
    elif sits_here():
        with st.form("practice_folder", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(
                "Folder with the films",
                key="practice_path",
                placeholder="../shared/data",
                autocomplete="off",
                help=f"A folder with a folder a class ({', '.join(CLASS_NAMES)}), or with a manifest.csv, or a CSV file "
                "with the columns path and label. PNG, JPEG or DICOM. Nothing is copied.",
            )
            st.form_submit_button("Open", icon=":material/folder_open:", on_click=lambda: _open(st.session_state.practice_path))
    else:
        st.info(
            f"A folder can be named only on the computer that runs Second Look. Whoever runs it names one for all with {FOLDER}.",
            icon=":material/lock:",
        )


def _open(path: str) -> None:
    from cxr_core.practice import open_films

    if not path.strip():
        return
    try:
        st.session_state[_FILMS] = open_films(Path(path.strip()).expanduser())
    except SecondLookError as error:
        st.session_state.pop(_FILMS, None)
        st.session_state[_REFUSAL] = str(error)


def _series(films: "PracticeFilms", link: Link | None) -> None:
    """Choose the series, and start it or go on with it."""
    state = st.session_state
    state.setdefault("practice_number", link.series if link else random.randint(*NUMBERS))
    with st.form("practice_series"):
        first, second, third = st.columns(3)
        first.number_input(
            "Number", *NUMBERS, step=1, key="practice_number", help="The same number, films and model always give the same series."
        )
        second.number_input("Films", *SIZES, value=link.films if link else Link.films, step=2, key="practice_size")
        third.text_input(
            "You are", value="reader", key="practice_reader", max_chars=40, help="How files name you: a letter or a number is enough."
        )
        st.radio("Order", list(ORDERS), index=list(ORDERS).index(link.order) if link else 0, format_func=ORDERS.get, key="practice_order")
        if films.model == NO_MODEL:
            st.checkbox(
                "Let the model read some of the films first, so that the series holds some on which it is wrong",
                value=bool(link and link.model != NO_MODEL),
                key="practice_wrong",
                help="It reads three films for each film of the series.",
            )
        if st.form_submit_button("Start", type="primary", icon=":material/play_arrow:"):
            _start(films, link)
    st.file_uploader("Or go on from the file of a series that you left", type="csv", key="practice_before", max_upload_size=MOST_CSV_MB)
    uploaded = state.get("practice_before")
    if isinstance(uploaded, UploadedFile):
        content = csv_of(uploaded)
        if content is None:
            st.error(CSV_TOO_LARGE, icon=":material/error:")
        else:
            _resume(films, content)


def _start(films: "PracticeFilms", link: Link | None) -> None:
    from cxr_core.practice import reader_name

    state = st.session_state
    wanted = Link(int(state.practice_number), int(state.practice_size), state.practice_order)
    known = films.model if films.model != NO_MODEL or not state.get("practice_wrong") else ""
    _sit(films, wanted, reader_name(state.practice_reader), link if link and link.series == wanted.series else None, known)


def _resume(films: "PracticeFilms", content: bytes) -> None:
    from cxr_core.practice import read_answers

    try:
        sheet = read_answers(content)
    except PracticeError as error:
        st.error(str(error), icon=":material/error:")
        return
    known = films.model if sheet.link.model == NO_MODEL or films.model != NO_MODEL else ""
    _sit(films, sheet.link, sheet.reader, sheet.link, known, sheet)


def _sit(films: "PracticeFilms", wanted: Link, reader: str, link: Link | None, known: str, sheet: "AnswerSheet | None" = None) -> None:
    """Draw the series and start it; `known` is empty where the model has to read some films before."""
    try:
        table, model = (films.films, known) if known else _read_some(films, wanted)
        cases = draw_series(table, wanted.series, wanted.films)
    except SecondLookError as error:
        st.error(str(error), icon=":material/error:")
        return
    drawn = replace(wanted, pool=films.digest, model=model)
    note = link.why_other(drawn) if link else ""
    if sheet and note:
        st.error("This file is of a series of other films, or of another model: it cannot be continued here.", icon=":material/error:")
        return
    sitting = Sitting(films, drawn, cases, reader, note=note)
    if sheet:
        sitting.go_on_from(sheet.answers)
    sit_down(sitting)
    st.query_params.from_dict(drawn.query)
    st.rerun()


def _read_some(films: "PracticeFilms", wanted: Link) -> "tuple[pd.DataFrame, str]":
    """Let the model read some of the films; return these, with what it says of them, and the model's name in links."""
    pool = candidates(films.films, wanted.series, wanted.films)
    with st.spinner("Loading the model"):
        reader = start_loading().result()
    from cxr_core.reading import read_files

    bar = st.progress(0.0)
    tops = []
    for done, found in enumerate(read_files(reader.classifier, reader.gate, [films.root / path for path in pool["path"]]), start=1):
        tops.append("" if found.read is None else found.read.top_class)
        bar.progress(done / len(pool), f"The model reads {done} of {len(pool)} films")
    return pool.assign(model=tops), reader.classifier.identity.sha256[:6]


def address_of(link: Link) -> str:
    """Return the address that leads to a series."""
    return f"{st.context.url or ''}?{urlencode(link.query)}"
