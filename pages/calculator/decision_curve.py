"""The decision curve of the shipped model's read, from the films that its card rests on."""

import streamlit as st

from cxr_core.artifacts import ModelError, read_reads
from cxr_core.calculator import CalculatorState, share_text
from cxr_core.calibration import MeasuredFilms
from cxr_core.decision import decision_curve
from cxr_core.figures import avoided_figure, decision_curve_figure, gain_figure
from cxr_core.labels import split_films
from pages.calculator.controls import view_choice
from pages.calculator.model import ShippedModel
from pages.plot import look, plot

SHARES = {"scenario": "as set", "films": "of the films"}

KINDS = {"curve": "Net benefit", "gain": "Difference", "avoided": "Interventions avoided"}
GAIN = "What acting on the read adds to the better of acting on everybody and on nobody; below 0 you do better without it. "
AVOIDED = (
    "How many fewer of 100 patients are acted on than if you acted on everybody, while no more of the sick go without: net of what missed "
    "cases weigh at that threshold (Vickers and others 2008). Below 0 acting on everybody is better. "
)


def decision_tab(state: CalculatorState, model: ShippedModel) -> None:
    """Draw the decision curve, at the scenario's prevalence or at that of the films."""
    card = model.card
    if card is None:
        st.info(f"The decision curve needs the model card. {model.complaint}", icon=":material/info:")
        return
    try:
        films = MeasuredFilms.of(read_reads(model.folder, card), card.data.split)
    except ModelError as error:
        st.info(str(error), icon=":material/info:")
        return
    share = view_choice("curve_share", "Prevalence", SHARES)
    curve = decision_curve(films.is_covid, films.probability, prevalence=state.prevalence if share == "scenario" else None)
    shown = view_choice("curve_kind", "Shown", KINDS)
    draw, alt, means = {
        "curve": (decision_curve_figure, "Decision curve of the model's read.", ""),
        "gain": (gain_figure, "Difference in net benefit that the model's read makes.", GAIN),
        "avoided": (avoided_figure, "Interventions that the model's read avoids in 100 patients.", AVOIDED),
    }[shown]
    plot(draw(curve, look=look()), "decision_curve", alt)
    measured = f"{card.model.version} on its {len(films.is_covid):,} {split_films(films.split)}"
    st.caption(
        f"{means}{measured}, at a prevalence of {share_text(curve.prevalence)}. "
        "This is the net benefit of Vickers and Elkin (2006): the threshold from which you would act says what a false alarm weighs, "
        "and tests cost nothing. It is not the net benefit of the report."
    )
