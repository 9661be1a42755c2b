"""Files of every kind become upright grey films, and hostile ones a sentence."""

import bz2
import functools
import gzip
import io
import json
import lzma
import os
import struct
import subprocess
import sys
import tarfile
import zlib
from pathlib import Path

import cv2
import imagecodecs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from cxr_core.errors import SecondLookError
from cxr_core.imaging import Film, ImageError, ImageTooLargeError, NotAnImageError, TruncatedImageError, decode_film
from cxr_core.imaging.bounds import MAX_FILE_BYTES, MAX_PIXELS, MAX_SIDE, MIN_SIDE
from cxr_core.imaging.errors import AnimatedImageError, BlankImageError, ImageTooSmallError, UnsupportedImageError
from tests.drawing import (
    bomb_png,
    chunk,
    cv2_bytes,
    encode,
    exif_block,
    exif_chunk,
    flip_bits,
    jpeg_bytes,
    lying,
    phantom_levels,
    png_bytes,
    png_header,
    with_true_checksums,
)

ROOT = Path(__file__).parents[2]
GREY = phantom_levels()
DEEP = phantom_levels(bits=16)
GREYS = np.repeat(np.arange(256)[:, None], 3, 1)
TURNED = "turned upright as its EXIF orientation says"
BLACKENED = "transparent pixels made black"


def rgb(levels):
    return np.dstack([levels] * 3)


def opaque(levels):
    return np.full_like(levels, np.iinfo(levels.dtype).max)


