"""What is taken away of the list: a table, a line a film, one PDF."""

from functools import partial

import streamlit as st

from cxr_core.worklist import MOST_PAGES, BookJob, Entry, Figures, csv_of, hides, json_lines
from pages.insides import session_is_open
from pages.list.sitting import Sitting
from pages.read import start_loading, wants_to_read_first

NAME = "second-look-worklist"


def take_away_list(sitting: Sitting, chosen: list[Entry], figures: Figures | None) -> None:
    """Offer the films that the table shows, and that were read, as files. Their names say nothing of whose they are.

    A film whose answer is kept from who reads first is left out.
    """
    if figures is None:
        return
    reads_first = wants_to_read_first()
    taken = [entry for entry in chosen if entry.state != "waiting" and not (entry.told and hides(entry, reads_first))]
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, make, suffix, mime, told in (
            ("CSV", csv_of, "csv", "text/csv", "A row a film."),
            ("JSON lines", json_lines, "jsonl", "application/jsonl", "A line a film, in the layout of `predict --json`."),
        ):
            st.download_button(
                label,
                partial(make, taken, figures),
                file_name=f"{NAME}.{suffix}",
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
                help=f"{told} Of the films that the table shows.",
            )
        _book(sitting, taken, figures)
    st.caption("Files hold numbers, labels and fingerprints, no names of files or patients; text that is burned into a film stays.")


def _book(sitting: Sitting, taken: list[Entry], figures: Figures) -> None:
    book = sitting.book
    if book is None:
        st.button(
            "Make a PDF",
            icon=":material/picture_as_pdf:",
            on_click=_start_book,
            args=(sitting, taken, figures),
            help=f"One file, a page a film, of the films that the table shows; at most {MOST_PAGES}. Each film is read again for its map.",
        )
    elif not book.finished:
        st.progress(book.share, text="Making the PDF", width=220)
        st.button("Cancel", key="cancel_book", on_click=sitting.drop_book)
    elif book.failed or not book.pages:
        st.markdown("The PDF could not be made.", width="content")
        st.button("Discard", key="discard_book", on_click=sitting.drop_book)
    else:
        pages = f"{book.pages:,} page{'s' * (book.pages > 1)}"
        st.download_button(
            f"PDF, {pages}", book.pdf, file_name=f"{NAME}.pdf", mime="application/pdf", icon=":material/download:", on_click="ignore"
        )
        st.button("Discard", key="discard_book", on_click=sitting.drop_book, help="Forgets this PDF, so that another can be made.")
        if book.left_out:
            st.caption(f"{book.left_out:,} further films have no page: a PDF has at most {MOST_PAGES}.", width="content")
        if book.lost:
            st.caption(f"Could not be read again: film {', '.join(map(str, book.lost))}.", width="content")


def _start_book(sitting: Sitting, taken: list[Entry], figures: Figures) -> None:
    sitting.book = BookJob(taken, figures, start_loading().result(), session_is_open())
