"""DICOM files made to do harm: only our exceptions come out, in bounded memory and time."""

import functools
import os
import struct
import subprocess
import sys
import zlib

import imagecodecs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.sequence import Sequence
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from cxr_core.imaging import Film, ImageError, InconsistentHeaderError, decode_film, display_grey
from cxr_core.imaging.dicom.elements import find_transfer_syntax
from tests.dicoms import LOSSLESS, LOSSY, PLAIN, dicom_bytes, item, levels, packed, table
from tests.drawing import flip_bits
from tests.imaging.test_decode import ROOT, measured

FUZZ = settings(max_examples=60, deadline=None)


@functools.cache
def sound(syntax):
    """A small film with something of everything."""
    bits = 8 if syntax == JPEGBaseline8Bit else 12
    tags = {
        "PatientName": "DOE^JOHN",
        "RescaleSlope": 1,
        "RescaleIntercept": -10,
        "WindowCenter": [2000, 1000],
        "WindowWidth": [3000, 1000],
        "PixelSpacing": [0.1, 0.1],
        "PixelPaddingValue": 1,
        "ReferencedImageSequence": Sequence([item(ImageComments="x"), item(Rows=3)]),
        "VOILUTSequence": Sequence([table([64, 0, 12], np.arange(64) * 60)]),
        "ViewCodeSequence": Sequence([item(CodeValue="R-10206", CodingSchemeDesignator="SRT")]),
    }
    return dicom_bytes(levels(bits, 64, 64), syntax, bits, **tags)


def ends_well(data):
    refusal = film = None
    try:
        film = decode_film(data)
    except ImageError as error:
        refusal = error
    if film is None:
        assert str(refusal).endswith(".")
        assert refusal.__context__ is None
        return None
    assert isinstance(film, Film)
    assert film.pixels.dtype == np.float32
    assert film.pixels.min() >= 0
    assert film.pixels.max() <= 1
    assert display_grey(film, 32).dtype == np.uint8
    return film


SYNTAXES = [*PLAIN, *LOSSLESS, *LOSSY]
every_syntax = pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda syntax: syntax.keyword)


@every_syntax
def test_sound_film_is_read(syntax):
    assert ends_well(sound(syntax)) is not None


@FUZZ
@given(st.binary(max_size=2000))
def test_random_bytes_after_the_preamble(tail):
    ends_well(bytes(128) + b"DICM" + tail)


@FUZZ
@given(st.sampled_from([b"\x08\x00\x05\x00CS", b"\x00\x08\x00\x05CS", b"\x02\x00\x00\x00UL", b"\x08\x00\x16\x00"]), st.binary(max_size=500))
def test_random_bytes_after_the_first_tag(head, tail):
    ends_well(head + tail)


@every_syntax
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_truncated_anywhere(syntax, data):
    whole = sound(syntax)
    ends_well(whole[: data.draw(st.integers(0, len(whole)))])


@every_syntax
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_flipped_bits(syntax, data):
    whole = sound(syntax)
    # Half of them in the header, which is the smaller part.
    header = st.integers(8 * 128, 8 * min(len(whole), 1600))
    anywhere = st.integers(0, 8 * len(whole) - 1)
    ends_well(flip_bits(whole, data.draw(st.lists(header | anywhere, min_size=1, max_size=8))))


@every_syntax
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_spliced_with_itself(syntax, data):
    whole = sound(syntax)
    places = [data.draw(st.integers(132, len(whole))) for _ in range(3)]
    ends_well(whole[: places[0]] + whole[places[1] :][: places[2]] + whole[places[0] :])


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRLittleEndian], ids=lambda syntax: syntax.keyword)
@FUZZ
@given(data=st.data())
def test_values_replaced(syntax, data):
    whole = bytearray(sound(syntax))
    start = data.draw(st.integers(132, 1400))
    junk = data.draw(st.binary(min_size=1, max_size=12))
    whole[start : start + len(junk)] = junk
    ends_well(bytes(whole))


# memory and time; each in a process of its own

MUTATIONS = 2_000
DECODE_MUTATED = f"""
import numpy as np
from tests.imaging.test_dicom_hostile import SYNTAXES, ends_well, mutated, sound
from tests.memory import peak_memory

draws = np.random.default_rng(0)
for syntax in SYNTAXES:
    ends_well(sound(syntax))
before = peak_memory()
read = sum(ends_well(mutated(sound(SYNTAXES[number % len(SYNTAXES)]), draws)) is not None for number in range({MUTATIONS}))
print(read, peak_memory() - before)
"""


def mutated(data, draws):
    """Flip bits, write junk over a few bytes, or cut the end off: more often in the header than in the pixels."""
    end = min(1600, len(data)) if draws.random() < 0.7 else len(data)
    kind, start = draws.integers(3), int(draws.integers(132, end - 12))
    if kind == 0:
        return flip_bits(data, [8 * int(at) + int(draws.integers(8)) for at in draws.integers(132, end, draws.integers(1, 8))])
    if kind == 1:
        junk = draws.bytes(int(draws.integers(1, 12)))
        return data[:start] + junk + data[start + len(junk) :]
    return data[:start]


def test_mutated_files_are_refused_or_read_in_bounded_memory():
    pytest.importorskip("resource")
    found = subprocess.run(
        [sys.executable, "-c", DECODE_MUTATED], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True
    )
    read, grown = map(float, found.stdout.split())
    assert MUTATIONS / 10 < read < MUTATIONS * 9 / 10  # some of either kind
    assert grown < 32  # MB, of films of 64 x 64 pixels


def before_modality(extra):
    data = dicom_bytes(levels(), bits=12)
    at = data.index(b"\x08\x00\x60\x00CS")
    return data[:at] + extra + data[at:]


