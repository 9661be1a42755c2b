"""PCR or X-ray? The net-benefit calculator: controls in, the verdict, its mathematics and its plots out."""

from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import urlencode

import numpy as np
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from cxr_core.card import SHIPPED_MODEL, ModelCard, ModelError, OperatingPoint, read_card, read_reads, threshold_points, top_class_point
from cxr_core.decision import (
    BASE_PARAMETERS,
    CONTRADICTIONS,
    CONTROLS,
    DRAWS,
    HANDOVER_KEY,
    LEFT_OUT,
    NO_MODEL,
    PARAMETERS,
    QUADRANT_SENTENCES,
    SINGLE_TESTS,
    CalculatorState,
    Comparison,
    Control,
    ModelOffer,
    ModelPoint,
    ParameterName,
    PrevalenceCurves,
    Quadrant,
    Source,
    Strategy,
    acceptability,
    amount_text,
    as_typed,
    axis_values,
    best_strategies,
    break_even,
    break_even_rows,
    break_evens,
    compare,
    compare_strategies,
    curves_table,
    decision_curve,
    default_ranges,
    derivation,
    from_query,
    histogram,
    inequality_lines,
    load_presets,
    methods_paragraph,
    point_of,
    prevalence_curves,
    reconcile,
    scenario_table,
    share_text,
    shown_prevalences,
    simulate,
    special_cases,
    symbol_latex,
    to_query,
    tornado,
    turning_sentence,
    two_way,
    verdict_sentence,
    what_would_flip,
    with_point,
    with_preset,
)
from cxr_core.figures import (
    Look,
    acceptability_figure,
    decision_curve_figure,
    difference_histogram_figure,
    difference_map_figure,
    net_benefit_figure,
    plot_config,
    tornado_figure,
)
from cxr_core.labels import CLASS_NAMES

# On a server that has shown nothing yet, Streamlit takes the folder `pages` for an app of its older kind, and a link that leads straight
# here would be opened without the router.
if PagesManager.uses_pages_directory:
    PagesManager.uses_pages_directory = False
    st.rerun()

SOURCES = {"typed": "Typed", "card": "From the model", "threshold": "Along its ROC", "point": "Handed over"}
AXES = {"auto": "Fitted", "0.01": "to 1%", "0.1": "to 10%", "1.0": "to 100%", "log": "Log"}
TABS = {
    "map": ":material/grid_on: Two-way map",
    "tornado": ":material/sort: Tornado",
    "uncertainty": ":material/casino: Uncertainty",
    "decision": ":material/show_chart: Decision curve",
}

# In pixels. The presenter's plot fills the window but for what stands above it.
VERDICT_HEIGHT = 140
ABOVE_THE_PLOT = 320
LOWEST_PLOT, HIGHEST_WINDOW = 400, 4400

# The server does not know how high the browser's window is, and the projector's plot should fill it.
SCREEN = st.components.v2.component(
    "second_look_screen",
    js="""
    export default function ({ data, setStateValue }) {
      const tell = () => { if (window.innerHeight !== data.height) setStateValue("height", window.innerHeight); };
      let waiting;
      const later = () => { clearTimeout(waiting); waiting = setTimeout(tell, 300); };
      tell();
      window.onresize = later;  // in place of the one before: this is called again whenever `data` changes, and cleaned up once
      return () => { clearTimeout(waiting); window.onresize = null; };
    }
    """,
)


# What the page remembers. One `CalculatorState` holds every number; each control is set from it before it is drawn, and changes it when
# it is moved. So a slider and its box agree, and so do a link, a preset and the page.


def open_calculator() -> None:
    """Take the scenario from the link when the session begins. Later the session's own numbers stand, and the link follows them.

    An operating point that another page has handed over is taken whenever there is one; see `cxr_core.decision.model_point`.
    """
    state = st.session_state
    if "calculator" not in state:
        linked, notes = from_query(st.query_params.to_dict())
        offer = model_offer(shipped_card()[0]) if linked.source != "typed" else NO_MODEL
        state.calculator, more = reconcile(linked, offer)
        state.link_notes = notes + more
        state.before, state.chosen = None, None
        state.handed = point_of(state.calculator) if state.calculator.source == "point" else None
    if HANDOVER_KEY in state:
        state.handed = state.pop(HANDOVER_KEY)
        put(with_point(calculator(), "point", state.handed))


