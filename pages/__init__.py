"""The pages that the router runs, their parts, and the film viewer that they share."""

import time

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

HEAD_START_S = 0.5
"""How long the first plot of a session waits for what stands above it, in seconds."""


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
    """
    if "first_screen_is_drawn" not in st.session_state:
        st.session_state.first_screen_is_drawn = True
        time.sleep(HEAD_START_S)