UNDEFINED = struct.pack("<HH2sHI", 8, 6, b"SQ", 0, 2**32 - 1)
EMPTY_ITEM = struct.pack("<HHI", 0xFFFE, 0xE000, 0)


def stream_of(side, syntax):
    """A small stream that declares a large picture."""
    bits = 8 if syntax == JPEGBaseline8Bit else 12
    stream = bytearray(packed(levels(bits), syntax, bits))
    if syntax == JPEG2000Lossless:
        at = stream.index(b"\xff\x51")
        stream[at + 6 : at + 14] = stream[at + 22 : at + 30] = struct.pack(">II", side, side)
    elif syntax != RLELossless:
        at = next(at for at in range(len(stream)) if stream[at] == 0xFF and stream[at + 1] in (0xC0, 0xC3, 0xF7))
        stream[at + 5 : at + 9] = struct.pack(">HH", side, side)
    return bytes(stream)


def deflated(body):
    data = dicom_bytes(levels(), DeflatedExplicitVRLittleEndian, 12)
    _, start = find_transfer_syntax(data)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return data[:start] + packer.compress(body(zlib.decompressobj(-15).decompress(data[start:]))) + packer.flush()


def fragments():
    data = dicom_bytes(levels(), JPEGLSLossless, 12, b"\0\0")
    at = data.index(b"\xe0\x7f\x10\x00") + 12
    return data[:at] + 6_000_000 * EMPTY_ITEM


HOSTILE = {
    "millions of items": lambda: before_modality(UNDEFINED + 6_000_000 * EMPTY_ITEM),
    "millions of elements": lambda: before_modality(6_000_000 * struct.pack("<HH2sH", 8, 6, b"CS", 0)),
    "millions of fragments": fragments,
    "200 MB behind the pixels": lambda: deflated(lambda body: body + bytes(200 * 2**20)),
    "200 MB in the header": lambda: deflated(lambda body: struct.pack("<HH2sHI", 8, 6, b"OW", 0, 200 * 2**20) + bytes(200 * 2**20) + body),
    **{
        f"{syntax.keyword} of 30,000 pixels a side": lambda syntax=syntax: dicom_bytes(levels(), syntax, 12, stream_of(30_000, syntax))
        for syntax in (JPEGLosslessSV1, JPEGLSLossless, JPEG2000Lossless)
    },
    "declared 65,535 pixels a side": lambda: dicom_bytes(levels(), bits=12, Rows=65_535, Columns=65_535),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_takes_little_memory_and_time(name):
    found = measured(HOSTILE[name](), dicom_bytes(levels(), JPEGLSLossless, 12))
    assert found["growth"] < 100
    assert found["traced"] < 100
    assert found["seconds"] < 1.0


@pytest.mark.slow
@pytest.mark.parametrize(
    "syntax", [JPEGBaseline8Bit, JPEGLosslessSV1, JPEGLSLossless, RLELossless, JPEG2000Lossless], ids=lambda s: s.keyword
)
def test_small_stream_under_a_header_of_the_largest_film_takes_what_such_a_film_takes(syntax):
    bits = 8 if syntax == JPEGBaseline8Bit else 12
    side = 6000
    data = dicom_bytes(levels(bits), syntax, bits, stream_of(side, syntax), Rows=side, Columns=side)
    found = measured(data, dicom_bytes(levels(), JPEGLSLossless, 12))
    assert found["growth"] < 16 * side * side / 2**20  # OpenJPEG works on 4 bytes a sample


def with_coding_style(change):
    """A JPEG 2000 stream whose coding style has been changed."""
    stream = bytearray(imagecodecs.jpeg2k_encode(levels(), level=0, codecformat="J2K", reversible=True, resolutions=2))
    at = stream.index(b"\xff\x52")
    length = int.from_bytes(stream[at + 2 : at + 4], "big")
    style = bytearray(stream[at + 4 : at + 2 + length])
    change(style)
    return bytes(stream[:at]) + b"\xff\x52" + struct.pack(">H", len(style) + 2) + bytes(style) + bytes(stream[at + 2 + length :])


def tiny_precincts(style):
    style[0] |= 1
    style += bytes([0x55] * style[5] + [0x11])


def tiny_blocks(style):
    style[6] = style[7] = 0


@pytest.mark.parametrize("change", [tiny_precincts, tiny_blocks])
def test_jpeg_2000_of_countless_parts_is_refused(change):
    assert ends_well(dicom_bytes(levels(), JPEG2000Lossless, 12, with_coding_style(lambda style: None))) is not None
    with pytest.raises(InconsistentHeaderError, match="uncommon way"):
        decode_film(dicom_bytes(levels(), JPEG2000Lossless, 12, with_coding_style(change)))


def test_jpeg_2000_of_countless_tiles_is_refused():
    stream = bytearray(packed(levels(), JPEG2000Lossless, 12))
    at = stream.index(b"\xff\x51")
    stream[at + 22 : at + 30] = struct.pack(">II", 1, 1)
    with pytest.raises(InconsistentHeaderError, match="uncommon way"):
        decode_film(dicom_bytes(levels(), JPEG2000Lossless, 12, bytes(stream)))


def test_common_jpeg_2000_of_other_writers_is_read():
    samples = levels(12, 512, 300)
    for resolutions in (1, 3, 6):
        stream = imagecodecs.jpeg2k_encode(samples, level=0, codecformat="J2K", reversible=True, resolutions=resolutions)
        np.testing.assert_array_equal(decode_film(dicom_bytes(samples, JPEG2000Lossless, 12, stream)).samples, samples)