def half_transparent(levels):
    """Alpha 0 in the upper half, 1 in the lower."""
    alpha = opaque(levels)
    alpha[: levels.shape[0] // 2] = 0
    return alpha


def upper_half_black(levels):
    levels = levels.copy()
    levels[: levels.shape[0] // 2] = 0
    return levels


def colour_samples(bits):
    top = 2**bits - 1
    red, green, blue = (phantom_levels(bits=bits, seed=seed).astype(float) * share for seed, share in enumerate((1.0, 0.6, 0.8)))
    return np.dstack([red, green, blue]).clip(0, top).astype(np.uint8 if bits == 8 else np.uint16)


def luminance(samples):
    """ITU-R BT.601."""
    return samples @ np.array([0.299, 0.587, 0.114]) / np.iinfo(samples.dtype).max


# PNG, all kinds


@pytest.mark.parametrize("interlaced", [False, True], ids=["plain", "interlaced"])
@pytest.mark.parametrize(
    ("samples", "options"),
    [
        (GREY, {}),
        (rgb(GREY), {}),
        (np.dstack([rgb(GREY), opaque(GREY)]), {}),
        (np.dstack([GREY, opaque(GREY)]), {}),
        (GREY, {"palette": GREYS}),
        (255 - GREY, {"palette": GREYS[::-1]}),
    ],
    ids=["grey", "rgb", "rgba", "grey+alpha", "palette", "reversed palette"],
)
def test_8_bit_png_keeps_every_grey_level(samples, options, interlaced):
    film = decode_film(png_bytes(samples, interlaced=interlaced, **options))
    np.testing.assert_array_equal(film.pixels, GREY / np.float32(255))
    assert (film.bit_depth, film.format) == (8, "PNG")
    assert film.pixels.dtype == np.float32


@pytest.mark.parametrize("interlaced", [False, True], ids=["plain", "interlaced"])
@pytest.mark.parametrize(
    "samples",
    [DEEP, rgb(DEEP), np.dstack([rgb(DEEP), opaque(DEEP)]), np.dstack([DEEP, opaque(DEEP)])],
    ids=["grey", "rgb", "rgba", "grey+alpha"],
)
def test_16_bit_png_keeps_every_grey_level(samples, interlaced):
    film = decode_film(png_bytes(samples, interlaced=interlaced))
    np.testing.assert_array_equal(np.rint(film.pixels * 65535), DEEP)
    assert (film.bit_depth, film.format) == (16, "PNG")
    assert film.pixels.dtype == np.float32


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_16_bit_levels_one_step_apart_stay_apart(channels):
    levels = np.tile(np.arange(30000, 30000 + 128, dtype=np.uint16), (64, 1))
    samples = levels if channels == 1 else np.dstack([levels] * 3 + [opaque(levels)] * (channels - 3))
    assert len(np.unique(decode_film(png_bytes(samples)).pixels)) == 128


@pytest.mark.parametrize("interlaced", [False, True], ids=["plain", "interlaced"])
@pytest.mark.parametrize("bits", [1, 2, 4])
@pytest.mark.parametrize("as_palette", [False, True], ids=["grey", "palette"])
def test_png_of_few_bits_fills_the_range(bits, as_palette, interlaced):
    levels = GREY >> (8 - bits)
    palette = np.rint(np.repeat(np.linspace(0, 255, 2**bits)[:, None], 3, 1)) if as_palette else None
    film = decode_film(png_bytes(levels, depth=bits, palette=palette, interlaced=interlaced))
    np.testing.assert_allclose(film.pixels, levels / (2**bits - 1), atol=1e-6)


@pytest.mark.parametrize("pixels", [GREY, DEEP, rgb(GREY), rgb(DEEP)], ids=["grey", "16-bit grey", "rgb", "16-bit rgb"])
def test_png_of_another_writer_is_the_same_film(pixels):
    np.testing.assert_array_equal(decode_film(cv2_bytes(pixels)).pixels, decode_film(png_bytes(pixels)).pixels)


@pytest.mark.parametrize(("bits", "tolerance"), [(8, 1 / 255), (16, 1.5 / 65535)])
def test_colour_becomes_luminance(bits, tolerance):
    samples = colour_samples(bits)
    film = decode_film(png_bytes(samples))
    np.testing.assert_allclose(film.pixels, luminance(samples), atol=tolerance)
    assert any("turned into grey" in step for step in film.steps)


def test_colour_palette_becomes_luminance():
    palette = np.dstack([np.arange(256), 255 - np.arange(256), np.full(256, 40)])[0].astype(np.uint8)
    film = decode_film(png_bytes(GREY, palette=palette))
    np.testing.assert_allclose(film.pixels, luminance(palette)[GREY], atol=1 / 255)
    assert film.steps == ("palette turned into grey",)


@pytest.mark.parametrize("levels", [GREY, DEEP], ids=["8 bit", "16 bit"])
@pytest.mark.parametrize("colour", [False, True], ids=["grey+alpha", "rgba"])
def test_transparent_pixels_become_black(levels, colour):
    alpha = half_transparent(levels)
    film = decode_film(png_bytes(np.dstack([*([levels] * (3 if colour else 1)), alpha])))
    top = np.iinfo(levels.dtype).max
    np.testing.assert_allclose(film.pixels, upper_half_black(levels) / top, atol=0.5 / top)
    assert BLACKENED in film.steps


@pytest.mark.parametrize("levels", [GREY, DEEP], ids=["8 bit", "16 bit"])
def test_half_transparent_film_is_half_as_bright(levels):
    alpha = opaque(levels) // 2
    film = decode_film(png_bytes(np.dstack([rgb(levels), alpha])))
    top = np.iinfo(levels.dtype).max
    np.testing.assert_allclose(film.pixels, levels / top * (alpha / top), atol=1.01 / top)


def test_transparent_palette_entries_become_black():
    film = decode_film(png_bytes(GREY, palette=GREYS, transparency=bytes(100)))
    np.testing.assert_array_equal(film.pixels, np.where(GREY < 100, 0, GREY) / np.float32(255))
    assert film.steps == ("palette turned into grey", BLACKENED)


def test_half_transparent_palette_entries_are_dimmed():
    film = decode_film(png_bytes(GREY, palette=GREYS, transparency=bytes([128] * 256)))
    np.testing.assert_allclose(film.pixels, GREY / 255 * 128 / 255, atol=1 / 255)


@pytest.mark.parametrize("bits", [1, 2, 4, 8, 16])
def test_grey_declared_transparent_becomes_black(bits):
    top = 2**bits - 1
    levels = (DEEP >> (16 - bits)).astype(np.uint16 if bits == 16 else np.uint8)
    key = top if bits > 1 else 0
    levels[:30] = key
    film = decode_film(png_bytes(levels, depth=bits, transparency=struct.pack(">H", key)))
    np.testing.assert_allclose(film.pixels, np.where(levels == key, 0, levels) / top, atol=1e-6)
    assert film.steps == (BLACKENED,)


def test_only_as_many_bits_of_a_transparent_grey_count_as_a_sample_has():
    levels = GREY.clip(1, 250)
    levels[:48] = 200
    film = decode_film(png_bytes(levels, transparency=struct.pack(">H", 0x6F00 | 200)))
    assert (film.pixels[:48] == 0).all()
    assert BLACKENED in film.steps
    assert decode_film(png_bytes(levels, transparency=struct.pack(">H", 0))).steps == ()  # no such grey


@pytest.mark.parametrize(("levels", "step"), [(GREY, 1), (DEEP, 257)], ids=["8 bit", "16 bit"])
def test_colour_declared_transparent_becomes_black(levels, step):
    levels = np.where(levels == 200 * step, 199 * step, levels).astype(levels.dtype)
    levels[:30] = 200 * step
    film = decode_film(png_bytes(rgb(levels), transparency=struct.pack(">HHH", *[200 * step] * 3)))
    expected = levels / np.iinfo(levels.dtype).max
    expected[:30] = 0
    np.testing.assert_allclose(film.pixels, expected, atol=1e-6)


def test_opaque_film_says_nothing_of_transparency():
    assert decode_film(png_bytes(np.dstack([rgb(DEEP), opaque(DEEP)]))).steps == ("16-bit colour turned into grey",)
    assert decode_film(png_bytes(GREY)).steps == ()
    film = decode_film(png_bytes(np.dstack([rgb(GREY), opaque(GREY)])))
    assert film.steps == ("colour turned into grey",)
    np.testing.assert_allclose(film.pixels, GREY / 255, atol=1e-6)


def test_opaque_grey_with_alpha_is_grey():
    film = decode_film(png_bytes(np.dstack([GREY, opaque(GREY)])))
    assert film.steps == ()
    np.testing.assert_allclose(film.pixels, GREY / 255, atol=1e-6)


# JPEG


@pytest.mark.parametrize("progressive", [False, True], ids=["baseline", "progressive"])
def test_grey_jpeg_is_read(progressive):
    film = decode_film(jpeg_bytes(GREY, progressive=progressive))
    assert np.abs(film.pixels - GREY / 255).mean() < 0.01
    assert (film.bit_depth, film.format, film.steps) == (8, "JPEG", ())


@pytest.mark.parametrize("subsampling", [0, 2])
def test_colour_jpeg_becomes_luminance(subsampling):
    samples = colour_samples(8)
    film = decode_film(jpeg_bytes(samples, subsampling=subsampling))
    assert np.abs(film.pixels - luminance(samples)).mean() < 0.01
    assert film.steps == ("colour turned into grey",)


def test_jpeg_of_another_writer_is_read():
    assert np.abs(decode_film(cv2_bytes(GREY, ".jpg")).pixels - GREY / 255).mean() < 0.01


@pytest.mark.parametrize(
    "inks",
    [
        np.dstack([np.zeros_like(GREY)] * 3 + [255 - GREY]),
        np.dstack([255 - GREY] * 3 + [np.zeros_like(GREY)]),
    ],
    ids=["black ink", "three inks"],
)
def test_cmyk_jpeg_has_the_right_greys(inks):
    data = jpeg_bytes(inks, "CMYK")
    assert b"Adobe" in data  # so its samples are stored inverted
    film = decode_film(data)
    assert np.abs(film.pixels - GREY / 255).mean() < 0.01
    assert film.steps == ("CMYK turned into grey",)


def test_cmyk_inks_multiply():
    half = np.full_like(GREY, 128)
    film = decode_film(jpeg_bytes(np.dstack([half] * 3 + [255 - GREY]), "CMYK"))
    assert np.abs(film.pixels - GREY / 255 * 127 / 255).mean() < 0.01


# orientation


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("upright", "interlaced"),
    [(GREY, False), (GREY, True), (DEEP, False), (rgb(DEEP), False), (np.dstack([rgb(DEEP), half_transparent(DEEP)]), False)],
    ids=["8 bit", "interlaced", "16 bit", "16-bit rgb", "16-bit rgba"],
)
def test_png_is_turned_upright(upright, interlaced, orientation):
    film = decode_film(png_bytes(lying(upright, orientation), interlaced=interlaced, chunks=[exif_chunk(orientation)]))
    np.testing.assert_array_equal(film.pixels, decode_film(png_bytes(upright)).pixels)
    assert (TURNED in film.steps) == (orientation != 1)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("upright", [GREY, colour_samples(8)], ids=["grey", "rgb"])
def test_jpeg_is_turned_upright(upright, orientation):
    film = decode_film(jpeg_bytes(lying(upright, orientation), exif=exif_block(orientation), subsampling=0))
    expected = luminance(upright) if upright.ndim == 3 else upright / 255
    assert film.pixels.shape == expected.shape
    assert np.abs(film.pixels - expected).mean() < 0.01
    assert (TURNED in film.steps) == (orientation != 1)


@pytest.mark.parametrize("orientation", [0, 9, 1000])
def test_meaningless_orientation_is_ignored(orientation):
    film = decode_film(png_bytes(GREY, chunks=[exif_chunk(orientation)]))
    np.testing.assert_array_equal(film.pixels, GREY / np.float32(255))


def test_orientation_counts_though_the_rest_of_the_exif_block_is_nonsense():
    # A resolution must be a ratio; here it is text, and the block cannot be written again.
    entries = struct.pack("<HHIHH", 0x0112, 3, 1, 6, 0) + struct.pack("<HHI4s", 0x011A, 2, 4, b"abc\0")
    block = b"II*\0" + struct.pack("<IH", 8, 2) + entries + struct.pack("<I", 0)
    film = decode_film(png_bytes(lying(DEEP, 6), chunks=[chunk(b"eXIf", block)]))
    np.testing.assert_array_equal(np.rint(film.pixels * 65535), DEEP)


@pytest.mark.parametrize("block", [b"", b"II*\0", b"nonsense" * 3, b"II*\0\xff\xff\xff\xff"])
def test_broken_exif_block_counts_as_absent(block):
    film = decode_film(png_bytes(GREY, chunks=[chunk(b"eXIf", block)]))
    np.testing.assert_array_equal(film.pixels, GREY / np.float32(255))


# bounds


def header_only(width, height, depth=8, colour_type=0):
    return png_header(width, height, depth, colour_type) + chunk(b"IDAT") + chunk(b"IEND")


def test_file_over_50_mb_is_refused():
    data = png_bytes(GREY)
    at_bound = data + bytes(MAX_FILE_BYTES - len(data))
    assert MAX_FILE_BYTES == 50 * 2**20
    assert decode_film(at_bound).pixels.shape == GREY.shape
    with pytest.raises(ImageTooLargeError, match="at most 50 MB"):
        decode_film(at_bound + b"\0")


@pytest.mark.parametrize(("width", "height"), [(10_001, 64), (64, 10_001), (8_000, 8_001), (30_000, 30_000), (2**31 - 1, 2**31 - 1)])
def test_too_many_pixels_are_refused_by_the_header(width, height):
    with pytest.raises(ImageTooLargeError, match=f"{width} x {height} pixels"):
        decode_film(header_only(width, height))


@pytest.mark.parametrize(("width", "height"), [(10_000, 64), (64, 10_000), (8_000, 8_000), (6_400, 10_000)])
def test_bounds_themselves_are_allowed(width, height):
    # Past the bounds, the missing pixels are what is wrong.
    with pytest.raises(TruncatedImageError):
        decode_film(header_only(width, height))


@pytest.mark.parametrize(("width", "height"), [(63, 64), (64, 63), (1, 1), (1, 5_000)])
def test_too_small_image_is_refused(width, height):
    with pytest.raises(ImageTooSmallError, match=f"{width} x {height} pixels; at least 64"):
        decode_film(png_bytes(np.arange(width * height, dtype=np.uint8).reshape(height, width)))


def test_smallest_image_is_read():
    assert decode_film(png_bytes(phantom_levels(MIN_SIDE, MIN_SIDE))).pixels.shape == (64, 64)


def test_jpeg_of_too_many_pixels_is_refused_by_the_header():
    data = bytearray(jpeg_bytes(GREY))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", 20_000, 20_001)
    with pytest.raises(ImageTooLargeError, match="20001 x 20000"):
        decode_film(bytes(data))


def test_wide_film_keeps_its_shape():
    levels = np.tile(np.linspace(0, 255, 10_000).astype(np.uint8), (64, 1))
    assert decode_film(png_bytes(levels)).pixels.shape == (64, 10_000)


MEASURE = """
import json, sys, time, tracemalloc
from cxr_core.imaging import ImageError, decode_film
from tests.memory import peak_memory

def attempt(data):
    start = time.perf_counter()
    try:
        decode_film(data)
        name = "Film"
    except ImageError as error:
        name = type(error).__name__
    return name, time.perf_counter() - start

size = int(sys.stdin.buffer.readline())
warm_up, data = sys.stdin.buffer.read(size), sys.stdin.buffer.read()
assert attempt(warm_up)[0] == "Film"
before = peak_memory()
tries = [attempt(data) for _ in range(5)]
growth = peak_memory() - before
tracemalloc.start()
attempt(data)
print(json.dumps({
    "outcome": tries[0][0],
    "seconds": min(seconds for _, seconds in tries),
    "growth": growth,
    "traced": tracemalloc.get_traced_memory()[1] / 2**20,
}))
"""


def measured(data, warm_up):
    """Decode in a process of its own: the outcome, the fastest of five calls in seconds, and memory in MB."""
    pytest.importorskip("resource")
    result = subprocess.run(
        [sys.executable, "-c", MEASURE],
        input=f"{len(warm_up)}\n".encode() + warm_up + data,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    return json.loads(result.stdout)


def test_memory_of_a_decoded_film_is_noticed():
    # The measure itself: 23 megapixels must show.
    found = measured(png_bytes(np.tile(GREY, (50, 60)), level=1), png_bytes(GREY))
    assert found["outcome"] == "Film"
    assert found["growth"] > 50
    assert found["traced"] > 50


@pytest.mark.slow
def test_decompression_bomb_is_refused_at_once_and_in_little_memory():
    data = bomb_png(30_000)
    assert 100_000 < len(data) < 1_000_000
    found = measured(data, png_bytes(GREY))
    assert found["outcome"] == "ImageTooLargeError"
    assert found["seconds"] < 0.05
    assert found["growth"] < 50
    assert found["traced"] < 50


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_chunk_that_claims_gigabytes_takes_little_memory(channels):
    data = bytearray(png_bytes(np.dstack([DEEP] * channels)))
    length = data.index(b"IDAT") - 4
    data[length] = 0x7F  # the pixels are all there, but their chunk says that it goes on for 2 GB
    found = measured(bytes(data), png_bytes(np.dstack([DEEP] * channels)))
    assert found["growth"] < 50
    assert channels == 1 or found["outcome"] == "TruncatedImageError"


# texts and profiles


@functools.cache
def text_chunks(megabytes):
    """One text of each kind, and a profile, of so many MB unpacked; random, so that they are as long packed."""
    content = np.random.default_rng(0).bytes(round(megabytes * 2**19)).hex().encode()
    packed = zlib.compress(content)
    return {
        "tEXt": chunk(b"tEXt", b"Comment\0" + content),
        "zTXt": chunk(b"zTXt", b"Comment\0\0" + packed),
        "iTXt": chunk(b"iTXt", b"Comment\0\0\0\0\0" + content),
        "packed iTXt": chunk(b"iTXt", b"Comment\0\1\0\0\0" + packed),
        "iCCP": chunk(b"iCCP", b"Profile\0\0" + packed),
    }


@pytest.mark.parametrize("megabytes", [0.3, 3])
@pytest.mark.parametrize("kind", text_chunks(0))
@pytest.mark.parametrize("levels", [GREY, DEEP, rgb(DEEP)], ids=["8 bit", "16 bit", "16-bit rgb"])
def test_long_text_beside_the_pixels_does_not_matter(levels, kind, megabytes):
    text = text_chunks(megabytes)[kind]
    expected = decode_film(png_bytes(levels)).pixels
    data = png_bytes(levels, chunks=[text])
    assert len(data) > 150_000 * megabytes / 0.3
    np.testing.assert_array_equal(decode_film(data).pixels, expected)
    behind = png_bytes(levels)
    np.testing.assert_array_equal(decode_film(behind[:-12] + text + behind[-12:]).pixels, expected)


@pytest.mark.parametrize("packed", [False, True])
def test_orientation_in_an_old_program_s_text_counts(packed):
    block = b"Exif\0\0" + exif_block(6).removeprefix(b"Exif\0\0")
    lines = b"\nexif\n" + f"{len(block):8}\n".encode() + block.hex().encode() + b"\n"
    keyword = b"Raw profile type exif\0"
    text = chunk(b"zTXt", keyword + b"\0" + zlib.compress(lines)) if packed else chunk(b"tEXt", keyword + lines)
    film = decode_film(png_bytes(lying(GREY, 6), chunks=[text]))
    np.testing.assert_array_equal(film.pixels, GREY / np.float32(255))
    assert film.steps == (TURNED,)


def test_orientation_in_xmp_counts():
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    film = decode_film(png_bytes(lying(GREY, 6), chunks=[chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp)]))
    np.testing.assert_array_equal(film.pixels, GREY / np.float32(255))
    assert film.steps == (TURNED,)


@pytest.mark.slow
@pytest.mark.parametrize("keyword", [b"Comment", b"Raw profile type exif"])
def test_bomb_among_packed_texts_is_refused_as_fast(keyword):
    bomb, text = bomb_png(30_000), chunk(b"zTXt", keyword + b"\0\0" + zlib.compress(bytes(10**6)))
    at = bomb.index(b"IDAT") - 4
    found = measured(bomb[:at] + 200 * text + bomb[at:], png_bytes(GREY))
    assert found["outcome"] == "ImageTooLargeError"
    assert found["seconds"] < 0.05
    assert found["growth"] < 50
    assert found["traced"] < 50


@pytest.mark.slow
def test_film_with_gigabytes_of_packed_profiles_is_read_at_once():
    profile = chunk(b"iCCP", b"Profile\0\0" + zlib.compress(bytes(10**6)))
    found = measured(png_bytes(GREY, chunks=[profile * 5_000]), png_bytes(GREY))
    assert found["outcome"] == "Film"
    assert found["seconds"] < 0.5
    assert found["growth"] < 50


# refusals


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"Dear colleague, please find the film attached.\n" * 20, "not an image"),
        (b"<html><body>Not found</body></html>", "not an image"),
        (np.random.default_rng(0).bytes(5000), "not an image"),
        (png_bytes(GREY)[:8], "header is damaged"),
        (png_bytes(GREY)[:20], "header is damaged"),
        (flip_bits(png_bytes(GREY), [8 * 18]), "header is damaged"),
        (b"\xff\xd8\xff", "header is damaged"),
        (b"\xff\xd8\xff\xe0" + b"JFIF, or so it says" * 9, "header is damaged"),
    ],
    ids=[
        "empty",
        "text",
        "web page",
        "random",
        "magic alone",
        "half a header",
        "wrong check sum",
        "jpeg magic alone",
        "jpeg magic and text",
    ],
)
def test_what_is_no_image_is_refused(data, message):
    with pytest.raises(NotAnImageError, match=message):
        decode_film(data)


