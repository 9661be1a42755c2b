"""The plots in tabs. Only the open one is worked out."""

from collections.abc import Callable

import streamlit as st

from cxr_core.calculator import CalculatorState
from cxr_core.decision import Comparison
from pages.calculator.decision_curve import decision_tab
from pages.calculator.model import ShippedModel
from pages.calculator.patients import patients_tab
from pages.calculator.tornado import tornado_tab
from pages.calculator.two_way import map_tab
from pages.calculator.uncertainty import uncertainty_tab


def tabs(state: CalculatorState, comparison: Comparison, model: ShippedModel) -> None:
    """Draw the tabs, and the open one's plots."""
    parts: dict[str, Callable[[], None]] = {
        ":material/groups: 1,000 patients": lambda: patients_tab(state),
        ":material/grid_on: Two-way map": lambda: map_tab(state),
        ":material/sort: Tornado": lambda: tornado_tab(state, comparison),
        ":material/casino: Uncertainty": lambda: uncertainty_tab(state),
        ":material/show_chart: Decision curve": lambda: decision_tab(state, model),
    }
    for tab, draw in zip(st.tabs(list(parts), key="tabs", on_change="rerun"), parts.values(), strict=True):
        if tab.open:
            with tab:
                draw()
