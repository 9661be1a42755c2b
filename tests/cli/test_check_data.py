"""What `check-data` tells of a folder; and that training, study and evaluation look before they start."""

import json
import shutil

import pytest

from cxr_core.data import open_collections
from tests.cli.running import invoke, one_line, process

DAMAGED = ("COVID/images/COVID-1.png", "Normal/images/Normal-2.png")


@pytest.fixture
def data(phantom_data, tmp_path):
    return shutil.copytree(phantom_data, tmp_path / "data")


@pytest.fixture
def faulty(data):
    """Films that cannot be read, one film under two labels, and what a Mac leaves behind."""
    for path in DAMAGED:
        (data / path).write_bytes((data / path).read_bytes()[:300])
    shutil.copy(data / "COVID/images/COVID-3.png", data / "Normal/images/again.png")
    (data / "COVID/images/._COVID-1.png").write_bytes(bytes(100))
    return data


def test_sound_folder_is_counted_and_nothing_stops(data):
    done = invoke("check-data", data)
    assert done.exit_code == 0, done.stderr
    assert "Films that can be used" in done.stdout
    assert [line for line in done.stdout.splitlines() if "train" in line and "7" in line]
    assert done.stdout.endswith("Nothing stops training.\n")


def test_everything_wrong_is_a_row_of_the_table_with_its_reason(faulty):
    done = invoke("check-data", faulty)
    assert done.exit_code == 1
    assert done.stderr == ""
    lines = done.stdout.splitlines()

    def row(*parts):
        (found,) = (line for line in lines if all(part in line for part in parts))
        return found

    for path in DAMAGED:
        assert "stops" in row(path, "damaged")
    assert "stops" in row("COVID/images/COVID-3.png", "one film stands under COVID and Normal (also as Normal/images/again.png)")
    assert "stops" not in row("COVID/images/._COVID-1.png", "a hidden file or folder; passed over")
    assert lines[-1] == "3 things stop training."


def test_json_holds_the_same(faulty):
    found = json.loads(invoke("check-data", faulty, "--json").stdout)
    assert set(found) == {"films", "faults"}
    assert sum(sum(classes.values()) for classes in found["films"]["data"].values()) == 43 + 1 - len(
        DAMAGED
    )  # phantoms, the copy, without the damaged
    stops = {fault["where"]: fault["broken"] for fault in found["faults"] if fault["stops"]}
    assert stops == {**dict.fromkeys(DAMAGED, True), "COVID/images/COVID-3.png": False}
    assert all(set(fault) == {"where", "reason", "stops", "stops_evaluate", "broken", "films"} for fault in found["faults"])
    (leak,) = [fault for fault in found["faults"] if "one film stands" in fault["reason"]]
    assert leak["films"] == ["COVID/images/COVID-3.png", "Normal/images/again.png"]


def test_films_that_a_reason_does_not_name_are_listed(data):
    films = open_collections([data]).films
    films["group"] = "one patient"
    films.to_csv(data / "manifest.csv", index=False)
    lines = invoke("check-data", data).stdout.splitlines()
    assert any("group one patient" in line and "and 40 more" in line for line in lines)
    for path in films["path"]:
        assert any(line.replace("│", "").strip() == path for line in lines), path
    faults = json.loads(invoke("check-data", data, "--json").stdout)["faults"]
    assert sorted(next(fault for fault in faults if "in train" in fault["reason"])["films"]) == sorted(films["path"])


def test_what_stops_evaluate_alone_is_listed_and_said(data):
    (data / "mask.png").write_text("no picture")
    (data / "masks.csv").write_text("path,lungs\nNormal/images/Normal-1.png,mask.png\n")
    (data / "external.csv").write_text("path,label\nx.png,COVID\nx.png,SARS\n,COVID\n")
    (data / "jsrt.csv").write_text("path,label\nnone.png,Normal\nCOVID/images/COVID-1.png,\n./COVID/images/COVID-1.png,\n")
    (data / "kermany.csv").write_text("path,label\nx.png,COVID\n")
    done = invoke("check-data", data)
    rows = [line for line in done.stdout.splitlines() if "stops evaluate" in line]
    assert len(rows) == 5
    told = (
        ("line 3", "'SARS'"),
        ("line 4", "empty path"),
        ("none.png", "no such file"),
        ("mask.png", "cannot be read"),
        ("kermany", "split"),
    )
    for parts in told:
        assert [row for row in rows if all(part in row for part in parts)], parts
    assert [line for line in done.stdout.splitlines() if "jsrt.csv" in line and "in 1 of its rows; each counts once" in line]
    assert done.stdout.endswith("Nothing stops training.\n5 things beside the films stop 'evaluate' alone.\n")
    assert done.exit_code == 0
    found = json.loads(invoke("check-data", data, "--json").stdout)["faults"]
    assert sum(fault["stops_evaluate"] for fault in found) == 5
    assert not any(fault["stops"] for fault in found)


