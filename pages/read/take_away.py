"""What can be taken away: the picture, and the report as a page, as data and as DICOM, each made when it is asked for."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from pages.read.desk import Desk
from pages.read.model import card_if_there, elsewhere
from pages.read.opinion import opinion_form
from pages.viewer import ViewerState

if TYPE_CHECKING:
    from cxr_core.reporting import ReadReport


def take_away(desk: Desk, view: ViewerState) -> None:
    """Offer files of the film on the desk. Their names say nothing of whose it is."""
    from cxr_core.reporting import report_json, report_pdf, secondary_capture

    def made_by(write: "Callable[[ReadReport], bytes]") -> Callable[[], bytes]:
        return lambda: write(_report(desk, view))

    read = desk.read
    assert read is not None
    shown = not desk.refused
    name = f"second-look-{desk.file_name}"
    with st.container(horizontal=True):
        if shown:
            _download(
                "Save the picture",
                lambda: _picture(desk, view),
                f"{name}-{(view.pictured_class(desk.maps(desk.method)) or 'film').lower().replace(' ', '-')}.png",
                "image/png",
                "A PNG of the whole film as the viewer shows it, with its window, invert, mirror and map. Text below a map says what it "
                "is.",
            )
        _download("Report, PDF", made_by(report_pdf), f"{name}.pdf", "application/pdf", "The read on one page, to file or print.")
        _download("Report, JSON", made_by(report_json), f"{name}.json", "application/json", "The read as data, with film and overlay.")
        if shown and desk.film.format == "DICOM":
            _download(
                "DICOM",
                made_by(secondary_capture),
                f"{name}.dcm",
                "application/dicom",
                "The film with its map as a Secondary Capture of a study of its own, without the patient's data.",
            )
    if shown:
        st.caption(
            "The report shows the film as filed, without window, invert or mirror, beside the map that the viewer shows. It holds no name "
            "and no number of the patient; text that is burned into the picture stays."
        )
    if desk.opinion is None and shown:
        with st.expander("Add your own opinion", icon=":material/stethoscope:"):
            opinion_form(desk)


def _download(label: str, make: Callable[[], bytes], name: str, mime: str, told: str) -> None:
    st.download_button(label, make, file_name=name, mime=mime, icon=":material/download:", on_click="ignore", help=told)


def _picture(desk: Desk, view: ViewerState) -> bytes:
    """Draw the picture of the viewer; what a map is, and what the gate says of the film, is written below it."""
    from cxr_core.reporting import FilmFacts, MapShown, SaliencyShown, map_texts, picture_as_seen

    read, class_name = desk.read, view.pictured_class(desk.maps(desk.method))
    assert read is not None
    lungs, caption = desk.lungs if view.lungs else None, FilmFacts.of(desk.film).name(desk.label)
    if class_name is None:
        return picture_as_seen(desk.film, view.look(desk.film), lungs=lungs, caption=caption)
    opacity = view.opacity / 100
    shown = MapShown(desk.method, class_name, desk.maps(desk.method)[class_name], opacity, desk.strengths[class_name])
    texts = map_texts(read.model, SaliencyShown(method=desk.method, class_name=class_name, opacity=opacity), read.gate)
    return picture_as_seen(desk.film, view.look(desk.film), shown, read.box, lungs, caption, texts)


def _report(desk: Desk, view: ViewerState) -> "ReadReport":
    """Put the report of the film on the desk together, with the map that the viewer shows."""
    from cxr_core.reporting import MapShown, coverage_of, report_of

    read, reader = desk.read, desk.reader
    assert read is not None
    assert reader is not None
    assert desk.read_at is not None
    class_name = view.shown or read.top_class
    method = desk.method_of(class_name)
    opacity = (view.opacity or ViewerState().opacity) / 100
    shown = MapShown(method, class_name, desk.maps(method)[class_name], opacity, desk.strengths[class_name])
    coverage = coverage_of(reader.classifier.calibration, card_if_there(reader.classifier.identity))
    return report_of(
        desk.film,
        read,
        desk.read_at,
        shown,
        site_card=None if desk.site_card is None else f"{desk.site_card.source_text}.",
        elsewhere=elsewhere(reader.classifier.identity),
        coverage=coverage,
        call=desk.call,
        opinion=desk.opinion,
        label=desk.label or None,
        refused_too=not desk.refused,
    )
