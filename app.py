"""Second Look: the router. Run with `streamlit run app.py`."""

import os

import streamlit as st
from PIL import Image
from starlette.formparsers import MultiPartParser

from cxr_core.imaging import display_grey, draw_phantom

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

# Streamlit receives uploads through Starlette, which writes one of more than this to a temporary file. 0 stands for no bound: a film
# stays in memory, and Streamlit itself cuts off what is larger than `server.maxUploadSize`.
MultiPartParser.spool_max_size = 0

# A drawing of our own: Streamlit fetches the icons that it knows by name from a font server, and nothing here leaves the machine.
st.set_page_config(page_title="Second Look", page_icon=Image.fromarray(display_grey(draw_phantom(64, 64))), layout="wide")

# Streamlit leaves 8rem free above a page and 10rem below it. A film, and a plot on a projector, want the height. And a Markdown table
# that is wider than its place would widen the page, not scroll.
st.html("""<style>
    [data-testid="stMainBlockContainer"] { padding-block: 4.75rem 2rem; }
    [data-testid="stMarkdownContainer"]:has(> table) { overflow-x: auto; }
</style>""")

st.navigation(
    [
        st.Page("pages/read_xray.py", title="Read", icon=":material/radiology:", default=True),
        st.Page("pages/net_benefit.py", title="PCR or X-ray?", icon=":material/balance:"),
        st.Page("pages/model_card.py", title="Model card", icon=":material/fact_check:"),
    ],
    position="top",
).run()
