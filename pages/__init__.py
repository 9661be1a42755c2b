"""The pages that the router runs, their parts, and the film viewer that they share."""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager


def through_the_router() -> None:
    """See to it that the router draws a page. To be called before a page draws anything.

    On a server that has shown nothing yet, Streamlit takes the folder `pages` for an app of its older kind, and a link that leads straight
    to a page would be opened without the router.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()
