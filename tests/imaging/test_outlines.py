"""The outline of what is strong in a map."""

import numpy as np
import pytest

from cxr_core.imaging import outlines


def test_outline_runs_where_the_map_falls_below_half():
    y, x = np.mgrid[:200, :300].astype(np.float32)
    saliency = np.exp(-(((x - 90) / 40) ** 2 + ((y - 100) / 30) ** 2) * np.log(2)).astype(np.float32)  # 0.5 on an ellipse
    (outline,) = outlines(saliency)
    distance = np.hypot((outline[:, 0] * 300 - 90) / 40, (outline[:, 1] * 200 - 100) / 30)
    assert len(outline) > 8
    assert np.abs(distance - 1).max() < 0.08


def test_map_of_nothing_has_no_outline_and_a_full_one_runs_along_the_edge():
    assert outlines(np.zeros((50, 40), np.float32)) == []
    (outline,) = outlines(np.ones((50, 40), np.float32))
    assert outline.min() == pytest.approx(0, abs=0.03)
    assert outline.max() == pytest.approx(1, abs=0.03)