def calculator() -> CalculatorState:
    """Return the current numbers."""
    return st.session_state.calculator


def put(state: CalculatorState) -> None:
    """Let other numbers stand."""
    st.session_state.calculator = state
    st.session_state.link_notes = ()


def change(**fields: Any) -> None:
    """Change some of the numbers."""
    put(CalculatorState(**{**calculator().model_dump(), **fields}))


def write_link() -> str:
    """Let the browser's address follow the numbers; return it."""
    query = to_query(calculator())
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)
    return f"{st.context.url or ''}?{urlencode(query)}"


# Controls


def from_slider(control: Control) -> None:
    """Take a slider's step."""
    change(**{control.field: control.value(st.session_state[f"slider_{control.field}"])})


def from_box(control: Control) -> None:
    """Take a typed number; an emptied box leaves the number as it was."""
    typed = st.session_state[f"box_{control.field}"]
    if typed is not None:
        change(**{control.field: control.value(typed)})


def from_widget(field: str) -> None:
    """Take what a switch or a list says."""
    change(**{field: st.session_state[f"set_{field}"]})


def kept(name: str, default: str) -> str:
    """Set a control of the view to what it said last, and return that. Streamlit forgets a control that was off screen meanwhile."""
    st.session_state[name] = st.session_state.get(f"kept_{name}", default)
    return st.session_state[name]


def keep(name: str) -> None:
    """Remember what a control of the view says."""
    st.session_state[f"kept_{name}"] = st.session_state[name]


def titled(name: ParameterName) -> str:
    """Write a parameter's name for a list."""
    return PARAMETERS[name].title


def symbol(name: str) -> str:
    """Write a symbol for a label."""
    return f"${symbol_latex(name)}$"


def number(field: str, *, disabled: bool = False, widths: tuple[int, int] = (5, 2)) -> None:
    """Draw what a number means, its slider, and its box beside it."""
    control = CONTROLS[field]
    st.session_state[f"slider_{field}"] = control.nearest(getattr(calculator(), field))
    with st.container(gap="xsmall", key=f"row_{field}"):
        st.markdown(f":small[{symbol(control.symbol)} · {control.meaning} :gray[({control.unit})]]")
        sliding, typing = st.columns(widths, vertical_alignment="center", wrap=False)
        sliding.select_slider(
            control.meaning,
            control.grid,
            format_func=control.text,
            key=f"slider_{field}",
            on_change=from_slider,
            args=(control,),
            disabled=disabled,
            label_visibility="collapsed",
        )
        with typing:
            box(field, f"{control.meaning} ({control.unit})", disabled=disabled, label_visibility="collapsed")


def box(field: str, label: str, **options: Any) -> None:
    """Draw the box of a number."""
    control = CONTROLS[field]
    st.session_state[f"box_{field}"] = control.shown(getattr(calculator(), field))
    st.number_input(
        label,
        control.low,
        control.high,
        step=control.step,
        format=control.box_format,
        key=f"box_{field}",
        on_change=from_box,
        args=(control,),
        **options,
    )


def switch(field: str, label: str, hint: str) -> bool:
    """Draw a switch; return whether it is on."""
    st.session_state[f"set_{field}"] = getattr(calculator(), field)
    return st.toggle(label, key=f"set_{field}", on_change=from_widget, args=(field,), help=hint)


# Presets


def choose_preset() -> None:
    """Take a preset's numbers and keep what the reader had before."""
    state = st.session_state
    if state.chosen != calculator():  # looking through presets one after the other keeps the reader's own numbers
        state.before = calculator()
    put(with_preset(calculator(), state.set_preset))
    state.chosen = calculator()


def undo_preset() -> None:
    """Bring back what the reader had before the preset."""
    put(st.session_state.before)
    st.session_state.before = None


