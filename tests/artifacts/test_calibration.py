"""The file of a model's calibration: read, or refused with a reason."""

import json

import pytest

from cxr_core.artifacts import (
    CALIBRATION_FILE,
    Calibration,
    CalibrationDamagedError,
    CalibrationMissingError,
    CalibrationOfOtherWeightsError,
    ModelIdentity,
    OperatingPoint,
    read_calibration,
)
from cxr_core.labels import CLASS_NAMES
from cxr_core.stats import Interval

IDENTITY = ModelIdentity(backbone="DenseNet121", size=192, sha256="ab" * 32, parameters=1)
CALIBRATION = Calibration(
    weights_sha256="ab" * 32,
    films=dict.fromkeys(CLASS_NAMES, 20),
    temperature=1.5,
    coverage=0.9,
    set_thresholds=dict.fromkeys(CLASS_NAMES, 0.25),
    operating_point=OperatingPoint(
        threshold=0.3, sensitivity=Interval(value=0.95), specificity=Interval(value=0.9), cases=20, others=60, rule="sensitivity"
    ),
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / CALIBRATION_FILE).write_text(CALIBRATION.model_dump_json())
    return tmp_path


def test_what_was_written_is_read(folder):
    assert read_calibration(folder, IDENTITY) == CALIBRATION


def test_missing_file_is_named(tmp_path):
    with pytest.raises(CalibrationMissingError, match=rf"There is no .*{CALIBRATION_FILE}.* run 'evaluate'"):
        read_calibration(tmp_path, IDENTITY)


def test_other_weights_are_refused(folder):
    with pytest.raises(CalibrationOfOtherWeightsError, match=r"fitted for other weights than densenet121 cdcdcd\. Run 'evaluate'"):
        read_calibration(folder, IDENTITY.model_copy(update={"sha256": "cd" * 32}))


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
        {"operating_point": CALIBRATION.operating_point.model_dump() | {"rule": "whim"}},
        {"operating_point": CALIBRATION.operating_point.model_dump() | {"rule": None}},
        {"operating_point": CALIBRATION.operating_point.model_dump() | {"threshold": None}},
        {"more": 1},
    ],
    ids=str,
)
def test_what_does_not_fit_is_damaged(folder, change):
    (folder / CALIBRATION_FILE).write_text(json.dumps(CALIBRATION.model_dump() | change))
    with pytest.raises(CalibrationDamagedError, match="is damaged or of another version"):
        read_calibration(folder, IDENTITY)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]"])
def test_what_is_no_json_is_damaged(folder, content):
    (folder / CALIBRATION_FILE).write_bytes(content)
    with pytest.raises(CalibrationDamagedError):
        read_calibration(folder, IDENTITY)
