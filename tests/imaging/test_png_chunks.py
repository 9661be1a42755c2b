"""Chunks that no film needs are left out, and nothing else is."""

import zlib

import pytest

from cxr_core.imaging.png_chunks import declared_size, without_needless_chunks
from tests.drawing import PNG_MAGIC, chunk, exif_chunk, phantom_levels, png_bytes, png_header

GREY = phantom_levels()
PLAIN = png_bytes(GREY)
XMP = chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta/>")
PACKED_XMP = chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(b"<x:xmpmeta/>"))
RAW_EXIF = chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(b"\nexif\n 2\n4949\n"))
NEEDLESS = [
    chunk(b"tEXt", b"Comment\0text"),
    chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"text")),
    chunk(b"iTXt", b"Comment\0\0\0\0\0text"),
    chunk(b"iCCP", b"profile\0\0" + zlib.compress(b"colours")),
    chunk(b"prVt", b"of some program"),
    chunk(b"tIME", bytes(7)),
    chunk(b"tEXt"),
    PACKED_XMP,
]
NEEDED = [exif_chunk(6), chunk(b"tRNS", b"\0\7"), XMP, RAW_EXIF, chunk(b"acTL", bytes(8)), chunk(b"fcTL", bytes(26))]


@pytest.mark.parametrize("needless", NEEDLESS)
def test_needless_chunk_is_left_out_before_and_behind_the_pixels(needless):
    assert without_needless_chunks(png_bytes(GREY, chunks=[needless])) == PLAIN
    assert without_needless_chunks(PLAIN[:-12] + needless + PLAIN[-12:]) == PLAIN


@pytest.mark.parametrize("needed", NEEDED)
def test_needed_chunk_stays_where_it_is(needed):
    data = png_bytes(GREY, chunks=[needed])
    assert without_needless_chunks(data) is data
    assert without_needless_chunks(png_bytes(GREY, chunks=[NEEDLESS[0], needed, NEEDLESS[1], NEEDLESS[2]])) == data


def test_many_needless_chunks_between_needed_ones_are_left_out():
    mixed = [part for needed in NEEDED for part in (*NEEDLESS, needed)]
    assert without_needless_chunks(png_bytes(GREY, chunks=mixed)) == png_bytes(GREY, chunks=NEEDED)


def test_needless_chunk_before_the_header_is_left_out():
    assert without_needless_chunks(PNG_MAGIC + NEEDLESS[0] + PLAIN[8:]) == PLAIN


@pytest.mark.parametrize("cut", [0, 3, 8, 11, 12, 20, 33, 40, 60, -13, -4])
def test_a_cut_file_keeps_its_broken_end(cut):
    short = PLAIN[:cut]
    assert without_needless_chunks(short) == short
    data = png_bytes(GREY, chunks=[NEEDLESS[0]])
    at = len(png_header(1, 1))
    assert without_needless_chunks(data[: at + 10]) == data[: at + 10]  # cut within the needless chunk


def test_what_follows_the_end_is_not_looked_at():
    data = PLAIN + NEEDLESS[0]
    assert without_needless_chunks(data) is data


def test_declared_size_is_width_then_height():
    assert declared_size(PLAIN) == (80, 96)
    assert declared_size(png_header(30_000, 20_000)) == (30_000, 20_000)


@pytest.mark.parametrize("data", [b"", PNG_MAGIC, PLAIN[:20], PNG_MAGIC + chunk(b"IDAT", bytes(20))])
def test_file_without_a_header_declares_no_size(data):
    assert declared_size(data) is None
