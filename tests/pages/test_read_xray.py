"""The read page, run without a browser, on a tiny model."""

import importlib
import io
import json
import threading
import time
import zipfile
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.testing.v1 import AppTest

from cxr_core.artifacts import WeightsMissingError
from cxr_core.calibration import MeasuredFilms, elsewhere_sentence
from cxr_core.calibration.sentences import RULES
from cxr_core.gate import Finding, GateOutcome
from cxr_core.imaging import MAX_FILE_BYTES, TOO_LARGE, WHOLE_FILM, draw_phantom, placement
from cxr_core.labels import CLASS_NAMES, in_words
from cxr_core.lungs import LungFields
from cxr_core.reading import Read, Reader
from cxr_core.reporting import ReadDocument
from cxr_core.saliency import CAVEAT
from pages.read.films import A_FOLDER, ZIP_TOO_LARGE
from tests.cards import drawn_card
from tests.dicoms import dicom_bytes, levels
from tests.imaging.test_dicom_identity import MARKS, planted_file

take_away = importlib.import_module("pages.read.take_away")  # the package has a function of this name

pytestmark = pytest.mark.slow

APP = Path(__file__).parents[2] / "app.py"
INVERTED = GateOutcome((Finding("inverted", "refused", "Black and white are exchanged."),))
BLURRED = GateOutcome((Finding("blurred", "warning", "The film is not sharp."),))


def film_file(seed: int = 1) -> tuple[str, bytes, str]:
    buffer = io.BytesIO()
    Image.fromarray(np.rint(draw_phantom(300, 260, seed).pixels * 255).astype(np.uint8)).save(buffer, "PNG")
    return f"film-{seed}.png", buffer.getvalue(), "image/png"


@pytest.fixture(scope="module")
def reader(tiny_model: Path) -> Reader:
    return Reader.load(tiny_model)


