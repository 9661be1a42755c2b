"""The model card page shows the card's figures and what they mean, and loads no model."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from cxr_core.card import SALIENCY_CAVEAT, SHIPPED_MODEL, WeightsMissingError, read_card
from cxr_core.evaluation.statements import KNOWN_DATA_SETS, external_laterals
from cxr_core.labels import CLASS_NAMES
from tests.cards import drawn_card, drawn_run, drawn_study, write_card, write_study

PAGE = str(Path(__file__).parents[2] / "pages" / "model_card.py")
SECTIONS = [
    "What it is for",
    "Data",
    "Results",
    "Doubt",
    "Input gate",
    "Where it looks",
    "What it may have learned instead",
    "How it was trained",
    "The report beside it",
    "Backbones compared",
    "The card itself",
]
pytestmark = pytest.mark.slow  # dozens of whole pages

PARTS_THAT_OPEN = ("gate-external", "recipe", "reports-comparison")


@pytest.fixture(scope="module")
def drawn():
    return drawn_card()


@pytest.fixture
def show(drawn, tmp_path, monkeypatch):
    """Show the page of a card and a study that lie in a folder of their own."""

    def run(card=drawn[0], runs=(), opened=()):
        monkeypatch.setattr("cxr_core.card.SHIPPED_MODEL", write_card(tmp_path / "model", card, drawn[1]))
        monkeypatch.setattr("cxr_core.card.STUDY_FOLDER", write_study(tmp_path / "study", runs))
        app = AppTest.from_file(PAGE, default_timeout=120)
        for name in opened:
            app.session_state[f"open-{name}"] = True
        app.run()
        assert not app.exception
        return app

    return run


def said(app):
    return "\n".join(block.value for block in [*app.markdown, *app.caption])


def shown_tables(app):
    """Return the page's tables as data frames of text."""
    return [table_of(block.value) for block in app.markdown if block.value.startswith("| ")]


def table_of(markdown):
    names, _, *rows = [[cell.strip().replace("\\", "") for cell in line[1:-1].split(" | ")] for line in markdown.split("\n")]
    return pd.DataFrame(rows, columns=names)


def columns(app):
    return [list(table.columns) for table in shown_tables(app)]


def headline(app):
    """Return the headline's figures by name, and what stands below each."""
    found = [block.value.split("  \n") for block in app.markdown]
    return {name: (rest[0].strip("*"), *rest[1:]) for name, *rest in found if rest and re.fullmatch(r"\*\*[^*]+\*\*", rest[0])}


def charts(app):
    return [chart.key for chart in app.get("plotly_chart")]


def test_shipped_card_is_shown():
    app = AppTest.from_file(PAGE, default_timeout=120).run()
    card = read_card(SHIPPED_MODEL)
    assert not app.exception
    assert card.model.version in app.header[0].value
    assert headline(app)["Accuracy"][0] == f"{card.results.accuracy.value:.3f}"


def test_headline_figures_are_the_cards_with_their_intervals(show, drawn):
    app, card = show(), drawn[0]
    values = headline(app)
    expected = {
        "Accuracy": card.results.accuracy,
        "COVID recall": card.results.classes["COVID"].recall,
        "Macro F1": card.results.macro.f1,
        "Accuracy elsewhere": card.external.accuracy,
    }
    for name, figure in expected.items():
        assert values[name][0] == f"{figure.value:.3f}"
        assert values[name][1].startswith(f"{figure.low:.3f} to {figure.high:.3f}")
    assert values["Calibration error"][0] == f"{card.results.expected_calibration_error:.3f}"


def test_sections_are_in_order_and_linked(show):
    app = show()
    assert [block.value for block in app.subheader] == SECTIONS
    for block in app.subheader:
        assert f"[{block.value}](#{block.anchor})" in said(app)


def test_limits_and_uses_are_all_said(show, drawn):
    app, statements = show(), drawn[0].statements
    for sentence in [*statements.intended_use, *statements.not_for, *statements.limits, statements.licence]:
        assert sentence in said(app)


