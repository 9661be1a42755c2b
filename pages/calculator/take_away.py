"""What is taken away: the link, the CSV files and the methods paragraph."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from cxr_core.calculator import CalculatorState, curves_table, is_own_address, methods_paragraph, scenario_table, to_text
from cxr_core.decision import PrevalenceCurves, simulate
from pages.calculator.model import ShippedModel

OWN_ADDRESS = "This address works on this computer only. Send the scenario alone: anyone who runs Second Look can open it."


def take_away(state: CalculatorState, curves: PrevalenceCurves, model: ShippedModel) -> None:
    """Offer the link, the CSV files and the methods paragraph."""
    with st.expander("Take it away: link, CSV, methods paragraph", icon=":material/ios_share:"):
        _links(state)
        first, second = st.columns(2)
        with first:
            _save_csv("Scenario as CSV", "second-look-scenario.csv", lambda: scenario_table(state, model.figures))
        with second:
            _save_csv("Curves as CSV", "second-look-curves.csv", lambda: curves_table(curves))
        st.markdown("For a methods section:")
        simulation = simulate(state.xray(), state.pcr(), state.scenario(), state.uncertainty())
        st.code(methods_paragraph(state, simulation), language=None, wrap_lines=True)
        st.caption("Every plot has a button at its top right that saves it as a PNG.")


def _links(state: CalculatorState) -> None:
    address, text = st.context.url or "", to_text(state)
    st.markdown("This link brings the same scenario back:")
    st.code(f"{address}?{text}", language=None, wrap_lines=True)
    if is_own_address(address):
        st.markdown(OWN_ADDRESS)
    st.markdown("The scenario alone, for *Open a scenario* on anybody's page, or after the `?` of their own address:")
    st.code(text, language=None, wrap_lines=True)


def _save_csv(label: str, file_name: str, table: Callable[[], Any]) -> None:
    """Offer a table as a file, made when it is asked for."""
    st.download_button(
        label,
        lambda: table().to_csv(index=False).encode(),
        file_name,
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
    )
