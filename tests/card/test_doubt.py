"""The file of a model's doubt: read, or refused with a reason."""

import json

import pytest

from cxr_core.card import (
    DOUBT_FILE,
    ChosenPoint,
    Doubt,
    DoubtDamagedError,
    DoubtMissingError,
    DoubtOfOtherWeightsError,
    ModelIdentity,
    read_doubt,
)
from cxr_core.labels import CLASS_NAMES

IDENTITY = ModelIdentity(backbone="DenseNet121", size=192, sha256="ab" * 32, parameters=1)
DOUBT = Doubt(
    weights_sha256="ab" * 32,
    films=dict.fromkeys(CLASS_NAMES, 20),
    temperature=1.5,
    coverage=0.9,
    set_thresholds=dict.fromkeys(CLASS_NAMES, 0.25),
    operating_point=ChosenPoint(rule="sensitivity", threshold=0.3, sensitivity=0.95, specificity=0.9),
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / DOUBT_FILE).write_text(DOUBT.model_dump_json())
    return tmp_path


def test_what_was_written_is_read(folder):
    assert read_doubt(folder, IDENTITY) == DOUBT


def test_missing_file_is_named(tmp_path):
    with pytest.raises(DoubtMissingError, match=rf"There is no .*{DOUBT_FILE}.* run 'evaluate'"):
        read_doubt(tmp_path, IDENTITY)


def test_other_weights_are_refused(folder):
    with pytest.raises(DoubtOfOtherWeightsError, match=r"fitted for other weights than densenet121 cdcdcd\. Run 'evaluate'"):
        read_doubt(folder, IDENTITY.model_copy(update={"sha256": "cd" * 32}))


@pytest.mark.parametrize(
    "change",
    [
        {"temperature": 0},
        {"temperature": "NaN"},
        {"coverage": 1},
        {"split": "test"},
        {"weights_sha256": "short"},
        {"set_thresholds": {"COVID": 0.1}},
        {"set_thresholds": dict.fromkeys(reversed(CLASS_NAMES), 0.1)},
        {"set_thresholds": dict.fromkeys(CLASS_NAMES, 1.1)},
        {"films": {}},
        {"operating_point": None},
        {"operating_point": DOUBT.operating_point.model_dump() | {"rule": "whim"}},
        {"more": 1},
    ],
    ids=str,
)
def test_what_does_not_fit_is_damaged(folder, change):
    (folder / DOUBT_FILE).write_text(json.dumps(DOUBT.model_dump() | change))
    with pytest.raises(DoubtDamagedError, match="is damaged or of another version"):
        read_doubt(folder, IDENTITY)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]"])
def test_what_is_no_json_is_damaged(folder, content):
    (folder / DOUBT_FILE).write_bytes(content)
    with pytest.raises(DoubtDamagedError):
        read_doubt(folder, IDENTITY)