def drawn(kind, **options):
    return encode(Image.fromarray(GREY), kind, **options)


def tar_of(content):
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        entry = tarfile.TarInfo("film.png")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return made.getvalue()


NIFTI = struct.pack("<i", 348) + bytes(340) + b"n+1\x00" + bytes(100)


@pytest.mark.parametrize(
    ("data", "name", "advice"),
    [
        (drawn("GIF"), "GIF file", "as PNG"),
        (drawn("BMP"), "BMP file", "as PNG"),
        (drawn("TIFF"), "TIFF file", "as PNG"),
        (b"MM\x00*" + bytes(100), "TIFF file", "as PNG"),
        (b"II+\x00" + bytes(100), "TIFF file", "as PNG"),
        (drawn("WEBP", lossless=True), "WebP file", "as PNG"),
        (drawn("PDF"), "PDF file", "PNG or DICOM"),
        (drawn("JPEG2000"), "JPEG 2000 file", "as PNG"),
        (imagecodecs.jpeg2k_encode(GREY, level=0, codecformat="J2K"), "JPEG 2000 file", "as PNG"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(100), "HEIC or AVIF file", "save it as JPEG"),
        (NIFTI, "NIfTI volume", "DICOM or PNG"),
        (gzip.compress(NIFTI), "NIfTI volume", "DICOM or PNG"),
        (struct.pack(">i", 540) + b"n+2\x00" + bytes(500), "NIfTI volume", "DICOM or PNG"),
        (gzip.compress(drawn("PNG")), "gzip archive", "Unpack it"),
        (gzip.compress(NIFTI)[:12], "gzip archive", "Unpack it"),
        (b"PK\x03\x04" + bytes(100), "zip archive", "Unpack it"),
        (bz2.compress(GREY.tobytes()), "bzip2 archive", "Unpack it"),
        (lzma.compress(GREY.tobytes()), "xz archive", "Unpack it"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(100), "7-Zip archive", "Unpack it"),
        (b"Rar!\x1a\x07\x01\x00" + bytes(100), "RAR archive", "Unpack it"),
        (tar_of(drawn("PNG")), "tar archive", "Unpack it"),
    ],
    ids=lambda value: "file" if isinstance(value, bytes) else value,  # bytes differ from one collection to the next
)
def test_other_kinds_of_file_are_refused_by_name_with_what_to_do(data, name, advice):
    with pytest.raises(UnsupportedImageError, match=f"^This is a {name}, which is not read here\\. .*{advice}.*\\.$"):
        decode_film(data)


