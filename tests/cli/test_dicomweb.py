"""What `dicomweb` says where it cannot begin; the rest is tested with a real server in `tests/dicomweb`."""

import sys

from tests.cli.running import invoke, one_line
from tests.dicomweb.misbehaving import serving

ADDRESS = "https://pacs.example.org/dicom-web"


def test_what_is_asked_wrongly_gets_one_line(monkeypatch):
    assert "Say which films to read" in one_line(invoke("dicomweb", ADDRESS))
    assert "--date takes a day" in one_line(invoke("dicomweb", ADDRESS, "--date", "today"))
    telling = one_line(invoke("dicomweb", "https://ada:secret@pacs.example.org", "--date", "2026-11-29"))
    assert "neither name nor password" in telling
    assert "secret" not in telling
    assert "--unencrypted" in one_line(invoke("dicomweb", "http://pacs.example.org", "--date", "2026-11-29"))
    monkeypatch.setitem(sys.modules, "dicomweb_client", None)
    assert "pip install -r requirements-dicomweb.txt" in one_line(invoke("dicomweb", ADDRESS, "--date", "2026-11-29"))


def test_nothing_is_stored_unless_somebody_says_so(monkeypatch):
    with serving(1) as hospital:
        command = ["dicomweb", hospital.address, "--date", "2026-11-29", "--send-back"]
        asked = one_line(invoke(*command))
        assert "in 1 study, with name, number and date of birth of the patient" in asked
        assert "Say --yes" in asked
        monkeypatch.setattr("cxr_core.cli.dicomweb.sys.stdin", type("Terminal", (), {"isatty": staticmethod(lambda: True)}))
        monkeypatch.setattr("typer.confirm", lambda text, err: False)
        declined = invoke(*command)
        assert declined.exit_code == 1
        assert hospital.stored == []
