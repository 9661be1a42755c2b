"""A model folder that a test may change."""

import shutil

import pytest


@pytest.fixture
def model(tiny_model, tmp_path):
    return shutil.copytree(tiny_model, tmp_path / "model")
