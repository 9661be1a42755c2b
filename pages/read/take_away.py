"""What can be taken away: the picture, and the report as a page, as data and as DICOM, each made when it is asked for."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from cxr_core.card import ModelIdentity
from cxr_core.imaging import display_grey
from pages.read.desk import Desk
from pages.read.model import card_if_there
from pages.read.opinion import opinion_form
from pages.viewer import ViewerState, picture_as_seen, pictured_class

if TYPE_CHECKING:
    from cxr_core.read_report import GateResult, ReadReport
    from cxr_core.reading import Read


def take_away(desk: Desk, view: ViewerState) -> None:
    """Offer files of the film on the desk. Their names say nothing of whose it is."""
    from cxr_core.read_report import report_json, report_pdf, secondary_capture

    def made_by(write: "Callable[[ReadReport], bytes]") -> Callable[[], bytes]:
        return lambda: write(report_of(desk, view))

    read = desk.read
    assert read is not None
    shown = not desk.refused
    with st.container(horizontal=True):
        if shown:
            _download(
                "Save the picture",
                lambda: _picture(desk, view),
                f"second-look-{(pictured_class(desk.maps(desk.method), view) or 'film').lower().replace(' ', '-')}.png",
                "image/png",
                "The whole film as the viewer shows it, with window, invert, mirror and map as set there, as a PNG. Below a map stands "
                "what it is.",
            )
        _download("Report, PDF", made_by(report_pdf), "second-look-read.pdf", "application/pdf", "The read on one page, to file or print.")
        _download(
            "Report, JSON", made_by(report_json), "second-look-read.json", "application/json", "The read as data, with film and overlay."
        )
        if shown and desk.film.format == "DICOM":
            _download(
                "DICOM",
                made_by(secondary_capture),
                "second-look-read.dcm",
                "application/dicom",
                "The film with its map as a Secondary Capture of a study of its own, without the patient's data.",
            )
    if shown:
        st.caption(
            "The report shows the film as filed, without window, invert or mirror, beside the map that the viewer shows. It holds no name "
            "and no number of the patient; what is burned into the picture stays."
        )
    if desk.opinion is None and shown:
        with st.expander("Add your own opinion", icon=":material/stethoscope:"):
            opinion_form(desk)


def _download(label: str, make: Callable[[], bytes], name: str, mime: str, told: str) -> None:
    st.download_button(label, make, file_name=name, mime=mime, icon=":material/download:", on_click="ignore", help=told)


def _picture(desk: Desk, view: ViewerState) -> bytes:
    """Draw the picture of the viewer; what a map is, and what the gate says of the film, is written below it."""
    from cxr_core.read_report import SaliencyShown, map_texts

    read = desk.read
    assert read is not None
    shown = SaliencyShown(method=desk.method, class_name=view.shown or read.top_class, opacity=view.opacity / 100)
    texts = map_texts(read.model, shown, _gate_result(read))
    return picture_as_seen(desk.film, desk.maps(desk.method), read.place, view, texts, desk.lungs)


def _gate_result(read: "Read") -> "GateResult":
    """Put what the input gate says of a film as a report takes it."""
    from cxr_core.read_report import GateResult

    return GateResult(outcome=read.gate.outcome, reasons=read.gate.reasons)


def _measured_coverage(identity: ModelIdentity) -> dict:
    """Return the shares of the test films whose prediction set held their class, if the model's card has them."""
    card = card_if_there(identity)
    if card is None or card.doubt is None or card.data.split != "test":
        return {}
    by_class = {name: one.value for name, one in card.doubt.class_coverage.items() if one.value is not None}
    return {"measured": card.doubt.coverage.value, "measured_by_class": by_class}


def report_of(desk: Desk, view: ViewerState) -> "ReadReport":
    """Put the report of the film on the desk together, of a refused one without anything that the model says."""
    from cxr_core.doubt import set_sentence
    from cxr_core.read_report import FilmFacts, PredictionSet, Probability, ReadReport, SaliencyShown
    from cxr_core.saliency import colour_layer, film_map, overlay, share_inside

    read, reader = desk.read, desk.reader
    assert read is not None
    assert reader is not None
    assert desk.read_at is not None
    picture = display_grey(desk.film)
    parts: dict = {}
    if not desk.refused:
        class_name = view.shown or read.top_class
        method = desk.method_of(class_name)
        saliency = desk.maps(method)[class_name]
        saliency_map = film_map(saliency, read.place, *picture.shape)
        opacity = (view.opacity or ViewerState().opacity) / 100
        share = share_inside(saliency, desk.lungs)
        parts = {
            "overlaid": overlay(picture, colour_layer(saliency_map), opacity),
            "saliency_map": saliency_map,
            "saliency": SaliencyShown(method=method, class_name=class_name, opacity=opacity, lung_share=None if share != share else share),
            "probabilities": {
                name: Probability(value=value, low=read.low[name], high=read.high[name]) for name, value in read.probabilities.items()
            },
            "prediction_set": None
            if desk.beyond_gate
            else PredictionSet(
                classes=read.prediction_set,
                sentence=set_sentence(read.prediction_set, read.top_class),
                coverage=reader.classifier.doubt.coverage,
                **_measured_coverage(reader.classifier.identity),
            ),
            "call": desk.call,
        }
    return ReadReport(
        picture=picture,
        film=FilmFacts.of(desk.film),
        model=read.model,
        model_sha256=reader.classifier.identity.sha256,
        device=read.device,
        read_at=desk.read_at,
        gate=_gate_result(read),
        opinion=desk.opinion,
        **parts,
    )
