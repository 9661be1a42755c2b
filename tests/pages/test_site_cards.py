"""Site cards on the pages: listed and removed on the model card's, used and named on the read page and in the calculator."""

import json
import shutil
from concurrent.futures import Future
from datetime import timedelta

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cxr_core.artifacts import read_card
from cxr_core.calculator import CalculatorState, site_offer, to_query, with_point
from cxr_core.calibration import MeasuredFilms
from cxr_core.labels import CLASS_NAMES
from cxr_core.model_card import site_card
from cxr_core.reading import Reader
from cxr_core.site_cards import list_site_cards, site_cards_folder, write_site_card
from tests.cards import write_card
from tests.pages import test_model_card, test_net_benefit, test_read_xray
from tests.pages.test_read_xray import figures, film_file, settled, texts, upload
from tests.site_cards.drawing import drawn_site_card, home_card

pytestmark = pytest.mark.slow  # whole pages

model = test_net_benefit.model


@pytest.fixture(autouse=True)
def user_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "user"))


def keep(name, identity, days=0, **parts):
    """Keep a site card of a model; one of more days is newer."""
    card = drawn_site_card(name, identity)
    card = card.model_copy(update={"written": card.written + timedelta(days=days), **parts})
    write_site_card(card)
    return card


def choice(app):
    return next((box for box in app.selectbox if box.label == "Figures from"), None)


# The model card's page


@pytest.fixture
def card_page(tmp_path, monkeypatch):
    """The part on one's own films of the model card's page, of a card that was drawn by lot."""
    monkeypatch.setattr("cxr_core.artifacts.SHIPPED_MODEL", write_card(tmp_path / "model", home_card(), b""))
    monkeypatch.setattr("cxr_core.artifacts.STUDY_FOLDER", tmp_path / "study")

    def run(*opened):
        app = AppTest.from_file(test_model_card.PAGE, default_timeout=120)
        app.query_params["part"] = "own"
        for name in opened:
            app.session_state[f"open-{name}"] = True
        app.run()
        assert not app.exception
        return app

    return run


def test_card_page_tells_the_command_and_that_there_is_no_site_card(card_page):
    app = card_page()
    assert [code.value for code in app.code] == [site_card.KEEP_COMMAND]
    assert "No site card is kept on this computer." in test_model_card.said(app)


@pytest.fixture
def measuring(tiny_model, tmp_path, monkeypatch):
    """The same part, of a tiny model that is loaded, for whoever sits at this computer."""
    monkeypatch.setattr("cxr_core.artifacts.SHIPPED_MODEL", tiny_model)
    monkeypatch.setattr("cxr_core.artifacts.STUDY_FOLDER", tmp_path / "study")
    monkeypatch.setattr("pages.card.measure.sits_here", lambda: True)
    loaded: Future[Reader] = Future()
    loaded.set_result(Reader.load(tiny_model))
    monkeypatch.setattr("pages.card.measure.start_loading", lambda: loaded)
    app = AppTest.from_file(test_model_card.PAGE, default_timeout=120)
    app.query_params["part"] = "own"
    app.run()

    def measure(folder, name=""):
        fields = {box.label: box for box in app.text_input}
        fields["Folder with your films, or a CSV file"].set_value(str(folder))
        fields["Keep the figures as a site card named"].set_value(name)
        next(button for button in app.button if button.label == "Measure").click()
        app.run()
        assert not app.exception
        return app

    return measure


def own_films(phantom_data, folder, *names):
    for name in names:
        shutil.copytree(phantom_data / name / "images", folder / name)
    return folder


def test_card_page_measures_a_folder_and_keeps_a_site_card(measuring, phantom_data, tmp_path):
    app = measuring(own_films(phantom_data, tmp_path / "films", *CLASS_NAMES[:3]), "Ward 3")
    (kept,) = list_site_cards()[0]
    assert (kept.name, [element.value for element in app.success]) == ("Ward 3", ["Kept as the site card Ward 3."])
    assert site_card.films_sentence(kept.figures) in test_model_card.said(app)
    assert {"table-own-films", "table-own-films-confusion"} <= set(test_model_card.places(app.main))


def test_card_page_says_why_a_folder_cannot_be_measured(measuring, phantom_data, tmp_path):
    assert [element.value for element in measuring("").error] == ["Type the folder in which your films are."]
    assert len(measuring(tmp_path / "nowhere").error) == 1
    few = tmp_path / "few" / "COVID"
    few.mkdir(parents=True)
    shutil.copy(next((phantom_data / "COVID" / "images").iterdir()), few)
    app = measuring(tmp_path / "few", "Ward 3")
    assert len(app.error) == 1  # too few to fit anything to; the figures stand all the same
    assert list_site_cards() == ([], [])
    assert "table-own-films" in test_model_card.places(app.main)


