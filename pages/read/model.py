"""The model behind the page: loaded once a server, in a thread, while the film can already be looked at."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Any

import streamlit as st

from cxr_core.artifacts import SHIPPED_MODEL, ModelCard, ModelIdentity, WeightsDamagedError, read_card, read_reads
from cxr_core.errors import SecondLookError
from pages.insides import keep_networks
from pages.read.desk import Desk
from pages.read.shelf import film_first
from pages.site import chosen_site_card

if TYPE_CHECKING:
    from cxr_core.calibration import MeasuredFilms


@st.cache_resource(show_spinner=False)
def start_loading() -> Future[Any]:
    """Start loading the model, once a server; importing TensorFlow and compiling take seconds that the page need not wait for."""

    def load() -> Any:
        keep_networks()
        try:
            from cxr_core.reading import Reader

            return Reader.load()
        except Exception:
            logging.getLogger(__name__).exception("loading the model failed")
            raise

    return ThreadPoolExecutor(1, thread_name_prefix="model").submit(load)


@st.fragment(run_every=1.0)
def _wait() -> None:
    """Say that the model is loading, and draw the page anew as soon as it is there."""
    if start_loading().done():
        st.rerun()
    st.info("Loading the model. This happens once after the start; you can look at a film meanwhile.", icon=":material/hourglass_top:")


def loading_notice() -> None:
    """Say that the model is loading, or why it could not be, before there is a film to read."""
    future = start_loading()
    if not future.done():
        _wait()
    elif future.exception() is not None:
        _failed(future)


def _failed(future: Future[Any]) -> None:
    error = future.exception()
    sentence = str(error) if isinstance(error, SecondLookError) else "The model could not be loaded. The terminal says why."
    st.error(sentence, icon=":material/error:")
    st.button("Load the model again", on_click=start_loading.clear)


def reading(desk: Desk) -> bool:
    """Read the film on the desk, once, whatever is clicked; return False while there is no read, having said why.

    The read is brought to the temperature of the site card that is used.
    """
    if desk.read is None:
        future = start_loading()
        if not future.done():
            _wait()
            return False
        if future.exception() is not None:
            _failed(future)
            return False
        reader = future.result()
        with film_first(), st.spinner("Reading this film"):
            desk.take_read(reader, reader.read(desk.film), datetime.now().astimezone())
    assert desk.reader is not None
    desk.use_site_card(chosen_site_card(desk.reader.classifier.identity.sha256))
    return True


@st.cache_resource(show_spinner=False)
def _card() -> ModelCard:
    return read_card(SHIPPED_MODEL)


@st.cache_resource(show_spinner=False)
def _measured() -> "MeasuredFilms":
    from cxr_core.calibration import MeasuredFilms

    return MeasuredFilms.of(read_reads(SHIPPED_MODEL, _card()), _card().data.split)


def card_of(identity: ModelIdentity) -> ModelCard:
    """Return the model's card, read once a server.

    Raises
    ------
    WeightsMissingError, WeightsDamagedError
        It is not there, or is of other weights.
    """
    card = _card()
    check_weights(card, identity)
    return card


def check_weights(card: ModelCard, identity: ModelIdentity) -> None:
    """Make sure that a card is the loaded model's.

    Raises
    ------
    WeightsDamagedError
        It is of other weights.
    """
    if card.model.sha256 != identity.sha256:
        raise WeightsDamagedError("The model card belongs to other weights than those that were loaded. Restart the app.")


def card_if_there(identity: ModelIdentity) -> ModelCard | None:
    """Return the model's card for what is only said beside a read; None where `card_of` has none."""
    try:
        return card_of(identity)
    except SecondLookError:
        return None


def elsewhere(identity: ModelIdentity) -> str:
    """Say how often the model is right on films that no training saw, from its card."""
    from cxr_core.calibration import elsewhere_sentence

    return elsewhere_sentence(card_if_there(identity))


def disagreement(tops: dict[str, str], identity: ModelIdentity) -> str:
    """Say that the averaged networks disagree, from what each would choose alone and the model's card; "" where they agree."""
    from cxr_core.calibration import disagreement_sentence

    return disagreement_sentence(tops, card_if_there(identity))


def measured(identity: ModelIdentity) -> "MeasuredFilms":
    """Return what the model made of the films of its card, read once a server.

    Parameters
    ----------
    identity : ModelIdentity
        The model.

    Returns
    -------
    MeasuredFilms

    Raises
    ------
    WeightsMissingError, WeightsDamagedError
        The model's card, or the file of its reads, is not there or is of other weights.
    """
    card_of(identity)
    return _measured()