def preset_controls() -> None:
    """Draw the list of presets, the way back, and what the preset teaches."""
    state, presets = st.session_state, load_presets()
    key = calculator().preset if calculator().preset in presets else ""
    state.set_preset = key
    listed, back = st.columns([3, 1], vertical_alignment="bottom")
    listed.selectbox(
        "Preset",
        ["", *presets],
        format_func=lambda name: presets[name].name if name else "None: my own numbers",
        key="set_preset",
        on_change=choose_preset,
    )
    back.button(
        "Undo",
        key="undo",
        help="Back to the numbers that I had before the preset.",
        on_click=undo_preset,
        disabled=state.before is None,
        width="stretch",
    )
    if key:
        preset = presets[key]
        st.caption(f"{'*Numbers changed since.* ' if preset.changed(calculator()) else ''}**{preset.lesson}**")
        with st.popover("Source of these numbers", type="tertiary", icon=":material/menu_book:"):
            st.markdown(preset.source)


# The model's sensitivity


def shipped_card() -> tuple[ModelCard | None, str]:
    """Return the shipped model's card, or a sentence that says why there is none."""
    try:
        return read_card(SHIPPED_MODEL), ""
    except ModelError as error:
        return None, str(error)


def model_offer(card: ModelCard | None) -> ModelOffer:
    """Return the operating points of the shipped model."""
    if card is None:
        return NO_MODEL
    top = top_class_point(card)
    points = tuple(model_point(card, point) for point in threshold_points(card))
    return ModelOffer(card.model.sha256, model_point(card, top) if top else None, points)


def model_point(card: ModelCard, point: OperatingPoint) -> ModelPoint:
    """Turn an operating point of the card into the calculator's."""
    return ModelPoint(point.sensitivity, point.specificity, point.threshold, point.cases, card.model.sha256)


def choose_source(offer: ModelOffer) -> None:
    """Take X-ray's sensitivity from where the reader says."""
    source: Source = st.session_state.set_source
    threshold = calculator().threshold
    handed = st.session_state.handed if source == "point" else None
    point = handed or offer.point(source, 0.5 if threshold is None else threshold)
    put(as_typed(calculator()) if point is None else with_point(calculator(), source, point))


def follow_threshold(offer: ModelOffer) -> None:
    """Take the operating point of the threshold slider."""
    put(with_point(calculator(), "threshold", offer.nearest(st.session_state.set_threshold)))


def sensitivity_of_xray(card: ModelCard | None, complaint: str) -> None:
    """Draw where X-ray's sensitivity comes from, and the number itself."""
    state, offer, current = st.session_state, model_offer(card), calculator()
    offered = ["typed", *offer.sources, *(["point"] if state.handed else [])]
    if len(offered) > 1:
        state.set_source = current.source
        st.segmented_control(
            "Sensitivity of X-ray",
            offered,
            format_func=SOURCES.__getitem__,
            required=True,
            key="set_source",
            on_change=choose_source,
            args=(offer,),
            width="stretch",
        )
    if not offer.sources:
        st.caption(f"The sensitivity of X-ray can only be typed. {complaint or 'The model card does not give it.'}")
    if current.source == "threshold":
        state.set_threshold = current.threshold
        st.select_slider(
            "Threshold · A film is called COVID from this probability on.",
            [point.threshold for point in offer.points],
            format_func=lambda one: f"{one:.4f}",
            key="set_threshold",
            on_change=follow_threshold,
            args=(offer,),
        )
    number("sensitivity_xray", disabled=current.source != "typed")
    if current.source != "typed":
        st.caption(f"{origin(card, current)} Specificity {share_text(current.specificity_xray)}.")


