"""The worklist page, run without a browser and without a network."""

import json
import re
import sys
import threading
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from cxr_core.artifacts import ModelIdentity
from cxr_core.imaging import TOO_LARGE
from cxr_core.reporting import ReadDocument
from cxr_core.worklist import MOST_ZIP_BYTES
from pages.list import gather, table, take_away
from pages.viewer import NotTaken
from tests.worklist.faking import BLURRED, BROKEN, CALIBRATION, INVERTED, SHA256, FakeReader, drawn_read, film_png, zip_of

pytestmark = pytest.mark.slow

APP = Path(__file__).parents[2] / "app.py"
PATIENCE = 60
NORMAL = (0.1, 0.2, 0.6, 0.1)


@pytest.fixture
def reader(monkeypatch):
    """Answers in turn: COVID, Normal with a warning, refused, and then COVID again."""
    fake = FakeReader(drawn_read(), drawn_read(NORMAL, [BLURRED]), drawn_read(findings=[INVERTED]))
    identity = ModelIdentity(backbone="DenseNet121", size=192, sha256=SHA256, parameters=1)
    fake.classifier = SimpleNamespace(identity=identity, calibration=CALIBRATION)
    loaded = Future()
    loaded.set_result(fake)
    for module in ("pages.read.model", "pages.list.sitting", "pages.list.take_away", "pages.read"):
        monkeypatch.setattr(f"{module}.start_loading", lambda: loaded)
    method = SimpleNamespace(description="It looks.", paper="A paper")
    monkeypatch.setitem(sys.modules, "cxr_core.saliency.methods", SimpleNamespace(METHODS={"Grad-CAM": method}))
    return fake


@pytest.fixture
def page(reader):
    app = AppTest.from_file(APP, default_timeout=PATIENCE)
    app.run()
    return app.switch_page("pages/worklist.py").run()


def read_all(app):
    """Run until nothing waits any more: without a browser nobody looks again."""
    work = app.session_state.sitting.worklist.work
    if work is not None:
        work.wait(PATIENCE)
    app.run()
    assert not app.exception
    return app


def drop(app, *files):
    app.file_uploader[0].set_value([("secret-name.png", data, "image/png") for data in files])
    app.run()
    return read_all(app)


def four(app):
    """Films of all kinds: COVID, warned, refused, broken."""
    return drop(app, film_png(1), zip_of({"secret-b.png": film_png(2), "secret-c.png": film_png(3)}), BROKEN)


def rows(app):
    """The table, as rows by their numbers."""
    if not app.dataframe:
        return {}
    return {row["number"]: row for row in app.dataframe[0].value.to_dict("records")}


def press(app, label):
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception
    return app


def texts(app):
    return " ".join(element.value for element in [*app.caption, *app.markdown, *app.error, *app.warning, *app.info])


def sent_to(app, part):
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    return next((message for message in sent if part in message), None)


def test_empty_page_says_what_it_takes_and_what_happens_to_the_films(page):
    assert not page.exception
    assert "a zip of them" in page.file_uploader[0].label
    assert "Nothing is stored" in texts(page)
    assert rows(page) == {}


def test_dropped_films_become_rows_and_no_name_of_a_file_shows(page, reader):
    four(page)
    told = rows(page)
    assert [row["gate"] for row in told.values()] == ["read", "warned", "refused", "broken"]
    assert [row["class"] for row in told.values()] == ["COVID", "Normal", "", ""]
    assert told[1]["name"] == reader.seen[0]
    assert told[1]["called"] == "called"
    assert told[2]["note"] == BLURRED.reason
    assert told[4]["note"]
    assert "secret" not in str(page.main) + str(told)
    assert len(reader.seen) == 3


def test_filters_choose_rows(page):
    four(page)
    assert list(rows(page)) == [1, 2, 3, 4]
    page.pills[0].set_value(["COVID"])
    page.run()
    assert list(rows(page)) == [1]
    page.pills[0].set_value([])
    page.pills[1].set_value(["refused", "broken"])
    page.run()
    assert list(rows(page)) == [3, 4]
    page.pills[0].set_value(["Normal"])
    page.run()
    assert rows(page) == {}
    assert "No film fits these filters." in texts(page)


