"""A JPEG of which a part is missing is refused though its end mark is there; a whole one never is."""

import re

import numpy as np
import pytest

from cxr_core.imaging import TruncatedImageError, decode_film
from tests.drawing import jpeg_bytes, phantom_levels

GREY = phantom_levels(160, 144)
COLOUR = np.dstack([GREY, GREY // 2 + 60, GREY])
INKS = np.dstack([GREY] * 4)
END = b"\xff\xd9"
SCAN = b"\xff\xda"
KINDS = {
    "grey": jpeg_bytes(GREY),
    "colour": jpeg_bytes(COLOUR),
    "ink": jpeg_bytes(INKS, "CMYK"),
    "intervals": jpeg_bytes(GREY, restart_marker_blocks=7),
    "progressive": jpeg_bytes(GREY, progressive=True),
    "progressive colour": jpeg_bytes(COLOUR, progressive=True),
    "progressive intervals": jpeg_bytes(GREY, progressive=True, restart_marker_blocks=7),
}


def coded(data):
    """Where the coded pixels start, after the header of the first scan."""
    at = data.index(SCAN)
    return at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")


@pytest.mark.parametrize("share", [0, 0.2, 0.6, 0.9, 0.98])
@pytest.mark.parametrize("name", KINDS)
def test_end_mark_on_a_cut_picture_hides_nothing(name, share):
    data = KINDS[name]
    start = coded(data)
    cut = data[: start + int(share * (len(data) - start))].rstrip(b"\xff") + END
    with pytest.raises(TruncatedImageError, match="ends too early"):
        decode_film(cut)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("before", [b"", b"\xff", b"\0", bytes(9)], ids=["nothing", "fill byte", "zero", "zeros"])
@pytest.mark.parametrize("after", [b"", bytes(600), b"\xff\xd8\xff"], ids=["nothing", "padding", "another"])
def test_whole_picture_is_read_whatever_lies_about_its_end_mark(name, before, after):
    data = KINDS[name]
    assert (decode_film(data[:-2] + before + END + after).pixels == decode_film(data).pixels).all()


def test_last_corner_of_the_grey_that_fills_up_is_no_sign_of_a_cut():
    grey = GREY.copy()
    grey[-40:, -40:] = 128
    for kind in ({}, {"restart_marker_blocks": 5}, {"progressive": True}):
        assert decode_film(jpeg_bytes(grey, **kind)).pixels[-1, -1] == pytest.approx(128 / 255, abs=0.01)


@pytest.mark.parametrize("missing", [1, 3, 9])
def test_intervals_that_are_missing_within_are_noticed(missing):
    data = KINDS["intervals"]
    marks = [mark.start() for mark in re.finditer(rb"\xff[\xd0-\xd7]", data) if mark.start() > coded(data)]
    with pytest.raises(TruncatedImageError):
        decode_film(data[: marks[2]] + data[marks[2 + missing] :])


@pytest.mark.parametrize("left", [1, 2, 4])
def test_progressive_picture_without_its_last_scans_is_not_whole(left):
    data = KINDS["progressive"]
    scans = [mark.start() for mark in re.finditer(SCAN, data)]
    assert len(scans) > 4
    with pytest.raises(TruncatedImageError):
        decode_film(data[: scans[left]] + END)


def test_mark_within_a_segment_between_scans_is_not_the_end():
    data = KINDS["progressive"]
    second = [mark.start() for mark in re.finditer(SCAN, data)][1]
    with_comment = data[:second] + b"\xff\xfe\0\x06" + END + b"xx" + data[second:]
    assert (decode_film(with_comment).pixels == decode_film(data).pixels).all()
