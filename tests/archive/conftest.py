"""What the tests of archives share."""

import pytest


@pytest.fixture
def films(tmp_path):
    """Make files below a folder, and return the folder."""
    root = tmp_path / "films"
    root.mkdir()

    def make(*names):
        for name in names:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(b"\0" * 128 + b"DICM" if "." not in name.rpartition("/")[2] else b"film")
        return root

    return make
