"""DICOM films as departments have them: whatever the fault, the picture comes out as it was taken, or the file is refused with a reason."""

import struct

import imagecodecs
import numpy as np
import pytest
from pydicom.sequence import Sequence
from pydicom.uid import (
    JPEG2000,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from cxr_core.imaging import (
    InconsistentHeaderError,
    MultiFrameError,
    TruncatedImageError,
    WrongModalityError,
    decode_film,
    display_grey,
    model_input,
)
from tests.dicoms import data_set, dicom_bytes, item, levels, packed, table, written

FILM = levels(12, 128, 112)
SIGNED = FILM.astype(np.int16) - 1000
WHOLE = {"WindowCenter": 2048, "WindowWidth": 4096}
STREAMS = (JPEGLosslessSV1, JPEGLSLossless, JPEG2000Lossless, JPEGBaseline8Bit)
DELIMITER = b"\xfe\xff\xdd\xe0\0\0\0\0"

every_stream = pytest.mark.parametrize("syntax", STREAMS, ids=lambda syntax: syntax.keyword)


def right(data, truth=FILM):
    """Read a file whose picture must be that of `truth`, on a screen that uses most of its greys."""
    film = decode_film(data)
    assert film.pixels.shape == truth.shape
    assert np.corrcoef(film.pixels.ravel(), truth.ravel())[0, 1] > 0.999
    darkest, brightest = np.percentile(display_grey(film), (1, 99))
    assert brightest - darkest > 128
    return film


def told(data, part, truth=FILM):
    """Read such a file, of which the film's facts must say something."""
    film = right(data, truth)
    assert any(part in step for step in film.steps), film.steps
    return film


def doubted(data, part, truth=FILM):
    """Read such a file, of which the read must carry a warning."""
    film = right(data, truth)
    assert any(part in doubt for doubt in film.doubts), film.steps
    return film


def stream_of(samples, syntax, bits):
    """Pack the lower bits of samples with a precision of that many bits."""
    samples = (samples.astype(np.int32) & (2**bits - 1)).astype(np.uint16)
    if syntax == JPEGLosslessSV1:
        return imagecodecs.jpeg8_encode(samples, lossless=True, bitspersample=bits)
    if syntax == JPEGLSLossless:
        return imagecodecs.jpegls_encode(samples)
    return imagecodecs.jpeg2k_encode(samples, level=0, codecformat="J2K", reversible=True, bitspersample=bits)


def fragments(*parts, offsets=b"", delimiter=DELIMITER):
    parts = [offsets, *(part + b"\0" * (len(part) % 2) for part in parts)]
    return b"".join(b"\xfe\xff\x00\xe0" + struct.pack("<I", len(part)) + part for part in parts) + delimiter


def encapsulated(syntax, *parts, samples=FILM, **kinds):
    """A file whose pixel data is put together by hand."""
    bits = 8 if syntax == JPEGBaseline8Bit else 12
    made = written(data_set(samples, bits), syntax)
    head = b"\xe0\x7f\x10\x00OB\0\0\xff\xff\xff\xff"
    return made + head + fragments(*parts, **kinds)


def film_for(syntax):
    return levels(8, 128, 112) if syntax == JPEGBaseline8Bit else FILM


def raw_text(keyword_bytes, vr, text, **tags):
    """A film with an element whose text no writer would let through, put before its pixels."""
    value = text + b" " * (len(text) % 2)
    sound = dicom_bytes(FILM, bits=12, **tags)
    rows = sound.index(b"\x28\x00\x10\x00US")
    return sound[:rows] + keyword_bytes + vr + struct.pack("<H", len(value)) + value + sound[rows:]


# Signs and bits that header and pixels tell differently


@pytest.mark.parametrize("syntax", STREAMS[:3], ids=lambda syntax: syntax.keyword)
@pytest.mark.parametrize("stored", [13, 14, 16])
@pytest.mark.parametrize("precision", [13, 14, 16])
def test_signed_film_in_an_unsigned_stream_never_wraps(syntax, precision, stored):
    frame = stream_of(SIGNED, syntax, precision)
    film = right(dicom_bytes(SIGNED, syntax, stored, frame, WindowCenter=1048, WindowWidth=4096))
    assert film.pixels[SIGNED < 0].max() < film.pixels[SIGNED > 1000].min()


def test_disagreement_of_stream_and_header_is_told():
    frame = stream_of(SIGNED, JPEG2000Lossless, 13)
    doubted(dicom_bytes(SIGNED, JPEG2000Lossless, 16, frame, WindowCenter=1048, WindowWidth=4096), "read as 13 bit signed")


@pytest.mark.parametrize("stored", [13, 14, 16])
@pytest.mark.parametrize("lossy", [False, True])
def test_signed_stream_of_13_bits_under_a_signed_header(stored, lossy):
    how = {"level": 75} if lossy else {"level": 0, "reversible": True}
    frame = imagecodecs.jpeg2k_encode(SIGNED, codecformat="J2K", bitspersample=13, **how)
    tags = {"WindowCenter": 1048, "WindowWidth": 4096}
    film = right(dicom_bytes(SIGNED, JPEG2000 if lossy else JPEG2000Lossless, stored, frame, **tags))
    assert film.doubts == ()
    np.testing.assert_allclose(film.pixels, decode_film(dicom_bytes(SIGNED, bits=13, **tags)).pixels, atol=0.01 if lossy else 1e-6)


@pytest.mark.parametrize("stored", [12, 13, 16])
def test_signed_stream_under_an_unsigned_header(stored):
    frame = imagecodecs.jpeg2k_encode(SIGNED, level=0, codecformat="J2K", reversible=True, bitspersample=13)
    doubted(dicom_bytes(SIGNED, JPEG2000Lossless, stored, frame, PixelRepresentation=0), "header and packed pixels disagree")


def test_greys_below_zero_are_no_overshoot_of_a_signed_stream():
    frame = imagecodecs.jpeg2k_encode(SIGNED, level=80, codecformat="J2K", bitspersample=14)
    film = doubted(dicom_bytes(SIGNED, JPEG2000, 15, frame, PixelRepresentation=0), "read as 15 bit signed")
    assert film.pixels[SIGNED < -500].std() > 0.01


@pytest.mark.parametrize("syntax", [JPEGLSLossless, JPEGLosslessSV1, JPEG2000Lossless], ids=lambda syntax: syntax.keyword)
def test_stream_of_more_bits_than_an_unsigned_header_stores_does_not_wrap(syntax):
    film = doubted(dicom_bytes(SIGNED, syntax, 12, stream_of(SIGNED, syntax, 14), PixelRepresentation=0), "as they are packed")
    assert film.pixels[SIGNED < 0].max() < film.pixels[SIGNED > 1000].min()


def test_unsigned_film_in_a_signed_stream():
    wide = (FILM * 16).view(np.int16)
    frame = imagecodecs.jpeg2k_encode(wide, level=0, codecformat="J2K", reversible=True, bitspersample=16)
    doubted(dicom_bytes(wide, JPEG2000Lossless, 16, frame, PixelRepresentation=0), "read as 16 bit unsigned")


@pytest.mark.parametrize("stored", [8, 10])
def test_stream_of_more_bits_than_the_header_stores(stored):
    frame = stream_of(FILM, JPEGLosslessSV1, 12)
    doubted(dicom_bytes(FILM, JPEGLosslessSV1, stored, frame), "12 bit unsigned, as they are packed")


def test_lossy_overshoot_is_clipped_and_adds_no_bits():
    saturated = np.clip(FILM.astype(int) * 2, 0, 4095).astype(np.uint16)
    frame = imagecodecs.jpeg2k_encode(saturated, level=60, codecformat="J2K", bitspersample=16)
    assert imagecodecs.jpeg2k_decode(frame).max() > 4095
    film = decode_film(dicom_bytes(saturated, JPEG2000, 12, frame))
    assert film.bit_depth == 12
    assert np.corrcoef(film.pixels.ravel(), saturated.ravel())[0, 1] > 0.99


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ExplicitVRBigEndian, RLELossless], ids=lambda syntax: syntax.keyword)
def test_sign_that_the_header_has_wrong(syntax):
    told(dicom_bytes(FILM, syntax, 12, PixelRepresentation=1), "12 bit unsigned, not 12 bit signed")
    told(dicom_bytes(SIGNED, syntax, 16, PixelRepresentation=0), "16 bit signed, not 16 bit unsigned")


