"""Films that come into a folder are read once, whole, and have their results in another."""

import json
import sys
import threading
import time
from types import SimpleNamespace

import pytest
from pypdf import PdfReader

from cxr_core.errors import FolderInUseError
from cxr_core.files import sole_use
from cxr_core.gate import GateOutcome
from cxr_core.imaging import WHOLE_FILM, display_grey
from cxr_core.lungs import LungFields
from cxr_core.reading import Read
from cxr_core.reporting import FilmFacts, ReadDocument
from cxr_core.watch import watch_folder
from cxr_core.watch.errors import FolderGoneError, WatchfilesMissingError
from tests.dicomweb.films import film_file, marks_in
from tests.drawing import phantom_levels, png_bytes
from tests.reporting.reports import PROBABILITIES, SHA256, bare_report

SETTLED = 0.3


class Reporter:
    """Reads whatever is a film, always the same, and keeps which."""

    def __init__(self, sha256=SHA256):
        self.reader = SimpleNamespace(classifier=SimpleNamespace(identity=SimpleNamespace(sha256=sha256)))
        self.sha256, self.films = sha256, []

    def report(self, film, refused_too=False):
        self.films.append(film.fingerprint)
        report = bare_report(
            picture=display_grey(film), film=FilmFacts.of(film), model_sha256=self.sha256, gate=GateOutcome(), probabilities=PROBABILITIES
        )
        lungs = LungFields.__new__(LungFields)
        return Read(PROBABILITIES, ("COVID",), GateOutcome(), lungs, WHOLE_FILM, report.model, self.sha256, "CPU"), report


@pytest.fixture
def folders(tmp_path):
    (tmp_path / "in").mkdir()
    return tmp_path / "in", tmp_path / "out"


def film(seed):
    return png_bytes(phantom_levels(seed=seed))


def run_once(folders, reporter=None, **options):
    return list(watch_folder(*folders, reporter or Reporter(), once=True, settled=SETTLED, **options))


def test_each_film_has_a_json_and_a_pdf_that_say_nothing_of_whose_it_is(folders):
    films, out = folders
    (films / "deep").mkdir()
    (films / "deep" / "IM1").write_bytes(film_file())
    (films / "a.png").write_bytes(film(1))
    reporter = Reporter()
    told = run_once(folders, reporter)
    assert sorted(one.file for one in told) == ["a.png", "deep/IM1"]
    assert sorted(path.name for path in out.iterdir()) == sorted(
        f"second-look-{name}.{kind}" for name in reporter.films for kind in ("json", "pdf")
    )
    for one in told:
        pdf = out / one.report.rpartition("/")[2]
        written = ReadDocument.model_validate_json(pdf.with_suffix(".json").read_bytes())
        assert (written.file, written.report, written.probabilities) == (one.file, pdf.name, one.probabilities)
        text = "".join(page.extract_text() for page in PdfReader(pdf).pages)
        assert "Second Look" in text
        assert marks_in(text + pdf.with_suffix(".json").read_text()) == set()


def test_a_later_run_reads_what_is_new_and_another_model_reads_all(folders):
    films, out = folders
    (films / "a.png").write_bytes(film(1))
    assert len(run_once(folders)) == 1
    (films / "b.png").write_bytes(film(2))
    (films / "copy of a.png").write_bytes(film(1))
    assert [one.file for one in run_once(folders)] == ["b.png"]
    assert run_once(folders) == []
    assert len(run_once(folders, Reporter("0" * 64))) == 2
    next(out.glob("*.json")).write_text("{")
    assert len(run_once(folders, Reporter("0" * 64))) == 1


def watching(folders, reporter, settled):
    """Watch in a thread until a film of this name comes; what it yields goes into the list that comes back."""
    told = []

    def work():
        for one in watch_folder(*folders, reporter, settled=settled):
            told.append(one)
            if one.file == "last.png":
                return

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return told, thread


def wait_for(told, count):
    until = time.monotonic() + 30
    while len(told) < count and time.monotonic() < until:
        time.sleep(0.05)


