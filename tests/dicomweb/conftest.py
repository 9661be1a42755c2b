"""One Orthanc for all tests that need a real server."""

import os

import pytest

from tests.dicomweb import orthanc as running_orthanc


@pytest.fixture(scope="session")
def orthanc(tmp_path_factory):
    missing = running_orthanc.missing()
    if missing:
        message = f"{', '.join(missing)} not installed: apt-get install {' '.join(missing)}"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    with running_orthanc.running(tmp_path_factory.mktemp("orthanc")) as server:
        yield server