def test_who_sits_elsewhere_is_offered_no_folder(measuring, monkeypatch):
    monkeypatch.setattr("pages.card.measure.sits_here", lambda: False)
    app = AppTest.from_file(test_model_card.PAGE, default_timeout=120)
    app.query_params["part"] = "own"
    assert not [button for button in app.run().button if button.label == "Measure"]


def test_card_page_lists_site_cards_beside_the_model_card(card_page):
    ours = keep("Ward 3", home_card().model)
    keep("Old", home_card().model, days=-1, weights_sha256="0" * 64, model="densenet121 000000")
    app = card_page("site-Ward 3")
    (table,) = [table for table in test_model_card.shown_tables(app) if table.columns[0] == "figures of"]
    assert list(table["figures of"]) == ["model card, test films", "site card Ward 3", "site card Old"]
    assert list(table["applies"]) == ["yes", "yes", "no: of densenet121 000000"]
    assert table["sensitivity"][1].startswith(f"{ours.figures.sensitivity.value:.3f} [")
    assert "table-site-cards" in test_model_card.places(app.main)
    said = test_model_card.said(app)
    assert site_card.verdict(ours.figures) in said
    assert "Not applicable: it was measured with other weights, densenet121 000000." in said
    for sentence in (*site_card.comparison_sentences(ours.figures), *site_card.fit_sentences(ours), site_card.METHOD):
        assert sentence in said
    assert str(site_cards_folder()) in said


def test_site_card_is_removed_on_the_card_page(card_page):
    keep("Ward 3", home_card().model)
    keep("Ward 4", home_card().model, days=1)
    app = card_page()
    app.button(key="remove-Ward 3").click().run()
    assert not app.exception
    assert [one.name for one in list_site_cards()[0]] == ["Ward 4"]
    assert "Ward 3" not in test_model_card.said(app)


def test_damaged_site_card_is_said_and_can_be_removed(card_page):
    site_cards_folder().mkdir(parents=True)
    (site_cards_folder() / "Old.json").write_text("{}")
    app = card_page()
    assert "The site card Old is damaged" in app.warning[0].value
    app.button(key="remove-Old").click().run()
    assert not app.warning
    assert not list(site_cards_folder().iterdir())


# The read page


@pytest.fixture(scope="module")
def reader(tiny_model):
    return Reader.load(tiny_model)


@pytest.fixture
def page(reader, tiny_model, monkeypatch):
    """The read page on a tiny model; its card's films are 100 of COVID and 400 others."""
    monkeypatch.setattr(Reader, "load", classmethod(lambda cls: reader))
    monkeypatch.setattr("pages.read.model.SHIPPED_MODEL", tiny_model)
    films = MeasuredFilms(np.arange(500) < 100, np.linspace(1, 0, 500), "test")
    monkeypatch.setattr("pages.read.operating.measured", lambda identity: films)
    return settled(AppTest.from_file(test_read_xray.APP, default_timeout=60))


files = test_read_xray.files


def told(files):
    return json.loads(files["Report, JSON"][1]())


def test_without_a_site_card_there_is_nothing_to_choose(page, reader):
    keep("Old", reader.classifier.identity, weights_sha256="0" * 64)
    upload(page, film_file())
    assert choice(page) is None
    assert "site card" not in texts(page)


def test_newest_site_card_is_used_and_named_and_can_be_left(page, reader, files):
    identity, calibration = reader.classifier.identity, reader.classifier.calibration
    keep("Older", identity, days=-1)
    ours = keep("Ward 3", identity)
    upload(page, film_file())
    assert not page.exception
    shipped = reader.read(page.session_state.tray.current.film)
    assert choice(page).value == "Ward 3"
    assert "Figures from the site card Ward 3, 120 films" in texts(page)
    assert page.slider[0].value == ours.threshold
    assert f"Sensitivity **{ours.operating_point.sensitivity.value:.3f}** [" in figures(page)
    assert "Chosen on the films of the site card Ward 3" in texts(page)
    report = told(files)
    raised = {name: p ** (calibration.temperature / ours.temperature) for name, p in shipped.probabilities.items()}
    for name in CLASS_NAMES:
        assert report["probabilities"][name] == pytest.approx(raised[name] / sum(raised.values()), abs=1e-4)
        assert report["ranges"][name][0] <= report["probabilities"][name] <= report["ranges"][name][1]
    assert report["site_card"] == "Figures from the site card Ward 3, 120 films."
    assert (report["call"]["split"], report["call"]["site_card"]) == ("own", "Ward 3")
    assert report["prediction_set"] == list(shipped.prediction_set)

    choice(page).set_value("").run()
    assert not page.exception
    assert "site card" not in texts(page)
    assert page.slider[0].value == calibration.threshold
    report = told(files)
    assert report["probabilities"] == pytest.approx(shipped.probabilities, abs=1e-4)
    assert "site_card" not in report
    assert report["call"]["split"] == "test"

    choice(page).set_value("Older").run()
    assert "Figures from the site card Older, 120 films" in texts(page)


