"""Outlines that people drew."""

import cv2
import numpy as np
import pytest

from cxr_core.data import DataSetError, read_mask


def test_a_mask_is_what_is_not_black(tmp_path):
    cv2.imwrite(str(tmp_path / "m.png"), np.array([[0, 1], [255, 0]], np.uint8))
    np.testing.assert_array_equal(read_mask(tmp_path, "m.png"), [[False, True], [True, False]])


def test_a_mask_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "m.png").write_bytes(b"no picture")
    with pytest.raises(DataSetError, match=r"m\.png"):
        read_mask(tmp_path, "m.png")
