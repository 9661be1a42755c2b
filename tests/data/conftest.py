"""Small data folders that a test may change."""

import pytest

from tests.data.drawing import table, write_classes, write_manifest


@pytest.fixture
def small(tmp_path):
    return write_classes(tmp_path / "small", 4)


@pytest.fixture
def listed(tmp_path):
    """A folder with a manifest: a film of each class in each split."""
    root = write_classes(tmp_path / "listed", 3)
    return write_manifest(root, table(root))
