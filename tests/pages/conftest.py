"""What all tests of pages share."""

import pytest


@pytest.fixture(autouse=True)
def no_head_start(monkeypatch):
    """There is no browser that the first screen would have to wait for."""
    monkeypatch.setattr("pages.insides.HEAD_START_S", 0)
