"""The pictures of the report's page."""

import cv2
import numpy as np
import pytest

from cxr_core.read_report.pictures import PICTURE_SIDE, bar_colours, jpeg_bytes, outlines


@pytest.mark.parametrize("shape", [(2000, 1500), (1500, 2000), (64, 5000), (100, 80)])
def test_embedded_picture_is_never_larger_than_it_can_be_printed(shape):
    decoded = cv2.imdecode(np.frombuffer(jpeg_bytes(np.zeros(shape, np.uint8)), np.uint8), cv2.IMREAD_UNCHANGED)
    assert max(decoded.shape) == min(PICTURE_SIDE, max(shape))
    assert decoded.shape[0] / decoded.shape[1] == pytest.approx(shape[0] / shape[1], rel=0.05)


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


@pytest.mark.parametrize("opacity", [0.0, 0.45, 1.0])
def test_colour_bar_shows_what_the_overlay_does_to_grey(opacity):
    from cxr_core.saliency import colour_layer, overlay

    layer = colour_layer(np.linspace(0, 1, 48, dtype=np.float32)[np.newaxis])
    np.testing.assert_allclose(bar_colours(opacity).astype(int), overlay(np.full((1, 48), 128, np.uint8), layer, opacity)[0], atol=1)
