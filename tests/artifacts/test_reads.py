"""The films behind a card are read as they were written, or not at all."""

import numpy as np
import pytest

from cxr_core.artifacts import WeightsDamagedError, WeightsMissingError, read_reads, reads_csv, reads_sha256
from cxr_core.calibration import calibrated
from cxr_core.labels import CLASS_NAMES
from tests.cards import drawn_calibration, drawn_card, drawn_films, drawn_probabilities, write_card


@pytest.fixture(scope="module")
def shipped():
    return drawn_card()


@pytest.fixture
def folder(shipped, tmp_path):
    return write_card(tmp_path / "model", *shipped)


def test_films_are_read_in_order(shipped, folder):
    y_true, groups = drawn_films()
    table = read_reads(folder, shipped[0])
    assert list(table) == ["label", "group", *CLASS_NAMES]
    assert table["label"].tolist() == [CLASS_NAMES[code] for code in y_true]
    assert table["group"].tolist() == groups.tolist()
    expected = calibrated(np.log(drawn_probabilities(y_true)), drawn_calibration().temperature)
    np.testing.assert_allclose(table[list(CLASS_NAMES)], expected, atol=1e-6)


def test_groups_stay_text():
    content = reads_csv(np.array(["COVID", "Normal"]), np.array(["007", "7"]), np.eye(4)[:2])
    assert b"COVID,007,1.000000,0.000000,0.000000,0.000000\n" in content


def test_numbered_groups_are_read_as_text(shipped, tmp_path):
    card, _ = shipped
    content = reads_csv(np.array(["COVID", "Normal"]), np.array(["007", "7"]), np.eye(4)[:2])
    card = card.model_copy(update={"reads": card.reads.model_copy(update={"sha256": reads_sha256(content)})})
    assert read_reads(write_card(tmp_path, card, content), card)["group"].tolist() == ["007", "7"]


def test_same_films_are_written_alike():
    films = np.array(["COVID"]), np.array(["g1"]), np.full((1, 4), 0.25)
    assert reads_sha256(reads_csv(*films)) == reads_sha256(reads_csv(*films))
    assert len(reads_sha256(b"")) == 64


def test_missing_file_is_told(shipped, folder):
    (folder / shipped[0].reads.file).unlink()
    with pytest.raises(WeightsMissingError, match=r"is missing\. Restore it"):
        read_reads(folder, shipped[0])


@pytest.mark.parametrize("change", [lambda content: content + b"\n", lambda content: content[:-100], lambda content: b""])
def test_file_of_another_card_is_refused(shipped, folder, change):
    card, content = shipped
    (folder / card.reads.file).write_bytes(change(content))
    with pytest.raises(WeightsDamagedError, match="not the one that the model card names"):
        read_reads(folder, card)