@pytest.mark.parametrize("text", [b"BMI of all patients", b"PKU", b"II. Findings", b"7z", b"BZ"])
def test_text_is_not_taken_for_another_kind_of_file(text):
    with pytest.raises(NotAnImageError, match="not an image"):
        decode_film(text + b" and more text, as long as the header of a picture")


def test_sound_is_not_taken_for_a_picture():
    with pytest.raises(NotAnImageError, match="not an image"):
        decode_film(b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(100))


@pytest.mark.parametrize(
    "data",
    [
        imagecodecs.jpeg8_encode(GREY, lossless=True, bitspersample=8),
        imagecodecs.jpeg8_encode(phantom_levels(bits=12), level=98, bitspersample=12),
        imagecodecs.jpegls_encode(GREY),
    ],
    ids=["lossless", "12 bits", "JPEG-LS"],
)
def test_uncommon_jpeg_is_not_called_damaged(data):
    with pytest.raises(UnsupportedImageError, match=r"JPEG is of a kind .* PNG or DICOM"):
        decode_film(data)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
@pytest.mark.parametrize(
    "data",
    [png_bytes(GREY), png_bytes(DEEP), png_bytes(rgb(DEEP)), png_bytes(GREY, interlaced=True), png_bytes(GREY, palette=GREYS)],
    ids=["8 bit", "16 bit", "16-bit rgb", "interlaced", "palette"],
)
def test_truncated_png_is_refused(data, share):
    with pytest.raises(TruncatedImageError, match="damaged or ends too early"):
        decode_film(data[: int(len(data) * share)])