@pytest.mark.parametrize("stored", [8, 9, 10, 11])
def test_bits_stored_that_are_too_few(stored):
    told(dicom_bytes(FILM, bits=stored), f"12 bit unsigned, not {stored} bit")


@pytest.mark.parametrize("samples", [FILM | 0xC000, FILM | np.uint16(0x8000) * (np.indices(FILM.shape).sum(0) % 50 < 20)])
def test_marks_in_the_bits_above_are_no_greys(samples):
    film = right(dicom_bytes(samples.astype(np.uint16), bits=12))
    np.testing.assert_array_equal(film.samples, FILM)


@pytest.mark.parametrize("high", [12, 13, 14, 15])
def test_high_bit_over_samples_that_lie_low(high):
    doubted(dicom_bytes(FILM, bits=12, HighBit=high, **WHOLE), "lie in the lowest bits")
    doubted(dicom_bytes(SIGNED, bits=13, HighBit=15, WindowCenter=1048, WindowWidth=4096), "lie in the lowest bits")
    np.testing.assert_array_equal(right(dicom_bytes(FILM << (high - 11), bits=12, HighBit=high, **WHOLE)).samples, FILM)


@pytest.mark.parametrize(("stored", "high"), [(16, 11), (16, 16), (12, 0), (12, 99)])
def test_high_bit_that_makes_no_sense_is_left_out(stored, high):
    doubted(dicom_bytes(FILM, bits=stored, HighBit=high, **WHOLE), "high bit makes no sense")


