"""Which weights a model folder holds, read from its card without loading anything heavy."""

import hashlib
import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from cxr_core.artifacts import (
    CARD_FILE,
    COMPANION_FILE,
    WEIGHTS_FILE,
    Companion,
    ModelError,
    ModelIdentity,
    WeightsDamagedError,
    WeightsMissingError,
    file_sha256,
    read_identity,
)
from cxr_core.errors import SecondLookError
from cxr_core.labels import CLASS_NAMES

ROOT = Path(__file__).parents[2]
FIELDS = {"backbone": "DenseNet121", "size": 224, "sha256": "0123456789abcdef" * 4, "parameters": 7_300_000}


def folder_with(path, model, **rest):
    (path / CARD_FILE).write_text(json.dumps({"model": model, **rest}))
    return path


def test_identity_is_read_from_the_card(tmp_path):
    identity = read_identity(folder_with(tmp_path, FIELDS, results="of no concern here"))
    assert identity == ModelIdentity(**FIELDS)
    assert identity.classes == CLASS_NAMES
    assert identity.weights_file == WEIGHTS_FILE


def test_identity_round_trips(tmp_path):
    identity = ModelIdentity(**FIELDS, weights_file="other-1.weights.h5")
    assert read_identity(folder_with(tmp_path, json.loads(identity.model_dump_json()))) == identity


def test_version_names_backbone_and_hash():
    assert ModelIdentity(**FIELDS).version == "densenet121 012345"


def test_a_companion_is_named_and_its_weights_are_part_of_the_hash(tmp_path):
    identity = ModelIdentity(**FIELDS, companion=Companion(backbone="MobileNetV2", share=0.4))
    assert identity.version == "densenet121+mobilenetv2 012345"
    assert identity.networks == ("DenseNet121", "MobileNetV2")
    paths = identity.weights_paths(tmp_path)
    assert [path.name for path in paths] == [WEIGHTS_FILE, COMPANION_FILE]
    for path in paths:
        path.write_bytes(path.name.encode())
    both = file_sha256(*paths)
    assert both == hashlib.sha256((WEIGHTS_FILE + COMPANION_FILE).encode()).hexdigest()
    assert both != file_sha256(paths[0])
    for share in (0, 1):
        with pytest.raises(ValidationError):
            Companion(backbone="MobileNetV2", share=share)


def test_identity_cannot_be_changed():
    with pytest.raises(ValidationError):
        ModelIdentity(**FIELDS).size = 299


@pytest.mark.parametrize("field", ["backbone", "size", "sha256", "parameters"])
def test_missing_field_is_refused(tmp_path, field):
    fields = {name: value for name, value in FIELDS.items() if name != field}
    with pytest.raises(WeightsDamagedError, match="damaged"):
        read_identity(folder_with(tmp_path, fields))


@pytest.mark.parametrize(
    "change",
    [
        {"size": 31},
        {"size": 1025},
        {"size": "large"},
        {"sha256": "0" * 63},
        {"sha256": "G" * 64},
        {"sha256": "A" * 64},
        {"parameters": 0},
        {"parameters": -1},
        {"weights_file": "../elsewhere.weights.h5"},
        {"weights_file": "/etc/x.weights.h5"},
        {"weights_file": "..\\x.weights.h5"},
        {"weights_file": "model.keras"},
        {"weights_file": "x.weights.h5\n"},
        {"note": "unknown field"},
    ],
    ids=repr,
)
def test_wrong_field_is_refused(tmp_path, change):
    with pytest.raises(WeightsDamagedError, match="damaged"):
        read_identity(folder_with(tmp_path, FIELDS | change))


@pytest.mark.parametrize("size", [32, 1024])
def test_sizes_at_the_bounds_are_allowed(tmp_path, size):
    assert read_identity(folder_with(tmp_path, FIELDS | {"size": size})).size == size


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"null", b"not JSON", b"\xff\xfe\x00", b'{"model": ', b'{"model": 3}', b"[" * 100_000]
)
def test_unreadable_card_is_refused(tmp_path, content):
    (tmp_path / CARD_FILE).write_bytes(content)
    with pytest.raises(WeightsDamagedError, match="damaged"):
        read_identity(tmp_path)


@pytest.mark.parametrize("classes", [CLASS_NAMES[::-1], CLASS_NAMES[:3], (*CLASS_NAMES, "Other"), ()])
def test_other_classes_are_refused(tmp_path, classes):
    with pytest.raises(WeightsDamagedError, match="other classes"):
        read_identity(folder_with(tmp_path, FIELDS | {"classes": classes}))


def test_folder_without_card_is_missing(tmp_path):
    with pytest.raises(WeightsMissingError, match="no model card"):
        read_identity(tmp_path)


def test_folder_that_is_not_there_is_missing(tmp_path):
    with pytest.raises(WeightsMissingError):
        read_identity(tmp_path / "nowhere")


def test_directory_in_the_place_of_the_card_is_missing(tmp_path):
    (tmp_path / CARD_FILE).mkdir()
    with pytest.raises(WeightsMissingError):
        read_identity(tmp_path)


@pytest.mark.parametrize("content", [None, b"not JSON", json.dumps({"model": FIELDS | {"classes": ["A"]}}).encode()])
def test_refusal_is_one_line_that_names_the_folder(tmp_path, content):
    if content is not None:
        (tmp_path / CARD_FILE).write_bytes(content)
    with pytest.raises(ModelError) as refusal:
        read_identity(tmp_path)
    message = str(refusal.value)
    assert isinstance(refusal.value, SecondLookError)
    assert "\n" not in message
    assert message.endswith(".")
    assert str(tmp_path) in message
