"""How films come to the list: dropped, in an archive, or from a folder of this computer."""

from collections.abc import Iterator
from pathlib import Path

import streamlit as st

from cxr_core.errors import SecondLookError
from cxr_core.imaging import MAX_FILE_BYTES, TOO_LARGE
from cxr_core.worklist import MOST_FILMS, MOST_ZIP_BYTES
from pages.list.sitting import Sitting, go_on_reading
from pages.progress import time_left
from pages.uploads import upload_zone
from pages.viewer import NotTaken, drop_anywhere
from pages.visitor import sits_here

MOST_ZIP_MB = MOST_ZIP_BYTES // 2**20
A_FOLDER = "A folder was dropped. Drop the films in it or a zip archive of them{or_path}."
ZIP_TOO_LARGE = f"The zip archive is too large: at most {MOST_ZIP_MB} MB are taken. Drop its films in several archives{{or_path}}."


def drop_zone(sitting: Sitting, label: str) -> None:
    """Draw the drop zone, and let films be dropped anywhere else as well."""
    upload_zone(
        "worklist_upload",
        label,
        f"PNG, JPEG or DICOM films of at most {MAX_FILE_BYTES // 2**20} MB each, or zip archives of such of at most {MOST_ZIP_MB} MB; at "
        f"most {MOST_FILMS:,} films. Patient identity and names of files are never kept.",
        MOST_ZIP_BYTES,
        lambda files, refused: _take_files(sitting, files, refused),
    )
    drop_anywhere(MAX_FILE_BYTES, MOST_ZIP_BYTES, lambda dropped: _refuse(sitting, dropped))


def _refuse(sitting: Sitting, dropped: NotTaken) -> None:
    """Say why some of a drop is not read; its others may follow."""
    sitting.refusals, sitting.coming = _sentences(dropped), dropped.others


def _sentences(dropped: NotTaken) -> list[str]:
    by_path = {"folders": ", or type the folder's path", "zips": ", or type its path"} if sits_here() else {"folders": "", "zips": ""}
    sentences = [TOO_LARGE] if dropped.films else []
    if dropped.zips:
        sentences.append(ZIP_TOO_LARGE.format(or_path=by_path["zips"]))
    if dropped.folders:
        sentences.append(A_FOLDER.format(or_path=by_path["folders"]))
    return sentences


def _take_files(sitting: Sitting, files: Iterator[bytes], refused: NotTaken) -> None:
    sitting.worklist.add_files(files)
    told = sitting.refusals if sitting.coming else []
    sitting.refusals, sitting.coming = told + _sentences(refused), False


def folder_box(sitting: Sitting) -> None:
    """Let a folder be named, for those who sit at the computer that runs the app: others must not look into its folders."""
    if not sits_here():
        return
    with st.form("worklist_folder", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Or name a folder or a zip archive on this computer",
            key="worklist_folder_path",
            placeholder="/data/films",
            autocomplete="off",
            help="All films in it and in the folders below are read from there; nothing is copied. Type the whole path.",
        )
        st.form_submit_button("Read it", icon=":material/folder_open:", on_click=_take_folder, args=(sitting,))


def _take_folder(sitting: Sitting) -> None:
    state = st.session_state
    sitting.refusals = []
    try:
        sitting.worklist.add_folder(state.worklist_folder_path)
    except SecondLookError as error:
        sitting.refusals = [str(error)]
    else:
        state.worklist_folder_path = ""  # it may tell of patients


def notices(sitting: Sitting) -> None:
    """Say what was not taken, and what was passed over."""
    for refusal in sitting.refusals:
        st.error(refusal, icon=":material/block:")
    for notice in sitting.worklist.notices:
        st.warning(notice, icon=":material/warning:")
    if sitting.worklist.passed_over:
        st.caption(f"Passed over: hidden files, other files, and folders that cannot be opened: {sitting.worklist.passed_over:,}.")


def progress(sitting: Sitting) -> None:
    """Say how far the reading is, and let it be stopped or gone on with."""
    worklist = sitting.worklist
    work, films, waiting = worklist.work, len(worklist.entries), worklist.waiting
    broken = sum(entry.state == "broken" and isinstance(entry.source, Path) for entry in worklist.entries)
    with st.container(horizontal=True, vertical_alignment="center"):
        if worklist.reading and work is not None:
            text = f"{films - waiting:,} of {films:,} films read{time_left(work.seconds_left)}"
            st.progress(1 - waiting / films, text=text, width="stretch")
            st.button("Stop", icon=":material/stop:", on_click=worklist.cancel, help="What was read stays.")
        elif waiting:
            st.markdown(f"{films - waiting:,} of {films:,} films read.", width="content")
            st.button("Go on reading", icon=":material/play_arrow:", on_click=_go_on, args=(sitting,))
        elif broken:
            st.button(
                f"Try the {broken:,} broken again" if broken > 1 else "Try the broken film again",
                icon=":material/refresh:",
                on_click=_again,
                args=(sitting,),
                help="For films of a folder or a disk that was away for a while.",
            )


def _go_on(sitting: Sitting) -> None:
    sitting.worklist.work = None
    go_on_reading(sitting)


def _again(sitting: Sitting) -> None:
    sitting.worklist.again()
    _go_on(sitting)
