"""PNG and JPEG as people have them: cut, scanned more densely one way, written by odd programs; as they were taken, or refused by name."""

import struct

import cv2
import imagecodecs
import numpy as np
import pytest

from cxr_core.imaging import TruncatedImageError, decode_film
from tests.drawing import chunk, exif_block, jpeg_bytes, phantom_levels, png_bytes

FILM = phantom_levels(160, 144)
END = b"\xff\xd9"


def right(data):
    film = decode_film(data)
    assert film.pixels.shape == FILM.shape
    assert np.corrcoef(film.pixels.ravel(), FILM.ravel())[0, 1] > 0.99
    return film


# Downloads and disks that lose the end of a file; some programs put an end mark on what is left


@pytest.mark.parametrize("share", [0.3, 0.7, 0.97])
@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 1}, {"exif": exif_block(1)}])
def test_cut_jpeg_is_refused_with_its_end_mark_and_without(options, share):
    data = jpeg_bytes(FILM, **options)
    cut = data[: int(share * len(data))].rstrip(b"\xff")
    for file in (cut, cut + END, cut + bytes(1000) + END, cut + bytes(4096)):
        with pytest.raises(TruncatedImageError):
            decode_film(file)


@pytest.mark.parametrize("share", [0.3, 0.7, 0.97])
def test_cut_png_is_refused_with_its_end_and_without(share):
    data = png_bytes(FILM)
    start, stop = data.index(b"IDAT") + 4, data.index(b"IEND") - 8
    pixels = data[start : start + int(share * (stop - start))]
    for file in (data[: start + len(pixels)], data[: start - 8] + chunk(b"IDAT", pixels) + chunk(b"IEND")):
        with pytest.raises(TruncatedImageError):
            decode_film(file)


@pytest.mark.parametrize("more", [b"\0", bytes(512), b"\r\n", b"\xff" * 9, b"--boundary--\r\n"])
def test_bytes_after_the_end_are_padding(more):
    right(jpeg_bytes(FILM) + more)
    right(png_bytes(FILM) + more)


# Scanners that sample more densely along the paper than across it


@pytest.mark.parametrize(("across", "down"), [(204, 102), (2, 1), (600, 300)])
def test_film_of_a_scanner_that_is_denser_one_way(across, down):
    right(png_bytes(FILM[::2], chunks=[chunk(b"pHYs", struct.pack(">IIB", across, down, 1))]))
    data = bytearray(jpeg_bytes(FILM[::2], quality=98))
    at = data.index(b"JFIF\0") + 7
    data[at : at + 5] = struct.pack(">BHH", 1, across, down)
    right(bytes(data))


# Programs that write what others seldom do


@pytest.mark.parametrize(
    "data",
    [
        cv2.imencode(".jpg", FILM, [cv2.IMWRITE_JPEG_RST_INTERVAL, 3])[1].tobytes(),
        cv2.imencode(".jpg", FILM, [cv2.IMWRITE_JPEG_PROGRESSIVE, 1, cv2.IMWRITE_JPEG_OPTIMIZE, 1])[1].tobytes(),
        imagecodecs.jpeg8_encode(FILM, level=95, optimize=True),
        jpeg_bytes(FILM).replace(b"\xff\xe0\0\x10JFIF\0", b"\xff\xe0\0\x10JUNK\0", 1),
        jpeg_bytes(FILM)[:2] + b"\xff\xff\xff" + jpeg_bytes(FILM)[2:],
        jpeg_bytes(FILM)[:2] + b"\xff\xfe\0\x06" + END + b"xx" + jpeg_bytes(FILM)[2:],
    ],
    ids=["restart intervals", "progressive", "optimised", "no JFIF", "fill bytes", "end mark in a comment"],
)
def test_uncommon_but_whole_jpeg_is_read(data):
    right(data)