def test_several_locations_are_one_data_set(data, tmp_path):
    films = open_collections([data]).films
    films.to_csv(data / "films.csv", index=False)
    found = json.loads(invoke("check-data", data, data / "films.csv", "--json").stdout)
    assert list(found["films"]) == ["films"]  # its rows have splits, those of the folder have none
    assert len([fault for fault in found["faults"] if "listed again" in fault["reason"]]) == len(films)


def test_names_that_are_no_text_are_shown(data):
    (data / "COVID/images" / b"\xff\n.txt".decode(errors="surrogateescape")).write_bytes(b"notes")
    done = process("check-data", data)
    assert done.returncode == 0, done.stderr
    assert r"\xff\n.txt" in done.stdout
    assert json.loads(process("check-data", data, "--json").stdout)["faults"][0]["where"].endswith(r"\xff\n.txt")


def test_folder_that_is_not_there_is_told(tmp_path):
    done = invoke("check-data", tmp_path / "nowhere")
    assert done.exit_code == 1
    assert "There is no data folder" in done.stdout
    assert done.stdout.endswith("1 things stop training.\n")


def test_check_needs_a_folder():
    assert invoke("check-data").exit_code == 2


@pytest.mark.parametrize("command", ["train", "study", "evaluate"])
def test_commands_that_use_films_name_all_that_is_wrong_first(faulty, tmp_path, command, model):
    folder = ("--model", model) if command == "evaluate" else ("--out", tmp_path / "out", "--init", "none")
    said = one_line(invoke(command, "--data", faulty, *folder))
    assert all(path in said for path in (*DAMAGED, "COVID/images/COVID-3.png"))
    assert "--skip-broken" in said
    assert not (tmp_path / "out").exists()


@pytest.fixture
def fitted(monkeypatch):
    """What training was given, in place of training."""
    given = []
    monkeypatch.setattr("cxr_core.training.fit.train", lambda recipe, films, root, *_, **__: given.append((films, root)))
    return given


def test_broken_films_are_left_out_on_request_with_a_line_each(faulty, tmp_path, fitted):
    (faulty / "Normal/images/again.png").unlink()
    done = invoke("train", "--data", faulty, "--out", tmp_path / "run", "--skip-broken")
    assert done.exit_code == 0, done.stderr
    ((films, root),) = fitted
    assert root == faulty
    assert not set(DAMAGED) & set(films["path"])
    lines = done.stderr.splitlines()
    assert len([line for line in lines if line.endswith("; left out")]) == 2
    assert "COVID/images/._COVID-1.png: a hidden file or folder; passed over" in lines


def test_many_lines_are_counted_and_an_absent_class_is_said_before_them(data, tmp_path, fitted):
    films = open_collections([data]).films
    films[(films["label"] != "COVID") | (films["split"] != "val")].to_csv(data / "manifest.csv", index=False)
    with (data / "manifest.csv").open("a") as manifest:
        manifest.writelines(f"COVID/images/._{number}.png,COVID,train,g\n" for number in range(30))
    lines = invoke("train", "--data", data, "--out", tmp_path / "run").stderr.splitlines()
    assert lines[0] == "The validation films hold none of COVID"
    assert len([line for line in lines if "a hidden file" in line]) == 19
    assert "and 11 more, which 'python -m cxr_core check-data' lists" in lines
    assert len(fitted) == 1


def test_films_are_decoded_once_for_all_commands(data, tmp_path, fitted, monkeypatch, cache_of_this_user):
    open_collections([data]).films.to_csv(data / "manifest.csv", index=False)
    assert invoke("check-data", data).exit_code == 0
    assert list(cache_of_this_user.iterdir())
    monkeypatch.setattr("cxr_core.data.readable.decoded", lambda path: pytest.fail("decoded again"))
    assert invoke("train", "--data", data, "--out", tmp_path / "run").exit_code == 0
