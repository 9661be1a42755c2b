"""A small DICOMweb server on 127.0.0.1 that holds a few films, and misbehaves as it is told."""

import json
import threading
import time
from collections import defaultdict
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.dicomweb.films import film_file

BOUNDARY = b"films-boundary"


def multipart(data):
    """One instance as WADO sends it."""
    return b"\r\n--" + BOUNDARY + b"\r\nContent-Type: application/dicom\r\n\r\n" + data + b"\r\n--" + BOUNDARY + b"--"


class Handler(BaseHTTPRequestHandler):
    """Answers for `MisbehavingServer`."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Keep quiet."""

    def do_GET(self):
        self.answer(self.server.ours.found(urlsplit(self.path)))

    def do_POST(self):
        self.server.ours.stored.append(self.read_body())
        self.answer((b"{}", "application/dicom+json"))

    def read_body(self):
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers["Content-Length"]))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def answer(self, found):
        ours = self.server.ours
        path = urlsplit(self.path).path
        ours.asked.append((self.command, path, dict(self.headers)))
        fault = ours.fault(self.command, path)
        body, kind = found
        if isinstance(fault, int):
            self.send_response(fault)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if fault == "late":
            time.sleep(ours.late)
        if fault == "redirect":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if fault in ours.bodies:
            body = ours.bodies[fault]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        if fault == "endless":
            self.end_headers()
            try:
                while True:
                    self.wfile.write(bytes(2**20))
            except OSError:
                return
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if fault == "drips":
            self.close_connection = True
            self.drip(body)
        elif fault == "half":
            self.close_connection = True
            self.wfile.write(body[: len(body) // 2])
        else:
            self.wfile.write(body)

    def drip(self, body):
        try:
            for at in range(len(body)):
                self.wfile.write(body[at : at + 1])
                time.sleep(0.02)
        except OSError:
            return


class MisbehavingServer:
    """Studies of one film each; `faults` names what goes wrong the next times, by a piece of the path."""

    def __init__(self, films):
        self.films = films  # by study
        self.faults = defaultdict(list)
        self.bodies = {}
        self.nameless = set()  # studies of which the list names no patient
        self.late = 1.0
        self.asked, self.stored = [], []
        self.address = None

    def fault(self, command, path):
        """What goes wrong with this request; "always" before a fault makes it stay."""
        for piece, faults in self.faults.items():
            if piece in f"{command} {path}" and faults:
                return faults[1] if faults[0] == "always" else faults.pop(0)
        return None

    def found(self, parts):
        """Body and type of the answer to a GET."""
        names = parts.path.strip("/").split("/")
        if len(names) == 6:
            return multipart(self.films[names[1]]), f'multipart/related; type="application/dicom"; boundary={BOUNDARY.decode()}'
        if len(names) == 1:
            query = parse_qs(parts.query)
            start = int(query["offset"][0])
            uids = list(self.films)[start : start + int(query["limit"][0])] if query["ModalitiesInStudy"] == ["DX"] else []
            whose = {"00100020": value("LO", "DULCINEA-1")} if query["includefield"] == ["PatientID"] else {}
            matches = [{"0020000D": value("UI", uid)} | ({} if uid in self.nameless else whose) for uid in uids]
        elif len(names) == 3:
            matches = [{"0020000E": value("UI", f"{names[1]}.1"), "00080060": value("CS", "DX")}]
        else:
            matches = [{"00080018": value("UI", f"{names[1]}.1.1")}]
        return json.dumps(matches).encode(), "application/dicom+json"


def value(kind, text):
    """An attribute in DICOM JSON."""
    return {"vr": kind, "Value": [text]}


@contextmanager
def serving(count=3, tls=None):
    """Serve so many studies."""
    uids = [f"1.2.826.0.5.{number}" for number in range(1, count + 1)]
    ours = MisbehavingServer({uid: film_file(1, StudyInstanceUID=uid) for uid in uids})
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.ours = ours
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    ours.address = f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield ours
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
