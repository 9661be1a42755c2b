"""What every part is put together from: its title, sentences, charts, tables with their CSV, and findings."""

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cxr_core.model_card import AuditFinding, tables
from pages.card.contents import PARTS
from pages.insides import first_screen_first
from pages.plot import plot_in_look

EVALUATE_COMMAND = "python -m cxr_core evaluate --data DIR"


def section(part: str) -> None:
    """Begin a part."""
    st.subheader(PARTS[part], anchor=part)


def bullets(sentences: Sequence[str]) -> None:
    """Write sentences as a list."""
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))


def nothing_waits() -> None:
    """Begin a page."""
    st.session_state.waiting = []


def after_the_text(place: DeltaGenerator, draw: Callable[[], object]) -> None:
    """Have something drawn in a place by `draw_what_waits`, so that everything else can be read meanwhile; at once if the page is done."""
    if "waiting" in st.session_state:
        st.session_state.waiting.append((place, draw))
    else:
        with place:
            draw()


def draw_what_waits() -> None:
    """End a page."""
    for place, draw in st.session_state.pop("waiting"):
        with place:
            draw()


def chart(draw: Callable[[], go.Figure], name: str, sentence: str) -> None:
    """Write the sentence that says what to see in a chart, and keep the place under it."""
    st.markdown(sentence)
    after_the_text(st.container(key=f"chart-{name}"), partial(_chart, draw, name, sentence))


def _chart(draw: Callable[[], go.Figure], name: str, sentence: str) -> None:
    first_screen_first()
    plot_in_look(draw(), name, sentence)


def csv_button(table: pd.DataFrame, name: str, label: str = "CSV") -> None:
    """Offer a table's numbers."""
    after_the_text(st.container(key=f"csv-of-{name}"), partial(_csv_button, table, name, label))


def _csv_button(table: pd.DataFrame, name: str, label: str) -> None:
    st.download_button(
        label,
        partial(table.to_csv, index=False),  # made when it is asked for
        f"second-look-{name}.csv",
        "text/csv",
        key=f"csv-{name}",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )


def show_table(table: pd.DataFrame, name: str, words: Sequence[str] = ()) -> None:
    """Show a table with its CSV: numbers to the right, the first column and those named in `words` to the left."""
    if table.empty:
        st.markdown("Not measured.")
        return
    text = tables.as_text(table)
    left = {text.columns[0], *words}
    with st.container(key=f"table-{name}"):
        # Markdown, not an interactive table: that one is a canvas, which a browser takes long to set up, and which it can neither search
        # nor print.
        st.markdown(tables.as_markdown(text, left))
        csv_button(table, name)


@st.fragment
def when_opened(title: str, name: str, draw: Callable[[], None]) -> None:
    """Keep a part closed, and draw what is in it once it is opened: a browser need not build what nobody looks at."""
    part = st.expander(title, key=f"open-{name}", on_change="rerun")
    if part.open:
        with part:
            draw()


def findings(found: Sequence[tuple[str, AuditFinding]]) -> None:
    """Write what was asked, what a good and a bad answer look like, and what the answer is."""
    for name, finding in found:
        st.markdown(f"**{name}.** {finding.asks}  \n:small[Good: {finding.good}. Bad: {finding.bad}.]  \n{finding.meaning}")


def typed_folder(label: str, placeholder: str, about: str) -> Path | None:
    """Ask for a folder on this computer; None where none was typed."""
    typed = st.text_input(label, placeholder=placeholder, autocomplete="off", help=about).strip().strip("'\"")
    return Path(os.path.expanduser(typed)) if typed else None


def not_measured() -> None:
    """Say that the card has nothing here, and how it would."""
    st.markdown(f"Not measured. `{EVALUATE_COMMAND}` measures it and writes it into the card.")
