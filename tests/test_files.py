"""Files that are whole or not there."""

import pytest

from cxr_core.files import replace_file


def test_file_is_put_in_place(tmp_path):
    (tmp_path / "file").write_text("before")
    replace_file(tmp_path / "file", lambda path: path.write_text("after"))
    assert (tmp_path / "file").read_text() == "after"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_half_written_file_is_not_put_in_place(tmp_path):
    def write(path):
        path.write_text("half")
        raise OSError("disk full")

    (tmp_path / "file").write_text("whole")
    with pytest.raises(OSError, match="disk full"):
        replace_file(tmp_path / "file", write)
    assert (tmp_path / "file").read_text() == "whole"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
