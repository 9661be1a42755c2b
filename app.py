"""Second Look: the router. Run with `streamlit run app.py`."""

import os

import streamlit as st

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

st.set_page_config(page_title="Second Look", page_icon=":material/radiology:", layout="wide")

st.navigation(
    [
        st.Page("pages/read_xray.py", title="Read", icon=":material/radiology:", default=True),
        st.Page("pages/model_card.py", title="Model card", icon=":material/fact_check:"),
    ],
    position="top",
).run()