@pytest.mark.parametrize("share", [0.5, 0.9])
@pytest.mark.parametrize(
    "data",
    [jpeg_bytes(GREY), jpeg_bytes(rgb(GREY)), jpeg_bytes(np.dstack([GREY] * 4), "CMYK")],
    ids=["grey", "rgb", "cmyk"],
)
def test_jpeg_truncated_in_the_middle_is_refused(data, share):
    pixels = data.index(b"\xff\xda")
    with pytest.raises(TruncatedImageError, match="damaged or ends too early"):
        decode_film(data[: pixels + int((len(data) - pixels) * share)])


@pytest.mark.parametrize("level", [0, 6], ids=["stored", "deflated"])
@pytest.mark.parametrize("samples", [GREY, DEEP, rgb(DEEP)], ids=["8 bit", "16 bit", "16-bit rgb"])
def test_png_with_damaged_pixels_is_refused(samples, level):
    data = png_bytes(samples, level=level)
    start, end = data.index(b"IDAT") + 4, data.index(b"IEND") - 8
    with pytest.raises(TruncatedImageError, match="damaged"):
        decode_film(flip_bits(data, [4 * (start + end)]))


def test_png_that_is_damaged_in_its_last_pixels_is_refused():
    data = png_bytes(GREY)
    end = data.index(b"IEND") - 8
    for place in range(end - 40, end):  # check sums of the stream and of the chunk among them
        with pytest.raises(TruncatedImageError):
            decode_film(flip_bits(data, [8 * place + 3]))


