"""What is taken away: rows that agree with the films, in the layout of `predict --json`, and a page a film."""

import csv
import io
import json
from datetime import datetime, timezone

import pytest
from pypdf import PdfReader

from cxr_core.errors import SecondLookError
from cxr_core.labels import CLASS_NAMES
from cxr_core.reporting import Opinion, ReadDocument
from cxr_core.reporting.errors import ReadReportError
from cxr_core.worklist import BookJob, Worklist, csv_of, export, json_lines
from tests.site_cards.drawing import drawn_site_card
from tests.worklist.faking import BLURRED, BROKEN, INVERTED, SHA256, FakeReader, drawn_figures, drawn_read, film_png, zip_of

PATIENCE = 60
FIGURES = drawn_figures()


@pytest.fixture
def entries():
    worklist = Worklist()
    worklist.add_files([film_png(1), zip_of({"secret-name.png": film_png(2)}), film_png(3), BROKEN])
    worklist.start(lambda: FakeReader(drawn_read(), drawn_read(findings=[INVERTED]), drawn_read(findings=[BLURRED])))
    worklist.work.wait(PATIENCE)
    worklist.add_files([film_png(5)])  # it still waits
    first = worklist.entries[0]
    first.label, first.opinion = "=ward", Opinion("Normal", 4, datetime(2026, 3, 1, tzinfo=timezone.utc), before_reveal=True)
    return worklist.entries


def table(entries, figures=FIGURES):
    return list(csv.DictReader(io.StringIO(csv_of(entries, figures))))


def test_csv_has_a_row_for_every_film_that_does_not_wait(entries):
    rows = table(entries)
    assert [row["number"] for row in rows] == ["1", "2", "3", "4"]
    first = rows[0]
    assert (first["gate"], first["top_class"], first["prediction_set"], first["called"]) == (
        *("read", "COVID", "COVID or Lung_Opacity", "yes"),
    )
    assert sum(float(first[name]) for name in CLASS_NAMES) == pytest.approx(1, abs=1e-5)
    assert float(first["low"]) < float(first["high"]) == pytest.approx(0.7)
    assert (first["own_class"], first["own_confidence"], first["own_before_the_models"]) == ("Normal", "4", "yes")
    assert (first["fingerprint"], first["model_sha256"]) == (entries[0].fingerprint, SHA256)
    assert float(first["share_inside_lungs"]) == pytest.approx(1, abs=0.02)
    assert rows[2]["findings"] == "blurred"
    assert rows[3]["error"] == entries[3].error != ""


def test_a_label_is_no_formula(entries):
    assert table(entries)[0]["label"] == "'=ward"


def test_refused_films_have_no_answer_unless_it_was_asked_for(entries):
    refused = table(entries)[1]
    assert (refused["gate"], refused["findings"], refused["COVID"], refused["called"]) == ("refused", "inverted", "", "")
    entries[1].forced = True
    refused = table(entries)[1]
    assert float(refused["COVID"]) == pytest.approx(0.7)
    assert (refused["prediction_set"], refused["called"]) == ("", "")


def test_json_lines_have_the_layout_of_the_command(entries):
    documents = [ReadDocument.model_validate_json(line) for line in json_lines(entries, FIGURES).splitlines()]
    assert [document.file for document in documents] == ["Film 1", "Film 2", "Film 3", "Film 4"]
    first = documents[0]
    assert (first.label, first.top_class, first.opinion.class_name) == ("=ward", "COVID", "Normal")
    assert first.film.fingerprint == entries[0].fingerprint
    assert first.call.positive
    assert first.call.operating_point.threshold == 0.4
    assert "differ" in first.agreement.lower() or "exclude" in first.agreement
    assert (documents[1].probabilities, documents[1].call, documents[1].agreement) == (None, None, None)
    assert documents[3].error
    assert documents[3].model is None


def test_no_name_of_a_file_leaves(entries):
    assert "secret" not in csv_of(entries, FIGURES) + json_lines(entries, FIGURES)


def test_a_site_card_is_named_and_moves_the_probabilities(entries):
    site = drawn_site_card()
    figures = drawn_figures(site, site.threshold)
    first = json.loads(json_lines(entries[:1], figures))
    assert site.name in first["site_card"]
    assert table(entries[:1], figures)[0]["site_card"] == site.name
    assert first["probabilities"]["COVID"] != pytest.approx(0.7)


def book_of(entries, reader=None, **options):
    book = BookJob(entries, FIGURES, reader or FakeReader(), **options)
    book.wait(PATIENCE)
    return book


def test_book_has_a_page_a_film_with_the_readers_opinion(entries):
    read_again = FakeReader(drawn_read(), drawn_read(findings=[INVERTED]), drawn_read(findings=[BLURRED]))
    book = book_of(entries, read_again)
    assert (book.finished, book.failed, book.pages, book.left_out, book.lost) == (True, False, 3, 0, [])
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(book.pdf())).pages]
    assert ["Page 1 of 3" in pages[0], "Page 2 of 3" in pages[1], "Page 3 of 3" in pages[2]] == [True] * 3
    for entry, page in zip(entries, pages, strict=False):
        assert entry.fingerprint in page
    assert "The clinician's own opinion" in pages[0]
    assert "Input gate: refused" in pages[1]
    assert "No probabilities" in pages[1]
    assert book.pdf() is book.pdf()


def test_a_film_that_is_gone_has_no_page_and_the_book_says_which(entries):
    gone = SecondLookError("It is gone.")
    book = book_of(entries, FakeReader(drawn_read(), gone, MemoryError()))
    assert (book.pages, book.lost, book.failed) == (1, [2, 3], False)


def test_a_book_without_a_page_has_a_sentence(entries):
    book = book_of(entries, FakeReader(*[SecondLookError("It is gone.")] * 3))
    assert (book.pages, book.lost) == (0, [1, 2, 3])
    with pytest.raises(ReadReportError, match="no page"):
        book.pdf()


def test_a_book_has_no_more_pages_than_its_bound_and_can_be_stopped(entries, monkeypatch):
    monkeypatch.setattr(export, "MOST_PAGES", 2)
    book = book_of(entries)
    assert (book.pages, book.left_out) == (2, 1)
    wanted = [True]
    book = book_of(entries, wanted=lambda: bool(wanted and wanted.pop()))
    assert (book.done, book.finished) == (1, True)