def origin(card: ModelCard | None, state: CalculatorState) -> str:
    """Say what stands behind X-ray's sensitivity."""
    if state.source == "point" or card is None:
        by = f"model {state.model[:6]}" if state.model else "an unnamed model"
        cases = f", measured on {state.cases_xray:,.0f} COVID patients" if state.cases_xray else ""
        return f"Operating point of {by} as it was handed over, threshold {state.threshold or 0:.4f}{cases}."
    text = f"{card.model.version}, {state.cases_xray:,.0f} COVID films of its {card.data.split} split"
    top = top_class_point(card) if state.source == "card" else None
    interval = top.interval if top else None
    if interval and interval.low is not None and interval.high is not None:
        text += f"; 95% interval {share_text(interval.low)} to {share_text(interval.high)}"
    return f"{text}."


def extensions() -> None:
    """Draw the extensions, each off until it is wanted."""
    if switch("false_positives", "False positives", "Subtracts a harm F for everybody without COVID who is called positive."):
        number("specificity_xray", disabled=calculator().source != "typed")
        number("specificity_pcr")
        number("false_positive_harm")
    if switch("waiting", "Waiting time", "A detection loses value while one waits for it: half of it every half-life."):
        number("xray_minutes")
        number("pcr_hours")
        number("half_life_hours")
    if switch("sequential", "Both in turn, or nobody", "Adds 'X-ray, PCR if negative', 'X-ray, PCR if positive' and 'test nobody'."):
        st.caption("The tests are taken to err independently of one another, given whether the patient has COVID.")


def all_controls() -> None:
    """Draw every control."""
    card, complaint = shipped_card()
    preset_controls()
    number("prevalence")
    number("value")
    sensitivity_of_xray(card, complaint)
    for field in ("sensitivity_pcr", "cost_xray", "cost_pcr", "cost_importance"):
        number(field)
    st.markdown("**Beyond the report's formula**")
    extensions()


# The answer


def verdict(state: CalculatorState, comparison: Comparison, *, large: bool = False) -> None:
    """Say who is preferred, by how much, and what would flip it. The frame keeps its height, whatever the sentence."""
    flip = what_would_flip(break_evens(state.xray(), state.pcr(), state.scenario()))
    with st.container(height=VERDICT_HEIGHT, border=False, key="verdict", gap=None):
        if large:
            st.title(verdict_sentence(comparison), anchor=False)
            st.subheader(flip, anchor=False)
        else:
            st.subheader(verdict_sentence(comparison), anchor=False)
            st.markdown(f"**{flip}**")


def net_benefits(comparison: Comparison) -> None:
    """Show both net benefits."""
    xray, pcr = (amount_text(amount) for amount in (comparison.net_benefit_xray, comparison.net_benefit_pcr))
    st.markdown(f"Net benefit of X-ray **{xray}**, of PCR **{pcr}** :gray[(units of benefit a patient tested)]")


def look(text_size: int = 13) -> Look:
    """Return how figures write on the page as it is, light or dark."""
    scheme = st.context.theme.type
    return Look(st.get_option(f"theme.{scheme}.textColor"), text_size) if scheme else Look(text_size=text_size)


def plot(figure: Any, key: str, alt: str) -> None:
    """Show a figure, with a button that saves it as a PNG."""
    st.plotly_chart(figure, theme=None, key=key, config=plot_config(f"second-look-{key.replace('_', '-')}"), alt=alt)


def curves_of(state: CalculatorState) -> tuple[PrevalenceCurves, bool]:
    """Work out the curves over the prevalences that the reader wants to see; say whether their axis is logarithmic."""
    xray, pcr, scenario = state.xray(), state.pcr(), state.scenario()
    places, log = shown_prevalences(break_even("prevalence", xray, pcr, scenario), st.session_state.get("kept_axis", "auto"))
    return prevalence_curves(xray, pcr, scenario, places, sequential=state.sequential), log


def net_benefit_plot(state: CalculatorState, curves: PrevalenceCurves, log: bool, *, height: int = 400, text_size: int = 13) -> None:
    """Draw net benefit against prevalence."""
    strategies = tuple(Strategy) if state.sequential else SINGLE_TESTS
    results = {result.strategy: result.net_benefit for result in compare_strategies(state.xray(), state.pcr(), state.scenario())}
    here = {strategy: results[strategy] for strategy in strategies}
    tie = curves.crossing
    plot(
        net_benefit_figure(curves, state.prevalence, here, log=log, height=height, look=look(text_size)),
        "net_benefit",
        "Net benefit of both tests against prevalence. "
        + (f"They tie at {share_text(tie.value)}." if tie.inside and tie.value is not None else "They tie at no prevalence."),
    )