@pytest.mark.parametrize("samples", [GREY, DEEP, rgb(DEEP)], ids=["8 bit", "16 bit", "16-bit rgb"])
def test_png_without_pixels_is_refused(samples):
    data = png_bytes(samples)
    with pytest.raises(TruncatedImageError):
        decode_film(data[: data.index(b"IDAT") - 4] + chunk(b"IDAT") + chunk(b"IEND"))


def test_png_with_two_headers_is_refused():
    data = png_bytes(rgb(DEEP))
    with pytest.raises(ImageError):
        decode_film(png_header(30_000, 30_000, 16, 2) + data[8:])


@pytest.mark.parametrize("default_image", [False, True])
def test_animated_png_is_refused(default_image):
    frames = [Image.fromarray(phantom_levels(seed=seed)) for seed in range(3)]
    data = encode(frames[0], "PNG", save_all=True, append_images=frames[1:], default_image=default_image)
    assert b"acTL" in data
    with pytest.raises(AnimatedImageError, match="several pictures"):
        decode_film(data)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_blank_image_is_refused(level):
    with pytest.raises(BlankImageError, match="blank"):
        decode_film(png_bytes(np.full((100, 100), level, np.uint8)))


@pytest.mark.parametrize(("dtype", "spread"), [(np.uint8, 3), (np.uint16, 60)])
def test_image_of_nearly_one_grey_is_blank(dtype, spread):
    levels = (100 + np.linspace(0, spread, 100 * 100).reshape(100, 100)).astype(dtype)
    with pytest.raises(BlankImageError):
        decode_film(png_bytes(levels))