def test_films_that_come_while_it_waits_are_read_when_they_are_whole(folders):
    films, _ = folders
    reporter = Reporter()
    told, thread = watching(folders, reporter, 1.5)
    time.sleep(0.7)
    whole = film(1)
    with (films / "slow.png").open("wb") as file:
        for at in range(0, len(whole), len(whole) // 8):
            file.write(whole[at : at + len(whole) // 8])
            file.flush()
            time.sleep(0.25)
    (films / "renamed.png.part").write_bytes(film(2))
    (films / "renamed.png.part").rename(films / "renamed.png")
    wait_for(told, 2)
    (films / "last.png").write_bytes(film(3))
    thread.join(30)
    assert not thread.is_alive()
    assert {(one.file, one.error) for one in told} == {("slow.png", None), ("renamed.png", None), ("last.png", None)}
    assert len(told) == 3
    assert len(set(reporter.films)) == 3


def test_a_broken_film_is_named_and_read_when_it_is_mended(folders):
    films, _ = folders
    (films / "cut.png").write_bytes(film(1)[:-500])
    told, thread = watching(folders, Reporter(), SETTLED)
    wait_for(told, 1)
    (films / "cut.png").write_bytes(film(1))
    wait_for(told, 2)
    (films / "last.png").write_bytes(film(3))
    thread.join(30)
    assert [(one.file, one.error is None) for one in told] == [("cut.png", False), ("cut.png", True), ("last.png", True)]
    assert "damaged or ends too early" in told[0].error


def test_an_error_that_nobody_foresaw_is_told_by_its_type_and_the_next_film_is_read(folders, monkeypatch):
    films, out = folders
    for seed in range(4):
        (films / f"{seed}.png").write_bytes(film(seed))

    failures = [MemoryError(), ValueError("DULCINEA-1")]

    class Failing(Reporter):
        def report(self, film, refused_too=False):
            if failures:
                raise failures.pop()
            return super().report(film, refused_too)

    reporter = Failing()
    told = run_once(folders, reporter)
    errors = [one.error for one in told if one.error]
    assert errors[0] == "The film was set aside: reading it failed with ValueError."
    assert "memory" in errors[1]
    assert len(told) == 4
    assert len(list(out.glob("*.json"))) == len(list(out.glob("*.pdf"))) == len(reporter.films) == 2
    monkeypatch.setattr("cxr_core.watch.run.report_pdf", lambda report: {}["DULCINEA-1"])
    assert {one.error for one in run_once(folders)} == {"The film was set aside: reading it failed with KeyError."}
    assert len(list(out.glob("*.json"))) == 2


def test_names_that_are_no_text_stop_nothing(folders):
    films, _ = folders
    told, thread = watching(folders, Reporter(), SETTLED)
    (films / "first.png").write_bytes(film(0))
    wait_for(told, 1)
    (films / "\udcff.png").write_bytes(film(1))
    wait_for(told, 2)
    (films / "last.png").write_bytes(film(3))
    thread.join(30)
    assert [one.file for one in told] == ["first.png", "\\xff.png", "last.png"]


def test_folder_whose_name_is_no_text_is_watched_too(tmp_path):
    films = tmp_path / "in\udcff"
    films.mkdir()
    (films / "first.png").write_bytes(film(1))
    told = []
    arriving = watch_folder(films, tmp_path / "out", Reporter(), settled=SETTLED)
    told.append(next(arriving))
    (films / "next.png").write_bytes(film(2))
    told.append(next(arriving))
    arriving.close()
    assert [one.file for one in told] == ["first.png", "next.png"]


def test_what_cannot_be_watched_is_said(folders, tmp_path, monkeypatch):
    with pytest.raises(FolderGoneError, match="There is no folder"):
        next(watch_folder(tmp_path / "absent", tmp_path / "out", Reporter()))
    with sole_use(tmp_path / "out"), pytest.raises(FolderInUseError):
        run_once(folders)
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(WatchfilesMissingError, match=r"pip install -r requirements-dicomweb\.txt"):
        run_once(folders)


def test_results_may_lie_in_the_folder_itself(folders):
    films, _ = folders
    (films / "a.png").write_bytes(film(1))
    assert len(run_once((films, films / "results"))) == 1
    assert run_once((films, films / "results")) == []
    assert json.loads(next((films / "results").glob("*.json")).read_text())["file"] == "a.png"
