"""The pictures of the report's page."""

import cv2
import numpy as np
import pytest

from cxr_core.reporting.pictures import PICTURE_SIDE, bar_colours, jpeg_bytes


@pytest.mark.parametrize("shape", [(2000, 1500), (1500, 2000), (64, 5000), (100, 80)])
def test_embedded_picture_is_never_larger_than_it_can_be_printed(shape):
    decoded = cv2.imdecode(np.frombuffer(jpeg_bytes(np.zeros(shape, np.uint8)), np.uint8), cv2.IMREAD_UNCHANGED)
    assert max(decoded.shape) == min(PICTURE_SIDE, max(shape))
    assert decoded.shape[0] / decoded.shape[1] == pytest.approx(shape[0] / shape[1], rel=0.05)


@pytest.mark.parametrize("opacity", [0.0, 0.45, 1.0])
def test_colour_bar_shows_what_the_overlay_does_to_grey(opacity):
    from cxr_core.saliency import colour_layer, overlay

    layer = colour_layer(np.linspace(0, 1, 48, dtype=np.float32)[np.newaxis])
    np.testing.assert_allclose(bar_colours(opacity).astype(int), overlay(np.full((1, 48), 128, np.uint8), layer, opacity)[0], atol=1)