def order(app):
    """The control of the order: its box, and what its button says."""
    (box,) = [box for box in app.selectbox if box.label == "Order"]
    return box, next(button.label for button in app.button if button.label in ("Ascending", "Descending"))


def test_table_turning_and_what_is_taken_away_have_one_order(page, files):
    four(page)
    assert (order(page)[0].value, order(page)[1]) == ("number", "Ascending")
    order(page)[0].set_value("covid")
    page.run()
    assert list(rows(page)) == [1, 2, 3, 4]
    assert order(page)[1] == "Descending"
    press(page, "Descending")
    assert list(rows(page)) == [2, 1, 3, 4], "those without an answer come last either way"
    assert [line[:2] for line in files["CSV"]().splitlines()[1:]] == ["2,", "1,", "3,", "4,"]
    press(page, "Open the first")
    assert "Film 2: 1 of 4 in the list" in texts(page)
    press(page, "Next")
    assert "Film 1: 2 of 4 in the list" in texts(page)
    press(page, "List")
    click_head(page, "gate")
    assert list(rows(page)) == [1, 2, 3, 4]
    click_head(page, "gate")
    assert list(rows(page)) == [4, 3, 2, 1]
    assert (order(page)[0].value, order(page)[1]) == ("gate", "Descending")
    assert heads(page)["gate"] == "Gate ↓"
    click_head(page, "film")
    assert list(rows(page)) == [1, 2, 3, 4], "a picture has no order"


def click_head(app, column):
    """What a click on a column's head does; a page without a browser has none."""
    table._clicked(app.session_state.sitting, SimpleNamespace(columns=[column], rows=[], cells=[]), [])
    app.run()
    assert not app.exception


def heads(app):
    """What stands over each column."""
    return {name: column.get("label") for name, column in json.loads(app.dataframe[0].proto.columns).items()}


def test_a_film_is_opened_with_its_map_and_turned_from(page, reader):
    four(page)
    press(page, "Open the first")
    assert rows(page) == {}
    assert sent_to(page, "film")["caption"]["fingerprint"] == reader.seen[0]
    assert sent_to(page, "film")["maps"]["top"] == "COVID"
    assert (sent_to(page, "entries")["current"], sent_to(page, "entries")["total"]) == (0, 4)
    press(page, "Next")
    assert sent_to(page, "film")["caption"]["fingerprint"] == reader.seen[1]
    assert "2 of 4 in the list" in texts(page)
    for _ in range(2):
        press(page, "Next")
    assert sent_to(page, "film") is None
    assert "This file cannot be read" not in texts(page)
    assert "This film cannot be read" in texts(page)
    assert next(button for button in page.button if button.label == "Next").disabled
    press(page, "List")
    assert list(rows(page)) == [1, 2, 3, 4]
    assert page.session_state.sitting._desk is None, "the decoded film is not kept"


def test_the_first_film_is_opened_with_its_map_while_the_others_are_read(page, reader):
    go, at_work = threading.Event(), threading.Event()

    def meanwhile(film):
        if film.fingerprint != reader.seen[0]:
            at_work.set()
            assert go.wait(PATIENCE)

    reader.meanwhile = meanwhile
    page.file_uploader[0].set_value([("secret-name.png", film_png(seed), "image/png") for seed in (1, 2, 3)])
    page.run()
    assert at_work.wait(PATIENCE)
    page.run()
    assert [row["gate"] for row in rows(page).values()] == ["read", "waiting", "waiting"]
    press(page, "Open the first")
    assert sent_to(page, "film")["maps"]["top"] == "COVID"
    assert page.session_state.sitting.worklist.reading
    assert not go.is_set()
    go.set()
    read_all(page)
    press(page, "List")
    assert [row["gate"] for row in rows(page).values()] == ["read", "warned", "refused"]