@pytest.mark.parametrize("bits", [6, 7])
def test_few_bits(bits):
    samples = FILM >> (12 - bits)
    assert decode_film(dicom_bytes(samples.astype(np.uint8), bits=bits)).bit_depth == bits


# Whole films with something beside them


@pytest.mark.parametrize(
    "syntax",
    [ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian],
    ids=lambda one: one.keyword,
)
@pytest.mark.parametrize("spare", [b"\0\0", bytes(44), bytes(2 * FILM.shape[1]), bytes(2048), b"\xff" * 2048, bytes(range(7, 51))])
def test_bytes_after_the_pixels(syntax, spare):
    raw = FILM.astype(">u2" if syntax == ExplicitVRBigEndian else "<u2").tobytes()
    told(dicom_bytes(FILM, syntax, 12, pixel_data=raw + spare), "bytes after the pixels left out")


def test_what_lay_in_the_writer_s_memory_is_padding():
    told(dicom_bytes(FILM, bits=12, pixel_data=FILM.tobytes() + np.random.default_rng(0).bytes(5000)), "bytes after the pixels")


@pytest.mark.parametrize("spare", [FILM.tobytes(), bytes(FILM.nbytes), FILM.tobytes()[:-2], FILM[:3].tobytes()])
def test_second_frame_or_rows_that_no_header_names_are_refused(spare):
    with pytest.raises(InconsistentHeaderError, match="another size"):
        decode_film(dicom_bytes(FILM, bits=12, pixel_data=FILM.tobytes() + spare))


@every_stream
@pytest.mark.parametrize("padding", [bytes(6), bytes(16), bytes(512), b"\xff\0\xff\xd9\0\0", b"\xff" * 9])
def test_padding_after_the_end_of_a_stream(syntax, padding):
    samples = film_for(syntax)
    right(dicom_bytes(samples, syntax, frame=packed(samples, syntax, 12) + padding, bits=8 if samples.itemsize == 1 else 12), samples)


@every_stream
@pytest.mark.parametrize("before", [b"\0", b"\xff"])
def test_byte_before_the_end_mark(syntax, before):
    samples = film_for(syntax)
    frame = packed(samples, syntax, 12)
    right(dicom_bytes(samples, syntax, frame=frame[:-2] + before + frame[-2:], bits=8 if samples.itemsize == 1 else 12), samples)


