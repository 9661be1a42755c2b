"""A real Orthanc with its DICOMweb plugin, on 127.0.0.1, in a folder of its own."""

import json
import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

PROGRAM = shutil.which("Orthanc", path=f"{os.environ.get('PATH', '')}:/usr/sbin")  # which is on few users' paths
PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
VALIDATOR = shutil.which("dciodvfy")
USER = ("reader", "in-netrc-alone")
START_SECONDS = 60


def missing():
    """What of it is not installed."""
    parts = {"orthanc": PROGRAM, "orthanc-dicomweb": PLUGIN.exists(), "dicom3tools": VALIDATOR}
    return [name for name, there in parts.items() if not there]


@dataclass(frozen=True)
class Orthanc:
    """One that runs."""

    root: str
    log: Path

    @property
    def address(self):
        """Of its DICOMweb services."""
        return f"{self.root}/dicom-web"

    def get(self, path):
        """Ask by Orthanc's own interface, past everything of ours."""
        answer = requests.get(self.root + path, auth=USER, timeout=30)
        answer.raise_for_status()
        return answer

    def store(self, data):
        """Store an instance's file."""
        requests.post(f"{self.root}/instances", data, auth=USER, timeout=30).raise_for_status()

    def instances(self, study):
        """The files of a study's instances."""
        found = requests.post(f"{self.root}/tools/lookup", study, auth=USER, timeout=30).json()
        (path,) = [one["Path"] for one in found if one["Type"] == "Study"]
        return [self.get(f"/instances/{one['ID']}/file").content for one in self.get(f"{path}/instances").json()]

    def clear(self):
        """Forget all studies."""
        for study in self.get("/studies").json():
            requests.delete(f"{self.root}/studies/{study}", auth=USER, timeout=30).raise_for_status()


@contextmanager
def running(folder):
    """Start it, and end it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "StorageDirectory": str(folder / "storage"),
        "IndexDirectory": str(folder / "storage"),
        "HttpPort": port,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": True,
        "RegisteredUsers": dict([USER]),
        "DicomServerEnabled": False,
        "ConcurrentJobs": 1,
        "HttpThreadsCount": 4,
        "Plugins": [str(PLUGIN)],
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/", "PublicRoot": "/dicom-web/"},
    }
    (folder / "orthanc.json").write_text(json.dumps(settings))
    log = folder / "orthanc.log"
    with log.open("w") as written:
        process = subprocess.Popen([PROGRAM, str(folder / "orthanc.json")], stdout=written, stderr=subprocess.STDOUT, cwd=folder)
    try:
        server = Orthanc(f"http://127.0.0.1:{port}", log)
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                server.get("/system")
                break
            except requests.RequestException:
                assert process.poll() is None, log.read_text()[-2000:]
                assert time.monotonic() < until, log.read_text()[-2000:]
                time.sleep(0.05)
        yield server
    finally:
        process.terminate()
        process.wait(30)
