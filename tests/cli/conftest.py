"""A model folder that a test may change."""

import shutil

import pytest


@pytest.fixture
def model(tiny_model, tmp_path):
    return shutil.copytree(tiny_model, tmp_path / "model")


@pytest.fixture(autouse=True)
def cache_of_this_user(tmp_path, monkeypatch):
    """Keep what commands keep between runs out of the real user's cache."""
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda name: str(tmp_path / "user-cache" / name))
    return tmp_path / "user-cache" / "second-look"