@every_stream
@pytest.mark.parametrize("padding", [b"", bytes(512)])
def test_cut_stream_is_refused_as_cut(syntax, padding):
    samples = film_for(syntax)
    frame = packed(samples, syntax, 12)
    for cut in (len(frame) // 2, len(frame) - 40):
        with pytest.raises(TruncatedImageError):
            decode_film(dicom_bytes(samples, syntax, frame=frame[:cut] + padding, bits=8 if samples.itemsize == 1 else 12))


@every_stream
@pytest.mark.parametrize("share", [0.3, 0.8, 0.99])
def test_end_mark_that_was_put_on_a_cut_stream_hides_nothing(syntax, share):
    samples = film_for(syntax)
    frame = packed(samples, syntax, 12)
    cut = frame[: int(len(frame) * share)].rstrip(b"\xff") + b"\xff\xd9"
    with pytest.raises(TruncatedImageError):
        decode_film(dicom_bytes(samples, syntax, frame=cut, bits=8 if samples.itemsize == 1 else 12))


@pytest.mark.parametrize("syntax", [JPEGLosslessSV1, JPEGBaseline8Bit])
def test_film_that_is_black_at_its_end_is_whole(syntax):
    samples = film_for(syntax)
    samples = np.where(np.arange(len(samples))[:, None] < 100, samples, 0).astype(samples.dtype)
    right(dicom_bytes(samples, syntax, bits=8 if samples.itemsize == 1 else 12), samples)


def test_jpeg_2000_without_its_end_mark_is_whole():
    right(dicom_bytes(FILM, JPEG2000Lossless, 12, packed(FILM, JPEG2000Lossless, 12)[:-2]))


def test_second_picture_in_one_fragment_is_refused():
    frame = packed(FILM, JPEGLSLossless, 12)
    with pytest.raises(MultiFrameError):
        decode_film(dicom_bytes(FILM, JPEGLSLossless, 12, frame + frame))


LOSSLESS = packed(FILM, JPEGLosslessSV1, 12)
THIRDS = [LOSSLESS[at : at + 2000] for at in range(0, len(LOSSLESS), 2000)]


@pytest.mark.parametrize(
    "data",
    [
        encapsulated(JPEGLosslessSV1, *THIRDS, offsets=struct.pack(f"<{len(THIRDS)}I", *(2008 * n for n in range(len(THIRDS))))),
        encapsulated(JPEGLosslessSV1, *THIRDS),
        encapsulated(JPEGLosslessSV1, LOSSLESS, b""),
        encapsulated(JPEGLosslessSV1, LOSSLESS, delimiter=b""),
        encapsulated(JPEGLosslessSV1, LOSSLESS, delimiter=bytes(8)),
        encapsulated(JPEGLosslessSV1, LOSSLESS, delimiter=DELIMITER[:4]),
        encapsulated(JPEGLosslessSV1, LOSSLESS, delimiter=b"\xfe\xff\x0d\xe0\0\0\0\0"),
        encapsulated(JPEGLosslessSV1, LOSSLESS).replace(b"\xfe\xff\x00\xe0\0\0\0\0", b""),
        encapsulated(JPEGLosslessSV1, LOSSLESS).replace(b"OB\0\0\xff\xff\xff\xff", b"OB\0\0" + struct.pack("<I", len(fragments(LOSSLESS)))),
        encapsulated(RLELossless, packed(FILM, RLELossless, 12), delimiter=b""),
        encapsulated(RLELossless, packed(FILM, RLELossless, 12)).replace(b"\xfe\xff\x00\xe0\0\0\0\0", b""),
    ],
    ids=["offsets", "fragments", "empty", "no end", "nulls", "half end", "end of item", "no offsets", "length", "RLE end", "RLE offsets"],
)
def test_fragments_and_their_table(data):
    right(data)


def test_missing_end_mark_hides_no_cut():
    data = encapsulated(JPEGLosslessSV1, LOSSLESS, delimiter=b"")
    for cut in (2, 1000, len(LOSSLESS) - 10):
        with pytest.raises(TruncatedImageError):
            decode_film(data[:-cut])


def runs(plane):
    raw = plane.astype(np.uint8).tobytes()
    return b"".join(bytes([len(raw[at : at + 128]) - 1]) + raw[at : at + 128] for at in range(0, len(raw), 128))


@pytest.mark.parametrize("padding", [b"", b"\0", b"\0\0", b"\x02\0\0\0", bytes(6), bytes(600), b"\x80", b"\x80\x80\0", b"\x05\0"])
@pytest.mark.parametrize("bits", [8, 12])
def test_bytes_after_a_plane_of_run_lengths(bits, padding):
    samples = levels(bits, 127, 113)
    planes = [samples] if bits == 8 else [samples >> 8, samples & 255]
    segments = [runs(plane) + padding for plane in planes]
    offsets = np.cumsum([64, *map(len, segments)])[:-1].tolist()
    frame = struct.pack("<16I", len(planes), *offsets, *[0] * (15 - len(planes))) + b"".join(segments)
    right(dicom_bytes(samples, RLELossless, bits, frame), samples)
    for cut in (len(padding) + 100, len(frame) // 2):
        with pytest.raises(TruncatedImageError):
            decode_film(dicom_bytes(samples, RLELossless, bits, frame[:-cut]))


@pytest.mark.parametrize("length", [5, 128])
def test_run_that_goes_on_beyond_its_plane(length):
    samples = FILM.copy()
    samples.ravel()[-1] = 0
    high, low = samples >> 8, samples & 255
    beyond = bytes([257 - length, 0])  # its first byte is the plane's last, the others are of no plane
    segments = [runs(plane.ravel()[:-1]) + beyond for plane in (high, low)]
    offsets = [64, 64 + len(segments[0])]
    film = right(dicom_bytes(samples, RLELossless, 12, struct.pack("<16I", 2, *offsets, *[0] * 13) + b"".join(segments)), samples)
    np.testing.assert_array_equal(film.samples, samples)


@pytest.mark.parametrize("shift", [-129, -50, -1, 129])
def test_segment_that_takes_in_a_part_of_the_next_plane_is_no_picture(shift):
    segments = [runs(FILM >> 8), runs(FILM & 255)]
    offsets = [64, 64 + len(segments[0]) + shift]
    frame = struct.pack("<16I", 2, *offsets, *[0] * 13) + b"".join(segments)
    with pytest.raises(TruncatedImageError):
        decode_film(dicom_bytes(FILM, RLELossless, 12, frame))


# Spellings


@pytest.mark.parametrize("modality", ["DR", "cr", "Dx", "XR", "dx ", "RX", "CR\\DX"])
def test_spellings_of_plain_x_rays(modality):
    right(raw_text(b"\x08\x00\x60\x00", b"CS", modality.encode(), Modality=None))


@pytest.mark.parametrize("modality", ["MG", "ct", "OT", "PX", "CR\\CT"])
def test_other_kinds_stay_refused(modality):
    with pytest.raises(WrongModalityError):
        decode_film(raw_text(b"\x08\x00\x60\x00", b"CS", modality.encode(), Modality=None))


@pytest.mark.parametrize(
    ("photometric", "inverted"), [("monochrome2", False), ("MONOCHROME 2", False), ("Monochrome1 ", True), ("monochrome_1", True)]
)
def test_spellings_of_the_photometric_interpretation(photometric, inverted):
    data = raw_text(b"\x28\x00\x04\x00", b"CS", photometric.encode(), PhotometricInterpretation=None)
    right(data, 4095 - FILM if inverted else FILM)


# Optional values that cannot be read

CENTRE, WIDTH, FRAMES, SPACING = b"\x28\x00\x50\x10", b"\x28\x00\x51\x10", b"\x28\x00\x08\x00", b"\x28\x00\x30\x00"


@pytest.mark.parametrize("text", [b"NaN", b"AUTO", b"1E400", b"1.#QNAN", b"--", b"\xff\xfe", b"1_000", b"1,2,3"])
@pytest.mark.parametrize(
    ("tag", "vr", "name"),
    [
        (CENTRE, b"DS", "window center"),
        (WIDTH, b"DS", "window width"),
        (FRAMES, b"IS", "number of frames"),
        (SPACING, b"DS", "pixel spacing"),
        (b"\x28\x00\x34\x00", b"IS", "pixel aspect ratio"),
        (b"\x28\x00\x52\x10", b"DS", "rescale intercept"),
        (b"\x28\x00\x53\x10", b"DS", "rescale slope"),
    ],
)
def test_optional_number_counts_as_absent_and_is_told(tag, vr, name, text):
    told(raw_text(tag, vr, text), f"left out: {name}")


@pytest.mark.parametrize(
    ("centre", "width"), [(b"2047,5", b"4096,0"), (b"2047.5\\", b"4096\\"), (b"2047.5\n", b" 4096 "), (b"+2.0475e3", b"4096\0")]
)
def test_unusual_numbers_are_read(centre, width):
    data = raw_text(CENTRE, b"DS", centre).replace(
        b"\x28\x00\x10\x00US", WIDTH + b"DS" + struct.pack("<H", len(width)) + width + b"\x28\x00\x10\x00US"
    )
    told(data, "VOI window 2047.5/4096 applied")


def test_good_window_beside_a_bad_one():
    data = raw_text(CENTRE, b"DS", b"2048\\1.#QNAN", WindowWidth=[4096, 7])
    told(data, "VOI window 2048/4096 applied")
    told(dicom_bytes(FILM, bits=12, WindowCenter=[0, 2048], WindowWidth=[0, 4096]), "VOI window 2048/4096 applied, number 2 of 2")


def test_slope_of_nothing_counts_as_absent():
    told(dicom_bytes(FILM, bits=12, RescaleSlope=0, RescaleIntercept=0, **WHOLE), "left out: rescale slope")


# Tables

CURVE = np.rint(4095 / (1 + np.exp(-(np.arange(4096) - 1800) / 450))).astype(int)


@pytest.mark.parametrize("says", [0, 8, 10, 12, 14, 16, 99])
@pytest.mark.parametrize("photometric", ["MONOCHROME2", "MONOCHROME1"])
@pytest.mark.parametrize("bits", [8, 10, 12, 16])
def test_table_is_white_where_its_own_largest_entry_is(says, bits, photometric):
    entries = (CURVE << 4) >> (16 - bits)
    film = decode_film(
        dicom_bytes(FILM, bits=12, VOILUTSequence=Sequence([table([4096, 0, says], entries)]), PhotometricInterpretation=photometric)
    )
    shown = film.pixels if photometric == "MONOCHROME2" else 1 - film.pixels
    np.testing.assert_allclose(shown, entries[FILM] / entries.max(), atol=1e-6)
    assert any("descriptor" in step for step in film.steps) == (says != bits)


def test_model_sees_the_same_whatever_the_descriptor_says():
    honest, wrong = (decode_film(dicom_bytes(FILM, bits=12, VOILUTSequence=Sequence([table([4096, 0, says], CURVE)]))) for says in (12, 16))
    np.testing.assert_array_equal(model_input(wrong, 64), model_input(honest, 64))


def test_table_one_entry_short_goes_on_with_its_last():
    lut = table([4096, 0, 12], CURVE[:-1])
    told(dicom_bytes(FILM, bits=12, VOILUTSequence=Sequence([lut])), "lacks entries", CURVE[FILM])


@pytest.mark.parametrize("bad", [item(LUTExplanation="x"), table([4096, 0, 12], CURVE[:9]), item(LUTDescriptor=[4096, 0, 12])])
def test_table_that_cannot_be_read_gives_way_to_what_follows(bad):
    told(dicom_bytes(FILM, bits=12, VOILUTSequence=Sequence([bad])), "left out: VOI table")
    told(dicom_bytes(FILM, bits=12, VOILUTSequence=Sequence([bad]), **WHOLE), "VOI window 2048/4096 applied")
    good = table([4096, 0, 12], CURVE)
    told(dicom_bytes(FILM, bits=12, VOILUTSequence=Sequence([bad, good])), "VOI table applied", CURVE[FILM])


@pytest.mark.parametrize(("samples", "first"), [(FILM, 500), (FILM, 1), (SIGNED, -1000), (SIGNED, -300), (SIGNED, 100)])
def test_table_begins_at_its_first_mapped_value(samples, first):
    film = decode_film(dicom_bytes(samples, bits=13, VOILUTSequence=Sequence([table([4096, first, 12], CURVE)])))
    np.testing.assert_allclose(film.pixels, CURVE[(samples.astype(int) - first).clip(0, 4095)] / CURVE.max(), atol=1e-6)
    assert film.steps == ("VOI table applied",)


def test_table_that_lies_beside_the_film_s_values():
    told(dicom_bytes(FILM, bits=12, VOILUTSequence=Sequence([table([4096, 40000, 12], CURVE)])), "VOI table left out")


# Windows and polarity


@pytest.mark.parametrize(("centre", "width"), [(128, 256), (40, 80), (32768, 65536), (2048, 1), (60000, 100), (-5000, 300)])
def test_window_that_is_meant_for_another_film_is_at_fault_and_not_the_film(centre, width):
    told(dicom_bytes(FILM, bits=12, WindowCenter=centre, WindowWidth=width), f"VOI window {centre}/{width} left out")
    two = dicom_bytes(FILM, bits=12, WindowCenter=[centre, 2048], WindowWidth=[width, 4096])
    told(two, "VOI window 2048/4096 applied, number 2 of 2")


@pytest.mark.parametrize(("centre", "width"), [(2048, 4096), (1500, 1400), (2600, 1500), (4096, 8192)])
def test_window_that_a_radiographer_may_choose_is_kept(centre, width):
    film = decode_film(dicom_bytes(FILM, bits=12, WindowCenter=centre, WindowWidth=width))
    assert film.steps == (f"VOI window {centre}/{width} applied",)


def test_stray_pixels_do_not_make_a_film_black():
    samples = FILM.copy()
    samples[5, 5:8] = 65535
    told(dicom_bytes(samples, bits=16), "stray ones aside", np.minimum(samples, 4095))


@pytest.mark.parametrize("spelling", [b"sigmoid", b"Sigmoid ", b"SIGMOID"])
def test_spellings_of_the_voi_function(spelling):
    told(raw_text(b"\x28\x00\x56\x10", b"CS", spelling, **WHOLE), "applied, SIGMOID", 1 / (1 + np.exp(-4 * (FILM - 2048.0) / 4096)))


def test_voi_function_that_nobody_knows_is_told():
    told(raw_text(b"\x28\x00\x56\x10", b"CS", b"CUBIC", **WHOLE), "left out: VOI function")


def test_presentation_lut_shape_inverts_once_and_is_told():
    inverse = 4095 - FILM
    told(dicom_bytes(inverse, bits=12, PresentationLUTShape="INVERSE"), "Presentation LUT Shape INVERSE")
    right(dicom_bytes(inverse, bits=12, PresentationLUTShape="INVERSE", PhotometricInterpretation="MONOCHROME1"))
    right(dicom_bytes(FILM, bits=12, PresentationLUTShape="IDENTITY"))


# Pixels that are not square

TALL = {
    "spacing": {"PixelSpacing": [0.4, 0.2]},
    "detector": {"ImagerPixelSpacing": [0.4, 0.2]},
    "scanner": {"NominalScannedPixelSpacing": [0.4, 0.2]},
    "ratio": {"PixelAspectRatio": [2, 1]},
}


@pytest.mark.parametrize("tags", TALL.values(), ids=TALL)
@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, JPEGLSLossless], ids=lambda syntax: syntax.keyword)
def test_film_sampled_more_densely_across_than_down(syntax, tags):
    truth = levels(12, 256, 224)
    film = decode_film(dicom_bytes(truth[::2], syntax, 12, **tags))
    assert (film.height, film.width) == truth.shape
    assert np.corrcoef(film.pixels.ravel(), truth.ravel())[0, 1] > 0.98
    square = decode_film(dicom_bytes(truth, bits=12))
    assert np.abs(model_input(film, 64) - model_input(square, 64)).mean() < 0.02
    assert display_grey(film).shape == truth.shape
    assert film.pixel_spacing == (None if "PixelAspectRatio" in tags else (0.2, 0.2))
    assert "pixels of 2 to 1 made square: 224 x 128 became 224 x 256" in film.steps


