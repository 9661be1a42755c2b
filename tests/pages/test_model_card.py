"""The model card page answers whether the model may be trusted, shows each part with what its figures mean, and loads no model."""

import json
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from cxr_core.artifacts import SALIENCY_CAVEAT, SHIPPED_MODEL, WeightsMissingError, read_card
from cxr_core.evaluation import external_laterals
from cxr_core.evaluation.statements import KNOWN_DATA_SETS
from cxr_core.labels import CLASS_NAMES, in_words
from cxr_core.model_card import answers, at_home
from pages.card.comparison import COUNTERPARTS
from pages.card.contents import CONTENTS, PART_OF, PARTS, title_of
from tests.cards import drawn_card, drawn_run, drawn_study, write_card, write_study
from tests.helps import drawn_row, write_rows

PAGE = str(Path(__file__).parents[2] / "pages" / "model_card.py")
pytestmark = pytest.mark.slow  # dozens of pages


@pytest.fixture(scope="module")
def drawn():
    return drawn_card()


@pytest.fixture
def show(drawn, tmp_path, monkeypatch):
    """Show a part of the page of a card and a study that lie in a folder of their own."""
    return lambda part, card=drawn[0], runs=(): page_of(monkeypatch, tmp_path, card, drawn[1], runs, part=part)


def page_of(patch, folder, card, reads, runs=(), **query):
    patch.setattr("cxr_core.artifacts.SHIPPED_MODEL", write_card(folder / "model", card, reads))
    patch.setattr("cxr_core.artifacts.STUDY_FOLDER", write_study(folder / "study", runs))
    app = AppTest.from_file(PAGE, default_timeout=120)
    app.query_params.update({name: value for name, value in query.items() if value is not None})
    app.run()
    assert not app.exception
    return app


@pytest.fixture(scope="module")
def shown(drawn, tmp_path_factory):
    """Parts of the page of the drawn card and of full studies by name, None the page as it opens; only to be looked at."""
    folder = tmp_path_factory.mktemp("shown")
    write_rows(folder / "study", [drawn_row("whole-film"), drawn_row("lung-crop")])

    @cache
    def page(part=None):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("pages.insides.HEAD_START_S", 0)
            return page_of(patch, folder, *drawn, drawn_study(), part=part)

    return page


def said(*apps):
    return "\n".join(block.value for app in apps for block in [*app.markdown, *app.caption])


def titles(app):
    return [block.value for block in app.subheader]


def places(block):
    """Yield the keys of all blocks on a page."""
    for child in getattr(block, "children", {}).values():
        if key := getattr(getattr(child, "proto", None), "id", ""):
            yield key.split("-", 2)[2]
        yield from places(child)


def shown_tables(app):
    """Return the page's tables as data frames of text."""
    return [table_of(block.value) for block in app.markdown if block.value.startswith("| ")]


def table_of(markdown):
    names, _, *rows = [[cell.strip().replace("\\", "") for cell in line[1:-1].split(" | ")] for line in markdown.split("\n")]
    return pd.DataFrame(rows, columns=names)


def columns(app):
    return [list(table.columns) for table in shown_tables(app)]


def charts(app):
    return [chart.key for chart in app.get("plotly_chart")]


def follow(app, **query):
    """Open a link to this page."""
    app.query_params.clear()
    app.query_params.update(query)
    app.run()
    assert not app.exception


# The first screen


def test_shipped_card_answers_first():
    app = AppTest.from_file(PAGE, default_timeout=120).run()
    card = read_card(SHIPPED_MODEL)
    assert not app.exception
    assert card.model.version in app.header[0].value
    assert [answer.figure for answer in answers(card) if f"**{answer.figure}**" not in said(app)] == []
    assert not titles(app)
    assert not charts(app)


def test_answers_stand_with_their_figures_and_what_these_mean(shown, drawn):
    text = said(shown())
    for answer in answers(drawn[0]):
        assert f"**{answer.question}**  \n**{answer.figure}**  \n:small[{answer.about}]\n{answer.means}" in text
    assert f"**At home**, on {at_home(drawn[0])}" in text
    assert drawn[0].statements.not_for[0] in text


def test_card_without_answers_says_so(show, drawn):
    bare = drawn[0].model_copy(update={"audits": [], "gate": None, "elsewhere": None})
    assert said(show(None, bare)).count("**not measured**") == 4


# One part at a time


def test_every_part_is_opened_by_its_link_alone(shown):
    for part, title in PARTS.items():
        app = shown(part)
        assert titles(app) == [title]
        assert app.subheader[0].anchor == part
        assert app.pills(key="card_part").value == part


