"""Read a chest X-ray: a film in, class probabilities and saliency maps out."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from cxr_core.errors import SecondLookError
from cxr_core.figures import probability_figure
from cxr_core.imaging import Film, decode_film, draw_phantom
from pages.viewer import FilmLayer, MapLayers, ViewerState, film_viewer, picture_as_seen

# On a server that has shown nothing yet, Streamlit takes the folder `pages` for an app of its older kind, and a link that leads straight
# here would be opened without the router.
if PagesManager.uses_pages_directory:
    PagesManager.uses_pages_directory = False
    st.rerun()


@dataclass(frozen=True, eq=False)
class Loaded:
    """A film on screen, and as the viewer takes it."""

    film: Film
    layer: FilmLayer

    @classmethod
    def of(cls, film: Film) -> "Loaded":
        """Prepare a film for the screen."""
        return cls(film, FilmLayer.of(film))


@dataclass(frozen=True, eq=False)
class Result:
    """The read of the film on screen, and its maps as the viewer takes them."""

    read: Any
    maps: MapLayers

    @classmethod
    def of(cls, loaded: Loaded, read: Any) -> "Result":
        """Prepare a read for the screen."""
        return cls(read, MapLayers.of(read.maps, read.place, loaded.layer, read.top_class))


@st.cache_resource(show_spinner=False)
def loading_reader() -> Future[Any]:
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


def take_upload() -> None:
    """Take what was dropped or removed. A file that cannot be read leaves the film on screen alone, and so does its removal."""
    state = st.session_state
    uploaded = state.get(upload_key())
    was_refused = state.get("refusal") is not None
    state.refusal = None
    if uploaded is None:
        if not was_refused:
            state.loaded = state.result = None
        return
    try:
        state.loaded, state.result = Loaded.of(decode_film(uploaded.getvalue())), None
    except SecondLookError as error:
        state.refusal = str(error)


def show_phantom() -> None:
    """Put the phantom on screen and empty the drop zone."""
    state = st.session_state
    state.upload_number = state.get("upload_number", 0) + 1
    state.refusal = state.result = None
    state.loaded = Loaded.of(draw_phantom(opacity=0.6))


def upload_key() -> str:
    """Key of the drop zone; a new one makes it empty."""
    return f"upload_{st.session_state.get('upload_number', 0)}"


def drop_zone(label: str) -> None:
    """Draw the drop zone."""
    st.file_uploader(
        label,
        key=upload_key(),
        on_change=take_upload,
        help="PNG or JPEG, 8 or 16 bit, or DICOM of one plain X-ray (CR or DX), at least 64 pixels a side, at most 50 MB and "
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
        st.button("Try the phantom", icon=":material/draw:", on_click=show_phantom, help="A film drawn in code, of no patient.")
        st.caption("For research and teaching. Not a medical device.")


@st.fragment(run_every=1.0)
def wait_for_model() -> None:
    """Say that the model is loading, and read the film as soon as it is there."""
    if loading_reader().done():
        st.rerun()
    st.info("Loading the model. The first time takes up to 20 s; the film can be looked at meanwhile.", icon=":material/hourglass_top:")


def reading(loaded: Loaded) -> Result | None:
    """Return the read of the film on screen, or None while there is none, having said why. One pass a film, whatever is clicked."""
    if st.session_state.get("result") is None:
        future = loading_reader()
        if not future.done():
            wait_for_model()
            return None
        error = future.exception()
        if error is not None:
            sentence = str(error) if isinstance(error, SecondLookError) else "The model could not be loaded. The terminal says why."
            st.error(sentence, icon=":material/error:")
            st.button("Load the model again", on_click=loading_reader.clear)
            return None
        st.session_state.result = Result.of(loaded, future.result().read(loaded.film))
    return st.session_state.result


def probability_bars(read: Any) -> None:
    """Show the class probabilities."""
    st.plotly_chart(
        probability_figure(read.probabilities),
        key="probabilities",
        config={"displayModeBar": False},
        alt="Class probabilities: " + ", ".join(f"{name} {p:.2f}" for name, p in read.probabilities.items()),
    )


def facts(loaded: Loaded, read: Any) -> None:
    """Say what was read, how, and by which model."""
    film, layer = loaded.film, loaded.layer
    reduced = f" · shown at {layer.width} x {layer.height}" if layer.width < film.width else ""
    st.caption(
        f"Read in {read.seconds:.2f} s on {read.device} · {film.format} {film.width} x {film.height}, {film.bit_depth} bit{reduced}"
        + "".join(f" · {step}" for step in film.steps)
    )
    st.page_link("pages/model_card.py", label=f"{read.model}: how good is it?", icon=":material/fact_check:")


def take_away(film: Film, read: Any, view: ViewerState) -> None:
    """Offer the picture as a file, drawn when it is asked for."""
    st.download_button(
        "Save the picture",
        lambda: picture_as_seen(film, read.maps, read.place, view),
        file_name=f"second-look-{(view.shown or read.top_class).lower().replace(' ', '-')}.png",
        mime="image/png",
        icon=":material/download:",
        on_click="ignore",
        help="The whole film as the viewer shows it, with window, invert, mirror and map as set there, as a PNG.",
    )


def film_page(loaded: Loaded) -> None:
    """Draw the film with its read."""
    left, right = st.columns([5, 3], gap="medium")
    with right:
        if st.session_state.get("refusal"):
            st.error(f"{st.session_state.refusal} The film on screen is the one before.", icon=":material/block:")
        result = reading(loaded)
        if result is not None:
            probability_bars(result.read)
    with left:
        view = film_viewer(loaded.layer, result.maps if result is not None else None)
        if loaded.film.format == "drawing":
            st.caption("Phantom, not a patient: what the model says of it means nothing.")
    with right:
        if result is not None:
            take_away(loaded.film, result.read, view)
            facts(loaded, result.read)
        drop_zone("Another film")
        st.caption("For research and teaching. Not a medical device.")


loading_reader()
if st.session_state.get("loaded") is None:
    empty_page()
else:
    film_page(st.session_state.loaded)