def test_the_strip_turns_and_the_film_before_is_let_go_of(page, reader):
    four(page)
    press(page, "Open the first")
    first = page.session_state.sitting._desk
    page.session_state.sitting.turn(1)
    page.run()
    assert page.session_state.sitting._desk is not first
    assert sent_to(page, "entries")["current"] == 1
    page.session_state.sitting.turn(9)
    assert page.session_state.sitting.at == 1


def test_own_opinion_stands_beside_the_models_and_finds_what_disagrees(page):
    four(page)
    press(page, "Open the first")
    commit(page, "Normal")
    page.text_input[0].set_value("ward 3")
    page.run()
    press(page, "List")
    assert (rows(page)[1]["own"], rows(page)[1]["class"], rows(page)[1]["name"]) == ("Normal", "COVID", "ward 3")
    next(toggle for toggle in page.toggle if toggle.label == "Disagrees with me").set_value(True)
    page.run()
    assert list(rows(page)) == [1]
    assert not page.session_state.sitting.worklist.entries[0].opinion.before_reveal


def commit(app, class_name):
    pills = {pill.label: pill for pill in app.pills}
    pills["What is it?"].set_value(class_name)
    pills["How sure are you?"].set_value("sure")
    press(app, "Commit")


def test_who_reads_first_sees_nothing_of_the_model_until_an_opinion_is_given(page, files):
    next(toggle for toggle in page.toggle if toggle.label == "Read first").set_value(True)
    page.run()
    four(page)
    assert [row["class"] for row in rows(page).values()] == ["your read first", "your read first", "", ""]
    assert [row[:2] for row in files["CSV"]().splitlines()[1:]] == ["3,", "4,"], "films without an answer"
    press(page, "Open the first")
    assert sent_to(page, "film")["maps"] is None
    commit(page, "COVID")
    assert sent_to(page, "film")["maps"]["top"] == "COVID"
    press(page, "List")
    assert rows(page)[1]["class"] == "COVID"
    assert rows(page)[2]["class"] == "your read first"
    assert page.session_state.sitting.worklist.entries[0].opinion.before_reveal


def test_a_refused_film_is_shown_on_request_and_then_in_the_table_too(page):
    four(page)
    press(page, "Open the first")
    for _ in range(2):
        press(page, "Next")
    assert "refused by the input gate" in texts(page)
    press(page, "Show anyway")
    press(page, "List")
    assert rows(page)[3]["class"] == "COVID"
    assert rows(page)[3]["called"] == ""


@pytest.fixture
def files(monkeypatch):
    """What stands behind each download button."""
    made = {}
    real = take_away.st.download_button

    def record(label, data, **options):
        made[label] = data
        return real(label, data, **options)

    monkeypatch.setattr(take_away.st, "download_button", record)
    return made


def test_the_films_of_the_table_are_taken_away(page, files):
    four(page)
    documents = [ReadDocument.model_validate_json(line) for line in files["JSON lines"]().splitlines()]
    assert [document.file for document in documents] == ["Film 1", "Film 2", "Film 3", "Film 4"]
    assert files["CSV"]().count("\n") == 5
    page.pills[0].set_value(["COVID"])
    page.run()
    assert files["CSV"]().count("\n") == 2
    press(page, "Make a PDF")
    page.session_state.sitting.book.wait(PATIENCE)
    page.run()
    assert files["PDF, 1 page"]().startswith(b"%PDF")
    press(page, "Discard")
    assert page.session_state.sitting.book is None


@pytest.fixture
def here(monkeypatch):
    """Let the browser be on the server's computer, or elsewhere."""
    headers = {"Host": "localhost:8501"}
    monkeypatch.setattr(gather.st, "context", SimpleNamespace(ip_address=None, headers=headers, theme=SimpleNamespace(type="light")))
    return headers


