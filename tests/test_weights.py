"""The weights folders hold what their cards say, and nothing more."""

import h5py
import pytest

from cxr_core.card import SHIPPED_MODEL, SHIPPED_RUN, read_card, read_doubt, read_study
from cxr_core.gate import GATE_FILE, InputGate
from cxr_core.models import file_sha256

FOLDERS = sorted(path.parent for path in SHIPPED_MODEL.parent.glob("[!.]*/model_card.json"))  # not those of an evaluation that goes on


def test_the_shipped_model_is_a_densenet121_measured_on_test():
    card = read_card(SHIPPED_MODEL)
    assert card.model.backbone == "DenseNet121"
    assert card.data.split == "test"


def test_the_shipped_model_reaches_what_is_asked_of_it_on_test():
    card = read_card(SHIPPED_MODEL)
    assert card.results.accuracy.value >= 0.93
    assert card.results.classes["COVID"].recall.value >= 0.92
    assert card.results.macro.f1.value >= 0.91
    assert card.paired_copies.agreement.value >= 0.97
    assert card.gate.refused.value <= 0.03
    assert card.gate.others_refused >= 0.95
    assert min(change.caught.value for change in card.gate.changed) >= 0.90


def test_the_shipped_model_states_the_doubt_of_its_weights_on_the_val_films_of_its_card():
    card = read_card(SHIPPED_MODEL)
    assert read_doubt(SHIPPED_MODEL, card.model).films == card.data.counts["val"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_weights_match_their_card_are_small_and_bare(folder):
    card = read_card(folder)
    path = folder / card.model.weights_file
    assert file_sha256(path) == card.model.sha256
    assert path.stat().st_size < 40_000_000
    with h5py.File(path) as file:
        assert "optimizer" not in file


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_model_has_a_gate_of_its_own_that_is_small(folder):
    assert InputGate.load(folder).weights_sha256 == read_card(folder).model.sha256
    assert (folder / GATE_FILE).stat().st_size < 3_000_000


def test_the_row_of_the_shipped_model_in_the_study_is_of_its_card():
    card = read_card(SHIPPED_MODEL)
    (row,) = [run for run in read_study() if run.name == SHIPPED_RUN]
    assert row.weights_sha256 == card.model.sha256
    assert row.results == card.results
