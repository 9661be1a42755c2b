"""How it works: a lecture in steps, from one neuron to the network's answer to the film on screen. No step loads more than it shows."""

import streamlit as st

from cxr_core import DISCLAIMER
from cxr_core.errors import SecondLookError
from pages.insides import through_the_router
from pages.lecture import draw_step, ends, is_large, keep_choices, opened_step, overview, top

through_the_router()
keep_choices()
step = opened_step()
with st.container(key="lecture-large" if is_large() else "lecture"):
    top(step)
    if step is None:
        overview()
    else:
        try:
            draw_step(step)
        except SecondLookError as error:
            st.error(str(error), icon=":material/error:")
    ends(step)
st.caption(DISCLAIMER)
