"""All that is done to the insides of Streamlit, Starlette and Keras, in one place: none of it is promised to stay as it is.

`requirements.txt` therefore holds Streamlit and Starlette to the minor versions that this was tried with, and for each of these functions a
test says what the library does by itself. When such a test fails after an update, the function may no longer be needed.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import streamlit as st
from starlette.formparsers import MultiPartParser
from streamlit.runtime import exists, get_instance
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

HEAD_START_S = 0.5
"""How long the first plot of a session waits for what stands above it, in seconds."""


def keep_uploads_in_memory() -> None:
    """Let no upload touch the disk.

    Streamlit receives uploads through Starlette, which writes one of more than `spool_max_size` bytes to a temporary file, and offers
    Streamlit no way to say otherwise. 0 stands for no bound; what is larger than `server.maxUploadSize` is cut off by Streamlit itself.
    """
    MultiPartParser.spool_max_size = 0


def let_uploads_begin() -> None:
    """Let no upload be lost that begins when a page is drawn anew.

    Before a browser uploads a file it asks the server where to. With each run of a page, Streamlit empties the queue of what the browser
    is still to be sent, that answer among it: the browser then waits for ever, and the file looks as if it were on its way.
    """
    clear = ForwardMsgQueue.clear
    if hasattr(clear, "__wrapped__"):
        return

    @wraps(clear)
    def clear_but_for_addresses(queue: ForwardMsgQueue, *args: Any, **options: Any) -> None:
        addresses = [message for message in queue._queue if message.WhichOneof("type") == "file_urls_response"]
        clear(queue, *args, **options)
        queue._queue[:0] = [message for message in addresses if message not in queue._queue]

    ForwardMsgQueue.clear = clear_but_for_addresses  # type: ignore[assignment, method-assign]


def forget_upload(uploaded: UploadedFile) -> None:
    """Drop an uploaded file from the server's memory, which would hold it, and its name, until the session ends: both may tell who it is.

    Parameters
    ----------
    uploaded : UploadedFile
        What an uploader returned.
    """
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):  # Streamlit has no other
        context.uploaded_file_mgr.remove_file(context.session_id, uploaded.file_id)


def session_is_open() -> Callable[[], bool]:
    """Return a function that tells, in any thread, whether a browser still shows the session that calls this.

    Where there is no server, as in a test of a page, it always says so.
    """
    context = get_script_run_ctx()
    if context is None or not exists():
        return lambda: True
    runtime, session = get_instance(), context.session_id
    return lambda: runtime.is_active_session(session)


def served_from_memory(data: bytes, place: str) -> str:
    """Let the browser fetch bytes from the server's memory, until a run of the page no longer says so.

    A component's message would hold them in base64, and again whenever anything else in it changes.

    Parameters
    ----------
    data : bytes
        The bytes.
    place : str
        Names where on the page they are used; what was served for it before is forgotten.

    Returns
    -------
    str
        Their address, which no one can guess who does not have the bytes.
    """
    base = st.get_option("server.baseUrlPath").strip("/")
    address = get_instance().media_file_mgr.add(data, "application/octet-stream", place)
    return f"/{base}{address}" if base else address


def through_the_router() -> None:
    """See to it that the router draws a page. To be called before a page draws anything.

    On a server that has shown nothing yet, Streamlit takes the folder `pages` for an app of its older kind, and a link that leads straight
    to a page would be opened without the router.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()


def first_screen_first() -> None:
    """Let a browser draw what it was sent so far before it hears of a plot; once a session. To be called before a page's first plot.

    With its first plot a browser loads the plotting library, and draws nothing else for the second or two that this takes it.
    `benchmarks/net_benefit_open.py` measures when the first screen can be used.
    """
    if "first_screen_is_drawn" not in st.session_state:
        st.session_state.first_screen_is_drawn = True
        time.sleep(HEAD_START_S)


def keep_networks() -> None:
    """Let Keras keep what belongs to a network; loads TensorFlow.

    Streamlit clears the Keras session after every run of a page. That would take away the layer names of a network that is being built
    meanwhile, and the compiled kernels of one that is in use.
    """
    import keras

    keras.backend.clear_session = lambda free_memory=True: None
