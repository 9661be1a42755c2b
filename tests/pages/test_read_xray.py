"""The read page, run without a browser, on the shipped model."""

import io
import json
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cxr_core.card import WeightsMissingError
from cxr_core.imaging import draw_phantom
from cxr_core.labels import CLASS_NAMES
from cxr_core.reading import Read, Reader

pytestmark = pytest.mark.slow

APP = Path(__file__).parents[2] / "app.py"


def film_file(seed: int = 1) -> tuple[str, bytes, str]:
    buffer = io.BytesIO()
    Image.fromarray(np.rint(draw_phantom(300, 260, seed).pixels * 255).astype(np.uint8)).save(buffer, "PNG")
    return f"film-{seed}.png", buffer.getvalue(), "image/png"


@pytest.fixture
def reads(shipped: Reader, monkeypatch: pytest.MonkeyPatch) -> list[Read]:
    """Every read that the page asks the model for, in order."""
    done: list[Read] = []
    real = shipped.read

    def spy(film):
        done.append(real(film))
        return done[-1]

    monkeypatch.setattr(shipped, "read", spy)
    monkeypatch.setattr(Reader, "load", classmethod(lambda cls: shipped))
    return done


@pytest.fixture
def page(reads: list[Read]) -> AppTest:
    return settled(AppTest.from_file(APP, default_timeout=60))


def settled(app: AppTest) -> AppTest:
    """Run until the model is loaded: without a browser nobody polls for it."""
    app.run()
    for _ in range(100):
        if app.exception or not any("Loading the model" in info.value for info in app.info):
            return app
        app.run()
    raise AssertionError("the model never loaded")


def upload(app: AppTest, file: tuple[str, bytes, str] | None) -> AppTest:
    app.file_uploader[0].set_value(file)
    return settled(app)


def texts(app: AppTest) -> str:
    return " ".join(element.value for element in [*app.caption, *app.markdown, *app.error, *app.info])


def viewer(app: AppTest) -> dict | None:
    """What the browser's viewer was sent, if there is one."""
    found = app.get("bidi_component")
    return json.loads(found[0].proto.json) if found else None


def look(app: AppTest, **parts) -> AppTest:
    """Do what the viewer does when something is set there."""
    sent = viewer(app)
    key = f"viewer_{sent['film']['key']}"
    app.session_state[key] = {"view": {**sent["start"], **app.session_state[key]["view"], **parts}}
    return app.run()


def test_empty_page_says_what_it_takes_and_what_happens_to_the_film(page):
    assert not page.exception
    assert "PNG, JPEG or DICOM" in page.file_uploader[0].label
    assert "stays in the memory of this computer" in texts(page)
    assert "Not a medical device" in texts(page)


def test_dropped_film_is_read_once_and_maps_switch_without_another_pass(page, reads):
    upload(page, film_file())
    assert not page.exception
    assert len(reads) == 1
    sent = viewer(page)
    assert sent["maps"]["top"] == reads[0].top_class
    for name in CLASS_NAMES:
        look(page, shown=name, opacity=80)
        assert page.get("download_button")[0].proto.label == "Save the picture"
    look(page, level=35, width=60, invert=True, mirror=True, side_by_side=True)
    assert not page.exception
    assert viewer(page) == sent
    assert len(reads) == 1


def test_film_facts_and_version_are_shown(page, reads):
    upload(page, film_file())
    assert "PNG 260 x 300, 8 bit" in texts(page)
    assert reads[0].device in texts(page)
    assert any(reads[0].model in link.label for link in page.get("page_link")) or reads[0].model in str(page.main)


def test_film_beyond_the_screens_resolution_says_how_it_is_shown(page):
    large = io.BytesIO()
    grey = np.tile(np.linspace(0, 255, 4096).astype(np.uint8), (512, 1))
    Image.fromarray(grey).save(large, "PNG")
    upload(page, film_file())
    assert "shown at" not in texts(page)
    upload(page, ("large.png", large.getvalue(), "image/png"))
    assert "PNG 4096 x 512, 8 bit · shown at 2048 x 256" in texts(page)


