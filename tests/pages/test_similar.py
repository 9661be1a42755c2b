"""Similar films on the read page, run without a browser, on folders of phantoms and a tiny model."""

import os
import threading
from pathlib import Path

import cv2
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cxr_core.labels import CLASS_NAMES
from cxr_core.reading import Reader
from cxr_core.similar import build
from pages.read import shelf, similar
from pages.visitor import FOLDER
from tests.conftest import distinct_phantom
from tests.pages.test_read_xray import APP, labels, press, progress, read_first, settled, texts, upload
from tests.similar.films import folder_of

pytestmark = pytest.mark.slow

FILMS = 24
TAB = "Similar films"


@pytest.fixture(scope="module")
def reader(tiny_model: Path) -> Reader:
    return Reader.load(tiny_model)


@pytest.fixture
def page(reader: Reader, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setattr(Reader, "load", classmethod(lambda cls: reader))
    monkeypatch.setattr("pages.read.model.SHIPPED_MODEL", tiny_model)
    app = AppTest.from_file(APP, default_timeout=60)
    app.session_state.read_parts = TAB
    return settled(app)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [
        {"seed": n, "path": f"secret-{n}.png", "label": CLASS_NAMES[n % 4], "source": "web" if n < 6 else "rsna", "group": f"g{n // 2}"}
        for n in range(FILMS)
    ]
    return folder_of(tmp_path / "films", rows)


@pytest.fixture(autouse=True)
def sits_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "sits_here", lambda: True)  # such a test has no address


def film_of(folder: Path, number: int) -> tuple[str, bytes, str]:
    return "film.png", (folder / f"secret-{number}.png").read_bytes(), "image/png"


def other_film() -> tuple[str, bytes, str]:
    return "film.png", cv2.imencode(".png", (distinct_phantom(500).pixels * 255).astype(np.uint8))[1].tobytes(), "image/png"


def search_in(app: AppTest, folder: object) -> AppTest:
    app.text_input(key="similar_path").set_value(str(folder))
    return press(app, "Search in it")


def built(app: AppTest) -> AppTest:
    for label in ("Build the index", "Go on with the index"):
        if label in labels(app):
            press(app, label)
    return until_built(app)


def until_built(app: AppTest) -> AppTest:
    for _ in range(400):
        if not shelf._running().busy:
            return app.run()
        threading.Event().wait(0.05)
    raise AssertionError("it was never built")


def cards(app: AppTest) -> list[str]:
    return [one.value for one in app.caption if one.value.count("  \n") == 2 and any(name in one.value for name in ("web", "rsna"))]


def test_a_folder_is_named_its_index_is_built_and_the_nearest_films_stand_beside_the_read(page, folder):
    upload(page, other_film())
    assert not any(label.endswith("the index") for label in labels(page))
    search_in(page, folder)
    assert f"{FILMS} films, none in the index yet." in texts(page)
    assert not cards(page)
    built(page)
    assert not page.exception
    assert len(cards(page)) == 10
    told = texts(page)
    assert f"Searched: {FILMS} films." in told
    assert "come from one source, " in told
    assert "of all films here, " in told
    assert "By class: " in told
    assert "Left out" not in told
    assert "secret" not in told
    assert sum(label == "Compare" for label in labels(page)) == 10
    assert len(page.get("image")) == 10
    assert "Build the index" not in labels(page)


def test_of_a_film_of_the_folder_neither_it_nor_its_twin_is_shown_and_its_own_source_counts(page, folder):
    upload(page, film_of(folder, 4))
    built(search_in(page, folder))
    found = page.session_state.tray.current.desk.similar.found
    names = {film.path.name for film in found.neighbours}
    assert not names & {"secret-4.png", "secret-5.png"}
    assert "of its patient: 2 films." in texts(page)
    assert "from the source of this film, web" in texts(page)


def test_the_index_is_there_after_a_restart_and_nothing_of_the_film_on_screen_is_written(page, folder, tmp_path):
    upload(page, film_of(folder, 0))
    built(search_in(page, folder))
    shelf._shelves().clear()
    written = {path: path.stat().st_mtime_ns for path in [*tmp_path.rglob("*"), *cache_files()]}
    upload(page, other_film())
    search_in(page, folder)
    assert len(cards(page)) == 10
    assert "Build the index" not in labels(page)
    assert {path: path.stat().st_mtime_ns for path in [*tmp_path.rglob("*"), *cache_files()]} == written


def cache_files() -> list[Path]:
    return [path for path in Path(os.environ["XDG_CACHE_HOME"]).rglob("*") if path.is_file()]


@pytest.fixture
def step(reader, monkeypatch):
    """Let the building go on a step at a time."""
    go = threading.Semaphore(0)
    real = reader.classifier.features

    def features(films):
        assert go.acquire(timeout=60)
        return real(films)

    monkeypatch.setattr(build, "BATCH", 6)
    monkeypatch.setattr(reader.classifier, "features", features)
    yield go
    go.release(100)
    job = shelf._running().job
    if job is not None:
        job.work.cancel()
        job.work.wait(60)