def prevalence_axis() -> None:
    """Draw how far the plot's prevalence axis reaches."""
    kept("axis", "auto")
    st.segmented_control(
        "Prevalence axis", list(AXES), format_func=AXES.__getitem__, required=True, key="axis", on_change=keep, args=("axis",)
    )


def strategies_table(state: CalculatorState) -> None:
    """Compare all five strategies."""
    results = compare_strategies(state.xray(), state.pcr(), state.scenario())
    best = best_strategies(results)
    rows = [
        f"| {f'**{result.strategy.value}**' if result.strategy in best else result.strategy.value} | {amount_text(result.net_benefit)} | "
        f"{share_text(result.sensitivity)} | {amount_text(result.expected_cost)} | {share_text(result.second_tests)} |"
        for result in results
    ]
    st.markdown("| Strategy | Net benefit | Finds | Cost | Second test |\n|---|---:|---:|---:|---:|\n" + "\n".join(rows))
    if not state.false_positives:
        st.caption("Best in bold. Without *False positives* neither test raises a false alarm, so few have PCR after a positive X-ray.")


# Plots in tabs: only the open one is worked out


def map_tab(state: CalculatorState) -> None:
    """Draw the difference over two parameters."""
    names = list(PARAMETERS if state.false_positives else BASE_PARAMETERS)
    across, up = st.columns(2)
    for column, field, other, label in ((across, "map_x", state.map_y, "Across"), (up, "map_y", state.map_x, "Up")):
        current = getattr(state, field)
        offered = [name for name in names if name != other]
        st.session_state[f"set_{field}"] = current
        column.selectbox(
            label,
            offered if current in offered else [current, *offered],
            format_func=titled,
            key=f"set_{field}",
            on_change=from_widget,
            args=(field,),
        )
    xray, pcr, scenario = state.xray(), state.pcr(), state.scenario()
    across_tie, up_tie = (break_even(name, xray, pcr, scenario) for name in (state.map_x, state.map_y))
    grid = two_way(state.map_x, state.map_y, axis_values(across_tie), axis_values(up_tie), xray=xray, pcr=pcr, scenario=scenario)
    plot(
        difference_map_figure(grid, across_tie.current, up_tie.current, look=look()),
        "map",
        "Which test is preferred over two parameters.",
    )
    st.caption("The darker, the larger the difference. On the line the tests tie. The white ring is where the sliders are.")


def tornado_tab(state: CalculatorState, comparison: Comparison) -> None:
    """Draw what each parameter alone can do."""
    tests = (state.xray(), state.pcr(), state.scenario())
    bars = tornado(*tests, default_ranges(*tests))
    plot(
        tornado_figure(bars, comparison.difference, look=look()),
        "tornado",
        "What each parameter's range does to the difference of the net benefits.",
    )
    st.caption(
        "Sensitivities 5 points either way, everything else from half to twice: a convention for drawing, not what is known. "
        + turning_sentence(bars)
    )
    st.markdown("**Where the tests tie**, each parameter moved alone")
    rows = [f"| {symbol(name)} | {now} | {tie} | {where} |" for name, now, tie, where in break_even_rows(break_evens(*tests))]
    st.markdown("| | Now | Tie at | X-ray preferred |\n|---|---:|---:|---|\n" + "\n".join(rows))


