"""Which studies and films are asked for."""

from datetime import date

import pytest

from cxr_core.dicomweb import Search, Server, find_studies
from cxr_core.dicomweb.errors import SearchError
from cxr_core.dicomweb.query import PAGE, open_study
from cxr_core.dicomweb.server import Patience
from tests.dicomweb.misbehaving import value


def answering(**answers):
    """A server whose library gives these answers, by the name of its method, and which keeps what it was asked."""
    server = Server("http://localhost", patience=Patience(tries=1), note=lambda sentence: server.notes.append(sentence))
    server.notes, server.asked = [], []

    class Client:
        def __getattr__(self, method):
            def asked(*arguments, **named):
                server.asked.append((method, arguments, named))
                return answers[method](*arguments, **named)

            return asked

    server._client = Client()
    return server


def study(number):
    return {"0020000D": value("UI", f"1.2.{number}"), "00100020": value("LO", "P ")}


def test_days_and_accession_numbers():
    assert Search.of("2026-11-29", None).filters == {"StudyDate": "20261129"}
    assert Search.of("2026-11-01..2026-11-29", "A 1").filters == {"StudyDate": "20261101-20261129", "AccessionNumber": "A 1"}
    assert Search.of(None, "ÄÖ-7") == Search(accession="ÄÖ-7")
    assert Search.of("2026-11-29", "").first == date(2026, 11, 29)
    assert "A 1" not in repr(Search.of(None, "A 1"))


@pytest.mark.parametrize(
    ("days", "accession", "sentence"),
    [
        (None, None, "Say which films"),
        (None, "", "Say which films"),
        ("", None, "--date takes a day"),
        ("yesterday", None, "--date takes a day"),
        ("2026-02-30", None, "--date takes a day"),
        ("2026-11-29..2026-11-01", None, "comes before the first"),
        (None, "*", "not an accession number"),
        (None, "A\\B", "not an accession number"),
        (None, "1" * 17, "not an accession number"),
        (None, "\udcff", "not an accession number"),
        ("2026-11-29", "a\nb", "not an accession number"),
    ],
)
def test_what_nothing_can_be_searched_by(days, accession, sentence):
    with pytest.raises(SearchError, match=sentence):
        Search.of(days, accession)


def pages(count, most=None, offsets=True):
    def search(limit, offset, fields, search_filters):
        assert fields == ["PatientID"]
        if search_filters["ModalitiesInStudy"] == "CR":
            return [study(0)]
        start = offset if offsets else 0
        return [study(number) for number in range(count)][start : start + min(limit, most or limit)]

    return search


def test_all_pages_of_a_list_are_asked_for_whatever_a_page_holds():
    for most in (None, 50):
        server = answering(search_for_studies=pages(2 * PAGE + 5, most))
        found = find_studies(server, Search.of("2026-11-29", None))
        assert sorted(one.uid for one in found) == sorted(f"1.2.{number}" for number in range(2 * PAGE + 5))
        assert {one.patient_id for one in found} == {"P"}
        assert server.notes == []


def test_a_study_may_name_no_patient():
    nameless = [{"0020000D": value("UI", "1.2.1"), **more} for more in ({}, {"00100020": {"vr": "LO"}}, {"00100020": value("LO", " ")})]
    for match in nameless:
        found = find_studies(answering(search_for_studies=lambda match=match, **_: [match]), Search.of("2026-11-29", None))
        assert [one.patient_id for one in found] == [None]


def test_a_server_that_knows_no_pages_is_not_asked_for_ever():
    server = answering(search_for_studies=pages(PAGE + 5, offsets=False))
    assert len(find_studies(server, Search.of("2026-11-29", None))) == PAGE
    assert server.notes == [f"The server lists no more than {PAGE} studies at once. Ask for fewer days."]


def test_films_of_the_chest_and_of_what_is_not_told():
    told = [("DX", "CHEST"), ("CR", None), ("DX", "hand"), ("CT", "CHEST"), ("SR", None), ("DX", "Thorax")]
    series = [
        {"0020000E": value("UI", f"1.{number}"), "00080060": value("CS", modality), "00180015": value("CS", part) if part else {"vr": "CS"}}
        for number, (modality, part) in enumerate(told)
    ]
    server = answering(
        search_for_studies=pages(1),
        search_for_series=lambda uid, fields: series,
        search_for_instances=lambda uid, series: [{"00080018": value("UI", f"{series}.{number}")} for number in (1, 2)],
    )
    (found,) = find_studies(server, Search.of("2026-11-29", None))
    contents = open_study(server, found, "Study 1")
    assert [place.instance for place in contents.films] == ["1.0.1", "1.0.2", "1.1.1", "1.1.2", "1.5.1", "1.5.2"]
    assert len(contents.series) == 6
    assert "1.2" not in repr(contents.films)


@pytest.mark.parametrize(
    "match", [{}, [], "x", {"0020000D": {"vr": "UI"}}, {"0020000D": {"Value": ["../.."]}}, {"0020000D": {"Value": [7]}}]
)
def test_matches_that_make_no_sense_are_a_damaged_answer(match):
    with pytest.raises(Exception, match="answer is damaged") as raised:
        find_studies(answering(search_for_studies=lambda **_: [match]), Search.of("2026-11-29", None))
    assert type(raised.value).__name__ == "ServerFaultError"