def until(app: AppTest, holds) -> AppTest:
    for _ in range(400):
        if holds():
            return app
        threading.Event().wait(0.05)
        app.run()
    raise AssertionError("it never came to that")


def test_the_building_shows_how_far_it_is_is_stopped_and_gone_on_with(page, folder, step):
    upload(page, other_film())
    press(search_in(page, folder), "Build the index")
    step.release(2)
    until(page, lambda: progress(page)[0] == 50)
    assert progress(page)[1].startswith(f"12 of {FILMS} films")
    press(page, "Stop")
    step.release()
    until(page, lambda: progress(page) is None)
    assert f"18 of {FILMS} films are in the index." in texts(page)
    assert f"Searched: 18 films of {FILMS}." in texts(page)
    assert len(cards(page)) == 9  # of nine patients
    press(page, "Go on with the index")
    assert len(cards(page)) == 9  # what was there before stays while it goes on
    step.release()
    until(page, lambda: progress(page) is None)
    assert f"Searched: {FILMS} films." in texts(page)


def test_one_index_is_built_at_a_time(page, folder, tmp_path, step):
    upload(page, other_film())
    press(search_in(page, folder), "Build the index")
    second = folder_of(tmp_path / "second", [{"seed": n, "path": f"{n}.png", "label": "Normal"} for n in range(3)])
    search_in(page, second)
    assert "Another index is being built" in texts(page)
    assert "Build the index" not in labels(page)
    search_in(page, folder)
    assert progress(page) is not None  # naming it again does not lose it


@pytest.mark.parametrize(
    ("named", "sentence"),
    [("nowhere", "There is no data folder and no CSV file"), ("empty", "holds no films. Put them into folders named"), ("", "")],
)
def test_what_is_no_folder_of_films_has_its_sentence(page, tmp_path, named, sentence):
    (tmp_path / "empty").mkdir()
    upload(page, other_film())
    search_in(page, tmp_path / named if named else "")
    assert not page.exception
    assert sentence in texts(page)
    assert bool(page.error) == bool(named)
    assert not any(label.endswith("the index") for label in labels(page))


def test_a_folder_without_sources_says_so(page, phantom_data):
    upload(page, other_film())
    built(search_in(page, phantom_data))
    assert "This folder does not say where its films come from" in texts(page)
    assert sum(label == "Compare" for label in labels(page)) == 10


def test_a_file_that_is_gone_or_cannot_be_read_is_told(page, folder):
    (folder / "secret-20.png").write_bytes(b"no film")
    (folder / "secret-21.png").unlink()
    upload(page, other_film())
    built(search_in(page, folder))
    assert "Of the films of this folder 1 cannot be read and 1 are listed but not there." in texts(page)
    found = page.session_state.tray.current.desk.similar.found
    upload(page, film_of(folder, 1))
    upload(page, other_film())
    found.neighbours[0].path.unlink()
    page.session_state.tray.current.desk.similar = None
    page.run()
    assert "This film cannot be read any more." in texts(page)
    assert sum(label == "Compare" for label in labels(page)) == 9


def test_an_index_that_cannot_be_written_has_its_sentence(page, folder, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cxr_core.similar.store.Store.add", full)
    upload(page, other_film())
    built(search_in(page, folder))
    assert "The index cannot be kept in the user's cache folder: No space left on device." in texts(page)
    assert "Build the index" in labels(page)


def test_whoever_sits_elsewhere_names_no_folder_and_builds_nothing(page, folder, monkeypatch):
    monkeypatch.setattr(similar, "sits_here", lambda: False)
    upload(page, other_film())
    assert not any(box.key == "similar_path" for box in page.text_input)
    assert FOLDER in texts(page)
    monkeypatch.setenv(FOLDER, str(folder))
    page.run()
    assert "Whoever runs Second Look builds it with" in texts(page)
    assert "Build the index" not in labels(page)
    monkeypatch.setattr(similar, "sits_here", lambda: True)
    built(page.run())
    monkeypatch.setattr(similar, "sits_here", lambda: False)
    assert len(cards(page.run())) == 10


def test_who_reads_first_sees_no_similar_film_before(page, folder):
    upload(page, other_film())
    built(search_in(page, folder))
    read_first(page)
    upload(page, film_of(folder, 3))
    assert not cards(page)
    read_first(page, False)
    page.session_state.read_parts = TAB  # with the other tabs it was gone meanwhile
    assert len(cards(settled(page))) == 10


def test_nothing_is_searched_before_the_tab_is_opened(page, folder):
    upload(page, other_film())
    built(search_in(page, folder))
    page.session_state.read_parts = "Take away"
    upload(page, film_of(folder, 3))
    assert not cards(page)
    assert page.session_state.tray.current.desk.similar is None
    assert "Search in it" not in labels(page)
    page.session_state.read_parts = TAB
    page.run()
    assert page.text_input(key="similar_path").value == str(folder)
    assert len(cards(page)) == 10