def test_every_chart_and_table_is_in_the_list(shown):
    looked_for = ("chart-", "table-", "examples", "one-run")
    for part in PARTS.keys() - {"own"}:  # that one has a table where site cards are kept
        found = [key for key in places(shown(part).main) if key.startswith(looked_for)]
        assert sorted(found) == sorted(CONTENTS.get(part, ())), part
        csv = {f"table-{button.key.removeprefix('csv-')}" for button in shown(part).get("download_button") if button.key}
        assert csv >= {key for key in found if key.startswith("table-")}, part
        assert all(len(table) for table in shown_tables(shown(part))), part


def test_names_in_the_search_tell_charts_and_tables_apart():
    assert len({title_of(item) for item in PART_OF}) == len(PART_OF)
    assert {item for *_, item, _ in COUNTERPARTS} <= PART_OF.keys()


def test_parts_are_opened_by_pills_by_search_and_by_links_within_the_page(show):
    app = show(None)
    app.pills(key="card_part").set_value("gate").run()
    assert (titles(app), app.query_params) == (["Input gate"], {"part": "gate"})
    app.selectbox(key="card_item").set_value("chart-roc").run()
    assert (titles(app), app.query_params) == (["Results"], {"part": "results", "show": "chart-roc"})
    assert app.pills(key="card_part").value == "results"
    app.pills(key="card_part").set_value("report").run()
    assert app.selectbox(key="card_item").value is None
    next(button for button in app.button if button.label == "Learning curves").click().run()
    assert (titles(app), app.query_params) == (["How it was trained"], {"part": "training", "show": "chart-loss-shipped"})
    follow(app, part="use")
    assert titles(app) == ["What it is for"]
    app.pills(key="card_part").set_value(None).run()
    assert (titles(app), app.query_params) == ([], {})
    assert not app.exception


def test_link_to_a_chart_or_a_table_opens_its_part(show):
    app = show(None)
    for query in ({"show": "table-audits"}, {"show": "table-audits", "part": "data"}):
        follow(app, **query)
        assert titles(app) == ["What it may have learned instead"]
        assert app.selectbox(key="card_item").value == "table-audits"


def test_link_that_names_nothing_gives_a_sentence(show):
    app = show(None)
    for query in ({"part": "nowhere"}, {"show": "chart-nothing"}, {"part": ""}, {"part": "use", "show": "x"}):
        follow(app, **query)
        assert "names something that this card does not have" in app.info[0].value, query


# What the parts say


def test_limits_and_uses_are_all_said(shown, drawn):
    text, statements = said(shown("use"), shown("data"), shown("files")), drawn[0].statements
    for sentence in [*statements.intended_use, *statements.not_for, *statements.limits, statements.licence]:
        assert sentence in text


def test_every_audit_and_check_says_what_is_good_what_is_bad_and_what_this_is(shown):
    text = said(*map(shown, PARTS))
    audits = ("Surroundings blanked", "Lungs blanked", "Border only", "Paired copies", "By copy")
    of_calibration = ("Prediction sets", "Operating point of COVID", "Small changes")
    of_gate = ("Chest films", "Turned, inverted and mirrored films", "Corrupted films", "Other proportions", "Pictures of other things")
    of_elsewhere = ("Films that no training saw", "Source probe", "Does the gate notice?", "Pointing game")
    for name in (*audits, *of_calibration, *of_gate, *of_elsewhere, "Lung fields"):
        assert text.count(f"**{name}.**") == 1
    for name in ("Films from elsewhere", "Inside the lungs"):  # each in two parts
        assert text.count(f"**{name}.**") == 2
    assert text.count("Good: ") == text.count("Bad: ") == 26


def test_calibration_says_what_it_was_fitted_on_and_what_that_did(shown, drawn):
    text, calibration = said(shown("calibration")), drawn[0].calibration
    assert f"{calibration.note} Temperature, thresholds of the sets and operating point were fitted on the validation films alone." in text
    after = drawn[0].results.expected_calibration_error
    assert f"from {calibration.expected_calibration_error_before:.3f} to {after:.3f}" in text
    assert str(calibration.coverage) in text
    assert f"Sensitivity {calibration.sensitivity}, specificity {calibration.specificity}." in text


def test_reliability_is_drawn_before_and_after_calibration(show, shown, drawn):
    (figure,) = [json.loads(chart.proto.spec) for chart in shown("calibration").get("plotly_chart") if chart.key == "reliability"]
    assert {"before calibration", "after calibration"} <= {trace.get("name") for trace in figure["data"]}
    (figure,) = [
        json.loads(chart.proto.spec)
        for chart in show("calibration", drawn[0].model_copy(update={"calibration": None})).get("plotly_chart")
        if chart.key == "reliability"
    ]
    assert "this model" in {trace.get("name") for trace in figure["data"]}