def test_figures_of_another_split_are_not_called_clean(show):
    assert "that no choice was made on" in said(show())
    assert "that choices may have been made on" in said(show(drawn_card(split="val")[0]))


def test_every_chart_and_table_is_there(show):
    app = show(opened=PARTS_THAT_OPEN)
    assert charts(app) == [
        "confusion-matrix",
        "roc",
        "precision-recall",
        "reliability",
        "set-sizes",
        "deletion",
        "insertion",
        "randomised",
        "agreement",
        "audits",
        "loss-shipped",
        "accuracy-shipped",
    ]
    assert len(columns(app)) == 24
    assert all(len(table) for table in shown_tables(app))
    assert [button.label for button in app.get("download_button")].count("CSV") == len(columns(app)) + 3


def test_parts_stay_empty_until_they_are_opened(show):
    closed, opened = show(), show(opened=PARTS_THAT_OPEN)
    assert [part.label for part in closed.expander] == [part.label for part in opened.expander]
    assert all(not part.children for part in closed.expander)
    assert all(part.get("download_button") for part in opened.expander)


def test_every_audit_and_check_says_what_is_good_what_is_bad_and_what_this_is(show):
    text = said(show())
    audits = ("Surroundings blanked", "Central field blanked", "Border only", "Paired copies", "By copy")
    of_doubt = ("Prediction sets", "Operating point of COVID", "Small changes")
    of_gate = ("Chest films", "Turned and inverted films", "Spoiled films", "Other proportions", "What is no chest film")
    of_maps = ("Inside the lungs", "Lung fields")
    for name in (*audits, *of_doubt, *of_gate, *of_maps):
        assert text.count(f"**{name}.**") == 1
    assert text.count("**Films from elsewhere.**") == 2
    assert text.count("Good: ") == text.count("Bad: ") == 21


def test_doubt_says_what_it_was_fitted_on_and_what_that_did(show, drawn):
    text, doubt = said(show()), drawn[0].doubt
    assert f"{doubt.note} Temperature, thresholds of the sets and operating point were fitted and chosen on val alone." in text
    after = drawn[0].results.expected_calibration_error
    assert f"from {doubt.expected_calibration_error_before:.3f} to {after:.3f}" in text
    assert str(doubt.coverage) in text
    assert f"Sensitivity {doubt.sensitivity}, specificity {doubt.specificity}." in text


def test_reliability_is_drawn_before_and_after_calibration(show, drawn):
    (figure,) = [json.loads(chart.proto.spec) for chart in show().get("plotly_chart") if chart.key == "reliability"]
    assert {"before calibration", "after calibration"} <= {trace.get("name") for trace in figure["data"]}
    (figure,) = [
        json.loads(chart.proto.spec)
        for chart in show(drawn[0].model_copy(update={"doubt": None})).get("plotly_chart")
        if chart.key == "reliability"
    ]
    assert "this model" in {trace.get("name") for trace in figure["data"]}


def test_gate_lists_films_from_elsewhere_one_by_one(show, drawn):
    app = show(opened=["gate-external"])
    (listed,) = [table for table in shown_tables(app) if table.columns[0] == "row of external.csv"]
    assert len(listed) == len(drawn[0].gate.external)
    assert listed["view"].tolist()[:2] == ["lateral", "frontal"]
    assert any("51 films one by one" in expander.label for expander in app.expander)


def test_laterals_that_are_known_are_marked(show, drawn):
    known = next(digest for digest, one in KNOWN_DATA_SETS.items() if one.external_laterals)
    data = drawn[0].data.model_copy(update={"index_sha256": known})
    app = show(drawn[0].model_copy(update={"data": data}), opened=["gate-external"])
    (listed,) = [table for table in shown_tables(app) if table.columns[0] == "row of external.csv"]
    marked = set(listed[listed["view"] == "lateral"]["row of external.csv"].astype(int))
    assert marked == {8, *external_laterals(known)}


