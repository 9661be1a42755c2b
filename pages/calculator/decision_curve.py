"""The decision curve of the shipped model's read, from the films that its card rests on."""

import numpy as np
import streamlit as st

from cxr_core.card import ModelError, read_reads
from cxr_core.decision import CalculatorState, decision_curve, share_text
from cxr_core.figures import decision_curve_figure
from cxr_core.labels import CLASS_NAMES
from pages.calculator.controls import view_choice
from pages.calculator.model import ShippedModel
from pages.calculator.plot import look, plot

SHARES = {"scenario": "as set", "films": "of the films"}


def decision_tab(state: CalculatorState, model: ShippedModel) -> None:
    """Draw the decision curve, at the scenario's prevalence or at that of the films."""
    card = model.card
    if card is None:
        st.info(f"The decision curve needs the model card. {model.complaint}", icon=":material/info:")
        return
    try:
        reads = read_reads(model.folder, card)
    except ModelError as error:
        st.info(str(error), icon=":material/info:")
        return
    disease = CLASS_NAMES[0]
    share = view_choice("curve_share", "Prevalence", SHARES)
    curve = decision_curve(
        (reads["label"] == disease).to_numpy(),
        reads[disease].to_numpy(),
        np.linspace(0, 0.99, 100),
        state.prevalence if share == "scenario" else None,
    )
    plot(
        decision_curve_figure(curve, look=look()),
        "decision_curve",
        "Decision curve of the model's read.",
    )
    st.caption(
        f"{card.model.version} on {len(reads):,} films of its {card.data.split} split, at a prevalence of {share_text(curve.prevalence)}. "
        "This is the net benefit of Vickers and Elkin (2006): the threshold from which one would act says what a false alarm weighs, "
        "and tests cost nothing. It is not the net benefit of the report."
    )
