"""The page to practise on, run without a browser, on phantoms and a tiny model."""

import shutil
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from cxr_core.labels import in_words
from cxr_core.practice import Link, Mark, answers_csv, read_answers
from cxr_core.reading import Reader
from pages.practice import start as starting
from pages.uploads import CSV_TOO_LARGE, MOST_CSV_MB
from tests.drawing import cv2_bytes
from tests.pages.test_read_xray import look, settled, texts, viewer
from tests.practice.answering import drawn_sheet

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "pages" / "practise.py"


@pytest.fixture(scope="module")
def reader(tiny_model: Path) -> Reader:
    return Reader.load(tiny_model)


@pytest.fixture
def page(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setattr(Reader, "load", classmethod(lambda cls: reader))
    monkeypatch.setattr(starting, "sits_here", lambda: True)  # such a test has no address
    monkeypatch.setattr("pages.practice.film.marked_on", lambda layer: [0.25, 0.5, 0.25, 0.5])
    return AppTest.from_file(PAGE, default_timeout=120)


@pytest.fixture(scope="module")
def outlined_data(phantom_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The phantoms with outlines: the left half of every second film, and the right half of the others."""
    folder = tmp_path_factory.mktemp("outlined") / "films"
    shutil.copytree(phantom_data, folder)
    half = np.zeros((96, 96), np.uint8)
    half[:, :48] = 255
    (folder / "left.png").write_bytes(cv2_bytes(half))
    (folder / "right.png").write_bytes(cv2_bytes(255 - half))
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.glob("*/images/*.png"))
    sides = ["left.png" if number % 2 else "right.png" for number in range(len(paths))]
    pd.DataFrame({"path": paths, "infection": sides}).to_csv(folder / "masks.csv", index=False)
    return folder


def opened(app: AppTest, folder: Path, order: str = "alone") -> AppTest:
    for name, value in Link(42, 4, order).query.items():  # type: ignore[arg-type]
        app.query_params[name] = value
    app.run()
    app.text_input(key="practice_path").set_value(str(folder))
    press(app, "Open")
    return press(app, "Start")


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return settled(app)


def commit(app: AppTest, class_name: str, words: str, label: str = "Commit") -> AppTest:
    kind, sure = app.button_group
    kind.set_value(class_name)
    sure.set_value(words)
    return press(app, label)


def sitting(app: AppTest):
    return app.session_state["practice_sitting"]


def told(app: AppTest) -> str:
    return " ".join([texts(app), *(element.value for element in app.success)])


def test_a_series_is_read_from_folder_to_result(page: AppTest, phantom_data: Path):
    app = opened(page, phantom_data)
    assert not app.exception
    assert app.query_params["series"] in ("42", ["42"])
    assert press(app, "Commit").error[0].value.startswith("Choose a class")
    for number in range(4):
        truth = sitting(app).case.label
        commit(app, truth if number else "COVID" if truth != "COVID" else "Normal", "sure")
        assert f"**It is {in_words(truth)}**" in told(app)
        assert "The model says" in texts(app)
        press(app, "See the result" if number == 3 else "Next film")
    assert not app.exception
    answers = sitting(app).answers
    assert [answer.own.class_name == answer.truth for answer in answers] == [False, True, True, True]
    assert all(answer.mark == Mark(0.25, 0.5, 0.25, 0.5) and answer.probabilities for answer in answers)
    metrics = {metric.label: metric.value for metric in app.metric}
    assert metrics["You are right"] == "75%"
    assert metrics["The model is right"] == f"{sum(answer.model == answer.truth for answer in answers) / 4:.0%}"
    app.selectbox(key="practice_target").set_value("COVID")
    assert not app.run().exception


def test_the_read_is_revised_after_the_models_and_a_left_series_is_gone_on_with(page: AppTest, phantom_data: Path):
    app = opened(page, phantom_data, "revise")
    commit(app, "Normal", "a guess")
    assert "It is" not in told(app)  # the truth waits for the second read
    assert "The model says" in texts(app)
    commit(app, "COVID", "certain", "Commit again")
    assert "You: Normal, a guess; then COVID, certain." in told(app)
    content = answers_csv(sitting(app).sheet())
    assert read_answers(content).answers[0].revised.class_name == "COVID"
    press(app, "Leave the series")
    assert not app.exception
    app.file_uploader(key="practice_before").set_value(("answers.csv", content, "text/csv")).run()
    assert (sitting(app).at, len(sitting(app).answers)) == (1, 1)


def test_marks_are_judged_against_outlines(page: AppTest, outlined_data: Path):
    app = opened(page, outlined_data)
    hits = []
    for number in range(4):
        hits.append(sitting(app).case.infection == "left.png")  # where every mark of these tests lies
        commit(app, "Normal", "sure")
        assert f"Your mark {'hits' if hits[-1] else 'misses'} the outlined infection." in told(app)
        assert "as it was outlined: 50% of the film." in told(app)
        press(app, "See the result" if number == 3 else "Next film")
    assert len(set(hits)) == 2  # some hit, some miss
    assert {metric.label: metric.value for metric in app.metric}["Marks that hit"] == f"{sum(hits) / 4:.0%}"


def test_the_second_order_ends_with_what_the_model_changed(page: AppTest, phantom_data: Path):
    app = opened(page, phantom_data, "revise")
    before, after = (False, True, True, True), (True, False, True, True)
    for number in range(4):
        truth = sitting(app).case.label
        other = "COVID" if truth != "COVID" else "Normal"
        commit(app, truth if before[number] else other, "fairly sure")
        commit(app, truth if after[number] else other, "sure", "Commit again")
        assert f"**It is {in_words(truth)}**" in told(app)
        press(app, "See the result" if number == 3 else "Next film")
    assert not app.exception
    assert "When the model spoke" in [element.value for element in app.subheader]
    assert "It changed **1** of 4 reads for the better and **1** for the worse." in texts(app)
    assert "Better: film 1." in texts(app)
    assert "Worse: film 2." in texts(app)
    metrics = {metric.label: metric.value for metric in app.metric}
    assert metrics["You are right"] == metrics["You with the model"] == "75%"


def test_all_of_a_large_films_pixels_come_once_it_was_zoomed(page: AppTest, phantom_data: Path, tmp_path: Path):
    for path in phantom_data.rglob("*-[01].png"):
        large = tmp_path / path.relative_to(phantom_data)
        large.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(large), cv2.resize(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), (2400, 300)))
    app = opened(page, tmp_path)
    sent = viewer(app)
    assert (sent["film"]["width"], sent["native"], sent["pointing"], sent["maps"]) == (2048, None, "on", None)
    look(app, native=True)
    assert not app.exception
    assert (viewer(app)["native"]["width"], viewer(app)["pointing"]) == (2400, "on")
    commit(app, "COVID", "sure")
    assert viewer(app)["native"]["width"] == 2400
    assert viewer(app)["maps"]


def test_an_answers_file_larger_than_the_browser_lets_through_is_refused(page: AppTest, phantom_data: Path):
    app = opened(page, phantom_data)
    press(app, "Leave the series")
    app.file_uploader(key="practice_before").set_value(("answers.csv", bytes(MOST_CSV_MB * 2**20 + 1), "text/csv")).run()
    assert [error.value for error in app.error] == [CSV_TOO_LARGE]


def test_whoever_sits_elsewhere_names_no_folder(page: AppTest, phantom_data: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(starting, "sits_here", lambda: False)
    app = page.run()
    assert not app.text_input
    assert starting.FOLDER in texts(app)
    monkeypatch.setenv(starting.FOLDER, str(phantom_data))
    assert "All films of this folder" in texts(app.run())


def test_the_files_of_a_class_gather_drop_by_drop(page: AppTest):
    app = page.run()

    def drop(*contents: bytes) -> None:
        zone = next(zone for zone in app.file_uploader if zone.label.startswith("Answers of a class"))
        zone.set_value([(f"{number}.csv", content, "text/csv") for number, content in enumerate(contents)]).run()
        assert not app.exception

    one, two = (answers_csv(drawn_sheet(reader, 4, seed)) for seed, reader in enumerate(("Ada", "Bo")))
    drop(one)
    assert "| Ada | 4 |" in texts(app)
    drop(two)
    assert "| Ada | 4 |" in texts(app)
    assert "| Bo | 4 |" in texts(app)
    drop(bytes(MOST_CSV_MB * 2**20 + 1))
    assert [error.value for error in app.error] == [CSV_TOO_LARGE]
    assert "| Bo | 4 |" in texts(app)
    three = answers_csv(drawn_sheet("Cy", 4, 2))
    drop(bytes(MOST_CSV_MB * 2**20 + 1), three)  # of which the browser would have let one through
    assert [error.value for error in app.error] == [CSV_TOO_LARGE]
    assert "| Cy | 4 |" in texts(app)
    drop(b"no answers", one)
    assert [error.value.split(":")[0] for error in app.error] == ["File 1", "File 2"]
    assert texts(app).count("| Ada") == texts(app).count("| Bo |") == 1
    app.run()
    assert len(app.error) == 2  # until the next drop
    app.button(key="practice_class_clear").click().run()
    assert not app.error
    assert "| Ada |" not in texts(app)
