"""Read a chest X-ray: a film in; the input gate's word, class probabilities with their doubt, saliency maps and a report out."""

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cxr_core.errors import SecondLookError
from cxr_core.imaging import TOO_LITTLE_MEMORY, Film, decode_film, draw_phantom
from pages import through_the_router
from pages.read import (
    Desk,
    gate_notice,
    loading_notice,
    operating_point,
    opinion_beside_read,
    opinion_form,
    probabilities,
    read_first_toggle,
    reading,
    reads_first,
    start_loading,
    take_away,
    where_it_looked,
)
from pages.viewer import film_viewer

DISCLAIMER = "For research and teaching. Not a medical device."

through_the_router()


def put_up(film: Film | None) -> None:
    """Put another film on screen, or none."""
    before: Desk | None = st.session_state.get("desk")
    if before is not None:
        before.stop()
    st.session_state.desk = None if film is None else Desk.of(film)


def take_upload() -> None:
    """Take what was dropped, and forget the file and its name. One that cannot be read leaves the film on screen alone."""
    state = st.session_state
    uploaded = state.get(upload_key())
    if uploaded is None:
        return
    state.refusal = None
    try:
        put_up(decode_film(uploaded.getvalue()))
    except SecondLookError as error:
        state.refusal = str(error)
    except MemoryError:
        state.refusal = TOO_LITTLE_MEMORY
    finally:
        forget(uploaded)


def forget(uploaded: UploadedFile) -> None:
    """Drop a file from the server's memory, which would hold it, and the page its name, until the session ends: both may tell who it is."""
    st.session_state.upload_number = st.session_state.get("upload_number", 0) + 1
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):  # Streamlit has no other
        context.uploaded_file_mgr.remove_file(context.session_id, uploaded.file_id)


def remove_film() -> None:
    """Take the film off the screen."""
    st.session_state.refusal = None
    put_up(None)


def show_phantom() -> None:
    """Put the phantom on screen."""
    st.session_state.refusal = None
    put_up(draw_phantom(opacity=0.6))


def upload_key() -> str:
    """Key of the drop zone; a new one makes it empty."""
    return f"upload_{st.session_state.get('upload_number', 0)}"


def drop_zone(label: str) -> None:
    """Draw the drop zone."""
    st.file_uploader(
        label,
        key=upload_key(),
        on_change=take_upload,
        help="PNG or JPEG, 8 or 16 bit, or DICOM of one plain X-ray (CR, DX or CXR), at least 64 pixels a side, at most 50 MB and "
        "64 megapixels. Of a DICOM, who the patient is is not read.",
    )


def empty_page() -> None:
    """Draw what a newcomer sees."""
    _, middle, _ = st.columns([1, 3, 1])
    with middle:
        st.header("Read a chest X-ray")
        drop_zone("Drop a frontal chest X-ray here: PNG, JPEG or DICOM, up to 50 MB")
        if st.session_state.get("refusal"):
            st.error(st.session_state.refusal, icon=":material/block:")
        st.caption("The film stays in the memory of this computer. It is not stored, and it is forgotten when you close the page.")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button("Try the phantom", icon=":material/draw:", on_click=show_phantom, help="A film drawn in code, of no patient.")
            read_first_toggle()
        st.caption(DISCLAIMER)
        loading_notice()


def facts(desk: Desk) -> None:
    """Say what was read, how, and by which model."""
    from cxr_core.read_report import FilmFacts, placing

    film, layer, read = desk.film, desk.layer, desk.read
    assert read is not None
    reduced = f" · shown at {layer.width} x {layer.height}" if layer.width < film.width else ""
    st.caption(
        f"Read in {read.seconds:.2f} s on {read.device} · {film.format} {film.width} x {film.height}, {film.bit_depth} bit{reduced}"
        + "".join(f" · {fact}" for fact in (*placing(FilmFacts.of(film)), *film.steps))
    )
    st.page_link("pages/model_card.py", label=f"{read.model}: how good is it?", icon=":material/fact_check:")


def film_page(desk: Desk) -> None:
    """Draw the film with its read."""
    desk.collect()
    left, right = st.columns([5, 3], gap="medium")
    with right:
        if st.session_state.get("refusal"):
            st.error(f"{st.session_state.refusal} The film on screen is the one before.", icon=":material/block:")
        drop_zone("Another film: PNG, JPEG or DICOM")
        if desk.is_phantom:
            st.warning("Phantom, not a patient: what the model says of it means nothing.", icon=":material/draw:")
        is_read = reading(desk)
        reads_own = reads_first(desk)
        if is_read:
            gate_notice(desk)
            opinion_beside_read(desk)
        if reads_own:
            opinion_form(desk)
        shown = is_read and not reads_own and not desk.refused
        if shown:
            probabilities(desk)
        if is_read:
            facts(desk)
        st.caption(DISCLAIMER)
    with left:
        view = film_viewer(desk.layer, desk.layers() if shown else None)
    with right:
        if shown:
            point, where, away = st.tabs(["Operating point", "Where it looked", "Take away"])
            with point:
                operating_point(desk)
            with where:
                where_it_looked(desk, view)
            with away:
                take_away(desk, view)
        elif is_read and not reads_own:
            take_away(desk, view)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button("Remove film", icon=":material/delete:", on_click=remove_film, help="Forgets the film and what was read of it.")
            read_first_toggle()


start_loading()
if st.session_state.get("desk") is None:
    empty_page()
else:
    film_page(st.session_state.desk)
