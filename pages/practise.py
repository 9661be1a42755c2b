"""Practise: a series of films whose class is known; read each, see the truth and the model's read, and learn what it came to."""

import streamlit as st

from cxr_core import DISCLAIMER
from pages.insides import through_the_router
from pages.practice import class_together, film_to_read, result_of_series, sitting_of_session, start_of_series

through_the_router()

sitting = sitting_of_session()
if sitting is None:
    start_of_series()
    class_together()
elif sitting.is_done:
    result_of_series(sitting)
    class_together()
else:
    film_to_read(sitting)
st.caption(DISCLAIMER)
