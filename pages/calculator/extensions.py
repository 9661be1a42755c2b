"""What the report's formula leaves out, each off until it is wanted."""

import streamlit as st

from pages.calculator.controls import number, switch
from pages.calculator.memory import calculator


def extensions() -> None:
    """Draw the extensions' switches, and the numbers of those that are on."""
    st.markdown("**Beyond the report's formula**")
    if switch("false_positives", "False positives", "Subtracts a harm F for everybody without COVID who is called positive."):
        number("specificity_xray", disabled=calculator().source != "typed")
        number("specificity_pcr")
        number("false_positive_harm")
    if switch("waiting", "Waiting time", "A detection loses value with the wait for it: half of it every half-life."):
        number("xray_minutes")
        number("pcr_hours")
        number("half_life_hours")
    if switch("sequential", "Both in turn, or nobody", "Adds 'X-ray, PCR if negative', 'X-ray, PCR if positive' and 'test nobody'."):
        st.caption("This assumes that the tests err independently of one another, given whether the patient has COVID.")