def test_a_folder_is_read_where_it_is(page, reader, here, tmp_path):
    for number in (10, 2):
        (tmp_path / f"secret-{number}.png").write_bytes(film_png(number))
    name_folder(page.run(), str(tmp_path / "none"))
    assert "no such folder" in texts(page)
    name_folder(page, str(tmp_path))
    read_all(page)
    assert list(rows(page)) == [1, 2]
    assert page.session_state.sitting.worklist.held == 0
    assert "secret" not in str(page.main)
    assert page.text_input[0].value == ""
    assert reader.seen[0] == rows(page)[1]["name"]


def name_folder(app, path):
    app.text_input[0].set_value(path)
    press(app, "Read it")


@pytest.mark.parametrize(
    "headers",
    [{"Host": "films.example.org"}, {"Host": "localhost:8501", "X-Forwarded-For": "10.0.0.7"}, {"Host": "127.0.0.1.example.org"}, {}],
)
def test_who_sits_elsewhere_cannot_name_a_folder(page, here, headers):
    assert "Or name a folder or a zip archive on this computer" in [box.label for box in page.run().text_input]
    here.clear()
    here.update(headers)
    assert not page.run().text_input


def test_reading_is_stopped_and_gone_on_with(page, reader):
    stopped = []

    def stop(film):
        if not stopped:
            stopped.append(film)
            page.session_state.sitting.worklist.cancel()

    reader.meanwhile = stop
    four(page)
    assert [row["gate"] for row in rows(page).values()] == ["read", "waiting", "waiting", "waiting"]
    assert "1 of 4 films read." in texts(page)
    press(page, "Go on reading")
    read_all(page)
    assert [row["gate"] for row in rows(page).values()] == ["read", "warned", "refused", "broken"]


def test_what_could_never_be_read_has_its_sentence_until_the_next_drop(page, here):
    four(page)
    sitting = page.session_state.sitting
    gather._refuse(sitting, NotTaken(films=1, folders=1))
    assert TOO_LARGE in texts(page.run())
    assert "A folder was dropped." in texts(page)
    drop(page, film_png(9))
    assert TOO_LARGE not in texts(page)
    gather._refuse(sitting, NotTaken(films=1, others=True))
    drop(page, film_png(8))
    assert TOO_LARGE in texts(page), "the others of the same drop came afterwards"


def test_who_drops_too_large_an_archive_hears_what_to_do(page, here):
    gather._refuse(page.session_state.sitting, NotTaken(zips=1))
    assert "at most 500 MB are taken. Drop its films in several archives, or type its path." in texts(page.run())
    here.clear()
    gather._refuse(page.session_state.sitting, NotTaken(zips=1, folders=1))
    assert "in several archives." in texts(page.run()), "elsewhere no path can be typed"
    assert "or a zip archive of them." in texts(page)


def test_an_archive_larger_than_the_zone_takes_is_refused_whatever_the_browser_let_through(page, monkeypatch):
    monkeypatch.setattr(gather, "MOST_ZIP_BYTES", 2**20)
    page.run()
    drop(page, b"PK\x03\x04" + bytes(2**20), film_png(1))
    assert "The zip archive is too large" in texts(page)
    assert list(rows(page)) == [1]


def test_the_server_takes_what_the_drop_zone_does(page):
    (bound,) = re.findall(r"(?m)^maxUploadSize = (\d+)", (APP.parent / ".streamlit" / "config.toml").read_text())
    assert int(bound) * 2**20 == MOST_ZIP_BYTES
    assert page.file_uploader[0].proto.max_upload_size_mb * 2**20 == MOST_ZIP_BYTES


def test_all_films_are_forgotten(page):
    four(page)
    press(page, "Remove all")
    assert rows(page) == {}
    assert page.session_state.sitting.worklist.entries == []


def test_films_stay_while_another_page_is_looked_at(page):
    four(page)
    page.switch_page("pages/model_card.py").run()
    page.switch_page("pages/worklist.py").run()
    assert list(rows(page)) == [1, 2, 3, 4]