def test_film_is_looked_at_as_before_after_a_look_at_the_model_card(page, reads):
    upload(page, film_file())
    look(page, opacity=80, level=35, mirror=True)
    page.switch_page("pages/model_card.py").run()
    assert viewer(page) is None
    page.switch_page("pages/read_xray.py").run()
    start = viewer(page)["start"]
    assert (start["shown"], start["opacity"], start["level"], start["mirror"]) == (reads[0].top_class, 80, 35, True)
    assert len(reads) == 1


def test_another_film_replaces_the_first(page, reads):
    upload(page, film_file(1))
    upload(page, film_file(2))
    assert len(reads) == 2
    assert reads[0].probabilities != reads[1].probabilities
    assert viewer(page)["maps"]["top"] == reads[1].top_class


def test_clearing_brings_the_empty_page_back_and_the_same_film_can_be_dropped_again(page, reads):
    upload(page, film_file())
    upload(page, None)
    assert viewer(page) is None
    assert "Drop a frontal chest X-ray" in page.file_uploader[0].label
    upload(page, film_file())
    assert len(reads) == 2
    assert viewer(page)["maps"]


def test_text_file_named_png_is_refused_in_a_sentence(page, reads):
    upload(page, ("notes.png", b"not a picture", "image/png"))
    assert [error.value for error in page.error] == ["The file is not an image, whatever its name says. Choose a PNG, JPEG or DICOM file."]
    assert not reads
    upload(page, film_file())
    assert not page.error
    assert len(reads) == 1


def test_refused_file_leaves_the_film_before_it_on_screen(page, reads):
    upload(page, film_file())
    upload(page, ("notes.png", b"not a picture", "image/png"))
    assert "The film on screen is the one before." in page.error[0].value
    assert viewer(page)["maps"]
    assert len(reads) == 1


def test_removing_a_refused_file_leaves_the_film_on_screen(page, reads):
    page.button[0].click()
    settled(page)
    upload(page, ("notes.png", b"not a picture", "image/png"))
    upload(page, None)
    assert not page.error
    assert "Phantom, not a patient" in texts(page)


def test_phantom_is_read_and_labelled(page, reads):
    page.button[0].click()
    settled(page)
    assert "Phantom, not a patient" in texts(page)
    assert len(reads) == 1


def test_phantom_gives_way_to_a_dropped_film(page, reads):
    page.button[0].click()
    settled(page)
    upload(page, film_file())
    assert "Phantom" not in texts(page)
    assert len(reads) == 2


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (WeightsMissingError("The weights file is missing. Restore it."), "The weights file is missing. Restore it."),
        (MemoryError("patient at /secret/path"), "The model could not be loaded. The terminal says why."),
    ],
)
def test_failed_load_gives_a_sentence_and_a_way_to_try_again(monkeypatch, caplog, error, sentence):
    def fail(cls):
        raise error

    monkeypatch.setattr(Reader, "load", classmethod(fail))
    app = AppTest.from_file(APP, default_timeout=60)
    app.run()
    app.button[0].click()
    settled(app)
    assert not app.exception
    app.run()
    assert app.error[0].value == sentence
    assert viewer(app)["maps"] is None
    assert [record.getMessage() for record in caplog.records if "loading" in record.getMessage()] == ["loading the model failed"]
    assert any(button.label == "Load the model again" for button in app.button)


def test_film_is_on_screen_while_the_model_loads(monkeypatch):
    waiting: Future[Reader] = Future()
    monkeypatch.setattr("concurrent.futures.ThreadPoolExecutor.submit", lambda self, load: waiting)
    app = AppTest.from_file(APP, default_timeout=60)
    app.run()
    app.button[0].click()
    app.run()
    assert not app.exception
    assert "Loading the model" in app.info[0].value
    assert "Phantom" in texts(app)
    assert viewer(app)["film"]["grey"]
    assert viewer(app)["maps"] is None


@pytest.fixture(autouse=True)
def _fresh_server_caches():
    import streamlit as st

    st.cache_resource.clear()
    yield
    st.cache_resource.clear()