def test_gate_lists_films_from_elsewhere_one_by_one(shown, drawn):
    app = shown("gate")
    (listed,) = [table for table in shown_tables(app) if table.columns[0] == "row of external.csv"]
    assert len(listed) == len(drawn[0].gate.external)
    assert listed["view"].tolist()[:2] == ["lateral", "frontal"]
    assert "51 films one by one" in said(app)


def test_laterals_that_are_known_are_marked(show, drawn):
    known = next(digest for digest, one in KNOWN_DATA_SETS.items() if one.external_laterals)
    data = drawn[0].data.model_copy(update={"index_sha256": known})
    app = show("gate", drawn[0].model_copy(update={"data": data}))
    (listed,) = [table for table in shown_tables(app) if table.columns[0] == "row of external.csv"]
    marked = set(listed[listed["view"] == "lateral"]["row of external.csv"].astype(int))
    assert marked == {8, *external_laterals(known)}


def test_maps_stand_beside_the_published_caveat(show, shown, drawn):
    assert SALIENCY_CAVEAT in said(shown("saliency"))
    assert drawn[0].saliency.method in said(shown("saliency"))
    assert SALIENCY_CAVEAT in said(show("saliency", drawn[0].model_copy(update={"saliency": None})))


def test_part_that_the_card_lacks_is_called_not_measured(show, drawn):
    bare = drawn[0].model_copy(update=dict.fromkeys(("calibration", "stability", "gate", "saliency", "elsewhere")))
    for part, count in {"calibration": 2, "gate": 1, "saliency": 1, "elsewhere": 1}.items():
        app = show(part, bare)
        assert said(app).count("Not measured. `python -m cxr_core evaluate --data DIR`") == count, part
        assert titles(app) == [PARTS[part]]


def test_gate_without_films_from_elsewhere_says_so(show, drawn):
    gate = drawn[0].gate.model_copy(update={"external": [], "reasons": {}})
    assert "None were given." in said(show("gate", drawn[0].model_copy(update={"gate": gate})))


def test_report_stands_in_its_own_column_and_all_its_figures_have_their_like(shown):
    app = shown("report")
    (beside,) = [names for names in columns(app) if names[0] == "figure"]
    assert beside == ["figure", "this model, its 400 test films", "the report, its own 4,232 films"]
    text = said(app)
    assert "another test set" in text
    for figure in ("Figures 2, 3, 4", "Figure 5", "Figure 6 (a), (b)", "Figure 6 (c)", "Figure 7"):
        assert f"{figure}, " in text


def test_card_without_extras_says_so(show, drawn):
    bare = {"audits": [], "copies": {}, "paired_copies": None, "external": None, "curves": {}, "reliability": [], "subtasks": []}
    bare |= dict.fromkeys(("calibration", "gate", "saliency", "elsewhere"))
    training = drawn[0].training.model_copy(update={"history": []})
    app = show(None, drawn[0].model_copy(update=bare | {"training": training}))
    words = {"shortcuts": "No audit was made.", "training": "The history by epoch was not kept."}
    for part, title in PARTS.items():
        follow(app, part=part)
        assert titles(app) == [title]
        assert words.get(part, "") in said(app)


def test_without_a_study_the_command_is_told(show):
    app = show("backbones")
    (told,) = [info.value for info in app.info if "have not been compared yet" in info.value]
    assert "python -m cxr_core study" in told
    assert [box.label for box in app.selectbox] == ["Find a chart or a table"]


def test_study_is_shown_with_its_pairs(shown):
    app = shown("backbones")
    assert "backbones" in charts(app)
    assert [names[0] for names in columns(app)].count("classifier") == 1
    (pairs,) = [table for table in shown_tables(app) if table.columns[0] == "first"]
    assert len(pairs) == 3
    assert "The most accurate is" in said(app)


def test_one_run_can_be_looked_at(show):
    runs = drawn_study()
    app = show("backbones", runs=runs)
    assert "confusion-matrix-run-inceptionv3-report" not in charts(app)
    app.selectbox[1].select_index(2).run()  # the least accurate of the three, which the page puts last
    assert not app.exception
    name = "run-inceptionv3-report"
    assert {f"confusion-matrix-{name}", f"loss-{name}", f"accuracy-{name}"} <= set(charts(app))
    assert "30,000 films seen in 90 minutes on 2 cores, no GPU" in said(app)


def test_shipped_run_can_be_looked_at(show):
    app = show("backbones", runs=[drawn_run("shipped", "DenseNet121", 2.0)])
    app.selectbox[1].select_index(0).run()
    assert not app.exception
    assert {"loss-run-shipped", "confusion-matrix-run-shipped"} <= set(charts(app))
    assert "of other weights than this card" in app.warning[0].value


