"""How films come to the page and go: the drop zone, the strip, the refusals."""

import streamlit as st

from cxr_core.imaging import MAX_FILE_BYTES, TOO_LARGE
from pages.read.desk import Desk
from pages.read.tray import MOST_THUMBNAILS, Tray
from pages.uploads import upload_zone
from pages.viewer import NotTaken, drop_anywhere, film_strip

A_FOLDER = "A folder was dropped. Drop the films in it, or a zip archive of them."
ZIP_TOO_LARGE = (
    f"The zip archive is too large for this page: at most {MAX_FILE_BYTES // 2**20} MB are read. The page Worklist takes larger ones."
)


def tray_of_session() -> Tray:
    """Return the films of the session."""
    state = st.session_state
    if "tray" not in state:
        state.tray = Tray()
    kept: Tray = state.tray
    return kept


def drop_zone(label: str) -> None:
    """Draw the drop zone, and let films be dropped anywhere else as well."""
    upload_zone(
        "upload",
        label,
        "PNG or JPEG, 8 or 16 bit, or DICOM of one plain X-ray (CR, DX or CXR), at least 64 pixels a side, at most 50 MB and "
        "64 megapixels; or zip archives of such films. Patient identity is never read.",
        MAX_FILE_BYTES,
        lambda files, refused: tray_of_session().take(files, _sentences(refused)),
    )
    drop_anywhere(MAX_FILE_BYTES, MAX_FILE_BYTES, _refuse)


def _refuse(dropped: NotTaken) -> None:
    """Say why some of what was dropped is not read: at once, or together with the others of the same drop."""
    if dropped.others:
        tray_of_session().coming += _sentences(dropped)
    else:
        tray_of_session().take((), _sentences(dropped))


def _sentences(dropped: NotTaken) -> list[str]:
    return [TOO_LARGE] * dropped.films + [ZIP_TOO_LARGE] * dropped.zips + [A_FOLDER] * dropped.folders


def films_on_tray() -> None:
    """Draw the strip of films, where there are several."""
    films = tray_of_session()
    if len(films.places) > 1:
        _strip(_waits(films))
        if len(films.places) > MOST_THUMBNAILS:
            _choice(films)


def _waits(films: Tray) -> bool:
    """Whether thumbnails are to be made; not before the film on screen was read, which comes first."""
    current = films.current
    return bool(films.waiting) and current is not None and (current.desk is None or current.desk.read is not None)


def _strip(waits: bool) -> None:
    st.fragment(_draw_strip, run_every=0.3 if waits else None)(waits, tray_of_session().at)


def _draw_strip(waits: bool, drawn: int) -> None:
    """Draw the strip and, each time, make a thumbnail that is still to be made; `drawn` is the film that the page was drawn with."""
    films = tray_of_session()
    if films.at != drawn:
        st.rerun()  # all of the page, which shows another film's answer
    if waits and films.waiting:
        films.waiting[0].develop()
    film_strip(films.entries(), films.at, films.turn)
    if waits and not films.waiting:
        st.rerun()


def _choice(films: Tray) -> None:
    """Offer many films by their numbers. Names may tell who it is: none is shown."""
    key = f"film_number_{films.number}"
    st.session_state[key] = films.at + 1
    st.number_input(
        f"Film, 1 to {len(films.places):,}",
        1,
        len(films.places),
        key=key,
        on_change=lambda: films.turn(st.session_state[key] - 1),
        help="In the order in which you dropped them; the films of an archive are in the order of their names.",
    )


def refusals(films: Tray) -> None:
    """Say which files could not be read, but for the one on screen, and what was left out."""
    if films.notice:
        st.warning(films.notice, icon=":material/warning:")
    alone = len(films.places) == 1
    for number, place in enumerate(films.places, 1):
        if place.refusal and (place is not films.current or not films.has_films):
            st.error(place.refusal if alone else f"Film {number}: {place.refusal}", icon=":material/block:")
    if films.passed_over:
        st.caption(f"Skipped in the archive, since they are hidden or not named like films: {films.passed_over:,}.")


def label_box(desk: Desk) -> None:
    """Let the reader call a film something."""
    from cxr_core.reporting import MOST_LABEL

    key = f"label_{desk.number}"

    def take() -> None:
        desk.label = st.session_state[key].strip()

    st.text_input(
        f"Label of film {desk.film.fingerprint}, if you want one",
        desk.label,
        max_chars=MOST_LABEL,
        key=key,
        on_change=take,
        help="It is written onto the film and into all that you take away: pictures, reports and file names. The twelve digits are a "
        "fingerprint of the film's pixels; the same film always has the same.",
    )