@pytest.fixture
def reads(reader: Reader, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> list[Read]:
    """Every read that the page asks the model for, in order."""
    done: list[Read] = []
    real = reader.read

    def spy(film):
        done.append(real(film))
        return done[-1]

    monkeypatch.setattr(reader, "read", spy)
    monkeypatch.setattr(Reader, "load", classmethod(lambda cls: reader))
    monkeypatch.setattr("pages.read.model.SHIPPED_MODEL", tiny_model)
    return done


@pytest.fixture
def gate(reader: Reader, monkeypatch: pytest.MonkeyPatch):
    """Let the input gate say something of every film from now on."""
    return lambda outcome: monkeypatch.setattr(reader, "gate", SimpleNamespace(judge=lambda *_: outcome))


@pytest.fixture
def reading_as(reader: Reader, reads: list[Read], monkeypatch: pytest.MonkeyPatch):
    """Change parts of every read from now on."""
    real = reader.read

    def change(**parts):
        monkeypatch.setattr(reader, "read", lambda film: replace(real(film), **parts))

    return change


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Test films: 100 of COVID with a probability of 0.01 to 1, 400 others of 0 to 0.5."""
    is_covid = np.arange(500) < 100
    probability = np.concatenate([np.linspace(0.01, 1, 100), np.linspace(0, 0.5, 400)])
    monkeypatch.setattr("pages.read.operating.measured", lambda identity: MeasuredFilms(is_covid, probability, "test"))


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch):
    """Make the file behind a download button; the names of all, with their buttons."""
    made = {}
    real = take_away._download

    def record(label, make, name, *rest):
        made[label] = (name, make)
        real(label, make, name, *rest)

    monkeypatch.setattr(take_away, "_download", record)
    return made


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


def upload(app: AppTest, *files: tuple[str, bytes, str]) -> AppTest:
    app.file_uploader[0].set_value(list(files))
    return settled(app)


def texts(app: AppTest) -> str:
    return " ".join(element.value for element in [*app.caption, *app.markdown, *app.error, *app.warning, *app.info])


def viewer(app: AppTest) -> dict | None:
    """What the browser's viewer was sent, if there is one."""
    return sent_to(app, "film")


def strip(app: AppTest) -> dict | None:
    """What the strip of films was sent, if there is one."""
    return sent_to(app, "entries")


def sent_to(app: AppTest, part: str) -> dict | None:
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    return next((message for message in sent if part in message), None)


def turn(app: AppTest, place: int) -> AppTest:
    """Put another film on screen, as the strip does; the first is 0."""
    app.session_state.tray.turn(place)
    return settled(app)


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return settled(app)


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def bars(app: AppTest) -> str | None:
    """What is said of the chart to those who do not see it, if it is there."""
    found = app.get("plotly_chart")
    return found[0].proto.alt if found else None


def choose(app: AppTest, label: str, value: str) -> AppTest:
    next(box for box in app.selectbox if box.label == label).set_value(value)
    return app.run()


def read_first(app: AppTest, on: bool = True) -> AppTest:
    app.toggle[0].set_value(on)
    return app.run()


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
    look(page, level=35.0, width=60.0, rotate=90, invert=True, mirror=True, side_by_side=True)
    assert not page.exception
    assert viewer(page) == sent
    assert len(reads) == 1


def test_film_facts_and_version_are_shown(page, reads):
    upload(page, film_file())
    assert "PNG 260 x 300, 8 bit" in texts(page)
    assert reads[0].device in texts(page)
    assert any(reads[0].model in link.label for link in page.get("page_link")) or reads[0].model in str(page.main)


def test_facts_tell_how_a_dicom_was_taken_only_where_the_file_does(page, reads):
    tags = {"ViewPosition": "PA", "ImageLaterality": "U", "PatientOrientation": ["R", "F"]}
    upload(page, ("film.dcm", dicom_bytes(levels(), bits=12, **tags), "application/dicom"))
    assert (
        "12 bit · view PA · laterality unpaired · rows to the patient's right, columns to the feet · no usable window in the file"
        in texts(page)
    )
    assert "stored mirrored" in texts(page)
    upload(page, ("film.dcm", dicom_bytes(levels(), bits=12), "application/dicom"))
    assert "12 bit · no usable window in the file" in texts(page)


def test_all_pixels_of_a_large_film_are_sent_once_it_is_zoomed_that_far(page):
    large = io.BytesIO()
    grey = np.tile(np.linspace(0, 255, 4096).astype(np.uint8), (512, 1))
    Image.fromarray(grey).save(large, "PNG")
    upload(page, ("large.png", large.getvalue(), "image/png"))
    assert "PNG 4096 x 512, 8 bit" in texts(page)
    sent = viewer(page)
    assert (sent["film"]["width"], sent["native"]) == (2048, None)
    look(page, native=True)
    assert viewer(page)["native"]["width"] == 4096
    assert viewer(page)["film"]["url"] == sent["film"]["url"]
    upload(page, film_file())
    look(page, native=True)
    assert viewer(page)["native"] is None  # all of a small film was sent at once


def test_film_is_looked_at_as_before_after_a_look_at_the_model_card(page, reads):
    upload(page, film_file())
    look(page, opacity=80, level=35.0, width=90.0, mirror=True)
    page.switch_page("pages/model_card.py").run()
    assert viewer(page) is None
    page.switch_page("pages/read_xray.py").run()
    start = viewer(page)["start"]
    assert (start["shown"], start["opacity"], start["level"], start["mirror"]) == (reads[0].top_class, 80, 35, True)
    assert len(reads) == 1


def test_another_film_leaves_the_first_in_the_strip_with_its_read(page, reads):
    upload(page, film_file(1))
    assert strip(page) is None
    upload(page, film_file(2))
    assert len(reads) == 2
    assert viewer(page)["maps"]["top"] == reads[1].top_class
    assert (strip(page)["current"], strip(page)["total"]) == (1, 2)
    assert all(entry["picture"].startswith("data:image/png;base64,") for entry in strip(page)["entries"])
    shown = bars(page)
    turn(page, 0)
    assert (strip(page)["current"], len(reads)) == (0, 2)
    assert viewer(page)["maps"]["top"] == reads[0].top_class
    assert bars(page) != shown
    press(page, "Remove film")
    assert strip(page) is None
    assert bars(page) == shown
    assert len(reads) == 2


def test_several_films_come_together_and_can_be_removed_together(page, reads):
    upload(page, *(film_file(seed) for seed in (1, 2, 3)))
    assert (strip(page)["current"], strip(page)["total"]) == (0, 3)
    assert len(reads) == 1  # the others when it is their turn
    for place in (1, 2, 0, 1):
        turn(page, place)
    assert len(reads) == 3
    assert [entry["told"] for entry in strip(page)["entries"]] == [f"Film {number}, read" for number in (1, 2, 3)]
    press(page, "Remove all")
    assert viewer(page) is strip(page) is None
    assert not page.session_state.tray.places


def test_among_several_files_a_refused_one_keeps_its_place_and_its_sentence(page, reads):
    upload(page, film_file(1), ("notes.png", b"not a picture", "image/png"), film_file(2))
    page.run()
    page.session_state.tray.places[1].develop()
    page.run()
    assert [error.value.split(":")[0] for error in page.error] == ["Film 2"]
    assert viewer(page)["maps"]
    turn(page, 1)
    assert viewer(page) is bars(page) is None
    assert page.error[0].value.startswith("**This file cannot be read.** The file is not an image")
    assert [entry["refused"] for entry in strip(page)["entries"]] == [False, True, False]
    turn(page, 2)
    assert viewer(page)["maps"]
    assert len(reads) == 2


def test_too_large_file_and_folder_get_their_sentences(page, reads):
    upload(page, film_file())
    page.session_state.tray.take((), [TOO_LARGE, A_FOLDER])
    page.run()
    assert viewer(page) is None
    assert [error.value for error in page.error] == [f"**This file cannot be read.** {TOO_LARGE}", f"Film 3: {A_FOLDER}"]
    page.session_state.tray.coming.append(TOO_LARGE)  # of a drop whose other file is being uploaded
    upload(page, film_file(2))
    assert [error.value for error in page.error] == [f"Film 3: {TOO_LARGE}"]
    assert viewer(page)["maps"]


def test_what_is_too_large_is_not_handed_over_whatever_the_browser_let_through(page, reads, monkeypatch):
    kept = []
    real = MemoryUploadedFileManager.remove_file
    monkeypatch.setattr(MemoryUploadedFileManager, "remove_file", lambda self, *file: kept.append(self.file_storage) or real(self, *file))
    large = bytes(MAX_FILE_BYTES + 1)
    zipped = ("DOE^JANE.zip", b"PK\x03\x04" + large, "application/zip")
    upload(page, zipped, ("DOE^JANE.png", large, "image/png"), film_file())
    assert [error.value for error in page.error] == [f"Film 2: {TOO_LARGE}", f"Film 3: {ZIP_TOO_LARGE}"]
    assert viewer(page)["maps"]
    upload(page, zipped)
    assert [error.value for error in page.error] == [f"**This file cannot be read.** {ZIP_TOO_LARGE}"]
    assert not any(files for files in kept[-1].values())


def test_oldest_films_make_room(page, reads, monkeypatch):
    monkeypatch.setattr("pages.read.tray.MOST_FILMS", 2)
    upload(page, film_file(1))
    upload(page, film_file(2), film_file(3), film_file(4))
    assert strip(page)["total"] == 2
    assert "At most 2 films are taken at a time: 1 were left out." in page.warning[0].value
    upload(page, film_file(5))
    assert (strip(page)["current"], strip(page)["total"]) == (1, 2)
    assert "the oldest were removed" in page.warning[0].value


def test_label_and_fingerprint_name_the_film_everywhere_and_its_file_name_nowhere(page, reads, files):
    upload(page, ("QUIXOTE.png", *film_file(1)[1:]))
    fingerprint = page.session_state.tray.current.film.fingerprint
    assert viewer(page)["caption"] == {"label": "", "fingerprint": fingerprint}
    assert files["Report, PDF"][0] == f"second-look-{fingerprint}.pdf"
    page.text_input[0].set_value(" Case 7/A ").run()
    assert viewer(page)["caption"] == {"label": "Case 7/A", "fingerprint": fingerprint}
    assert {name for name, _ in files.values()} == {f"second-look-{fingerprint}-case-7-a{end}" for end in ("-film.png", ".pdf", ".json")}
    report = ReadDocument.model_validate_json(files["Report, JSON"][1]())
    assert (report.label, report.film.fingerprint) == ("Case 7/A", fingerprint)
    upload(page, film_file(2))
    assert viewer(page)["caption"]["label"] == ""
    assert [entry["name"] for entry in strip(page)["entries"]] == ["Case 7/A", "2"]
    turn(page, 0)
    assert page.text_input[0].value == "Case 7/A"
    for label, in_name in (("Müller", "-muller"), ("肺", "")):
        page.text_input[0].set_value(label).run()
        assert {name for name, _ in files.values()} >= {f"second-look-{fingerprint}{in_name}.pdf"}
    assert "QUIXOTE" not in str(page.main)


def test_clearing_brings_the_empty_page_back_and_the_same_film_can_be_dropped_again(page, reads):
    upload(page, film_file())
    press(page, "Remove film")
    assert viewer(page) is None
    assert "Drop frontal chest X-rays" in page.file_uploader[0].label
    upload(page, film_file())
    assert len(reads) == 2
    assert viewer(page)["maps"]


def test_same_film_dropped_again_has_the_default_method_in_widget_and_viewer(page, reads, reader, monkeypatch):
    monkeypatch.setattr(reader, "explain", lambda film, method, class_name, on_step: np.ones((6, 6), np.float32))
    upload(page, film_file())
    choose(page, "Saliency method", "SmoothGrad")
    until(page, lambda: viewer(page)["maps"]["method"] == "SmoothGrad")
    upload(page, film_file())
    assert viewer(page)["maps"]["method"] == "Grad-CAM"
    assert next(box for box in page.selectbox if box.label == "Saliency method").value == "Grad-CAM"


def test_film_that_does_not_fit_into_memory_has_its_sentence_and_the_one_before_is_in_the_strip(page, reads, monkeypatch):
    upload(page, film_file(1))

    def exhausted(*_):
        raise MemoryError

    monkeypatch.setattr("cxr_core.imaging.decode._samples", exhausted)
    upload(page, film_file(2))
    assert not page.exception
    assert "does not fit into the free memory" in page.error[0].value
    assert viewer(page) is None
    turn(page, 0)
    assert viewer(page)["maps"]["top"] == reads[0].top_class


def test_film_dropped_on_the_drop_zone_that_a_run_is_replacing_is_taken():
    def app():
        import streamlit as st

        from pages.read import drop_zone

        drop_zone("Films")
        st.session_state.uploads = 7  # the next run draws another drop zone; this one is still in the browser

    page = upload(AppTest.from_function(app).run(), film_file())
    assert len(page.session_state.tray.places) == 1
    assert page.session_state.tray.current.film is not None


def test_file_is_forgotten_once_the_film_is_on_screen(page, reads, monkeypatch):
    kept = []
    real = MemoryUploadedFileManager.remove_file
    monkeypatch.setattr(
        MemoryUploadedFileManager, "remove_file", lambda self, session, file: kept.append(self.file_storage) or real(self, session, file)
    )
    for file in (film_file(), ("DOE^JANE.png", b"not a picture", "image/png")):
        upload(page, file)
        assert page.file_uploader[0].value in (None, [])
        assert not any(files for files in kept[-1].values())
    assert len(kept) == 2
    assert not any(place.source for place in page.session_state.tray.places)  # nor is a file kept there
    turn(page, 0)
    assert viewer(page)["maps"]


def test_text_file_named_png_is_refused_in_a_sentence(page, reads):
    upload(page, ("notes.png", b"not a picture", "image/png"))
    assert [error.value for error in page.error] == ["The file is not an image, whatever its name says. Choose a PNG, JPEG or DICOM file."]
    assert not reads
    upload(page, film_file())
    assert not page.error
    assert len(reads) == 1


def test_nothing_of_the_film_before_stands_beside_a_refused_file(page, reads):
    upload(page, film_file())
    upload(page, ("notes.png", b"not a picture", "image/png"))
    assert "**This file cannot be read.** The file is not an image" in page.error[0].value
    assert viewer(page) is bars(page) is None
    assert "Read in" not in texts(page)
    turn(page, 0)
    assert viewer(page)["maps"]
    assert len(reads) == 1


def test_what_was_said_of_a_refused_file_goes_with_the_next_film(page, reads):
    upload(page, film_file(1))
    upload(page, ("notes.png", b"not a picture", "image/png"))
    assert page.error
    upload(page, film_file(2))
    assert not page.error
    press(page, "Remove all")
    upload(page, ("notes.png", b"not a picture", "image/png"))
    assert page.error
    press(page, "Try the phantom")
    assert not page.error


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


# The input gate


def test_film_that_the_gate_lets_pass_is_shown_with_a_quiet_line(page, reads):
    upload(page, film_file())
    assert reads[0].gate.outcome == "read"
    assert "refused" not in texts(page)
    assert "Read with a warning" not in texts(page)
    assert "The input gate found a whole, upright, frontal chest film." in texts(page)


def test_warning_stands_above_the_bars(page, reads, gate):
    gate(BLURRED)
    upload(page, film_file())
    assert "The film is not sharp." in page.warning[0].value
    assert bars(page)
    assert viewer(page)["maps"]
    assert "Show anyway" not in labels(page)


def test_refused_film_shows_nothing_of_the_read_until_it_is_asked_for(page, reads, gate, files):
    gate(INVERTED)
    upload(page, film_file())
    assert "Black and white are exchanged." in page.error[0].value
    assert bars(page) is None
    assert viewer(page)["maps"] is None
    assert not any(name in texts(page) for name in ("Called COVID", "Not called", "fits", "cannot tell"))
    assert list(files) == ["Report, PDF", "Report, JSON"]
    report = ReadDocument.model_validate_json(files["Report, JSON"][1]())
    assert report.gate.outcome == "refused"
    assert (report.probabilities, report.prediction_set, report.call, report.saliency) == (None, None, None, None)

    assert "Not read" in page.error[0].value
    assert "**What to try:** Invert the picture" in page.error[0].value
    assert "Read in" not in texts(page)

    press(page, "Show anyway")
    assert "do not rely on it.**  \n**What it saw:** Black and white are exchanged.  \n**What to try:** Invert" in page.error[0].value
    assert "Read in" not in texts(page)
    assert bars(page)
    assert viewer(page)["maps"]
    assert len(reads) == 1
    report = ReadDocument.model_validate_json(files["Report, JSON"][1]())
    assert report.gate.outcome == "refused"
    assert report.probabilities["COVID"] == pytest.approx(reads[0].probabilities["COVID"], abs=1e-6)
    assert (report.prediction_set, report.call) == (None, None)
    assert "No prediction set for a refused film" in texts(page)
    assert "No call for a refused film" in texts(page)
    look(page, opacity=80)
    assert bars(page)


def test_next_film_undoes_show_anyway(page, reads, gate):
    gate(INVERTED)
    upload(page, film_file(1))
    press(page, "Show anyway")
    upload(page, film_file(2))
    assert bars(page) is None
    assert "Show anyway" in labels(page)
    upload(page, film_file(1))
    assert bars(page) is None


def test_phantom_is_shown_whatever_the_gate_says_and_the_gate_is_quoted(page, reads, gate):
    gate(INVERTED)
    press(page, "Try the phantom")
    assert "Phantom, not a patient: the model's answer means nothing." in page.warning[0].value
    assert "The input gate would refuse it: Black and white are exchanged." in texts(page)
    assert bars(page)
    assert viewer(page)["maps"]


# Calibrated probabilities


def test_bars_have_whiskers_and_say_their_numbers(page, reads):
    upload(page, film_file())
    read = reads[0]
    assert bars(page) == "Class probabilities: " + ", ".join(f"{in_words(name)} {p:.2f}" for name, p in read.probabilities.items())
    drawn = json.loads(page.get("plotly_chart")[0].proto.spec)["data"]
    spans = [trace["error_x"] for trace in drawn if "error_x" in trace]
    assert spans
    assert spans[0]["array"] == pytest.approx([read.high[name] - read.probabilities[name] for name in CLASS_NAMES])


@pytest.mark.parametrize(
    ("classes", "sentence", "prominent"),
    [
        (("COVID",), "The prediction set holds COVID alone.", False),
        (("Normal",), "COVID is the most probable class, but less probable here than on most films of that class; Normal cannot", True),
        (("COVID", "Lung_Opacity"), "The model cannot tell COVID from Lung opacity here.", True),
        ((), "None of the four fits", True),
    ],
)
def test_set_is_said_and_stands_out_where_it_is_not_one_class(page, reading_as, classes, sentence, prominent):
    probabilities = dict(zip(CLASS_NAMES, (0.4, 0.3, 0.2, 0.1), strict=True))
    reading_as(prediction_set=classes, probabilities=probabilities, low=probabilities, high=probabilities)
    upload(page, film_file())
    assert sentence in texts(page)
    assert any(sentence in info.value for info in page.info) == prominent


# The operating point


def figures(app: AppTest) -> str:
    return next(element.value for element in app.markdown if "Sensitivity" in element.value)


def test_default_threshold_is_the_models_and_named_with_its_rule(page, reader, measured):
    upload(page, film_file())
    point = reader.classifier.calibration.operating_point
    assert page.slider[0].value == point.threshold
    assert RULES[point.rule] in texts(page)
    assert "Use in PCR or X-ray?" in labels(page)


def test_how_often_the_model_is_right_elsewhere_stands_before_the_call(page, reading_as, reader, measured, monkeypatch):
    card = drawn_card()[0].model_copy(update={"model": reader.classifier.identity})
    monkeypatch.setattr("pages.read.model._card", lambda: card)
    reading_as(probabilities={"COVID": 0.7, "Lung_Opacity": 0.1, "Normal": 0.1, "Viral Pneumonia": 0.1})
    upload(page, film_file())
    told = [element.value for element in page.markdown]
    assert "the model was right on" in elsewhere_sentence(card)
    (called,) = [place for place, text in enumerate(told) if text.startswith("**Called COVID-positive**")]
    assert told.index(elsewhere_sentence(card)) < called


def test_networks_that_disagree_are_told_of(page, reading_as):
    reading_as(tops={"DenseNet121": "Normal", "MobileNetV2": "Lung_Opacity"})
    upload(page, film_file())
    apart = "The two networks behind this read disagree: DenseNet121 says Normal and MobileNetV2 says Lung opacity."
    assert [warning.value for warning in page.warning if "disagree" in warning.value] == [apart]
    reading_as(tops=dict.fromkeys(("DenseNet121", "MobileNetV2"), "Normal"))
    upload(page, film_file(2))
    assert "disagree" not in texts(page)


def test_moved_threshold_changes_call_and_figures_and_can_be_taken_back(page, reading_as, reader, measured, files):
    reading_as(probabilities={"COVID": 0.4, "Lung_Opacity": 0.3, "Normal": 0.2, "Viral Pneumonia": 0.1})
    upload(page, film_file())
    page.slider[0].set_value(0.3).run()
    assert "**Called COVID-positive** at a threshold of 0.300. Set by hand." in texts(page)
    assert "Sensitivity **0.710** [" in figures(page)
    page.slider[0].set_value(0.6).run()
    assert "**Not called COVID-positive** at a threshold of 0.600. Set by hand." in texts(page)
    assert "Sensitivity **0.410** [" in figures(page)
    assert "Specificity **1.000** [" in figures(page)
    call = json.loads(files["Report, JSON"][1]())["call"]
    point = call["operating_point"]
    assert (point["threshold"], point["cases"], point["others"]) == (0.6, 100, 400)
    assert (call["positive"], call["split"]) == (False, "test")
    assert "rule" not in point
    chosen = reader.classifier.calibration.operating_point.threshold
    press(page, f"Back to {chosen:.3f}")
    assert page.slider[0].value == chosen
    assert "Set by hand." not in texts(page)


def test_predictive_values_follow_the_prevalence_far_below_one_percent(page, reads, measured, files):
    upload(page, film_file())
    page.slider[0].set_value(0.3).run()
    s, c = 0.71, 0.6  # 240 of the 400 others lie below 0.3
    assert json.loads(files["Report, JSON"][1]())["call"]["prevalence_is_default"]
    for percent in (20.0, 0.1):
        page.number_input[0].set_value(percent).run()
        p = percent / 100
        ppv, npv = s * p / (s * p + (1 - c) * (1 - p)), c * (1 - p) / (c * (1 - p) + (1 - s) * p)
        assert f"PPV at {percent:g}% **{ppv:.3f}** [" in figures(page)
        assert f"NPV at {percent:g}% **{npv:.3f}** [" in figures(page)
    page.number_input[0].set_value(5.0).run()
    call = json.loads(files["Report, JSON"][1]())["call"]
    assert (call["prevalence"], call["prevalence_is_default"]) == (0.05, False)


def test_predictive_value_of_what_no_film_is_called_is_none(page, reads, measured):
    upload(page, film_file())
    page.slider[0].set_value(0.0).run()
    assert "NPV at 5% **none called negative**" in texts(page)
    assert "not measured" not in texts(page)


def test_threshold_and_prevalence_stay_for_the_next_film_and_after_another_page(page, reads, measured):
    upload(page, film_file(1))
    page.slider[0].set_value(0.25).run()
    page.number_input[0].set_value(0.5).run()
    upload(page, film_file(2))
    assert (page.slider[0].value, page.number_input[0].value) == (0.25, 0.5)
    page.switch_page("pages/model_card.py").run()
    page.switch_page("pages/read_xray.py").run()
    assert (page.slider[0].value, page.number_input[0].value) == (0.25, 0.5)
    assert "at a threshold of 0.250" in texts(page)


def test_operating_point_is_handed_to_the_calculator(page, reads, reader, measured):
    upload(page, film_file())
    page.slider[0].set_value(0.3).run()
    press(page, "Use in PCR or X-ray?")
    assert not page.exception
    calculator = page.session_state.history.now
    assert page.session_state.handed == calculator
    assert (calculator.sensitivity_xray, calculator.specificity_xray, calculator.threshold) == (0.71, 0.6, 0.3)
    assert (calculator.cases_xray, calculator.model) == (100, reader.classifier.identity.sha256[:12])
    assert viewer(page) is None


def test_figures_are_of_the_cards_own_reads(page, reads):
    upload(page, film_file())
    assert "From 1 films of COVID and 3 others" in texts(page)


def test_missing_reads_leave_the_rest_of_the_page_alone(page, reads, tmp_path, monkeypatch, files):
    monkeypatch.setattr("pages.read.model.SHIPPED_MODEL", tmp_path)
    upload(page, film_file())
    assert not page.exception
    assert "missing" in page.warning[0].value
    assert bars(page)
    assert "call" not in json.loads(files["Report, JSON"][1]())


# Where it looked


class SlowMethod:
    """Stands for `Reader.explain`: draws a step whenever it is let."""

    def __init__(self):
        self.asked, self.ended = [], []
        self._let = threading.Semaphore(0)

    def __call__(self, film, method, class_name, on_step):
        self.asked.append((method, class_name))
        try:
            for done in range(5):
                on_step(done, 4)
                assert self._let.acquire(timeout=60)
            return np.full((7, 7), 0.5, np.float32)
        finally:
            self.ended.append((method, class_name))

    def step(self, steps=1):
        for _ in range(steps):
            self._let.release()


@pytest.fixture
def slow(reader, monkeypatch):
    method = SlowMethod()
    monkeypatch.setattr(reader, "explain", method)
    yield method
    method.step(100)


def until(app: AppTest, holds) -> AppTest:
    for _ in range(200):
        if holds():
            return app
        time.sleep(0.05)
        app.run()
    raise AssertionError("it never came to that")


def progress(app: AppTest) -> tuple[int, str] | None:
    found = app.get("progress")
    return (found[0].proto.value, found[0].proto.text) if found else None


def test_caveat_and_lung_share_stand_beside_the_picker(page, reads):
    upload(page, film_file())
    assert next(box for box in page.selectbox if box.label == "Saliency method").value == "Grad-CAM"
    assert CAVEAT in texts(page)
    assert "inside the lung fields, which cover" in texts(page) or "outside the lung fields" in texts(page)


def lungs_up_to(column: int) -> LungFields:
    """Lungs that fill a square film from its left edge to a column of 64, the right one above the left one."""
    probabilities = np.zeros((64, 64, 2), np.float32)
    probabilities[:32, :column, 0] = probabilities[32:, :column, 1] = 1
    return LungFields(probabilities, placement(64, 64, 64))


@pytest.mark.parametrize(("inside", "words"), [(True, "**100%** of the map"), (False, "Most of the saliency (100%) lies outside")])
def test_share_is_that_of_the_map_of_the_class_that_is_shown(page, reading_as, inside, words):
    maps = {name: np.eye(4, dtype=np.float32)[::-1] for name in CLASS_NAMES}
    maps["Normal"] = np.zeros((4, 4), np.float32)
    maps["Normal"][:, 0 if inside else 3] = 1
    reading_as(maps=maps, lungs=lungs_up_to(32), box=WHOLE_FILM)
    upload(page, film_file())
    look(page, shown="Normal")
    assert words in texts(page)
    assert "50% of the" in texts(page)


def test_warning_says_of_how_many_films_it_was_so(page, reading_as, monkeypatch):
    shares = {name: SimpleNamespace(films=10, warned=9 - number) for number, name in enumerate(CLASS_NAMES)}
    monkeypatch.setattr("pages.read.where.card_if_there", lambda identity: SimpleNamespace(saliency=SimpleNamespace(inside=shares)))
    reading_as(maps={name: np.ones((4, 4), np.float32) for name in CLASS_NAMES}, lungs=lungs_up_to(16), box=WHOLE_FILM)
    upload(page, film_file())
    assert "Seen on 30 of 40 test films." in texts(page)


def test_empty_map_is_said_to_be_empty(page, reading_as, files):
    reading_as(maps={name: np.zeros((4, 4), np.float32) for name in CLASS_NAMES})
    upload(page, film_file())
    assert "is empty: the model found no evidence" in texts(page)
    assert "lung_share" not in json.loads(files["Report, JSON"][1]())["saliency"]


def test_slow_method_is_drawn_in_the_background_for_the_class_shown(page, reads, slow, files):
    upload(page, film_file())
    look(page, shown="Normal")
    choose(page, "Saliency method", "Score-CAM")
    until(page, lambda: slow.asked)
    assert bars(page)
    assert viewer(page)["maps"]["method"] == "Score-CAM"
    assert viewer(page)["maps"]["levels"] == {}
    slow.step(2)
    until(page, lambda: progress(page)[0] == 50)
    assert progress(page)[1] == "Drawing Score-CAM for Normal"
    assert json.loads(files["Report, JSON"][1]())["saliency"]["method"] == "Grad-CAM"  # what there is
    slow.step(3)
    until(page, lambda: progress(page) is None)
    assert slow.asked == [("Score-CAM", "Normal")]
    assert list(viewer(page)["maps"]["levels"]) == ["Normal"]
    assert json.loads(files["Report, JSON"][1]())["saliency"]["method"] == "Score-CAM"

    look(page, shown="COVID")
    assert "Draw Score-CAM for COVID" in labels(page)
    look(page, shown="Normal")
    choose(page, "Saliency method", "Grad-CAM")
    assert list(viewer(page)["maps"]["levels"]) == list(CLASS_NAMES)
    choose(page, "Saliency method", "Score-CAM")
    assert list(viewer(page)["maps"]["levels"]) == ["Normal"]  # kept for the film
    assert slow.asked == [("Score-CAM", "Normal")]
    assert len(reads) == 1


def test_drawing_can_be_cancelled_and_started_again(page, reads, slow):
    upload(page, film_file())
    choose(page, "Saliency method", "SmoothGrad")
    until(page, lambda: slow.asked)
    top = reads[0].top_class
    press(page, "Cancel")
    assert progress(page) is None
    assert f"Draw SmoothGrad for {in_words(top)}" in labels(page)
    slow.step()
    until(page, lambda: slow.ended)  # the thread gives up at its next step
    assert viewer(page)["maps"]["levels"] == {}
    assert "stopped" not in texts(page)
    press(page, f"Draw SmoothGrad for {in_words(top)}")
    slow.step(5)
    until(page, lambda: progress(page) is None)
    assert list(viewer(page)["maps"]["levels"]) == [top]


def test_another_film_stops_the_drawing_and_has_none_of_its_maps(page, reads, slow):
    upload(page, film_file(1))
    choose(page, "Saliency method", "SmoothGrad")
    until(page, lambda: slow.asked)
    upload(page, film_file(2))
    slow.step(5)
    until(page, lambda: slow.ended)
    assert viewer(page)["maps"]["method"] == "Grad-CAM"
    assert list(viewer(page)["maps"]["levels"]) == list(CLASS_NAMES)


def test_map_that_fails_gives_a_sentence(page, reads, reader, monkeypatch, caplog):
    def fail(*_):
        raise MemoryError("patient at /secret/path")

    monkeypatch.setattr(reader, "explain", fail)
    upload(page, film_file())
    choose(page, "Saliency method", "SmoothGrad")
    until(page, lambda: any("could not be drawn" in warning.value for warning in page.warning))
    assert not page.exception
    assert f"Draw SmoothGrad for {in_words(reads[0].top_class)}" in labels(page)
    choose(page, "Saliency method", "Grad-CAM")
    assert not any("could not be drawn" in warning.value for warning in page.warning)


def test_two_methods_are_compared_by_their_rank_correlation(page, reads):
    upload(page, film_file())
    choose(page, "Compare with", "Grad-CAM++")
    until(page, lambda: "rank correlation" in texts(page))
    top = reads[0].top_class
    assert f"Grad-CAM and Grad-CAM++ for {in_words(top)}: rank correlation **" in texts(page)
    beside = viewer(page)["maps"]["beside"]
    assert (beside["method"], list(beside["levels"])) == ("Grad-CAM++", [top])


# Read first


def commit(app: AppTest, class_name: str | None, words: str | None = "sure") -> AppTest:
    app.button_group[0].set_value(class_name)
    app.button_group[1].set_value(words)
    return press(app, "Commit")


def test_read_first_hides_the_read_until_the_clinician_has_committed(page, reads, files):
    read_first(page)
    upload(page, film_file())
    assert bars(page) is None
    assert viewer(page)["maps"] is None
    assert not files
    assert not any(words in texts(page) for words in ("fits", "The model cannot tell", "Called", "called"))
    top = reads[0].top_class
    commit(page, top)
    assert bars(page)
    assert viewer(page)["maps"]["top"] == top
    assert f"**You:** {in_words(top)}, sure (4 of 5)" in texts(page)
    assert f"Both say {in_words(top)}." in texts(page)
    report = ReadDocument.model_validate_json(files["Report, JSON"][1]())
    assert (report.opinion.class_name, report.opinion.confidence, report.opinion.before_reveal) == (top, 4, True)
    assert report.agreement.startswith(f"Both say {in_words(top)}.")
    assert report.probabilities is not None


def test_disagreement_is_said(page, reads):
    read_first(page)
    upload(page, film_file())
    top = reads[0].top_class
    other = next(name for name in CLASS_NAMES if name != top)
    commit(page, other, "a guess")
    assert f"The clinician says {in_words(other)}, the model says {in_words(top)}." in texts(page)


def test_class_names_are_shown_in_words(page, reads, reading_as, measured):
    reading_as(
        probabilities={"COVID": 0.3, "Lung_Opacity": 0.4, "Normal": 0.2, "Viral Pneumonia": 0.1},
        prediction_set=("COVID", "Lung_Opacity"),
    )
    read_first(page)
    upload(page, film_file())
    assert list(page.button_group[0].options) == list(map(in_words, CLASS_NAMES))
    commit(page, "Lung_Opacity")
    drawn = "".join(chart.proto.spec for chart in page.get("plotly_chart"))
    everything = " ".join([texts(page), *labels(page), bars(page), drawn])
    assert "Lung opacity" in drawn
    assert "**You:** Lung opacity" in everything
    assert "Lung_Opacity" not in everything


def test_committing_to_nothing_is_asked_for_again(page, reads):
    read_first(page)
    upload(page, film_file())
    for class_name, words in ((None, "sure"), ("Normal", None)):
        commit(page, class_name, words)
        assert page.error[0].value == "Choose a class, and how sure you are, first."
        assert bars(page) is None


def test_next_film_is_read_first_again_without_the_last_choice(page, reads):
    read_first(page)
    upload(page, film_file(1))
    commit(page, "Normal")
    upload(page, film_file(2))
    assert bars(page) is None
    assert page.button_group[0].value in (None, [])


def test_switching_off_reveals_and_a_later_opinion_says_so(page, reads, files):
    read_first(page)
    upload(page, film_file())
    read_first(page, on=False)
    assert bars(page)
    commit(page, "Normal")
    assert "Given after the model's read was shown." in texts(page)
    assert json.loads(files["Report, JSON"][1]())["opinion"]["before_reveal"] is False


def test_switching_on_after_the_read_was_shown_hides_nothing(page, reads):
    upload(page, film_file())
    read_first(page)
    assert bars(page)


def test_film_whose_read_was_seen_is_not_read_first_when_it_comes_again(page, reads, files):
    upload(page, film_file(1))
    upload(page, film_file(2))
    read_first(page)
    upload(page, film_file(1))
    assert bars(page)
    commit(page, "Normal")
    assert json.loads(files["Report, JSON"][1]())["opinion"]["before_reveal"] is False
    upload(page, film_file(3))
    assert bars(page) is None


def test_opinion_on_a_refused_film_reveals_nothing(page, reads, gate, files):
    gate(INVERTED)
    read_first(page)
    upload(page, film_file())
    assert "Show anyway" in labels(page)
    commit(page, "Normal")
    assert bars(page) is None
    assert "**Model:**" not in texts(page)
    assert "opinion" in json.loads(files["Report, JSON"][1]())
    press(page, "Show anyway")
    assert "**Model:**" in texts(page)


# What is taken away


def test_report_is_made_as_page_and_data_under_names_that_tell_nothing(page, reads, files):
    upload(page, film_file())
    name = f"second-look-{page.session_state.tray.current.film.fingerprint}"
    look(page, overlay=True)
    assert {label: name for label, (name, _) in files.items()} == {
        "Save the picture": f"{name}-{reads[0].top_class.lower().replace(' ', '-')}.png",
        "Report, PDF": f"{name}.pdf",
        "Report, JSON": f"{name}.json",
    }
    assert files["Report, PDF"][1]().startswith(b"%PDF")
    assert files["Save the picture"][1]().startswith(b"\x89PNG")
    look(page, overlay=False)
    assert files["Save the picture"][0] == f"{name}-film.png"
    report = json.loads(files["Report, JSON"][1]())
    assert "film-1" not in json.dumps(report)
    assert "file" not in report
    assert report["probabilities"] == pytest.approx(reads[0].probabilities, abs=1e-6)
    assert report["ranges"]["COVID"] == pytest.approx([reads[0].low["COVID"], reads[0].high["COVID"]], abs=1e-6)
    assert (report["top_class"], report["prediction_set"]) == (reads[0].top_class, list(reads[0].prediction_set))
    assert report["gate"]["outcome"] == "read"
    assert report["saliency"]["class_name"] == reads[0].top_class
    assert 0 <= report["saliency"]["lung_share"] <= 1


def test_report_tells_how_often_sets_held_the_class_if_the_card_is_of_these_weights(page, reads, reader, files, monkeypatch):
    upload(page, film_file())
    make = files["Report, JSON"][1]
    assert "measured" not in json.loads(make())["coverage"]  # the tiny model's card has no such figure
    card = SimpleNamespace(
        model=reader.classifier.identity,
        data=SimpleNamespace(split="test"),
        elsewhere=None,
        calibration=SimpleNamespace(coverage=SimpleNamespace(value=0.887), class_coverage={"COVID": SimpleNamespace(value=0.861)}),
    )
    monkeypatch.setattr("pages.read.model._card", lambda: card)
    assert json.loads(make())["coverage"]["measured"] == 0.887
    assert json.loads(make())["coverage"]["measured_by_class"] == {"COVID": 0.861}
    card.data.split = "val"
    assert "measured" not in json.loads(make())["coverage"]
    card.data.split, card.model = "test", card.model.model_copy(update={"sha256": "0" * 64})
    assert "measured" not in json.loads(make())["coverage"]


def test_saved_picture_of_a_refused_film_says_so_below_its_map(page, reads, gate, files, monkeypatch):
    told = []
    monkeypatch.setattr(
        "cxr_core.reporting.picture_as_seen", lambda film, look, shown, box, lungs, caption, texts: told.append(texts) or b""
    )
    gate(INVERTED)
    upload(page, film_file())
    press(page, "Show anyway")
    look(page, overlay=True)
    files["Save the picture"][1]()
    assert told == [
        [
            "Second Look. For research and teaching. Not a medical device.",
            "Input gate: REFUSED - Black and white are exchanged.",
            f"{reads[0].model}: Grad-CAM for {in_words(reads[0].top_class)}, opacity 45%",
        ]
    ]


def test_report_shows_the_map_and_opacity_of_the_viewer(page, reads, files):
    upload(page, film_file())
    look(page, shown="Viral Pneumonia", opacity=70)
    shown = json.loads(files["Report, JSON"][1]())["saliency"]
    assert (shown["class_name"], shown["opacity"]) == ("Viral Pneumonia", 0.7)


def test_film_from_dicom_can_be_taken_away_as_dicom(page, reads, files):
    upload(page, ("secret.dcm", dicom_bytes(levels(), PatientName="Secret^Name"), "application/dicom"))
    name, make = files["DICOM"]
    assert name == f"second-look-{page.session_state.tray.current.film.fingerprint}.dcm"
    content = make()
    assert content[128:132] == b"DICM"
    assert b"Secret" not in content


def test_whose_film_it_is_stands_nowhere_on_the_page_in_the_log_or_in_what_is_kept(page, reads, files, caplog, capfd):
    content = planted_file()
    caplog.clear()  # pydicom has warned of what was planted
    capfd.readouterr()
    upload(page, ("film.dcm", content, "application/dicom"))
    assert viewer(page)["maps"]
    film = page.session_state.tray.current.film
    texts_seen = [repr(page), texts(page), json.dumps(viewer(page)), repr(vars(film)), caplog.text, *capfd.readouterr()]
    made = [make() for _, make in files.values()]
    assert len(made) >= 3
    assert not [mark for mark in MARKS for text in texts_seen if mark in text]
    assert not [mark for mark in MARKS for content in made if mark.encode() in content]


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
    monkeypatch.setattr("pages.read.model.start_loading", lambda: waiting)
    app = AppTest.from_file(APP, default_timeout=60)
    app.run()
    app.button[0].click()
    app.run()
    assert not app.exception
    assert "Loading the model" in app.info[0].value
    assert "Phantom" in texts(app)
    assert viewer(app)["film"]["url"]
    assert viewer(app)["maps"] is None


@pytest.fixture(autouse=True)
def _fresh_server_caches():
    import streamlit as st

    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


# Zip archives


def archive(*files: tuple[str, bytes]) -> tuple[str, bytes, str]:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as written:
        for name, content in files:
            written.writestr(name, content)
    return "QUIXOTE.zip", made.getvalue(), "application/zip"


def test_films_of_a_zip_are_in_the_strip_and_each_is_read_when_it_is_its_turn(page, reads):
    files = [(f"films/QUIXOTE-{seed}.png", film_file(seed)[1]) for seed in (1, 2)]
    upload(page, archive(*files, ("__MACOSX/films/._QUIXOTE-1.png", b"hidden")))
    assert not page.exception
    assert strip(page)["total"] == 2
    assert "Skipped in the archive, since they are hidden or not named like films: 1." in texts(page)
    assert len(reads) == 1
    turn(page, 1)
    assert len(reads) == 2
    assert reads[0].probabilities != reads[1].probabilities
    assert viewer(page)["maps"]["top"] == reads[1].top_class
    assert "QUIXOTE" not in str(page.main)


def test_films_of_a_zip_that_cannot_be_read_have_their_sentences(page, reads):
    upload(
        page, archive(("a.png", b"not a film"), ("b.tif", b"II*\0" + bytes(100)), ("c.zip", archive(("a.png", b""))[1]), film_file()[:2])
    )
    for place, said in enumerate(
        ("The file is not an image", "This is a TIFF file", "This is a zip archive, which is not read here. Unpack it")
    ):
        turn(page, place)
        assert f"**This file cannot be read.** {said}" in page.error[0].value
        assert viewer(page) is None
    turn(page, 3)
    assert viewer(page)["maps"]
    assert len(reads) == 1


def test_large_zip_is_gone_through_by_number_and_only_some_of_its_films_are_kept(page, reads, monkeypatch):
    monkeypatch.setattr("pages.read.tray.MOST_FILMS", 2)
    monkeypatch.setattr("pages.read.tray.MOST_THUMBNAILS", 3)
    monkeypatch.setattr("pages.read.films.MOST_THUMBNAILS", 3)
    upload(page, archive(*((f"{seed}.png", film_file(seed)[1]) for seed in range(5))))
    number = next(box for box in page.number_input if box.label == "Film, 1 to 5")
    number.set_value(4)
    settled(page)
    assert strip(page)["current"] == 3
    turn(page, 2)
    assert [place.film is not None for place in page.session_state.tray.places] == [False, False, True, True, False]
    turn(page, 0)
    assert viewer(page)["maps"]


def test_zip_that_cannot_be_opened_leaves_film_and_archive_before_it(page, reads):
    good = archive(("a.png", film_file()[1]))
    upload(page, good)
    for bad, said in ((good[1][:-20], "ends too early"), (archive(("notes.txt", b"notes"))[1], "holds no PNG, JPEG or DICOM films")):
        upload(page, ("bad.zip", bad, "application/zip"))
        assert said in page.error[0].value
        assert strip(page)["total"] == 2
        turn(page, 0)
        assert viewer(page)["maps"]
