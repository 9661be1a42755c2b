"""Files that are whole or not there."""

import multiprocessing
import os

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


def _replace_often(path, letter):
    for _ in range(50):
        replace_file(path, lambda partial: partial.write_text(letter * 10_000))


def test_processes_that_replace_one_file_do_not_meet(tmp_path):
    path = tmp_path / "file"
    writers = [multiprocessing.get_context("fork").Process(target=_replace_often, args=(path, letter)) for letter in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert path.read_text() in {letter * 10_000 for letter in "abc"}
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_process_left_is_removed_and_nothing_else(tmp_path):
    dead = multiprocessing.get_context("fork").Process(target=os.getpid)
    dead.start()
    dead.join()
    names = [f"partial-{dead.pid}-file", f"partial-{dead.pid}-other", f"partial-{os.getppid()}-file", "partial-time-file"]
    for name in names:
        (tmp_path / name).touch()
    replace_file(tmp_path / "file", lambda path: path.write_text("whole"))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["file", *names[1:]])
