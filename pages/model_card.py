"""The model card: what was measured of the shipped classifier, what it means, and what must be said beside it. Loads no model."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from cxr_core.artifacts import SHIPPED_MODEL, STUDY_FOLDER, ModelError, read_card
from pages.card.calibration import calibration
from pages.card.comparison import backbones, beside_the_report, training
from pages.card.data import data
from pages.card.elsewhere import elsewhere
from pages.card.finder import bring_into_view, finder
from pages.card.gate import gate
from pages.card.helps import what_helps
from pages.card.own import own_films
from pages.card.parts import draw_what_waits, nothing_waits
from pages.card.results import results, shortcuts
from pages.card.saliency import saliency
from pages.card.statements import files, use
from pages.card.trust import trust
from pages.insides import through_the_router

through_the_router()

try:
    card = read_card(SHIPPED_MODEL)
except ModelError as error:
    st.error(str(error), icon=":material/error:")
    st.stop()

PARTS: dict[str, Callable[[], None]] = {
    "elsewhere": partial(elsewhere, card),
    "shortcuts": partial(shortcuts, card),
    "gate": partial(gate, card),
    "own": partial(own_films, card),
    "results": partial(results, card),
    "calibration": partial(calibration, card),
    "saliency": partial(saliency, card),
    "use": partial(use, card),
    "data": partial(data, card),
    "training": partial(training, card),
    "helps": partial(what_helps, STUDY_FOLDER),
    "report": partial(beside_the_report, card),
    "backbones": partial(backbones, STUDY_FOLDER, card),
    "files": partial(files, card, SHIPPED_MODEL),
}

trust(card)
part = finder()
if part is not None:
    nothing_waits()
    PARTS[part]()
    draw_what_waits()
    bring_into_view()
