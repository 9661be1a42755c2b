"""What the router sets up for every page: above all, that an upload never touches the disk."""

import asyncio
import os
import runpy
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.formparsers import MultiPartParser
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.web.server.starlette.starlette_routes import create_upload_routes

APP = Path(__file__).parents[1] / "app.py"
FILM = os.urandom(5 * 2**20)
PIECE = 64 * 1024


@pytest.fixture
def temporary_files(monkeypatch):
    """The temporary files that are opened, each by the arguments it was opened with."""
    opened = []
    for name in ("TemporaryFile", "NamedTemporaryFile"):
        real = getattr(tempfile, name)
        monkeypatch.setattr(tempfile, name, lambda *args, real=real, **kwargs: opened.append((args, kwargs)) or real(*args, **kwargs))
    return opened


@pytest.fixture
def upload(monkeypatch):
    """Send a file to the endpoint that Streamlit's own server has for uploads; return the status and what was stored."""
    option = st.get_option
    monkeypatch.setattr("streamlit.config.get_option", lambda key: False if key == "server.enableXsrfProtection" else option(key))
    stored = MemoryUploadedFileManager("/upload")
    server = Starlette(routes=create_upload_routes(SimpleNamespace(is_active_session=lambda session: True), stored, None))

    def send(content):
        head = b'--cut\r\nContent-Disposition: form-data; name="film"; filename="film.png"\r\nContent-Type: image/png\r\n\r\n'
        body = head + content + b"\r\n--cut--\r\n"
        path = "/_stcore/upload_file/session/film"
        scope = {
            "type": "http",
            "method": "PUT",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [(b"content-type", b"multipart/form-data; boundary=cut"), (b"content-length", str(len(body)).encode())],
        }
        pieces = iter([body[start : start + PIECE] for start in range(0, len(body), PIECE)])
        answers = []

        async def receive():
            piece = next(pieces, None)
            return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

        async def answer(message):
            answers.append(message)

        with ThreadPoolExecutor(1) as other:  # the browser tests leave an event loop running in the thread of the tests
            other.submit(asyncio.run, server(scope, receive, answer)).result()
        files = stored.get_files("session", ["film"])
        return answers[0]["status"], files[0].data if files else None

    return send


@pytest.fixture
def as_installed(monkeypatch):
    """Starlette as it comes, whatever ran before, and again afterwards."""
    monkeypatch.setattr(MultiPartParser, "spool_max_size", 2**20)


def test_starlette_by_itself_would_write_a_large_upload_to_the_disk(as_installed, upload, temporary_files):
    assert upload(FILM) == (204, FILM)
    assert temporary_files


def test_a_large_upload_opens_no_temporary_file(as_installed, upload, temporary_files):
    runpy.run_path(str(APP), run_name="__main__")
    assert upload(FILM) == (204, FILM)
    assert temporary_files == []


def test_the_upload_bound_holds_without_the_disk(as_installed, upload, temporary_files, monkeypatch):
    runpy.run_path(str(APP), run_name="__main__")
    option = st.get_option
    bound = {"server.maxUploadSize": 4, "server.enableXsrfProtection": False}
    monkeypatch.setattr("streamlit.config.get_option", lambda key: bound[key] if key in bound else option(key))
    assert upload(FILM) == (413, None)
    assert temporary_files == []