def test_maps_stand_beside_the_published_caveat(show, drawn):
    assert SALIENCY_CAVEAT in said(show())
    assert drawn[0].saliency.method in said(show())
    assert SALIENCY_CAVEAT in said(show(drawn[0].model_copy(update={"saliency": None})))


@pytest.mark.parametrize("part", ["doubt", "stability", "gate", "saliency"])
def test_part_that_the_card_lacks_is_called_not_measured(show, drawn, part):
    app = show(drawn[0].model_copy(update={part: None}))
    assert said(app).count("Not measured. `python -m cxr_core evaluate --data DIR`") == 1
    assert [block.value for block in app.subheader] == SECTIONS


def test_gate_and_lungs_without_films_to_measure_say_so(show, drawn):
    gate = drawn[0].gate.model_copy(update={"external": [], "reasons": {}})
    saliency = drawn[0].saliency.model_copy(update={"lung_fields": None})
    text = said(show(drawn[0].model_copy(update={"gate": gate, "saliency": saliency})))
    assert "There were none to show to the gate." in text
    assert "none of the films that were outlined" in text


def test_report_stands_in_its_own_column_and_all_its_figures_have_their_like(show):
    app = show()
    (beside,) = [names for names in columns(app) if names[0] == "figure"]
    assert beside == ["figure", "this model, its 400 test films", "the report, its own 4,232 films"]
    text = said(app)
    assert "another test set" in text
    for figure in ("Figures 2, 3, 4", "Figure 5", "Figure 6 (a), (b)", "Figure 6 (c)", "Figure 7"):
        assert f"- {figure}, " in text


def test_card_without_extras_says_so(show, drawn):
    bare = {"audits": [], "copies": {}, "paired_copies": None, "external": None, "curves": {}, "reliability": [], "subtasks": []}
    bare |= dict.fromkeys(("doubt", "gate", "saliency"))
    training = drawn[0].training.model_copy(update={"history": []})
    app = show(drawn[0].model_copy(update=bare | {"training": training}))
    text = said(app)
    assert headline(app)["Accuracy elsewhere"] == ("not measured",)
    assert "No audit was made." in text
    assert "The history by epoch was not kept." in text
    assert [block.value for block in app.subheader] == SECTIONS


def test_without_a_study_the_command_is_told(show):
    app = show()
    assert "have not been compared yet" in app.info[0].value
    assert "python -m cxr_core study" in app.info[0].value
    assert not app.selectbox


def test_study_is_shown_with_its_pairs(show):
    app = show(runs=drawn_study())
    assert "backbones" in charts(app)
    assert [names[0] for names in columns(app)].count("classifier") == 1
    (pairs,) = [table for table in shown_tables(app) if table.columns[0] == "first"]
    assert len(pairs) == 3
    assert "The most accurate is" in said(app)


def test_one_run_can_be_looked_at(show):
    runs = drawn_study()
    app = show(runs=runs)
    assert "confusion-matrix-run-inceptionv3-report" not in charts(app)
    app.selectbox[0].select_index(2).run()  # the least accurate of the three, which the page puts last
    assert not app.exception
    name = "run-inceptionv3-report"
    assert {f"confusion-matrix-{name}", f"loss-{name}", f"accuracy-{name}"} <= set(charts(app))
    assert "30,000 films seen in 90 minutes on 2 cores, no GPU" in said(app)


def test_shipped_run_can_be_looked_at_beside_the_cards_own_charts(show):
    app = show(runs=[drawn_run("shipped", "DenseNet121", 2.0)])
    app.selectbox[0].select_index(0).run()
    assert not app.exception
    assert {"loss-shipped", "loss-run-shipped", "confusion-matrix", "confusion-matrix-run-shipped"} <= set(charts(app))
    assert "of other weights than this card" in app.warning[0].value


def test_another_study_is_shown_from_its_folder_and_the_first_again_without_it(show, tmp_path):
    app = show(runs=drawn_study())
    another = write_study(tmp_path / "another", [drawn_run("other", "MobileNetV2", 2.0)])
    app.text_input[1].input(str(another)).run()
    assert not app.error
    assert [option.split(",")[0] for option in app.selectbox[0].options] == ["MobileNetV2"]
    app.text_input[1].input("").run()
    assert len(app.selectbox[0].options) == 3