def test_film_sampled_more_densely_down_than_across():
    film = decode_film(dicom_bytes(levels(12, 256, 224)[:, ::2], bits=12, PixelSpacing=[0.2, 0.3]))
    assert (film.height, film.width, film.pixel_spacing) == (256, 168, (0.2, 0.2))


def test_square_pixels_stay_as_they_are():
    for tags in ({"PixelSpacing": [0.143, 0.1431]}, {"PixelAspectRatio": [1, 1]}, {"PixelSpacing": [0.2, 0.2], "PixelAspectRatio": [2, 1]}):
        np.testing.assert_array_equal(decode_film(dicom_bytes(FILM, bits=12, **tags)).samples, FILM)


@pytest.mark.parametrize(
    "tags", [{"PixelSpacing": [0.2, 50]}, {"PixelAspectRatio": [0, 1]}, {"PixelAspectRatio": [1, 1000]}, {"PixelAspectRatio": [-2, 1]}]
)
def test_extent_that_no_pixel_has_counts_as_absent(tags):
    film = told(dicom_bytes(FILM, bits=12, **tags), "left out: pixel")
    assert (film.height, film.width, film.pixel_spacing) == (*FILM.shape, None)


def test_film_that_would_become_too_large_is_reduced():
    samples = np.tile(FILM, (50, 1))  # 6,400 rows, which must not become 12,800
    film = decode_film(dicom_bytes(samples, bits=12, PixelAspectRatio=[2, 1]))
    assert (film.height, film.width) == (6400, 56)
