"""What a server may do wrong: each a sentence, another try, and the list goes on."""

import os
import shutil
import ssl
import subprocess
import sys

import pytest

from cxr_core.dicomweb import Search, Server, find_studies, read_studies
from cxr_core.dicomweb.errors import AddressError, ExtraMissingError, RefusedByServerError, ServerFaultError
from cxr_core.dicomweb.server import Patience
from tests.dicomweb.films import film_file, marks_in
from tests.dicomweb.misbehaving import multipart, serving
from tests.reporting.reports import SHA256, full_report

QUICK = Patience(silence=0.5, answer=0.8, tries=3, pause=0.01)
DAY = Search.of("2026-11-29", None)
FILM = "GET /studies/1.2.826.0.5.2/series/1.2.826.0.5.2.1/instances/"
FAULTS = {
    "late": "did not answer in time",
    "drips": "answer took more than 0.8 s",
    "half": "answer ended too early",
    "other patient": "an instance of another patient",
    "other film": "another instance than the one that was asked for",
    "cut": "damaged",
    "no DICOM": "damaged, or is not what was asked for",
    404: "does not find it (404)",
    500: "an error (500)",
    503: "an error (503)",
}


class Reporter:
    """Reads whatever is a film, and always the same."""

    def report(self, film):
        return "a read", full_report(*film.samples.shape)


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch, tmp_path):
    for name in ("DICOMWEB_TOKEN", "DICOMWEB_USER", "DICOMWEB_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "no-netrc"))


@pytest.fixture
def hospital():
    with serving() as server:
        file = film_file(1, StudyInstanceUID="1.2.826.0.5.2")
        server.bodies = {
            "other patient": multipart(film_file(1, StudyInstanceUID="1.2.826.0.5.2", PatientID="DULCINEA-9")),
            "other film": multipart(film_file(1, StudyInstanceUID="1.2.826.0.5.1")),
            "cut": multipart(file[:-3000]),
            "no DICOM": multipart(b"<html>Log in</html>"),
        }
        yield server


def read_all(hospital, notes, reporter=Reporter, **options):
    server = Server(hospital.address, patience=QUICK, note=notes.append)
    return list(read_studies(server, find_studies(server, DAY), reporter, SHA256, **options))


def test_each_fault_gets_a_sentence_and_another_try(hospital, recwarn):
    for fault, sentence in FAULTS.items():
        hospital.faults[FILM] = [fault]
        notes = []
        outcomes = read_all(hospital, notes)
        assert [outcome.error for outcome in outcomes] == [None] * 3, fault
        assert len(notes) == 1, fault
        assert notes[0].startswith("Study 2, film 1: ")
        assert sentence in notes[0]
        assert notes[0].endswith("Trying again in 0.01 s (1 of 2).")
        assert marks_in(notes[0]) == set()
    assert list(recwarn) == []


def test_a_fault_that_stays_is_told_and_the_list_goes_on(hospital, capfd):
    for fault in ("half", "other patient", 404):
        hospital.faults[FILM] = ["always", fault]
        notes = []
        first, second, third = read_all(hospital, notes, send_back=True)
        assert FAULTS[fault] in str(second.error)
        assert second.read is None
        assert first.stored
        assert third.stored
        assert [note[-9:] for note in notes] == ["(1 of 2).", "(2 of 2)."]
    assert len(hospital.stored) == 6
    assert not any(b"DULCINEA-9" in body for body in hospital.stored)
    assert capfd.readouterr() == ("", "")


def test_nothing_is_stored_where_the_list_does_not_say_whose_study_it_is(hospital):
    hospital.nameless.add("1.2.826.0.5.2")
    notes = []
    first, second, third = read_all(hospital, notes, send_back=True)
    assert (first.stored, second.stored, third.stored) == (True, False, True)
    assert "The film names a patient, and the server's list of studies names none" in str(second.error)
    assert marks_in(str(second.error)) == set()
    assert notes == []  # asking again would not help
    assert len(hospital.stored) == 2
    assert [outcome.error for outcome in read_all(hospital, [])] == [None] * 3  # what is only read is filed nowhere
    hospital.bodies["nameless"] = multipart(film_file(1, StudyInstanceUID="1.2.826.0.5.2", PatientID=""))
    hospital.faults[FILM] = ["nameless"]
    assert [outcome.stored for outcome in read_all(hospital, [], send_back=True)] == [True] * 3


def test_an_error_that_nobody_foresaw_is_told_by_its_type_and_the_list_goes_on(hospital, monkeypatch):
    failures = [ValueError("DULCINEA-1"), MemoryError()]

    class Failing(Reporter):
        def report(self, film):
            if failures:
                raise failures.pop()
            return super().report(film)

    reporter = Failing()
    outcomes = read_all(hospital, [], lambda: reporter, send_back=True)
    assert [outcome.stored for outcome in outcomes] == [False, False, True]
    assert "memory" in str(outcomes[0].error)
    assert str(outcomes[1].error) == "The film was set aside: reading it failed with ValueError."
    monkeypatch.setattr("cxr_core.dicomweb.run.objects_of", lambda *_: {}["DULCINEA-1"])
    assert {str(outcome.error) for outcome in read_all(hospital, [], send_back=True)} == {
        "The film was set aside: reading it failed with KeyError."
    }
    monkeypatch.setattr("cxr_core.dicomweb.run.open_study", lambda *_: {}["DULCINEA-1"])
    assert [str(outcome.error) for outcome in read_all(hospital, [])] == ["The study was set aside: opening it failed with KeyError."] * 3


def test_the_model_is_loaded_once_and_only_for_a_film(hospital):
    loaded = []
    assert len(read_all(hospital, [], lambda: loaded.append("loaded") or Reporter())) == 3
    assert loaded == ["loaded"]
    hospital.faults["GET /studies/"] = ["always", 404]
    assert {outcome.read for outcome in read_all(hospital, [], lambda: pytest.fail("there is no film"))} == {None}


def test_what_is_forbidden_is_not_asked_for_again(hospital):
    hospital.faults[FILM] = ["always", 403]
    notes = []
    outcomes = read_all(hospital, notes)
    assert "does not allow this" in str(outcomes[1].error)
    assert notes == []
    assert outcomes[2].read is not None


def test_a_study_that_cannot_be_opened_and_a_report_that_is_not_stored_stop_nothing(hospital):
    hospital.faults["GET /studies/1.2.826.0.5.1/series"] = ["always", 500]
    hospital.faults["POST /studies/1.2.826.0.5.2"] = ["always", 500]
    outcomes = read_all(hospital, [], send_back=True)
    assert [(outcome.name, outcome.read is not None, outcome.stored) for outcome in outcomes] == [
        ("Study 1", False, False),
        ("Study 2, film 1", True, False),
        ("Study 3, film 1", True, True),
    ]
    hospital.bodies["failed"] = b'{"00081198": {"vr": "SQ", "Value": [{"00081197": {"vr": "US", "Value": [272]}}]}}'
    hospital.faults.clear()
    hospital.faults["POST /studies/1.2.826.0.5.2"] = ["always", "failed"]
    assert "did not store the report" in str(read_all(hospital, [], send_back=True)[1].error)


def test_a_list_that_never_comes_is_an_error(hospital):
    server = Server(hospital.address, patience=QUICK)
    for fault, sentence in {500: "an error (500)", "no DICOM": "damaged", "half": "ended too early"}.items():
        hospital.faults["GET /studies"] = ["always", fault]
        with pytest.raises(ServerFaultError, match=sentence.replace("(", r"\(").replace(")", r"\)")):
            find_studies(server, DAY)


def test_there_is_no_use_in_going_on_without_access_or_elsewhere(hospital):
    for fault, sentence in {
        401: "asks for a name and password",
        "redirect": "The server redirects to another address",
        405: "does not do this",
    }.items():
        hospital.faults[FILM] = ["always", fault]
        hospital.asked.clear()
        with pytest.raises(RefusedByServerError, match=sentence):
            read_all(hospital, [])
        assert [path for _, path, _ in hospital.asked].count(f"{FILM[4:]}1.2.826.0.5.2.1.1") == 1


def test_an_answer_without_end_is_not_kept(hospital, monkeypatch):
    monkeypatch.setattr("cxr_core.dicomweb.server.MOST_BYTES", 2**22)
    hospital.faults["GET /studies"] = ["always", "endless"]
    with pytest.raises(ServerFaultError, match="more than 4 MB at once"):
        find_studies(Server(hospital.address, patience=QUICK), DAY)


def test_nobody_there():
    with pytest.raises(ServerFaultError, match="cannot be reached"):
        find_studies(Server("http://127.0.0.1:9", patience=QUICK), DAY)


def test_credentials_come_from_the_environment(hospital, monkeypatch):
    def sent():
        hospital.asked.clear()
        find_studies(Server(hospital.address, patience=QUICK), DAY)
        return {headers.get("Authorization") for _, _, headers in hospital.asked}

    assert sent() == {None}
    monkeypatch.setenv("DICOMWEB_USER", "ada")
    monkeypatch.setenv("DICOMWEB_PASSWORD", "secret")
    assert sent() == {"Basic YWRhOnNlY3JldA=="}
    monkeypatch.setenv("DICOMWEB_TOKEN", "t0ken")
    assert sent() == {"Bearer t0ken"}
    assert {headers["Host"] for _, _, headers in hospital.asked} == {hospital.address.removeprefix("http://")}


def test_certificates_are_verified(tmp_path, monkeypatch):
    if shutil.which("openssl") is None:
        message = "openssl is not installed: apt-get install openssl"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command, *names], check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    with serving(1, tls) as hospital:
        with pytest.raises(RefusedByServerError, match="encrypted and verified"):
            find_studies(Server(hospital.address, patience=QUICK), DAY)
        assert hospital.asked == []
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        assert len(find_studies(Server(hospital.address, patience=QUICK), DAY)) == 1


def test_addresses():
    for good in ("https://pacs.example.org/dicom-web", "http://localhost:8042/dicom-web/", "http://[::1]:8042", "https://[2001:db8::1]/a"):
        Server(good)
    Server("http://pacs.example.org", unencrypted=True)
    with pytest.raises(AddressError, match="--unencrypted"):
        Server("http://pacs.example.org/dicom-web")
    for bad in (
        "",
        "pacs.example.org",
        "ftp://pacs",
        "https://",
        "https://host:port",
        "https://a\nb",
        "https://a b",
        "file:///etc",
        "https://münchen",
        "\udcff",
    ):
        with pytest.raises(AddressError, match="This is no address"):
            Server(bad)
    for telling in ("https://ada:secret@pacs", "https://ada@pacs", "https://pacs?key=secret", "https://pacs#secret"):
        with pytest.raises(AddressError, match="Put credentials into netrc") as raised:
            Server(telling)
        assert "secret" not in str(raised.value)


def test_without_its_library_it_is_said_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "dicomweb_client", None)
    with pytest.raises(ExtraMissingError, match=r"pip install -r requirements-dicomweb\.txt"):
        Server("https://pacs.example.org")