def test_small_marker_on_a_blank_image_does_not_make_it_a_film():
    levels = np.zeros((200, 200), np.uint8)
    levels[10:20, 10:20] = 255
    with pytest.raises(BlankImageError):
        decode_film(png_bytes(levels))


def test_blank_jpeg_is_refused():
    with pytest.raises(BlankImageError):
        decode_film(jpeg_bytes(np.full((100, 100), 90, np.uint8)))


def test_wholly_transparent_image_is_blank():
    with pytest.raises(BlankImageError):
        decode_film(png_bytes(np.dstack([rgb(GREY), np.zeros_like(GREY)])))


@pytest.mark.parametrize(("dtype", "spread"), [(np.uint8, 8), (np.uint16, 200)])
def test_faint_film_is_read(dtype, spread):
    levels = (100 + np.linspace(0, spread, 100 * 100).reshape(100, 100)).astype(dtype)
    assert np.ptp(decode_film(png_bytes(levels)).pixels) > 0


def test_12_bit_content_in_16_bits_is_not_blank():
    assert decode_film(png_bytes(phantom_levels(bits=12))).bit_depth == 16


REFUSED = {
    NotAnImageError: b"text",
    UnsupportedImageError: b"GIF89a",
    ImageTooLargeError: header_only(20_000, 20_000),
    ImageTooSmallError: header_only(10, 10),
    TruncatedImageError: png_bytes(GREY)[:400],
    BlankImageError: png_bytes(np.zeros((80, 80), np.uint8)),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_refusal_says_in_one_line_what_to_do(kind):
    with pytest.raises(kind) as refusal:
        decode_film(REFUSED[kind])
    message = str(refusal.value)
    assert isinstance(refusal.value, SecondLookError)
    assert "\n" not in message
    assert message.endswith(".")
    assert any(advice in message for advice in ("Choose", "Export", "Copy", "Check"))


@pytest.mark.parametrize("error", [cv2.error("assertion failed"), RuntimeError("unheard of"), IndexError("off by one")])
@pytest.mark.parametrize(
    ("module", "name", "samples"),
    [(cv2, "imdecode", rgb(DEEP)), (cv2, "cvtColor", rgb(DEEP)), (Image.Image, "convert", rgb(GREY)), (PngImageFile, "load", GREY)],
)
def test_decoder_that_fails_in_its_own_way_is_a_damaged_image(monkeypatch, module, name, samples, error):
    def fail(*_, **__):
        raise error

    data = png_bytes(samples)
    monkeypatch.setattr(module, name, fail)
    with pytest.raises(TruncatedImageError, match="damaged") as refusal:
        decode_film(data)
    assert refusal.value.__cause__ is error


@pytest.mark.parametrize("name", ["__init__", "load"])
def test_want_of_memory_is_not_blamed_on_the_film(monkeypatch, name):
    def fail(*_, **__):
        raise MemoryError

    monkeypatch.setattr(PngImageFile, name, fail)
    with pytest.raises(MemoryError):
        decode_film(png_bytes(GREY))


# hostile files


def outcome(data):
    """Decode; only a valid film or an ImageError may come out."""
    try:
        film = decode_film(data)
    except ImageError as error:
        return error
    assert isinstance(film, Film)
    pixels = film.pixels
    assert pixels.dtype == np.float32
    assert pixels.ndim == 2
    assert np.isfinite(pixels).all()
    assert pixels.min() >= 0
    assert pixels.max() <= 1
    assert min(pixels.shape) >= MIN_SIDE
    assert max(pixels.shape) <= MAX_SIDE
    assert pixels.size <= MAX_PIXELS
    assert film.bit_depth in (8, 16)
    return film


SMALL, SMALL_DEEP = phantom_levels(72, 64), phantom_levels(72, 64, bits=16)
PNGS = {
    "png 8": png_bytes(SMALL),
    "png 16": png_bytes(SMALL_DEEP),
    "png 16 rgb": png_bytes(rgb(SMALL_DEEP)),
    "png 16 rgba": png_bytes(np.dstack([rgb(SMALL_DEEP), half_transparent(SMALL_DEEP)])),
    "png palette": png_bytes(SMALL, palette=GREYS, transparency=bytes([128] * 99)),
    "png interlaced": png_bytes(SMALL, interlaced=True),
    "png exif": png_bytes(SMALL, chunks=[exif_chunk(5)]),
    "png 16 rgb exif": png_bytes(rgb(SMALL_DEEP), chunks=[exif_chunk(8)]),
}
JPEGS = {
    "jpeg": jpeg_bytes(SMALL),
    "jpeg rgb": jpeg_bytes(rgb(SMALL), progressive=True),
    "jpeg cmyk": jpeg_bytes(np.dstack([SMALL] * 4), "CMYK"),
    "jpeg exif": jpeg_bytes(SMALL, exif=exif_block(6)),
}
FILES = PNGS | JPEGS
names = st.sampled_from(sorted(FILES))
# Half of the damage goes to the first bytes, where the headers are.
flips = st.lists(st.integers(0, 8 * 200) | st.integers(0, 8 * 2**16), min_size=1, max_size=5)


@pytest.mark.parametrize("name", FILES)
def test_undamaged_file_is_a_film(name):
    assert isinstance(outcome(FILES[name]), Film)


@settings(max_examples=200, deadline=None)
@given(magic=st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", header_only(80, 80)[:33]]), body=st.binary(max_size=400))
def test_random_bytes_are_refused(magic, body):
    assert isinstance(outcome(magic + body), ImageError)


@settings(max_examples=200, deadline=None)
@given(name=names, share=st.floats(0, 1, exclude_max=True))
def test_file_cut_anywhere_is_refused_or_whole(name, share):
    data = FILES[name]
    result = outcome(data[: int(len(data) * share)])
    if isinstance(result, Film):  # only what follows the pixels was cut
        np.testing.assert_array_equal(result.pixels, decode_film(data).pixels)


@settings(max_examples=400, deadline=None)
@given(name=names, positions=flips)
def test_flipped_bits_never_get_past_the_decoder(name, positions):
    outcome(flip_bits(FILES[name], positions))


@settings(max_examples=400, deadline=None)
@given(name=st.sampled_from(sorted(PNGS)), positions=flips)
def test_flipped_bits_under_true_check_sums_never_get_past_the_decoder(name, positions):
    outcome(with_true_checksums(flip_bits(PNGS[name], positions)))


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(sorted(PNGS)), position=st.integers(0, 8 * 2**16))
def test_one_flipped_bit_in_the_pixels_of_a_png_is_refused_or_harmless(name, position):
    data = PNGS[name]
    start, end = data.index(b"IDAT") + 4, data.index(b"IEND") - 8
    result = outcome(data[:start] + flip_bits(data[start:end], [position]) + data[end:])
    if isinstance(result, Film):
        np.testing.assert_array_equal(result.pixels, decode_film(data).pixels)