def test_another_study_is_shown_from_its_folder_and_the_first_again_without_it(show, tmp_path):
    app = show("backbones", runs=drawn_study())
    another = write_study(tmp_path / "another", [drawn_run("other", "MobileNetV2", 2.0)])
    app.text_input[0].input(str(another)).run()
    assert not app.error
    assert [option.split(",")[0] for option in app.selectbox[1].options] == ["MobileNetV2"]
    app.text_input[0].input("").run()
    assert len(app.selectbox[1].options) == 3


FOLDERS = ("/no/such/folder", "~nobody-here/films", "x" * 300, "\0", ".")
"""Of which none can be used."""


def test_folders_that_cannot_be_used_give_a_sentence(show):
    app = show("data", runs=drawn_study())
    for part, start in {"data": "", "backbones": "There are no results of a study in "}.items():
        follow(app, part=part)
        for folder in FOLDERS:
            app.text_input[0].input(folder).run()
            assert not app.exception, folder
            (error,) = app.error
            assert error.value.startswith(start), folder
            assert error.value.endswith("."), folder
            assert titles(app) == [PARTS[part]], folder


def test_class_names_are_shown_in_words(shown):
    apps = [shown(), *map(shown, PARTS)]
    text = said(*apps) + "".join(chart.proto.spec + chart.proto.alt for app in apps for chart in app.get("plotly_chart"))
    assert text.count("Lung opacity") > 20
    assert "Lung_Opacity" not in text
    assert "Lung\\_Opacity" not in text


def test_films_from_elsewhere_are_shown_by_class(shown, drawn):
    by_class = [
        table
        for part in ("results", "shortcuts")
        for table in shown_tables(shown(part))
        if {"class", "specificity", "films"} <= set(table.columns)
    ]
    ours, elsewhere = (table.set_index("class")["films"].astype(int) for table in by_class)
    for found, films in ((drawn[0].results, ours), (drawn[0].external, elsewhere)):
        assert films[list(map(in_words, CLASS_NAMES))].tolist() == [found.classes[name].support for name in CLASS_NAMES]


def test_films_of_further_collections_are_told_from_those_of_the_results(show, drawn):
    assert "of the first collection only" not in said(show("data"))
    counts = {**drawn[0].data.counts, "test": {"COVID": 600, "Normal": 1000}}
    several = drawn[0].model_copy(update={"data": drawn[0].data.model_copy(update={"counts": counts})})
    told = said(show("data", several))
    assert "The 1,600 test films of the table are of all collections" in told
    assert "the results are of the 400 of the first collection only." in told


def test_damaged_study_gives_a_sentence(show, tmp_path):
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "torn.json").write_text('{"name": "torn"')
    app = show("backbones")
    assert "torn.json is damaged" in app.error[0].value
    assert titles(app) == ["Backbones compared"]


def test_runs_on_other_films_give_a_sentence(show):
    one, other, _ = drawn_study()
    app = show("backbones", runs=[one, other.model_copy(update={"groups": list("abcd") * 100})])
    assert "measured on different films" in app.error[0].value


def test_phantoms_are_called_phantoms(shown):
    app = shown("data")
    captions = [image.proto.imgs[0].caption for image in app.get("image")]
    assert captions == ["phantom, not a patient"] * 4


def test_real_films_are_shown_from_a_folder_that_is_left_alone(show, phantom_data):
    before = sorted((path, path.stat().st_mtime_ns) for path in phantom_data.rglob("*"))
    app = show("data")
    app.text_input[0].input(f' "{phantom_data}" ').run()
    assert not app.exception
    assert not app.error
    captions = [image.proto.imgs[0].caption for image in app.get("image")]
    assert captions == [in_words(name) for name in CLASS_NAMES for _ in range(4)]
    assert sorted((path, path.stat().st_mtime_ns) for path in phantom_data.rglob("*")) == before


def test_missing_card_gives_a_sentence(monkeypatch):
    def fail(folder):
        raise WeightsMissingError("There is no model card. Restore it.")

    monkeypatch.setattr("cxr_core.artifacts.read_card", fail)
    app = AppTest.from_file(PAGE, default_timeout=60).run()
    assert not app.exception
    assert app.error[0].value == "There is no model card. Restore it."
    assert not app.header


def test_card_of_another_version_gives_a_sentence(show, drawn, tmp_path, monkeypatch):
    folder = write_card(tmp_path / "old", *drawn)
    card = folder / "model_card.json"
    card.write_text(card.read_text().replace('"reliability"', '"calibration"'))
    monkeypatch.setattr("cxr_core.artifacts.SHIPPED_MODEL", folder)
    app = AppTest.from_file(PAGE, default_timeout=60).run()
    assert not app.exception
    assert "was not written by this version" in app.error[0].value