def uncertainty_tab(state: CalculatorState) -> None:
    """Draw how sure the choice is."""
    first, second, third = st.columns(3)
    with first:
        linked = state.source != "typed"
        box("cases_xray", "COVID patients behind $S_\\text{xray}$", disabled=linked, help="0: taken as certain.")
    with second:
        box("cases_pcr", "COVID patients behind $S_\\text{pcr}$", help="0: taken as certain.")
    with third:
        box("spread", "P and C uncertain by, %", help="Prevalence and both costs are drawn evenly from so far below to so far above.")
    simulation = simulate(state.xray(), state.pcr(), state.scenario(), state.uncertainty())
    chance, interval = st.columns([1, 2])
    chance.metric("X-ray is preferred in", share_text(simulation.probability_xray), help=f"Of {DRAWS:,} draws of what is uncertain.")
    interval.metric("Difference, central 95% of draws", f"{amount_text(simulation.low)} to {amount_text(simulation.high)}")
    plot(
        difference_histogram_figure(histogram(simulation), simulation.low, simulation.high, look=look()),
        "histogram",
        "Draws of the difference of the net benefits.",
    )
    over: Literal["cost_importance", "value"] = "value" if kept("over", "cost_importance") == "value" else "cost_importance"
    st.segmented_control(
        "Probability that X-ray is preferred, over",
        ["cost_importance", "value"],
        format_func=titled,
        required=True,
        key="over",
        on_change=keep,
        args=("over",),
    )
    crossing = break_even(over, state.xray(), state.pcr(), state.scenario())
    places = axis_values(crossing, 121)
    plot(
        acceptability_figure(PARAMETERS[over], places, acceptability(simulation, over, places), crossing.current, look=look()),
        "acceptability",
        "Probability that X-ray is preferred over a parameter.",
    )


def decision_tab(state: CalculatorState) -> None:
    """Draw the decision curve of the shipped model's read, from the films that its card rests on."""
    card, complaint = shipped_card()
    if card is None:
        st.info(f"The decision curve needs the model card. {complaint}", icon=":material/info:")
        return
    try:
        reads = read_reads(SHIPPED_MODEL, card)
    except ModelError as error:
        st.info(str(error), icon=":material/info:")
        return
    disease = CLASS_NAMES[0]
    shares = {"scenario": "as set", "films": "of the films"}
    share = kept("curve_share", "scenario")
    st.segmented_control(
        "Prevalence", list(shares), format_func=shares.__getitem__, required=True, key="curve_share", on_change=keep, args=("curve_share",)
    )
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


def tabs(state: CalculatorState, comparison: Comparison) -> None:
    """Draw the open tab's plot."""
    drawn: dict[str, Callable[[], None]] = {
        "map": lambda: map_tab(state),
        "tornado": lambda: tornado_tab(state, comparison),
        "uncertainty": lambda: uncertainty_tab(state),
        "decision": lambda: decision_tab(state),
    }
    for name, tab in zip(TABS, st.tabs(list(TABS.values()), key="tabs", on_change="rerun"), strict=True):
        if tab.open:
            with tab:
                drawn[name]()


# What is taken away, and what is explained


def save_csv(label: str, file_name: str, table: Callable[[], Any]) -> None:
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


def take_away(state: CalculatorState, curves: PrevalenceCurves, link: str) -> None:
    """Offer the link, the CSV files and the methods paragraph."""
    with st.expander("Take it away: link, CSV, methods paragraph", icon=":material/ios_share:"):
        st.markdown("This link brings the same scenario back:")
        st.code(link, language=None, wrap_lines=True)
        first, second = st.columns(2)
        with first:
            save_csv("Scenario as CSV", "second-look-scenario.csv", lambda: scenario_table(state))
        with second:
            save_csv("Curves as CSV", "second-look-curves.csv", lambda: curves_table(curves))
        st.markdown("For a methods section:")
        simulation = simulate(state.xray(), state.pcr(), state.scenario(), state.uncertainty())
        st.code(methods_paragraph(state, simulation), language=None, wrap_lines=True)
        st.caption("Every plot has a button at its top right that saves it as a PNG.")


