"""A drop zone for several files that keeps none of them."""

from collections.abc import Callable, Iterator
from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.insides import forget_upload

MOST_CSV_MB: Final = 10


def upload_zone(
    name: str, label: str, explained: str, most_bytes: int, take: Callable[[Iterator[bytes]], None], kind: str | None = None
) -> None:
    """Draw a drop zone that hands over what is dropped, forgets the files and their names, and is then empty.

    Parameters
    ----------
    name : str
        Of the zone in the session.
    label, explained : str
        What stands on it, and its help.
    most_bytes : int
        Of a file: the browser uploads no larger one.
    take : callable
        Called with the contents of the files of a drop, one by one.
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
        args=(name, key, take),
        help=explained,
        max_upload_size=most_bytes // 2**20,
    )


def _take(name: str, key: str, take: Callable[[Iterator[bytes]], None]) -> None:
    """Hand over what was dropped.

    The drop zone before this one stays in the browser, and takes files, until a run has replaced it.
    """
    state = st.session_state
    uploaded = [file for file in state.get(key) or () if isinstance(file, UploadedFile)]  # one that was forgotten is of another kind
    if not uploaded:
        return
    try:
        take(file.getvalue() for file in uploaded)
    finally:
        state[f"{name}s"] = state.get(f"{name}s", 0) + 1
        for file in uploaded:
            forget_upload(file)
