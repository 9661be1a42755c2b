"""The calculator page, run without a browser."""

import itertools
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cxr_core.artifacts import CARD_FILE, ModelCard, reads_csv, reads_sha256
from cxr_core.calculator import CONTROLS, HANDOVER_KEY, CalculatorState, Handover, from_query, load_presets, to_query, to_text
from cxr_core.calculator.point import as_typed
from cxr_core.labels import CLASS_NAMES
from tests.artifacts.test_schema import CARD
from tests.calculator.links import handed_link, point

pytestmark = pytest.mark.slow  # dozens of whole pages; test_first_screen draws one among the quick tests

PAGE = str(Path(__file__).parents[2] / "pages" / "net_benefit.py")
ALWAYS = ("prevalence", "value", "sensitivity_xray", "sensitivity_pcr", "cost_xray", "cost_pcr", "cost_importance")
FALSE_POSITIVES = ("specificity_xray", "specificity_pcr", "false_positive_harm")
WAITING = ("xray_minutes", "pcr_hours", "half_life_hours")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A model folder with a card and the films behind it, of no model."""
    folder = tmp_path_factory.mktemp("model")
    random = np.random.default_rng(0)
    labels = np.array(CLASS_NAMES * 10)
    reads = reads_csv(labels, np.arange(len(labels)), random.dirichlet(np.ones(4), len(labels)))
    card = {**CARD, "reads": {"file": "test_reads.csv", "sha256": reads_sha256(reads)}}
    (folder / CARD_FILE).write_text(ModelCard.model_validate(card).model_dump_json())
    (folder / "test_reads.csv").write_bytes(reads)
    return folder


def opened(monkeypatch, folder, query=None):
    monkeypatch.setattr("cxr_core.artifacts.SHIPPED_MODEL", folder)
    app = AppTest.from_file(PAGE, default_timeout=120)
    for key, value in (query or {}).items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


@pytest.fixture
def page(monkeypatch, model):
    return opened(monkeypatch, model)


def verdict(app):
    return app.subheader[0].value if app.subheader else app.title[0].value


def state(app) -> CalculatorState:
    return app.session_state["history"].now


def link(app):
    return {key: values[0] if isinstance(values, list) else values for key, values in app.query_params.items()}


def inequality(app):
    return next(block.value for block in app.markdown if block.value.startswith(r"$P\,V\,"))


def texts(app):
    blocks = [*app.markdown, *app.caption, *app.info, *app.warning, *app.error, *app.latex, *app.code]
    return " ".join(block.value for block in blocks)


def move(app, field, step):
    app.select_slider(key=f"slider_{field}").set_value(step).run()
    assert not app.exception


def type_in(app, field, number):
    app.number_input(key=f"box_{field}").set_value(number).run()
    assert not app.exception


def choose_source(app, source):
    app.segmented_control(key="set_source").set_value(source).run()
    assert not app.exception


def open_tab(app, name):
    labels = {
        "patients": "1,000 patients",
        "map": "Two-way map",
        "tornado": "Tornado",
        "uncertainty": "Uncertainty",
        "decision": "Decision curve",
    }
    app.session_state["tabs"] = next(tab.label for tab in app.tabs if labels[name] in tab.label)
    app.run()
    assert not app.exception


def charts(app):
    return [chart.proto.id.split("-")[-1] for chart in app.get("plotly_chart")]


def test_opens_on_the_reports_numbers(page):
    assert verdict(page) == "X-ray is preferred, by 3.75 a patient tested."
    said = texts(page)
    assert "It stays so until prevalence exceeds 30.8%." in said
    assert "Net benefit of X-ray **200**, of PCR **196.25**" in said
    assert r"0.25\cdot 1{,}000\cdot(0.92 - 0.985) = -16.25" in said
    assert "For research and teaching. Not a medical device." in said
    assert link(page) == to_query(CalculatorState())


def test_slider_moves_its_box_the_link_and_the_numbers(page):
    for field in ALWAYS:
        control = CONTROLS[field]
        step = control.grid[len(control.grid) // 3]
        move(page, field, step)
        assert page.number_input(key=f"box_{field}").value == step
        assert getattr(state(page), field) == control.value(step)
        assert from_query(link(page)) == (state(page), ())


def test_box_moves_its_slider_to_the_nearest_step(page):
    for field in ALWAYS:
        control = CONTROLS[field]
        typed = (control.grid[3] + 3 * control.grid[4]) / 4
        type_in(page, field, typed)
        assert getattr(state(page), field) == control.value(typed)
        assert page.select_slider(key=f"slider_{field}").value == control.grid[4]
        assert page.number_input(key=f"box_{field}").value == pytest.approx(typed)


@pytest.mark.parametrize("moved", ["slider", "box"])
@pytest.mark.parametrize("back", [False, True])
def test_late_report_of_the_other_control_does_not_undo_the_second_of_two_quick_steps(page, moved, back):
    seen = page._tree  # the page as the browser still shows it when the second step is made
    slider, box = seen.select_slider(key="slider_value"), seen.number_input(key="box_value")
    moving, late = (slider, box) if moved == "slider" else (box, slider)
    start, grid = slider.value, CONTROLS["value"].grid
    late.set_value(start)
    for step in (grid[3], start if back else grid[4]):
        moving.set_value(step).run()
        assert not page.exception
        assert state(page).value == step
        assert page.select_slider(key="slider_value").value == page.number_input(key="box_value").value == step


def test_late_report_of_a_number_does_not_undo_a_step_of_another(page):
    seen = page._tree
    seen.number_input(key="box_value").set_value(1000.0)
    seen.select_slider(key="slider_value").set_value(CONTROLS["value"].grid[3]).run()
    seen.toggle(key="set_waiting").set_value(True)
    seen.select_slider(key="slider_prevalence").set_value(3.0).run()
    assert not page.exception
    assert (state(page).value, state(page).prevalence, state(page).waiting) == (CONTROLS["value"].grid[3], 0.03, True)


def test_numbers_beyond_the_slider_put_it_to_its_end(page):
    for field in ALWAYS:
        control = CONTROLS[field]
        type_in(page, field, control.high)
        assert getattr(state(page), field) == control.value(control.high)
        assert page.select_slider(key=f"slider_{field}").value == control.grid[-1]
        assert page.number_input(key=f"box_{field}").value == control.high


def test_prevalence_can_be_set_finely_below_one_per_cent(page):
    type_in(page, "prevalence", 0.37)
    assert state(page).prevalence == 0.0037
    assert page.select_slider(key="slider_prevalence").value == 0.37
    assert link(page)["p"] == "0.0037"


def test_verdict_flips_past_the_break_even(page):
    move(page, "prevalence", 50.0)
    assert verdict(page).startswith("PCR is preferred")
    assert "until prevalence falls below 30.8%" in texts(page)
    assert r"\text{PCR preferred}" in texts(page)


def test_a_tie_is_said(page):
    move(page, "sensitivity_pcr", 92.0)
    move(page, "cost_pcr", 30.0)
    assert verdict(page) == "The two tests tie."
    assert "Both tests cost the same, so cost does not tell them apart." in texts(page)


@pytest.fixture
def clock(monkeypatch):
    """A clock on which every change is a step of its own."""
    ticks = itertools.count(0, 100)
    monkeypatch.setattr("pages.calculator.memory.time.monotonic", lambda: float(next(ticks)))


def press(app, key):
    app.button(key=key).click().run()
    assert not app.exception


def test_preset_sets_the_numbers_with_its_source_and_lesson(page):
    opened_with, *others = load_presets()
    for key in (*others, opened_with):
        page.selectbox(key="set_preset").set_value(key).run()
        preset = load_presets()[key]
        assert state(page) == preset.state()
        assert preset.lesson in texts(page)
        assert preset.source in texts(page)
        assert link(page) == to_query(preset.state())


def test_every_change_can_be_undone_and_redone(page, clock):
    assert page.button(key="undo").disabled
    assert page.button(key="redo").disabled
    went = [state(page)]

    def changed():
        went.append(state(page))

    type_in(page, "value", 777.0)
    changed()
    move(page, "prevalence", 10.0)
    changed()
    page.selectbox(key="set_preset").set_value("screening").run()
    changed()
    page.toggle(key="set_waiting").set_value(True).run()
    changed()
    choose_source(page, "card")
    changed()
    open_tab(page, "map")
    page.selectbox(key="set_map_y").set_value("cost_pcr").run()
    changed()
    assert len(set(map(str, went))) == 7
    for before in reversed(went[:-1]):
        press(page, "undo")
        assert state(page) == before
        assert link(page) == to_query(before)
    assert page.button(key="undo").disabled
    assert page.number_input(key="box_value").value == 1000
    for after in went[1:]:
        press(page, "redo")
        assert state(page) == after
    assert page.button(key="redo").disabled


def test_undo_never_brings_back_figures_that_are_no_longer_those_of_the_model(page, clock, model):
    choose_source(page, "card")
    before = state(page)
    choose_source(page, "typed")
    page.session_state["history"].undo()
    page.session_state["history"].record(before.model_copy(update={"sensitivity_xray": 0.5}), 1e6)
    page.session_state["history"].record(as_typed(before), 2e6)
    press(page, "undo")
    assert (state(page).source, state(page).sensitivity_xray) == ("typed", 0.5)
    assert "gives other figures now" in page.warning[0].value


def test_pasted_scenario_is_opened_with_or_without_an_address_and_can_be_undone(page, clock):
    start, outbreak = state(page), load_presets()["outbreak"].state()
    for text in (to_text(outbreak), f"http://localhost:8501/net_benefit?{to_text(outbreak)}"):
        page.text_input(key="pasted").set_value(text).run()
        assert not page.exception
        assert state(page) == outbreak
        assert page.text_input(key="pasted").value == ""
        press(page, "undo")
        assert state(page) == start


def test_pasted_text_that_is_no_scenario_gets_a_sentence_and_changes_nothing(page):
    page.text_input(key="pasted").set_value("hello").run()
    assert "holds no scenario" in page.error[0].value
    assert state(page) == CalculatorState()
    page.text_input(key="pasted").set_value("p=0.1&v=lots").run()
    assert not page.error
    assert state(page).prevalence == 0.1
    assert "value of an early detection is not usable" in page.warning[0].value


def test_preset_leaves_the_extensions_as_they_were_switched(page):
    page.toggle(key="set_waiting").set_value(True).run()
    page.selectbox(key="set_preset").set_value("screening").run()
    assert state(page).waiting
    assert state(page).prevalence == 0.005


def test_changed_preset_says_so_and_can_be_dropped(page):
    assert "Numbers changed since" not in texts(page)
    move(page, "prevalence", 10.0)
    assert "Numbers changed since" in texts(page)
    page.selectbox(key="set_preset").set_value("").run()
    assert state(page).preset == ""
    assert state(page).prevalence == 0.1
    assert link(page)["preset"] == "none"


def test_sensitivity_from_the_card_brings_its_cases_and_interval(page):
    choose_source(page, "card")
    assert (state(page).sensitivity_xray, state(page).specificity_xray, state(page).cases_xray) == (0.9, 0.9, 10)
    assert page.number_input(key="box_sensitivity_xray").disabled
    assert page.select_slider(key="slider_sensitivity_xray").disabled
    assert "95% interval 85% to 94%" in texts(page)
    known = state(page).uncertainty().sensitivity_xray
    assert (known.alpha, known.beta) == pytest.approx((9.5, 1.5))
    open_tab(page, "uncertainty")
    assert page.number_input(key="box_cases_xray").disabled


def test_threshold_moves_along_the_roc_and_feeds_both_sensitivity_and_specificity(page):
    choose_source(page, "threshold")
    assert page.select_slider(key="set_threshold").value == 0.5
    assert (state(page).sensitivity_xray, state(page).specificity_xray) == (0.9, 0.5)
    page.select_slider(key="set_threshold").set_value(0.1).run()
    assert (state(page).sensitivity_xray, state(page).specificity_xray) == (1, 0)
    page.toggle(key="set_false_positives").set_value(True).run()
    assert page.select_slider(key="slider_specificity_xray").disabled
    choose_source(page, "typed")
    assert state(page).sensitivity_xray == 1
    assert not page.select_slider(key="slider_sensitivity_xray").disabled


@pytest.mark.parametrize("source", ["card", "threshold"])
def test_link_brings_back_that_the_number_came_from_the_model(page, monkeypatch, model, source):
    choose_source(page, source)
    elsewhere = opened(monkeypatch, model, link(page))
    assert not elsewhere.warning
    assert state(elsewhere) == state(page)
    assert elsewhere.segmented_control(key="set_source").value == source
    assert elsewhere.number_input(key="box_sensitivity_xray").disabled


def test_link_of_a_model_that_is_not_here_keeps_its_numbers_with_a_note(page, monkeypatch, tmp_path):
    choose_source(page, "card")
    elsewhere = opened(monkeypatch, tmp_path, link(page))
    assert "came from the model ababab, but there is none here" in elsewhere.warning[0].value
    assert state(elsewhere) == as_typed(state(page))
    assert not elsewhere.number_input(key="box_sensitivity_xray").disabled
    assert "from" not in link(elsewhere)


POINT = Handover(point(0.87, 0.93, 0.3125, 150), "ab" * 32)


def check_handed_over(app):
    assert (state(app).source, state(app).sensitivity_xray, state(app).specificity_xray, state(app).cases_xray) == (
        "point",
        0.87,
        0.93,
        150,
    )
    assert app.number_input(key="box_sensitivity_xray").value == 87
    assert app.number_input(key="box_sensitivity_xray").disabled
    assert "Operating point of model ababab as it was handed over, threshold 0.3125, measured on 150 COVID patients." in texts(app)
    assert from_query(link(app)) == (state(app), ())


def test_operating_point_is_handed_over_by_link(monkeypatch, model):
    app = opened(monkeypatch, model, {**handed_link(*POINT), "p": "0.1"})
    assert not app.warning
    assert state(app).prevalence == 0.1
    check_handed_over(app)


def test_operating_point_is_handed_over_within_the_session_and_can_be_left_and_taken_again(page):
    move(page, "prevalence", 10.0)
    page.session_state[HANDOVER_KEY] = POINT
    page.run()
    assert HANDOVER_KEY not in page.session_state
    check_handed_over(page)
    assert state(page).prevalence == 0.1
    choose_source(page, "typed")
    move(page, "sensitivity_xray", 50.0)
    choose_source(page, "point")
    check_handed_over(page)


def test_operating_point_of_another_model_is_kept_as_typed_with_a_note(monkeypatch, model):
    app = opened(monkeypatch, model, handed_link(POINT.point, "c0ffee"))
    assert "came from the model c0ffee, but the model here is ababab" in app.warning[0].value
    assert (state(app).source, state(app).sensitivity_xray) == ("typed", 0.87)


def test_preset_ends_the_link_to_the_model_and_undo_brings_it_back(page, clock):
    choose_source(page, "card")
    page.selectbox(key="set_preset").set_value("outbreak").run()
    assert state(page).sensitivity_xray == 0.89
    assert not page.select_slider(key="slider_sensitivity_xray").disabled
    page.button(key="undo").click().run()
    assert state(page).sensitivity_xray == 0.9
    assert page.select_slider(key="slider_sensitivity_xray").disabled


@pytest.mark.parametrize("damage", ["missing", "of another version", "not JSON"])
def test_without_a_card_one_sentence_is_said_and_typing_works(monkeypatch, model, tmp_path, damage):
    if damage == "of another version":
        (tmp_path / CARD_FILE).write_text(json.dumps({"model": CARD["model"]}))
    elif damage == "not JSON":
        (tmp_path / CARD_FILE).write_text("\0")
    app = opened(monkeypatch, tmp_path)
    assert "can only be typed. " in texts(app)
    assert not any(control.key == "set_source" for control in app.segmented_control)
    move(app, "sensitivity_xray", 80.0)
    assert verdict(app).startswith("PCR is preferred")
    open_tab(app, "decision")
    assert "The decision curve needs the model card." in app.info[0].value


def test_missing_reads_leave_the_rest_of_the_page(monkeypatch, model, tmp_path):
    shutil.copy(model / CARD_FILE, tmp_path)
    app = opened(monkeypatch, tmp_path)
    open_tab(app, "decision")
    assert "test_reads.csv is missing" in app.info[0].value


@pytest.mark.parametrize(("switch", "fields"), [("false_positives", FALSE_POSITIVES), ("waiting", WAITING), ("sequential", ())])
def test_extensions_are_off_until_wanted_and_then_count(page, switch, fields):
    def keys():
        return {slider.key for slider in page.select_slider}

    before, sides = keys(), inequality(page)
    assert not before & {f"slider_{field}" for field in (*FALSE_POSITIVES, *WAITING)}
    page.toggle(key=f"set_{switch}").set_value(True).run()
    assert not page.exception
    assert keys() - before == {f"slider_{field}" for field in fields}
    for field in fields:
        move(page, field, CONTROLS[field].grid[5])
        assert getattr(state(page), field) == CONTROLS[field].value(CONTROLS[field].grid[5])
    assert (inequality(page).split(" > ")[0] != sides.split(" > ")[0]) == bool(fields)
    assert ("Test nobody" in texts(page)) == (switch == "sequential")
    page.toggle(key=f"set_{switch}").set_value(False).run()
    assert inequality(page) == sides


def test_best_strategy_is_named_and_independence_stated(page):
    page.toggle(key="set_sequential").set_value(True).run()
    said = texts(page)
    assert "err independently" in said
    assert "| **X-ray** |" in said
    assert "| X-ray, then PCR if negative |" in said


def test_headline_inequality_and_tornado_go_by_what_is_compared(page):
    type_in(page, "prevalence", 60.0)
    assert verdict(page) == "PCR is preferred, by 19 a patient tested."
    page.toggle(key="set_sequential").set_value(True).run()
    assert verdict(page) == "X-ray then PCR if negative is best, by 5.88 a patient over PCR alone."
    assert "| **X-ray, then PCR if negative** | 546.88 |" in texts(page)
    assert r"\text{PCR better than X-ray}" in inequality(page)
    open_tab(page, "tornado")
    assert "The choice can turn on" in texts(page)
    assert (
        "| $P$ | 60% | testing nobody up to 3.26%; X-ray alone up to 30.8%; PCR alone up to 50.2%; X-ray then PCR if negative |"
        in texts(page)
    )
    assert any("X-ray then PCR if negative is best, by 5.88" in code.value for code in page.code)
    type_in(page, "prevalence", 0.5)
    assert verdict(page).startswith("Testing nobody is best")


PATIENTS_PLOTS = {"icons_xray", "icons_pcr", "tree_xray", "tree_pcr"}


def test_each_tab_draws_its_plots(page):
    drawn = {
        "decision": {"decision_curve"},
        "map": {"map"},
        "tornado": {"tornado"},
        "uncertainty": {"histogram", "acceptability"},
        "patients": PATIENTS_PLOTS,
    }
    for tab, plots in drawn.items():
        open_tab(page, tab)
        assert set(charts(page)) == {"net_benefit"} | plots


def test_axes_of_the_map_can_be_chosen_and_are_never_the_same(page):
    open_tab(page, "map")
    page.selectbox(key="set_map_x").set_value("cost_pcr").run()
    assert "Cost of a PCR test" not in page.selectbox(key="set_map_y").options
    assert state(page).map_x == "cost_pcr"
    assert link(page) == to_query(CalculatorState()) | {"mx": "cp", "my": "v"}
    assert not page.exception


def test_uncertainty_follows_cases_and_spread(page):
    open_tab(page, "uncertainty")
    type_in(page, "cases_xray", 0.0)
    type_in(page, "cases_pcr", 0.0)
    assert next(metric.value for metric in page.metric if metric.label == "X-ray is preferred in") == "100%"
    type_in(page, "spread", 50.0)
    assert next(metric.value for metric in page.metric if metric.label == "X-ray is preferred in") != "100%"
    page.segmented_control(key="over").set_value("value").run()
    assert not page.exception


def test_patients_are_counted_for_both_tests_and_follow_the_sliders(page):
    assert set(charts(page)) == {"net_benefit"} | PATIENTS_PLOTS
    assert "X-ray finds 16 fewer than PCR and falsely alarms 68 more than PCR." in texts(page)
    assert "Of the 305 called positive, **230** have COVID (75.4%)." in texts(page)
    move(page, "prevalence", 10.0)
    assert "Of the 182 called positive, **92** have COVID" in texts(page)
    type_in(page, "specificity_xray", 100.0)
    assert "Of the 92 called positive, **92** have COVID (100%)." in texts(page)
    assert verdict(page) == "X-ray is preferred, by 13.5 a patient tested."  # the formula gives false alarms no weight
    page.toggle(key="set_false_positives").set_value(True).run()
    assert not page.exception
    assert page.number_input(key="box_specificity_xray").value == 100
    type_in(page, "prevalence", 0.03)
    assert "On average 0.3 of 1,000 have COVID" in texts(page)


def test_every_prevalence_axis_can_be_drawn(page):
    edges = {"0.01": (100.0,), "0.1": (0.37,), "1.0": (0.0,), "log": (0.37, 100.0, 0.0), "auto": (100.0,)}
    for axis, prevalences in edges.items():
        page.segmented_control(key="axis").set_value(axis).run()
        for prevalence in prevalences:
            type_in(page, "prevalence", prevalence)
            assert page.segmented_control(key="axis").value == axis


def test_decision_curve_at_the_set_prevalence_and_at_that_of_the_films(page):
    open_tab(page, "decision")
    assert "at a prevalence of 25%" in texts(page)
    move(page, "prevalence", 1.0)
    assert "at a prevalence of 1%" in texts(page)
    page.segmented_control(key="curve_share").set_value("films").run()
    assert "at a prevalence of 25%" in texts(page)
    for kind, words in (("gain", "adds to the better of"), ("avoided", "fewer of 100 patients are acted on")):
        page.segmented_control(key="curve_kind").set_value(kind).run()
        assert not page.exception
        assert words in texts(page)
        assert "decision_curve" in charts(page)


def test_link_brings_the_same_scenario_back(page, monkeypatch, model):
    for field, step in (("prevalence", 0.5), ("value", 5000.0), ("cost_xray", 12.0)):
        move(page, field, step)
    page.toggle(key="set_waiting").set_value(True).run()
    move(page, "half_life_hours", 24.0 if 24.0 in CONTROLS["half_life_hours"].grid else 25.0)
    elsewhere = opened(monkeypatch, model, link(page))
    assert state(elsewhere) == state(page)
    assert verdict(elsewhere) == verdict(page)
    assert elsewhere.select_slider(key="slider_half_life_hours").value == page.select_slider(key="slider_half_life_hours").value
    assert not elsewhere.warning
    with_address, alone = (code.value for code in elsewhere.code[:2])
    assert with_address == f"?{alone}"
    assert alone == to_text(state(page))


@pytest.mark.parametrize(
    "query",
    [
        {"p": "nan"},
        {"p": "2", "v": "-1", "a": "1e999"},
        {"preset": "<script>alert(1)</script>"},
        {"unknown": "x" * 10_000},
        {"mx": "v", "my": "v"},
        {"p": "0x10", "big": "yes"},
    ],
)
def test_hostile_link_falls_back_with_a_note_that_does_not_repeat_it(monkeypatch, model, query):
    app = opened(monkeypatch, model, query)
    assert len(app.warning) == 1
    assert state(app) == CalculatorState()
    assert link(app) == to_query(CalculatorState())
    assert not any(value in texts(app) for value in query.values() if len(value) > 3)
    move(app, "prevalence", 10.0)
    assert not app.warning


def test_csv_files_and_methods_paragraph(page):
    move(page, "prevalence", 10.0)
    assert any("P = 10%" in code.value and "10,000 draws" in code.value for code in page.code)
    labels = {button.label for button in page.get("download_button")}
    assert labels == {"Scenario as CSV", "Curves as CSV"}


def test_explanation_marks_the_quadrant_and_tells_the_reports_slips(page):
    said = texts(page)
    assert "X-ray cheaper and less sensitive." in page.info[0].value
    assert "You are here." in page.info[0].value
    for words in ("clinical and CT criteria judged against RT-PCR", "10,102", "low**", "Specificity", "Turnaround"):
        assert words in said
    move(page, "cost_xray", 80.0)
    assert "no more sensitive and at least as dear" in page.info[0].value


def test_tornado_lists_where_each_parameter_makes_the_tests_tie(page):
    open_tab(page, "tornado")
    assert "| $P$ | 25% | 30.8% | below 30.8% |" in texts(page)
    assert r"| $C_{\text{pcr}}$ | 50 | 46.2 | above 46.2 |" in texts(page)


def test_what_would_flip_is_named_where_no_prevalence_does(page):
    page.selectbox(key="set_preset").set_value("scarce-pcr").run()
    assert "No prevalence flips that; the sensitivity of X-ray does, once it falls below 74.5%." in texts(page)


def test_presenter_keeps_the_sentence_one_plot_and_two_sliders(page):
    page.toggle(key="set_presenter").set_value(True).run()
    assert not page.exception
    assert page.title[0].value == "X-ray is preferred, by 3.75 a patient tested."
    assert r"-16.25 > -20" in inequality(page)
    page.session_state["kept_bare"] = True  # as the key H has it
    page.run()
    assert not page.exception
    assert page.title[0].value == "X-ray is preferred, by 3.75 a patient tested."
    assert charts(page) == ["net_benefit"]
    assert not [*page.select_slider, *page.toggle, *page.caption]
    page.session_state["kept_bare"] = False
    page.run()
    assert charts(page) == ["net_benefit"]
    assert {slider.key for slider in page.select_slider} == {"slider_prevalence", "slider_value"}
    assert link(page)["big"] == "1"
    page.selectbox(key="presented_first").set_value("cost_pcr").run()
    move(page, "cost_pcr", 40.0)
    assert page.title[0].value.startswith("PCR is preferred")
    page.selectbox(key="presented_first").set_value("value").run()  # which the other list has
    assert not page.exception
    assert len({slider.key for slider in page.select_slider}) == 2
    page.toggle(key="set_presenter").set_value(False).run()
    assert state(page).cost_pcr == 40
    assert len(page.select_slider) == 7


def test_numbers_survive_a_look_at_another_page(monkeypatch, model):
    monkeypatch.setattr("cxr_core.artifacts.SHIPPED_MODEL", model)
    app = AppTest.from_file(str(Path(PAGE).parents[1] / "app.py"), default_timeout=120)
    app.switch_page("pages/net_benefit.py").run()
    move(app, "prevalence", 3.0)
    app.switch_page("pages/model_card.py").run()
    assert not app.select_slider
    app.switch_page("pages/net_benefit.py").run()
    assert app.select_slider(key="slider_prevalence").value == 3
    assert link(app) == to_query(state(app))
