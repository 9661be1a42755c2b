"""A drop zone for several files that keeps none of them."""

from collections.abc import Callable, Iterator
from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cxr_core.imaging import is_zip
from pages.insides import forget_upload
from pages.viewer import NotTaken

MOST_CSV_MB: Final = 10
CSV_TOO_LARGE: Final = f"The file is too large: at most {MOST_CSV_MB} MB are read. Choose the CSV file of a series."


def upload_zone(
    name: str,
    label: str,
    explained: str,
    most_bytes: int,
    take: Callable[[Iterator[bytes], NotTaken], None],
    kind: str | None = None,
) -> None:
    """Draw a drop zone that hands over what is dropped, forgets the files and their names, and is then empty.

    Parameters
    ----------
    name : str
        Of the zone in the session.
    label, explained : str
        What stands on it, and its help.
    most_bytes : int
        Of a file. Streamlit leaves that bound to the browser, so what another client uploads is looked at here once more.
    take : callable
        Called once a drop, with the contents of its files, one by one, and what is too large.
    kind : str, optional
        The end of the file names that the browser offers to choose; by default any.
    """
    key = f"{name}_{st.session_state.get(f'{name}s', 0)}"  # a new one makes it empty
    st.file_uploader(
        label,
        type=kind,
        accept_multiple_files=True,
        key=key,
        on_change=_take,
        args=(name, key, most_bytes, take),
        help=explained,
        max_upload_size=most_bytes // 2**20,
    )


def csv_of(uploaded: UploadedFile) -> bytes | None:
    """Return what is in an uploaded CSV file and forget the file; None for one that is larger than the browser lets through."""
    content = None if uploaded.size > MOST_CSV_MB * 2**20 else uploaded.getvalue()
    forget_upload(uploaded)
    return content


def _take(name: str, key: str, most_bytes: int, take: Callable[[Iterator[bytes], NotTaken], None]) -> None:
    """Hand over what was dropped.

    The drop zone before this one stays in the browser, and takes files, until a run has replaced it.
    """
    state = st.session_state
    uploaded = [file for file in state.get(key) or () if isinstance(file, UploadedFile)]  # one that was forgotten is of another kind
    if not uploaded:
        return
    fit = [file for file in uploaded if file.size <= most_bytes]
    zips = [is_zip(file.read(4)) for file in uploaded if file.size > most_bytes]
    try:
        take((file.getvalue() for file in fit), NotTaken(films=zips.count(False), zips=zips.count(True)))
    finally:
        state[f"{name}s"] = state.get(f"{name}s", 0) + 1
        for file in uploaded:
            forget_upload(file)