def explain(state: CalculatorState, comparison: Comparison) -> None:
    """Explain the formula with the current numbers, for the classroom."""
    with st.expander("Explain", icon=":material/school:"):
        st.markdown("#### Step by step, with these numbers")
        for count, (sentence, latex) in enumerate(derivation(state), 1):
            st.markdown(f"{count}. {sentence}")
            st.latex(latex)
        st.markdown("#### The four quadrants")
        for quadrant, sentence in QUADRANT_SENTENCES.items():
            here = quadrant is comparison.quadrant
            if quadrant is Quadrant.EQUAL and not here:
                continue
            text = f"**X-ray {quadrant.value}.** {sentence}"
            if here:
                st.info(f"{text} **You are here.**", icon=":material/my_location:")
            else:
                st.markdown(text)
        st.markdown("#### What this formula leaves out\n" + "\n".join(f"- {point}" for point in LEFT_OUT))
        st.markdown("#### Where the report contradicts itself\n" + "\n".join(f"- {point}" for point in CONTRADICTIONS))


# The two faces of the page


def presenter_switch() -> None:
    """Draw the switch between the two faces of the page."""
    switch("presenter", "Presenter", "Large type and few controls, for the projector.")


def presenter_page(state: CalculatorState, comparison: Comparison) -> None:
    """Draw the sentence, the first plot, and two sliders of choice, large. The plot fills the window."""
    verdict(state, comparison, large=True)
    left, right = st.columns([3, 7], gap="medium")
    with left:
        presenter_switch()
        offered = list(BASE_PARAMETERS)
        for key, default in (("presented_first", "prevalence"), ("presented_second", "value")):
            field = kept(key, default)
            if field not in offered:  # the other list has taken it
                field = st.session_state[key] = offered[0]
            st.selectbox("Slider", offered, format_func=titled, key=key, on_change=keep, args=(key,), label_visibility="collapsed")
            number(field, disabled=field == "sensitivity_xray" and state.source != "typed", widths=(1, 1))
            offered = [name for name in offered if name != field]
        disclaimer()
        window = window_height()
    with right:
        height = max(LOWEST_PLOT, window - ABOVE_THE_PLOT)
        curves, log = curves_of(state)
        net_benefit_plot(state, curves, log, height=height, text_size=max(20, height // 32))


def window_height() -> int:
    """Return how high the browser's window is, in pixels; 0 until it has told."""
    known = st.session_state.get("kept_screen", 0)
    told = SCREEN(key="screen", data={"height": known}, default={"height": known}, on_height_change=lambda: None).height
    st.session_state.kept_screen = int(told) if told and 0 < told <= HIGHEST_WINDOW else 0
    return st.session_state.kept_screen


def disclaimer() -> None:
    """Say what this is not."""
    st.caption("For research and teaching. Not a medical device.")


def working_page(state: CalculatorState, comparison: Comparison, link: str) -> None:
    """Draw everything."""
    said, beside = st.columns(2, gap="medium", vertical_alignment="center")
    with said:
        verdict(state, comparison)
        net_benefits(comparison)
    # With an extension the inequality has another term, and takes the whole width. Inline mathematics wraps where the screen is narrow.
    lines = "\n\n".join(f"${line}$" for line in inequality_lines(state, comparison))
    (st if state.false_positives or state.waiting else beside).markdown(lines)
    left, right = st.columns([2, 3], gap="large")
    with left:
        all_controls()
    with right:
        curves, log = curves_of(state)
        net_benefit_plot(state, curves, log)
        reach, mode = st.columns([3, 1], vertical_alignment="bottom")
        with reach:
            prevalence_axis()
        with mode:
            presenter_switch()
        st.caption(" ".join([QUADRANT_SENTENCES[comparison.quadrant], *special_cases(state.xray(), state.pcr(), state.scenario())]))
        if state.sequential:
            strategies_table(state)
        tabs(state, comparison)
    take_away(state, curves, link)
    explain(state, comparison)


def main() -> None:
    """Draw the page."""
    open_calculator()
    state = calculator()
    for note in st.session_state.link_notes:
        st.warning(note, icon=":material/link_off:")
    link = write_link()
    comparison = compare(state.xray(), state.pcr(), state.scenario())
    if state.presenter:
        presenter_page(state, comparison)
    else:
        working_page(state, comparison, link)
        disclaimer()


main()