def test_threshold_set_by_hand_is_measured_on_the_site_cards_films(page, reader):
    ours = keep("Ward 3", reader.classifier.identity)
    upload(page, film_file())
    page.slider[0].set_value(0.3).run()
    point = MeasuredFilms.of_site(ours).point(0.3)
    assert "at a threshold of 0.300. Set by hand." in texts(page)
    assert f"Specificity **{point.specificity.value:.3f}** [" in figures(page)
    choice(page).set_value("").run()  # another temperature, so the threshold set by hand no longer means the same
    assert page.slider[0].value == reader.classifier.calibration.threshold


def test_removed_site_card_is_no_longer_used(page, reader):
    keep("Ward 3", reader.classifier.identity)
    upload(page, film_file())
    assert choice(page) is not None
    next(site_cards_folder().iterdir()).unlink()
    page.run()
    assert not page.exception
    assert choice(page) is None
    assert "site card" not in texts(page)
    assert page.slider[0].value == reader.classifier.calibration.threshold


# The calculator


@pytest.fixture
def calculator(model, monkeypatch):
    return lambda query=None: test_net_benefit.opened(monkeypatch, model, query)


@pytest.fixture
def ours(model):
    return keep("Ward 3", read_card(model).model)


def state(app):
    return app.session_state["history"].now


def xray(app):
    return state(app).sensitivity_xray, state(app).cases_xray, state(app).threshold


def test_calculator_takes_the_site_cards_operating_point_and_names_it(calculator, ours, model):
    app = calculator()
    assert choice(app) is None  # typed to begin with
    test_net_benefit.choose_source(app, "card")
    assert choice(app).value == "Ward 3"
    assert xray(app) == (ours.operating_point.sensitivity.value, 40, ours.threshold)
    said = test_net_benefit.texts(app)
    assert f"Figures from the site card Ward 3, 120 films, 40 of them of COVID, by cross-validation; threshold {ours.threshold:.4f}" in said
    test_net_benefit.choose_source(app, "threshold")
    assert state(app).threshold in ours.curve.threshold
    choice(app).set_value("").run()
    assert not app.exception
    assert "site card" not in test_net_benefit.texts(app)
    assert state(app).cases_xray == read_card(model).results.classes["COVID"].support
    test_net_benefit.choose_source(app, "typed")
    assert choice(app) is None


def test_calculator_never_uses_a_site_card_of_other_weights(calculator, model):
    keep("Old", read_card(model).model, weights_sha256="0" * 64)
    app = calculator()
    test_net_benefit.choose_source(app, "card")
    assert choice(app) is None
    assert state(app).cases_xray == read_card(model).results.classes["COVID"].support


def test_link_brings_back_the_figures_that_it_was_made_with(calculator, ours, model):
    app = calculator()
    test_net_benefit.choose_source(app, "card")
    of_site = test_net_benefit.link(app)
    choice(app).set_value("").run()
    of_model = test_net_benefit.link(app)
    for query, name in ((of_site, "Ward 3"), (of_model, "")):
        app = calculator(query)
        assert choice(app).value == name
        assert test_net_benefit.link(app) == query
        assert not app.warning


def test_link_of_a_site_card_that_is_gone_keeps_its_numbers_as_typed(calculator, ours, model):
    state_of = with_point(CalculatorState(), "card", site_offer(ours).top, ours.weights_sha256)
    next(site_cards_folder().iterdir()).unlink()
    app = calculator(to_query(state_of))
    assert app.warning
    assert state(app).source == "typed"
    assert state(app).sensitivity_xray == ours.operating_point.sensitivity.value


def test_numbers_follow_when_the_site_card_is_removed_meanwhile(calculator, ours, model):
    app = calculator()
    test_net_benefit.choose_source(app, "card")
    next(site_cards_folder().iterdir()).unlink()
    app.run()
    assert not app.exception
    assert state(app).source == "card"
    assert state(app).cases_xray == read_card(model).results.classes["COVID"].support
