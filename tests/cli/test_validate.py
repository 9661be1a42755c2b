"""What `validate` measures, prints, keeps, lists and forgets."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from cxr_core.artifacts import SHIPPED_MODEL, read_card
from cxr_core.cli import app
from cxr_core.labels import CLASS_NAMES
from cxr_core.site_cards import list_site_cards, site_cards_folder, write_site_card
from tests.cli.running import invoke, one_line
from tests.dicoms import dicom_bytes, levels
from tests.gates import open_gate
from tests.site_cards.drawing import drawn_site_card
from tests.tiny import CHANNELS


@pytest.fixture(autouse=True)
def user_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "user"))
    return tmp_path / "user"


@pytest.fixture(scope="module")
def own(phantom_data, tmp_path_factory):
    """Phantoms of three classes, one of them a DICOM, one twice, and a file that is no film."""
    folder = tmp_path_factory.mktemp("own")
    for name in CLASS_NAMES[:3]:
        shutil.copytree(phantom_data / name / "images", folder / name)
    shutil.copyfile(next((folder / "COVID").glob("*.png")), folder / "COVID" / "twice.png")
    (folder / "Normal" / "1.2.840.1").write_bytes(dicom_bytes(levels(), bits=12))
    (folder / "Normal" / "notes.txt").write_text("not a film")
    return folder


def few(own, tmp_path, **counts):
    """A folder of some of these films."""
    for name, count in counts.items():
        (tmp_path / "few" / name).mkdir(parents=True)
        for path in sorted((own / name).glob(f"{name}-*.png"))[:count]:
            shutil.copy(path, tmp_path / "few" / name)
    return tmp_path / "few"


@pytest.mark.slow
def test_own_films_are_measured_kept_listed_and_forgotten(own, tiny_model):
    done = invoke("validate", "--data", own, "--model", tiny_model, "--keep", "Ward 3")
    assert done.exit_code == 0, done.stderr
    text = " ".join(done.stdout.split())
    assert "Films read: 34" in text
    assert "(10 COVID, 11 Lung opacity, 13 Normal). Left out: 1 cannot be read and 1 repeat another file." in text
    for part in ("sensitivity", "specificity", "AUC", "accuracy", "recall Normal", "calibration error", "Top class of your films"):
        assert part in text
    assert "two-proportion sample size" in text
    assert "Kept as the site card 'Ward 3'. --forget 'Ward 3' removes it." in text
    assert "By cross-validation in 5 parts" in text
    assert done.stderr.splitlines() == [
        f"{own / 'Normal' / 'notes.txt'}: The file is not an image, whatever its name says. Choose a PNG, JPEG or DICOM file."
    ]
    listed = invoke("validate", "--list", "--model", tiny_model).stdout
    assert listed.startswith(f"Ward 3: {read_card(tiny_model).model.version}, ")
    assert "not used" not in listed
    content = (site_cards_folder() / "Ward 3.json").read_text()
    assert not any(path.stem in content for path in own.rglob("*") if path.is_file())
    assert str(own) not in content
    assert invoke("validate", "--forget", "Ward 3").stdout == "The site card 'Ward 3' is removed.\n"
    assert list_site_cards() == ([], [])


@pytest.mark.slow
def test_json_of_films_in_a_table_is_one_object_and_keeps_nothing_unasked(own, tiny_model, tmp_path, user_folder):
    rows = [f"{path},{path.parent.name}" for path in sorted(own.rglob("*.png"))]
    (tmp_path / "mine.csv").write_text("\n".join(["path,label", *rows]))
    done = invoke("validate", "--data", tmp_path / "mine.csv", "--model", tiny_model, "--json")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert list(found) == ["schema", "model", "weights_sha256", "verdict", "caveats", "figures", "site_card"]
    assert found["schema"] == "second-look-validation/1"
    assert found["weights_sha256"] == read_card(tiny_model).model.sha256
    assert found["figures"]["films"] == 33
    assert found["figures"]["repeated"] == 1
    assert found["site_card"] is None
    assert done.stderr == ""
    assert not user_folder.exists()


@pytest.mark.slow
def test_few_films_of_one_class_are_measured_as_far_as_may_be_but_not_kept(own, tiny_model, tmp_path):
    done = invoke("validate", "--data", few(own, tmp_path, COVID=4), "--model", tiny_model, "--keep", "Ward 3", "--json")
    found = json.loads(done.stdout)
    assert any("All films are of COVID" in sentence for sentence in found["caveats"])
    assert any("fewer than 30 films" in sentence for sentence in found["caveats"])
    assert found["figures"]["sensitivity"]["value"] is not None
    assert found["figures"]["specificity"]["value"] is None
    assert found["figures"]["roc_auc"]["value"] is None
    assert found["figures"]["calibration_error"] is None
    assert done.exit_code == 1
    assert done.stderr.startswith("error: A temperature and an operating point are fitted to 30 films or more")
    assert len(done.stderr.splitlines()) == 1
    assert list_site_cards() == ([], [])


@pytest.mark.slow
def test_films_that_are_all_refused_give_one_line_with_the_reason(own, tiny_model, tmp_path):
    strict = shutil.copytree(tiny_model, tmp_path / "strict")
    open_gate(read_card(strict).model.sha256, CHANNELS, contrast=(1.0, 1.0)).save(strict)
    said = one_line(invoke("validate", "--data", few(own, tmp_path, COVID=2, Normal=1), "--model", strict))
    assert said.startswith("error: The input gate refused all 3 films, so nothing can be measured: low contrast (3).")


def test_wrong_folder_is_told_before_a_model_is_loaded(tmp_path):
    assert "no data folder and no CSV file" in one_line(invoke("validate", "--data", tmp_path / "nowhere"))


@pytest.mark.parametrize(
    "arguments", [(), ("--list", "--forget", "x"), ("--list", "--data", "x"), ("--keep", "x"), ("--list", "--keep", "x")]
)
def test_commands_that_do_not_go_together_are_refused(arguments):
    assert "Give one of --data, --forget and --list." in one_line(invoke("validate", *arguments))


def test_name_is_checked_before_films_are_read(tmp_path):
    assert "letters from A to Z" in one_line(invoke("validate", "--data", tmp_path, "--keep", "../x"))
    write_site_card(drawn_site_card())
    assert "'Ward 3' already" in one_line(invoke("validate", "--data", tmp_path, "--keep", "Ward 3"))


def test_unknown_card_cannot_be_forgotten():
    assert "no site card 'Ward 3'" in one_line(invoke("validate", "--forget", "Ward 3"))


def test_list_tells_cards_of_other_weights_and_damaged_ones_apart(user_folder):
    assert invoke("validate", "--list").stdout.startswith("There are no site cards.")
    write_site_card(drawn_site_card())
    (site_cards_folder() / "Old.json").write_text("{}")
    done = invoke("validate", "--list")
    assert done.stdout.startswith("Ward 3: densenet121 ababab, ")
    assert f"Of other weights than {read_card(SHIPPED_MODEL).model.version}: not used" in done.stdout
    assert done.stderr.startswith("Old: damaged")
    found = json.loads(invoke("validate", "--list", "--json").stdout)
    assert [(one["name"], one["fits"]) for one in found["site_cards"]] == [("Ward 3", False)]
    assert found["damaged"] == ["Old"]
    assert invoke("validate", "--forget", "Old").exit_code == 0


def test_help_tells_what_is_kept():
    done = CliRunner(env={"COLUMNS": "200", "TERM": "dumb"}).invoke(app, ["validate", "--help"])
    text = " ".join(done.output.split())
    for part in ("--data", "--keep", "--forget", "--list", "--json", "holds no film and no file name"):
        assert part in text
