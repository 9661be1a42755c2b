"""What `what-helps` says before it trains; what it trains is tested where it is done."""

import pytest

from cxr_core.data import index_sha256, open_collections
from cxr_core.labels import CLASS_NAMES
from tests.cli.running import invoke, one_line
from tests.helps import draw_collection, drawn_row, write_rows


@pytest.fixture
def nothing_trains(monkeypatch):
    def fail(*_, **__):
        raise AssertionError("it trained")

    monkeypatch.setattr("cxr_core.ablation.run_row", fail)


@pytest.fixture
def pack(tmp_path):
    """One collection, and a film to judge rows by."""
    folder = tmp_path / "pack"
    folder.mkdir()
    draw_collection(folder, "own", CLASS_NAMES, ("train", "val", "test")).to_csv(folder / "manifest.csv", index=False)
    draw_collection(folder, "jsrt", ("Normal",), ("all",)).to_csv(folder / "jsrt.csv", index=False, columns=["path", "label"])
    return folder


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--rows", "masks"), "There is no row 'masks'"),
        (("--films", "0"), "--films: "),
        (("--epochs", "0"), "--epochs: "),
        (("--size", "8"), "--size: "),
        (("--backbone", "VGG16"), "There is no backbone 'VGG16'"),
        (("--backbone", "InceptionV3", "--size", "64"), "InceptionV3 needs films of at least 75 pixels"),
        (("--init", "absent.h5"), "There is no weights file absent.h5"),
        ((), "The row more-films trains on further collections. Name them with --data"),
    ],
)
@pytest.mark.usefixtures("nothing_trains")
def test_what_cannot_start_is_one_line(pack, tmp_path, options, reason):
    assert reason in one_line(invoke("what-helps", "--data", pack, "--cache", tmp_path / "cache", "--out", tmp_path / "runs", *options))
    assert not (tmp_path / "runs").exists()


@pytest.mark.usefixtures("nothing_trains")
def test_films_to_judge_by_are_asked_for(pack, tmp_path):
    (pack / "jsrt.csv").unlink()
    assert "nothing to judge rows by" in one_line(
        invoke("what-helps", "--data", pack, "--cache", tmp_path / "cache", "--out", tmp_path / "runs")
    )


@pytest.mark.usefixtures("nothing_trains")
def test_rows_that_are_there_are_not_made_again(pack, tmp_path):
    digest = index_sha256(open_collections([pack]).films)
    results = write_rows(tmp_path / "results", [drawn_row("lung-crop", index_sha256=digest)])
    options = (
        "--data",
        pack,
        "--cache",
        tmp_path / "cache",
        "--out",
        tmp_path / "runs",
        "--results",
        results,
        "--rows",
        "lung-crop",
        "--init",
        "none",
    )
    done = invoke("what-helps", *options)
    assert (done.exit_code, done.stdout) == (0, "")
    assert "of another budget" in one_line(invoke("what-helps", *options, "--epochs", "1"))


def test_row_that_is_made_is_written_and_named(pack, tmp_path, monkeypatch):
    asked = []

    def make(row, budget, data, outside, work, **_):
        asked.append((row.key, budget.epoch_films, work.command))
        return drawn_row(row.key)

    monkeypatch.setattr("cxr_core.ablation.run_row", make)
    options = (
        "--data",
        pack,
        "--cache",
        tmp_path / "cache",
        "--out",
        tmp_path / "runs",
        "--results",
        tmp_path / "results",
        "--init",
        "none",
        "--films",
        64,
    )
    done = invoke("what-helps", *options, "--rows", "whole-film", "--rows", "lung-crop")
    assert done.exit_code == 0
    assert done.stdout.split() == [str(tmp_path / "results" / f"helps-{key}.json") for key in ("whole-film", "lung-crop")]
    assert [(key, films) for key, films, _ in asked] == [("whole-film", 64), ("lung-crop", 64)]
    assert str(tmp_path) not in asked[0][2]
