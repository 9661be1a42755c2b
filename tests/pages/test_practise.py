"""The page to practise on, run without a browser, on phantoms and a tiny model."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cxr_core.labels import in_words
from cxr_core.practice import Link, Mark, answers_csv, read_answers
from cxr_core.reading import Reader
from pages.practice import start as starting
from pages.uploads import CSV_TOO_LARGE, MOST_CSV_MB
from tests.pages.test_read_xray import settled, texts

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
