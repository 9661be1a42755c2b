"""The model behind the page: loaded once a server, in a thread, while the film can already be looked at."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any

import numpy as np
import streamlit as st

from cxr_core.card import SHIPPED_MODEL, ModelCard, ModelIdentity, WeightsDamagedError, read_card, read_reads
from cxr_core.errors import SecondLookError
from pages.read.desk import Desk


@st.cache_resource(show_spinner=False)
def start_loading() -> Future[Any]:
    """Start loading the model, once a server; importing TensorFlow and compiling take seconds that the page need not wait for."""

    def load() -> Any:
        import keras

        # Streamlit clears the Keras session after every run of a page. That would take away the layer names of a network that is
        # being built here meanwhile, and the compiled kernels of one that is in use.
        keras.backend.clear_session = lambda free_memory=True: None

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
    st.info("Loading the model, once after the start; a film can be looked at meanwhile.", icon=":material/hourglass_top:")


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
    """Read the film on the desk, once, whatever is clicked; return False while there is no read, having said why."""
    if desk.read is None:
        future = start_loading()
        if not future.done():
            _wait()
            return False
        if future.exception() is not None:
            _failed(future)
            return False
        desk.reader = future.result()
        desk.read, desk.read_at = desk.reader.read(desk.film), datetime.now().astimezone()
    return True


@st.cache_resource(show_spinner=False)
def _card() -> ModelCard:
    return read_card(SHIPPED_MODEL)


@st.cache_resource(show_spinner=False)
def _measured() -> tuple[np.ndarray, np.ndarray]:
    reads = read_reads(SHIPPED_MODEL, _card())
    return (reads["label"] == "COVID").to_numpy(), reads["COVID"].to_numpy()


def card_of(identity: ModelIdentity) -> ModelCard:
    """Return the model's card, read once a server.

    Raises
    ------
    WeightsMissingError, WeightsDamagedError
        It is not there, or is of other weights.
    """
    card = _card()
    if card.model.sha256 != identity.sha256:
        raise WeightsDamagedError("The model card is of other weights than those that were loaded. Start the app anew.")
    return card


def card_if_there(identity: ModelIdentity) -> ModelCard | None:
    """Return the model's card for what is only said beside a read; None where `card_of` has none."""
    try:
        return card_of(identity)
    except SecondLookError:
        return None


def measured(identity: ModelIdentity) -> tuple[np.ndarray, np.ndarray]:
    """Return what the model made of the test films.

    Parameters
    ----------
    identity : ModelIdentity
        The model.

    Returns
    -------
    is_covid, probability : numpy.ndarray
        bool and float, shape (n,): whether a film is of COVID, and its calibrated probability of COVID.

    Raises
    ------
    WeightsMissingError, WeightsDamagedError
        The model's card, or the file of its reads, is not there or is of other weights.
    """
    card_of(identity)
    return _measured()