@pytest.mark.parametrize("folder", ["/no/such/folder", "~nobody-here/films", "x" * 300, "\0", "."])
def test_folder_without_results_gives_a_sentence(show, folder):
    app = show(runs=drawn_study())
    app.text_input[1].input(folder).run()
    assert not app.exception
    assert app.error[0].value.startswith("There are no results of a study in ")
    assert [block.value for block in app.subheader] == SECTIONS


def test_films_from_elsewhere_are_shown_by_class(show, drawn):
    by_class = [table for table in shown_tables(show()) if {"class", "specificity", "films"} <= set(table.columns)]
    ours, elsewhere = (table.set_index("class")["films"].astype(int) for table in by_class)
    for found, films in ((drawn[0].results, ours), (drawn[0].external, elsewhere)):
        assert films[list(CLASS_NAMES)].tolist() == [found.classes[name].support for name in CLASS_NAMES]


def test_damaged_study_gives_a_sentence_and_the_rest_of_the_page(show, tmp_path):
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "torn.json").write_text('{"name": "torn"')
    app = show()
    assert "torn.json is damaged" in app.error[0].value
    assert [block.value for block in app.subheader] == SECTIONS


def test_runs_on_other_films_give_a_sentence(show):
    one, other, _ = drawn_study()
    app = show(runs=[one, other.model_copy(update={"index_sha256": "0" * 64})])
    assert "measured on different films" in app.error[0].value


def test_phantoms_are_called_phantoms(show):
    app = show()
    captions = [image.proto.imgs[0].caption for image in app.get("image")]
    assert captions == ["phantom, not a patient"] * 4


def test_real_films_are_shown_from_a_folder_that_is_left_alone(show, phantom_data):
    before = sorted((path, path.stat().st_mtime_ns) for path in phantom_data.rglob("*"))
    app = show()
    app.text_input[0].input(f' "{phantom_data}" ').run()
    assert not app.exception
    assert not app.error
    captions = [image.proto.imgs[0].caption for image in app.get("image")]
    assert captions == [name for name in CLASS_NAMES for _ in range(4)]
    assert sorted((path, path.stat().st_mtime_ns) for path in phantom_data.rglob("*")) == before


@pytest.mark.parametrize("folder", ["/no/such/folder", "~nobody-here/films", "x" * 300, "\0", "."])
def test_folder_that_cannot_be_used_gives_a_sentence(show, folder):
    app = show()
    app.text_input[0].input(folder).run()
    assert not app.exception
    assert app.error[0].value.endswith(".")
    assert [block.value for block in app.subheader] == SECTIONS


def test_missing_card_gives_a_sentence(monkeypatch):
    def fail(folder):
        raise WeightsMissingError("There is no model card. Restore it.")

    monkeypatch.setattr("cxr_core.card.read_card", fail)
    app = AppTest.from_file(PAGE, default_timeout=60).run()
    assert not app.exception
    assert app.error[0].value == "There is no model card. Restore it."
    assert not headline(app)


def test_card_of_another_version_gives_a_sentence(show, drawn, tmp_path, monkeypatch):
    folder = write_card(tmp_path / "old", *drawn)
    card = folder / "model_card.json"
    card.write_text(card.read_text().replace('"reliability"', '"calibration"'))
    monkeypatch.setattr("cxr_core.card.SHIPPED_MODEL", folder)
    app = AppTest.from_file(PAGE, default_timeout=60).run()
    assert not app.exception
    assert "was not written by this version" in app.error[0].value


def test_page_imports_neither_tensorflow_nor_what_the_evaluation_needs():
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        f"app = AppTest.from_file({PAGE!r}, default_timeout=60).run(); assert app.subheader; "
        "sys.exit(bool({'tensorflow', 'sklearn', 'scipy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0
