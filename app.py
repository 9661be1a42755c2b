"""Second Look: the router. Run with `streamlit run app.py`."""

import os
from pathlib import Path

import streamlit as st
from PIL import Image

from cxr_core.imaging import display_grey, draw_phantom
from pages.insides import keep_uploads_in_memory, let_uploads_begin
from pages.viewer import drop_nowhere

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

keep_uploads_in_memory()
let_uploads_begin()

# A drawing of our own: Streamlit fetches the icons that it knows by name from a font server, and nothing here leaves the machine.
st.set_page_config(page_title="Second Look", page_icon=Image.fromarray(display_grey(draw_phantom(64, 64))), layout="wide")

st.html(Path(__file__).parent / "pages" / "pages.css")

read = st.Page("pages/read_xray.py", title="Read", icon=":material/radiology:", default=True)
worklist = st.Page("pages/worklist.py", title="Worklist", icon=":material/table_rows:")
page = st.navigation(
    [
        read,
        worklist,
        st.Page("pages/net_benefit.py", title="PCR or X-ray?", icon=":material/balance:"),
        st.Page("pages/how_it_works.py", title="How it works", icon=":material/school:"),
        st.Page("pages/practise.py", title="Practise", icon=":material/exercise:"),
        st.Page("pages/model_card.py", title="Model card", icon=":material/fact_check:"),
    ],
    position="top",
)
page.run()
if page not in (read, worklist):
    drop_nowhere("Films are dropped on the pages Read and Worklist")
