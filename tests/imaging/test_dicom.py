"""DICOM films: every feature against values worked by hand, every fault a sentence."""

import io
import struct
import subprocess
import sys
import warnings
import zlib
from pathlib import Path

import imagecodecs
import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import (
    MPEG2MPML,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from cxr_core.imaging import (
    ImageTooLargeError,
    InconsistentHeaderError,
    MultiFrameError,
    NotAnImageError,
    TruncatedImageError,
    WrongModalityError,
    decode_film,
    display_grey,
    model_input,
)
from cxr_core.imaging.dicom.elements import MAX_ELEMENTS, find_transfer_syntax
from cxr_core.imaging.errors import (
    BlankImageError,
    ImageTooSmallError,
    NoPixelDataError,
    UnsupportedImageError,
    UnsupportedTransferSyntaxError,
)
from tests.dicoms import LOSSLESS, LOSSY, PLAIN, data_set, dicom_bytes, item, levels, packed, run_lengths, table, written
from tests.drawing import jpeg_bytes, phantom_levels, png_bytes

RAMP = np.arange(4096, dtype=np.uint16).reshape(64, 64)
"""Every value of 12 bits once, so that a film's pixels are the table of greys."""
STRETCHED = "no usable window in the file: stretched from its darkest to its brightest grey"


def greys(samples=RAMP, bits=12, **tags):
    """The film's pixels in the order of the samples, and the steps."""
    film = decode_film(dicom_bytes(samples, bits=bits, **tags))
    assert film.pixels.dtype == np.float32
    assert film.pixels.shape == samples.shape
    return film.pixels.ravel(), film.steps


# what a film is


def test_film_carries_what_the_viewer_needs():
    film = decode_film(dicom_bytes(levels(), bits=12, PixelSpacing=[0.14, 0.14], ViewPosition="PA", ImageLaterality="U"))
    assert (film.format, film.bit_depth, film.height, film.width) == ("DICOM", 12, 96, 80)
    assert (film.pixel_spacing, film.view, film.laterality) == ((0.14, 0.14), "PA", "U")


def test_other_kinds_of_film_have_none_of_it():
    film = decode_film(png_bytes(phantom_levels()))
    assert (film.greys, film.pixel_spacing, film.view, film.laterality) == (None, None, None, None)
    assert (film.orientation, film.body_part) == (None, None)
    assert film.pixels is film.samples


@pytest.mark.parametrize("modality", ["CR", "DX", "RG", "CXR"])
def test_plain_x_rays_are_read(modality):
    assert decode_film(dicom_bytes(levels(), Modality=modality)).format == "DICOM"


def test_missing_optional_elements_take_the_usual_values():
    samples = levels()
    film = decode_film(dicom_bytes(samples, bits=12, SamplesPerPixel=None, HighBit=None, PixelRepresentation=None))
    np.testing.assert_array_equal(film.samples, samples)


def test_film_is_independent_of_the_file_s_memory():
    film = decode_film(dicom_bytes(levels(), bits=12))
    assert film.samples.base is None
    assert film.samples.flags.owndata


# bits and signs


@pytest.mark.parametrize("bits", range(8, 17))
def test_full_range_is_stretched(bits):
    samples = np.linspace(0, 2**bits - 1, 64 * 64).astype(np.uint16).reshape(64, 64)
    pixels, steps = greys(samples, bits)
    np.testing.assert_allclose(pixels, samples.ravel() / (2**bits - 1), atol=1e-6)
    assert steps == (STRETCHED,)


def test_8_bits_in_a_byte():
    samples = levels(8)
    film = decode_film(dicom_bytes(samples))
    assert film.samples.dtype == np.uint8
    np.testing.assert_allclose(film.pixels, samples / np.float32(255), atol=1e-6)


@pytest.mark.parametrize("bits", [8, 12, 16])
def test_signed_samples(bits):
    samples = np.linspace(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1, 64 * 64).astype(np.int16).reshape(64, 64)
    pixels, _ = greys(samples, bits)
    np.testing.assert_allclose(pixels, (samples.ravel() + 2.0 ** (bits - 1)) / (2**bits - 1), atol=1e-6)


def test_signed_samples_that_are_not_sign_extended():
    samples = np.where(RAMP < 2048, RAMP + 2048, RAMP - 2048).astype(np.int16)  # -2048 ... 2047, in 12 bits
    pixels, _ = greys(samples, 12)
    np.testing.assert_allclose(pixels, np.arange(4096) / 4095, atol=1e-6)


def test_what_stands_in_the_bits_above_is_left_out():
    overlay = np.uint16(0x8000) * (RAMP % 3 == 0)
    np.testing.assert_array_equal(greys((RAMP | overlay).astype(np.uint16))[0], greys()[0])


def test_samples_in_the_high_bits():
    np.testing.assert_array_equal(greys(RAMP << 4 | 7, HighBit=15)[0], greys()[0])


# polarity, rescaling, tables, windows


def test_monochrome1_is_inverted():
    pixels, steps = greys(PhotometricInterpretation="MONOCHROME1")
    np.testing.assert_allclose(pixels, 1 - np.arange(4096) / 4095, atol=1e-6)
    assert steps == (STRETCHED, "MONOCHROME1 inverted")


def test_window_is_in_rescaled_units():
    # stored 1000 ... 3000 is 2 * 1000 - 1024 = 976 ... 4976, centre 2976, width 4000
    pixels, steps = greys(
        RescaleSlope=2, RescaleIntercept=-1024, WindowCenter=2976, WindowWidth=4000, VOILUTFunction="LINEAR_EXACT", RescaleType="US"
    )
    assert pixels[1000] == pytest.approx(0, abs=1e-6)
    assert pixels[2000] == pytest.approx(0.5, abs=1e-6)
    assert pixels[2500] == pytest.approx(0.75, abs=1e-6)
    assert pixels[3000] == pytest.approx(1, abs=1e-6)
    assert (pixels[:1000] == 0).all()
    assert (pixels[3000:] == 1).all()
    assert steps == ("rescaled by 2, -1024", "VOI window 2976/4000 applied, LINEAR_EXACT")


def test_negative_slope_turns_the_greys_round():
    pixels, _ = greys(RescaleSlope=-1, RescaleIntercept=4095, RescaleType="US", WindowCenter=2048, WindowWidth=4096)
    np.testing.assert_allclose(pixels, 1 - np.arange(4096) / 4095, atol=1e-6)


@pytest.mark.parametrize(
    ("stored", "grey"),
    # PS3.3, C.11.2.1.2.1: ((x - (c - 0.5)) / (w - 1) + 0.5), here ((x - 1999.5) / 1000 + 0.5)
    [(1499, 0), (1500, 0.0005), (1750, 0.2505), (1999, 0.4995), (2000, 0.5005), (2499, 0.9995), (2500, 1)],
)
def test_linear_window(stored, grey):
    pixels, steps = greys(WindowCenter=2000, WindowWidth=1001)
    assert pixels[stored] == pytest.approx(grey, abs=1e-6)
    assert steps == ("VOI window 2000/1001 applied",)


def test_sigmoid_window():
    pixels, steps = greys(WindowCenter=2048, WindowWidth=800, VOILUTFunction="SIGMOID")
    assert pixels[2048] == pytest.approx(0.5)
    assert pixels[2248] == pytest.approx(1 / (1 + np.exp(-1)))
    assert pixels[1248] == pytest.approx(1 / (1 + np.exp(4)))
    assert steps == ("VOI window 2048/800 applied, SIGMOID",)


def test_steep_sigmoid_window_warns_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pixels, _ = greys(WindowCenter=2048, WindowWidth=200, VOILUTFunction="SIGMOID", RescaleSlope=0.25, RescaleIntercept=1536)
        greys(WindowCenter=2048, WindowWidth=0.5, VOILUTFunction="SIGMOID")
    assert pixels[0] < 1e-4
    assert pixels[-1] > 1 - 1e-4


def test_first_of_several_windows():
    pixels, steps = greys(WindowCenter=[2000, 500], WindowWidth=[1001, 200], WindowCenterWidthExplanation=["NORMAL", "HARDER"])
    np.testing.assert_array_equal(pixels, greys(WindowCenter=2000, WindowWidth=1001)[0])
    assert steps == ("VOI window 2000/1001 applied, the first of 2",)


@pytest.mark.parametrize("width", [0, -5])
def test_window_without_extent_counts_as_none(width):
    pixels, steps = greys(WindowCenter=2000, WindowWidth=width)
    np.testing.assert_array_equal(pixels, greys()[0])
    assert steps == (STRETCHED,)


def test_window_then_inversion():
    pixels, steps = greys(WindowCenter=2000, WindowWidth=1001, PhotometricInterpretation="MONOCHROME1")
    np.testing.assert_allclose(pixels, 1 - greys(WindowCenter=2000, WindowWidth=1001)[0], atol=1e-6)
    assert steps == ("VOI window 2000/1001 applied", "MONOCHROME1 inverted")


def test_voi_table():
    # 1000 entries of 12 bits from 500 on: 0, 4, 8 ... 3996, which is white; the ends hold beyond.
    pixels, steps = greys(VOILUTSequence=Sequence([table([1000, 500, 12], np.arange(1000) * 4), table([2, 0, 8], [0, 255])]))
    np.testing.assert_allclose(pixels, np.clip(np.arange(4096) - 500, 0, 999) / 999, atol=1e-6)
    assert steps == ("VOI table applied",)


def test_voi_table_goes_before_a_window():
    lut = Sequence([table([4096, 0, 16], np.linspace(0, 65535, 4096) ** 2 / 65535)])
    pixels, steps = greys(VOILUTSequence=lut, WindowCenter=2000, WindowWidth=100)
    np.testing.assert_allclose(pixels, (np.arange(4096) / 4095) ** 2, atol=2e-5)
    assert steps == ("VOI table applied",)


def test_voi_table_of_65536_entries_says_0():
    samples = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    pixels, _ = greys(samples, 16, VOILUTSequence=Sequence([table([0, 0, 16], np.arange(65536)[::-1])]))
    np.testing.assert_allclose(pixels, 1 - np.arange(65536) / 65535, atol=1e-6)


def test_voi_table_of_bytes():
    lut = item(LUTDescriptor=[256, 0, 8], LUTData=bytes(range(255, -1, -1)))
    lut["LUTDescriptor"].VR, lut["LUTData"].VR = "US", "OW"
    film = decode_film(dicom_bytes(levels(8), VOILUTSequence=Sequence([lut])))
    np.testing.assert_allclose(film.pixels, 1 - levels(8) / 255, atol=1e-6)


def test_voi_table_that_starts_below_zero():
    lut = Sequence([table([4096, -2048, 12], np.arange(4096))])
    samples = (RAMP.astype(np.int16) - 2048).astype(np.int16)
    np.testing.assert_allclose(greys(samples, 12, VOILUTSequence=lut)[0], np.arange(4096) / 4095, atol=1e-6)


def test_modality_table_then_window():
    lut = table([4096, 0, 16], np.arange(4096) * 10)
    lut.ModalityLUTType = "US"
    pixels, steps = greys(ModalityLUTSequence=Sequence([lut]), WindowCenter=20000, WindowWidth=10000, VOILUTFunction="LINEAR_EXACT")
    np.testing.assert_allclose(pixels, ((np.arange(4096) * 10 - 20000) / 10000 + 0.5).clip(0, 1), atol=1e-6)
    assert steps == ("modality table applied", "VOI window 20000/10000 applied, LINEAR_EXACT")


@pytest.mark.parametrize(
    "tags",
    [
        {"WindowCenter": 1800.5, "WindowWidth": 900.25},
        {"WindowCenter": 1800, "WindowWidth": 900, "VOILUTFunction": "LINEAR_EXACT"},
        {"WindowCenter": 1800, "WindowWidth": 900, "VOILUTFunction": "SIGMOID"},
        {"VOILUTSequence": Sequence([table([3000, 200, 12], np.arange(3000))])},
    ],
    ids=["linear", "exact", "sigmoid", "table"],
)
def test_greys_are_those_of_pydicom(tags):
    made = pydicom.dcmread(io.BytesIO(dicom_bytes(RAMP, bits=12, **tags)))
    expected = pydicom.pixels.apply_voi_lut(made.pixel_array, made).ravel() / (2999 if "VOILUTSequence" in tags else 4095)
    np.testing.assert_allclose(greys(**tags)[0], expected, atol=1e-6)


def test_window_of_the_file_is_what_the_classifiers_see():
    samples = levels()
    data = dicom_bytes(samples, bits=12, WindowCenter=2048, WindowWidth=2049, VOILUTFunction="LINEAR_EXACT")
    windowed = np.rint(((samples - 2048.0) / 2049 + 0.5).clip(0, 1) * 65535).astype(np.uint16)
    np.testing.assert_allclose(model_input(decode_film(data), 64), model_input(decode_film(png_bytes(windowed)), 64), atol=1e-3)


def test_screen_shows_the_window_as_it_is():
    samples = levels()
    film = decode_film(dicom_bytes(samples, bits=12, WindowCenter=4096, WindowWidth=8192, VOILUTFunction="LINEAR_EXACT"))
    np.testing.assert_allclose(display_grey(film), samples / 8192 * 255, atol=0.51)  # not stretched: it was meant to be dark


# padding


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("value", [0, 4095])
def test_padding_is_black_and_counts_for_nothing(photometric, value):
    samples = np.linspace(1000, 3000, 64 * 64).astype(np.uint16).reshape(64, 64)
    samples[:10] = value
    film = decode_film(dicom_bytes(samples, bits=12, PhotometricInterpretation=photometric, PixelPaddingValue=value))
    expected = (samples - 1000.0) / 2000
    expected = 1 - expected if photometric == "MONOCHROME1" else expected
    rest = slice(10, None)
    low, high = expected[rest].min(), expected[rest].max()
    np.testing.assert_allclose(film.pixels[rest], (expected[rest] - low) / (high - low), atol=1e-5)
    assert (film.pixels[:10] == 0).all()
    assert "padding made black" in film.steps


def test_range_of_padding():
    samples = levels() // 2 + 1000
    samples[:5], samples[5:10] = 0, 20
    film = decode_film(dicom_bytes(samples, bits=12, PixelPaddingValue=0, PixelPaddingRangeLimit=20))
    assert (film.pixels[:10] == 0).all()
    assert film.samples[:10].max() == film.samples[10:].min()


def test_signed_padding():
    samples = (levels() // 2).astype(np.int16) - 1000
    samples[:10] = -2000
    made = dicom_bytes(samples, bits=12, PixelPaddingValue=-2000)
    np.testing.assert_array_equal(decode_film(made).samples[:10], samples[10:].min() + 2048)


def test_padding_that_does_not_occur_is_not_spoken_of():
    assert greys(PixelPaddingValue=5000)[1] == (STRETCHED,)


# spacing, view, side, burned-in text


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, None),
        ({"ImagerPixelSpacing": [0.2, 0.2001]}, (0.2, 0.2001)),
        ({"PixelSpacing": [0.1, 0.1], "ImagerPixelSpacing": [0.2, 0.2]}, (0.1, 0.1)),
        ({"PixelSpacing": [0, 0], "ImagerPixelSpacing": [0.2, 0.2]}, (0.2, 0.2)),
        ({"PixelSpacing": [-1, 0.1]}, None),
        ({"PixelSpacing": [500, 500]}, None),
    ],
)
def test_pixel_spacing(tags, expected):
    assert decode_film(dicom_bytes(levels(), bits=12, **tags)).pixel_spacing == expected


@pytest.mark.parametrize("spacing", [b"north\\south ", b"0.1 ", b"nan\\nan ", b"\xff\xfe"])
def test_spacing_that_is_none_leaves_the_film_readable(spacing):
    data = dicom_bytes(levels(), bits=12, PixelSpacing=[1.25, 1.25]).replace(b"\x28\x00\x30\x00DS", b"\x28\x00\x30\x00LO")
    assert decode_film(data).pixel_spacing == (1.25, 1.25)
    damaged = data.replace(b"1.25\\1.25 ", spacing.ljust(10)[:10])
    assert decode_film(damaged).pixel_spacing is None


@pytest.mark.parametrize(
    ("tags", "view"),
    [
        ({}, None),
        ({"ViewPosition": "AP"}, "AP"),
        ({"ViewPosition": "DOE JOHN"}, None),
        ({"ViewPosition": "pa"}, "PA"),
        ({"ViewPosition": "LATERAL"}, "LATERAL"),
        ({"ViewPosition": "Lat"}, "LATERAL"),
        ({"ViewPosition": "L LAT"}, "LL"),
        ({"ViewPosition": "RIGHT_LATERAL"}, "RL"),
        ({"ViewCodeSequence": Sequence([item(CodeValue="R-10236", CodingSchemeDesignator="SNM3", CodeMeaning="x")])}, "LL"),
        ({"ViewCodeSequence": Sequence([item(CodeValue="R-10206", CodingSchemeDesignator="SRT", CodeMeaning="x")])}, "AP"),
        ({"ViewCodeSequence": Sequence([item(CodeValue="272479007", CodingSchemeDesignator="SCT")])}, "PA"),
        ({"ViewCodeSequence": Sequence([item(CodeValue="399173006", CodingSchemeDesignator="SCT")]), "ViewPosition": "PA"}, "PA"),
        ({"ViewCodeSequence": Sequence([item(CodeValue="1", CodingSchemeDesignator="99X")])}, None),
        ({"ViewCodeSequence": Sequence([])}, None),
    ],
)
def test_view(tags, view):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of small letters, as the file is made
        data = dicom_bytes(levels(), bits=12, **tags)
    assert decode_film(data).view == view


def test_laterality():
    assert decode_film(dicom_bytes(levels(), Laterality="L")).laterality == "L"
    assert decode_film(dicom_bytes(levels(), Laterality="L", ImageLaterality="R")).laterality == "R"
    assert decode_film(dicom_bytes(levels(), Laterality="X")).laterality is None


@pytest.mark.parametrize(
    ("written", "orientation"),
    [
        (None, None),
        ("", None),
        (["L", "F"], "L\\F"),
        (["R", "F"], "R\\F"),
        (["A", "H"], "A\\H"),
        (["L ", " F"], "L\\F"),
        (["LA", "FPR"], "L\\F"),
        (["L", "R"], None),
        (["L", "L"], None),
        (["LR", "F"], None),
        (["LAFP", "F"], None),
        (["l", "f"], None),
        (["L"], None),
        (["L", ""], None),
        (["L", "F", "DOE JOHN"], None),
        (["L", "DOE"], None),
        (["L", "FDOE"], None),
    ],
)
def test_orientation_is_a_pair_of_directions(written, orientation):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydicom's, of what it is asked to write
        data = dicom_bytes(levels(), bits=12, PatientOrientation=written)
    film = decode_film(data)
    assert film.orientation == orientation
    np.testing.assert_array_equal(film.samples, levels())  # never turned nor mirrored


@pytest.mark.parametrize("syntax", PLAIN, ids=lambda syntax: syntax.keyword)
def test_orientation_and_body_part_are_read_in_every_encoding(syntax):
    film = decode_film(dicom_bytes(levels(), syntax, 12, PatientOrientation=["L", "F"], BodyPartExamined="CHEST"))
    assert (film.orientation, film.body_part) == ("L\\F", "chest")


@pytest.mark.parametrize(
    ("written", "part"),
    [
        (None, None),
        ("", None),
        ("CHEST", "chest"),
        ("THORAX ", "chest"),
        ("KNEE", "knee"),
        ("Knee", "knee"),
        ("CSPINE", "cervical spine"),
        ("KNEE DOE", None),
        ("DOE JOHN", None),
        (["KNEE", "DOE"], None),
    ],
)
def test_body_part_is_one_of_those_of_plain_films(written, part):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = dicom_bytes(levels(), BodyPartExamined=written)
    assert decode_film(data).body_part == part


def test_burned_in_text_is_told():
    assert any("burned into the picture" in step for step in greys(BurnedInAnnotation="YES")[1])
    assert greys(BurnedInAnnotation="NO")[1] == (STRETCHED,)


# transfer syntaxes


@pytest.mark.parametrize("syntax", PLAIN, ids=lambda syntax: syntax.keyword)
@pytest.mark.parametrize("samples", [levels(8), levels(12), levels(12).astype(np.int16) - 2048], ids=["8 bit", "12 bit", "signed"])
def test_uncompressed_syntaxes_give_the_same_film(syntax, samples):
    bits = 8 if samples.dtype == np.uint8 else 12
    expected = samples.astype(int) + (2048 if samples.dtype == np.int16 else 0)
    np.testing.assert_array_equal(decode_film(dicom_bytes(samples, syntax, bits)).samples, expected)


def test_bytes_written_in_pairs_by_a_big_endian_writer():
    samples = levels(8)
    data = dicom_bytes(samples, ExplicitVRBigEndian, pixel_data=samples.view(np.uint16).byteswap().tobytes())
    data = data.replace(b"\x7f\xe0\x00\x10OB", b"\x7f\xe0\x00\x10OW")
    np.testing.assert_array_equal(decode_film(data).samples, samples)


def test_odd_number_of_bytes_is_padded():
    samples = levels(8, 65, 65)
    np.testing.assert_array_equal(decode_film(dicom_bytes(samples, pixel_data=samples.tobytes() + b"\0")).samples, samples)


@pytest.mark.parametrize("syntax", LOSSLESS, ids=lambda syntax: syntax.keyword)
@pytest.mark.parametrize("bits", [8, 10, 12, 16])
def test_lossless_syntaxes_keep_every_sample(syntax, bits):
    samples = levels(bits)
    film = decode_film(dicom_bytes(samples, syntax, bits))
    np.testing.assert_array_equal(film.samples, samples)
    assert film.steps[0].startswith("unpacked from ")
    assert film.samples.flags.owndata or film.samples.base.nbytes == samples.nbytes


@pytest.mark.parametrize("syntax", LOSSY, ids=lambda syntax: syntax.keyword)
def test_lossy_syntaxes_are_close(syntax):
    bits = 8 if syntax == JPEGBaseline8Bit else 12
    samples = levels(bits)
    film = decode_film(dicom_bytes(samples, syntax, bits))
    assert film.bit_depth == bits
    assert np.abs(film.samples.astype(int) - samples).mean() < 0.01 * 2**bits


@pytest.mark.parametrize("syntax", [JPEGBaseline8Bit, JPEGExtended12Bit])
def test_8_bit_jpeg_in_16_allocated_bits(syntax):
    samples = levels(8)
    film = decode_film(dicom_bytes(samples.astype(np.uint16), syntax, 8, packed(samples, JPEGBaseline8Bit, 8)))
    assert film.samples.dtype == np.uint16
    assert np.abs(film.samples.astype(int) - samples).mean() < 2


def test_signed_samples_through_jpeg_2000():
    samples = levels(12).astype(np.int16) - 2048
    film = decode_film(dicom_bytes(samples, JPEG2000Lossless, 12))
    np.testing.assert_array_equal(film.samples, samples + 2048)


def test_codestream_in_a_jp2_file():
    samples = levels(12)
    jp2 = imagecodecs.jpeg2k_encode(samples, level=0, codecformat="JP2", reversible=True)
    assert jp2[4:8] == b"jP  "
    np.testing.assert_array_equal(decode_film(dicom_bytes(samples, JPEG2000Lossless, 16, jp2)).samples, samples)


def test_frame_in_fragments():
    samples = levels(12)
    data = encapsulate([packed(samples, JPEGLSLossless, 12)], fragments_per_frame=4)
    np.testing.assert_array_equal(decode_film(dicom_bytes(samples, JPEGLSLossless, 12, pixel_data=data)).samples, samples)


@pytest.mark.parametrize("has_bot", [True, False], ids=["with offsets", "without offsets"])
@pytest.mark.parametrize(
    ("syntax", "bits"), [(JPEGLSLossless, 12), (JPEG2000Lossless, 16), (JPEGBaseline8Bit, 8)], ids=["JPEG-LS", "2000", "JPEG"]
)
def test_frames_that_the_header_does_not_name_are_refused(syntax, bits, has_bot):
    frame = packed(levels(bits), syntax, bits)
    data = dicom_bytes(levels(bits), syntax, bits, pixel_data=encapsulate([frame, frame], has_bot=has_bot))
    refused(MultiFrameError, data, "several frames")


@pytest.mark.parametrize("name", ["MR_small_RLE.dcm", "MR_small_jpeg_ls_lossless.dcm", "MR_small_jp2klossless.dcm"])
def test_streams_of_other_writers(name):
    # pydicom ships no plain X-ray, so another picture is passed off as one.
    plain, other = (pydicom.dcmread(get_testdata_file(file, download=False)) for file in ("MR_small.dcm", name))
    for made in (plain, other):
        made.Modality = "CR"
    films = [decode_film(rewritten(made)) for made in (plain, other)]
    np.testing.assert_array_equal(films[0].samples, films[1].samples)
    np.testing.assert_array_equal(films[0].samples.astype(int) - 32768, plain.pixel_array)


def rewritten(made):
    file = io.BytesIO()
    made.save_as(file)
    return file.getvalue()


# files that are not quite as the standard wants them


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian], ids=lambda s: s.keyword)
def test_file_without_preamble_and_meta(syntax):
    samples = levels()
    data = dicom_bytes(samples, syntax, 12, SOPClassUID="1.2.840.10008.5.1.4.1.1.1.1")
    start = data.index(b"\x00\x08\x00\x16" if syntax == ExplicitVRBigEndian else b"\x08\x00\x16\x00")
    np.testing.assert_array_equal(decode_film(data[start:]).samples, samples)


def test_file_without_preamble_but_with_meta():
    np.testing.assert_array_equal(decode_film(dicom_bytes(levels(), JPEGLSLossless, 12)[132:]).samples, levels())


def test_preamble_that_is_a_tiff_header():
    data = b"II*\0" + dicom_bytes(levels(), bits=12)[4:]
    assert decode_film(data).format == "DICOM"


def test_syntax_that_says_implicit_of_an_explicit_file():
    data = dicom_bytes(levels(), ExplicitVRLittleEndian, 12)
    told = data.replace(b"UI\x14\x001.2.840.10008.1.2.1\0", b"UI\x14\x001.2.840.10008.1.2\0\0\0")
    assert told != data
    np.testing.assert_array_equal(decode_film(told).samples, levels())


def test_header_may_be_full_of_other_things():
    deep = item(PatientName="x")
    for _ in range(20):
        deep = item(ReferencedImageSequence=Sequence([deep]))
        deep["ReferencedImageSequence"].is_undefined_length = True
        deep.is_undefined_length_sequence_item = True
    tags = {"ReferencedImageSequence": Sequence([deep, item(Rows=3, Columns=3)]), "ImageComments": "x" * 10_000}
    np.testing.assert_array_equal(decode_film(dicom_bytes(levels(), bits=12, **tags)).samples, levels())


def test_first_of_doubled_elements_counts():
    data = dicom_bytes(levels(), bits=12)
    rows = data.index(b"\x28\x00\x10\x00US")
    again = data[:rows] + data[rows : rows + 10] + data[rows : rows + 8] + b"\x05\x00" + data[rows + 10 :]
    assert decode_film(again).height == 96


# refusals


def refused(kind, data, match):
    with pytest.raises(kind, match=match) as refusal:
        decode_film(data)
    message = str(refusal.value)
    assert type(refusal.value) is kind
    assert message.endswith(".")
    assert "\n" not in message
    assert refusal.value.__context__ is None
    assert refusal.value.__cause__ is None
    return message


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("CT_small.dcm", "a CT scan"),
        ("MR_small.dcm", "an MR image"),
        ("MR_small_bigendian.dcm", "an MR image"),
        ("examples_palette.dcm", "an ultrasound image"),
        ("JPEG2000.dcm", "a nuclear medicine image"),
        ("image_dfl.dcm", "of the kind 'other'"),
        ("liver_1frame.dcm", "a segmentation"),
        ("rtdose.dcm", "a radiotherapy dose"),
        ("rtplan.dcm", "a radiotherapy plan"),
        ("ExplVR_BigEndNoMeta.dcm", "a radiotherapy plan"),
        ("reportsi.dcm", "a report"),
        ("waveform_ecg.dcm", "an ECG"),
    ],
)
def test_pictures_of_other_kinds_are_refused_by_name(name, kind):
    with open(get_testdata_file(name, download=False), "rb") as file:
        refused(WrongModalityError, file.read(), f"The DICOM file is {kind}, not a plain X-ray")


def test_mammogram_is_no_chest_film():
    refused(WrongModalityError, dicom_bytes(levels(), Modality="MG"), "is a mammogram")


def test_unknown_modality_is_not_quoted():
    assert "DOE" not in refused(WrongModalityError, dicom_bytes(levels(), Modality="DOE JOHN"), "of another kind")


def test_file_that_does_not_say_its_modality():
    refused(WrongModalityError, dicom_bytes(levels(), Modality=None), "does not say what kind")


def test_raw_detector_picture_is_refused():
    refused(WrongModalityError, dicom_bytes(levels(), PresentationIntentType="FOR PROCESSING"), "raw picture")
    assert decode_film(dicom_bytes(levels(), PresentationIntentType="FOR PRESENTATION"))


def test_several_frames_are_refused():
    samples = np.concatenate([levels()] * 2)
    data = dicom_bytes(levels(), bits=12, NumberOfFrames=2, pixel_data=samples.tobytes())
    refused(MultiFrameError, data, "several frames")
    assert decode_film(dicom_bytes(levels(), bits=12, NumberOfFrames=1))


def test_file_without_pixels_is_refused():
    refused(NoPixelDataError, written(data_set(levels(), 12)), "holds no picture")
    refused(NoPixelDataError, written(Dataset()), "holds no picture")


@pytest.mark.parametrize(
    "tags",
    [
        {"PhotometricInterpretation": "RGB", "SamplesPerPixel": 3},
        {"PhotometricInterpretation": "PALETTE COLOR"},
        {"PhotometricInterpretation": None},
    ],
)
def test_colour_is_refused(tags):
    refused(UnsupportedImageError, dicom_bytes(levels(8), **tags), "in colour")


@pytest.mark.parametrize("bits", [1, 32])
def test_other_widths_of_samples_are_refused(bits):
    refused(UnsupportedImageError, dicom_bytes(levels(), BitsAllocated=bits, BitsStored=bits, HighBit=bits - 1), "other than 8 or 16 bits")


@pytest.mark.parametrize(
    "tags",
    [{"BitsStored": 17}, {"BitsStored": 0}, {"BitsStored": 5}, {"BitsStored": None}, {"Rows": None}, {"BitsAllocated": None}],
)
def test_senseless_layout_is_refused(tags):
    refused(InconsistentHeaderError, dicom_bytes(levels(), **{"BitsStored": 12, "HighBit": 11, **tags}), "makes no sense")


@pytest.mark.parametrize(
    "tags",
    [
        {"ModalityLUTSequence": Sequence([table([1000, 0, 12], np.arange(10))])},
        {"ModalityLUTSequence": Sequence([item(LUTExplanation="x")])},
        {"ModalityLUTSequence": Sequence([table([10, 0, 0], np.arange(10))])},
    ],
)
def test_senseless_greys_are_refused(tags):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = dicom_bytes(levels(), bits=12, **tags)
    refused(InconsistentHeaderError, data, "makes no sense")


@pytest.mark.parametrize(
    ("rows", "columns", "kind", "match"),
    [
        (63, 64, ImageTooSmallError, "64 x 63 pixels; at least 64"),
        (64, 10_001, ImageTooLargeError, "10001 x 64 pixels"),
        (8_001, 8_000, ImageTooLargeError, "8000 x 8001 pixels"),
        (65_535, 65_535, ImageTooLargeError, "65535 x 65535 pixels"),
        (0, 0, ImageTooSmallError, "0 x 0 pixels"),
    ],
)
@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, JPEGLSLossless, DeflatedExplicitVRLittleEndian])
def test_size_is_checked_by_the_header(rows, columns, kind, match, syntax):
    refused(kind, dicom_bytes(levels(), syntax, 12, Rows=rows, Columns=columns), match)


@pytest.mark.parametrize("syntax", [MPEG2MPML, "1.2.840.10008.1.2.4.201"])
def test_unsupported_syntax_is_named(syntax):
    name = pydicom.uid.UID(syntax).name
    message = refused(UnsupportedTransferSyntaxError, dicom_bytes(levels(), syntax, 12, b"\0\0"), "not read here. Export the film as PNG")
    assert name in message


def test_unknown_syntax_is_not_quoted():
    data = dicom_bytes(levels(), bits=12).replace(ExplicitVRLittleEndian.encode() + b"\0", b"1.2.3.19560704".ljust(20, b"\0"))
    message = refused(UnsupportedTransferSyntaxError, data, "does not know")
    assert "1956" not in message


@pytest.mark.parametrize("syntax", PLAIN, ids=lambda syntax: syntax.keyword)
def test_pixels_that_are_fewer_than_declared(syntax):
    refused(TruncatedImageError, dicom_bytes(levels(), syntax, 12, pixel_data=levels().tobytes()[:-100]), "damaged or end too early")


@pytest.mark.parametrize("extra", [bytes(levels().nbytes), levels()[:2].tobytes()])
def test_frames_and_rows_that_are_more_than_declared(extra):
    refused(InconsistentHeaderError, dicom_bytes(levels(), bits=12, pixel_data=levels().tobytes() + extra), "another size")


@pytest.mark.parametrize("syntax", sorted({*LOSSLESS, *LOSSY} - {RLELossless}), ids=lambda syntax: syntax.keyword)
@pytest.mark.parametrize(("rows", "columns"), [(80, 96), (95, 80), (192, 80), (9_000, 7_000)])
def test_stream_of_another_size_than_declared(syntax, rows, columns):
    bits = 8 if syntax == JPEGBaseline8Bit else 12
    refused(InconsistentHeaderError, dicom_bytes(levels(bits), syntax, bits, Rows=rows, Columns=columns), "another size")


@pytest.mark.parametrize(("rows", "columns"), [(192, 80), (9_000, 7_000)])
def test_run_lengths_that_end_before_the_declared_size(rows, columns):
    # They do not know their own size.
    refused(TruncatedImageError, dicom_bytes(levels(), RLELossless, 12, Rows=rows, Columns=columns), "end too early")


def test_stream_of_more_bits_than_declared():
    refused(InconsistentHeaderError, dicom_bytes(levels(8), JPEGLosslessSV1, 8, packed(levels(16), JPEGLosslessSV1, 16)), "another size")


def test_stream_in_colour_under_a_grey_header():
    frame = imagecodecs.jpeg8_encode(np.dstack([levels(8)] * 3))
    refused(InconsistentHeaderError, dicom_bytes(levels(8), JPEGBaseline8Bit, 8, frame), "another size")


def test_stream_of_another_coding_than_declared():
    refused(
        InconsistentHeaderError,
        dicom_bytes(levels(8), JPEGBaseline8Bit, 8, packed(levels(8), JPEGLosslessSV1, 8)),
        "not packed as its header says",
    )
    refused(
        InconsistentHeaderError,
        dicom_bytes(levels(8), JPEGLosslessSV1, 8, packed(levels(8), JPEGBaseline8Bit, 8)),
        "not packed as its header says",
    )
    refused(TruncatedImageError, dicom_bytes(levels(12), JPEG2000Lossless, 12, packed(levels(12), JPEGLSLossless, 12)), "damaged")


def test_progressive_jpeg_is_refused():
    frame = jpeg_bytes(levels(8), progressive=True)
    refused(InconsistentHeaderError, dicom_bytes(levels(8), JPEGBaseline8Bit, 8, frame), "not packed as its header says")


def test_uncompressed_pixels_under_a_compressed_syntax_and_the_reverse():
    made = data_set(levels(), 12)
    made.PixelData = levels().tobytes()
    made["PixelData"].VR = "OW"
    data = written(made).replace(ExplicitVRLittleEndian.encode() + b"\0", b"1.2.840.10008.1.2.5\0")
    refused(InconsistentHeaderError, data, "calls its pixels compressed")
    data = dicom_bytes(levels(), RLELossless, 12).replace(b"1.2.840.10008.1.2.5\0", ExplicitVRLittleEndian.encode() + b"\0")
    refused(InconsistentHeaderError, data, "another size")


@pytest.mark.parametrize("planes", [0, 1, 3, 15, 2**31])
def test_rle_of_another_number_of_planes(planes):
    frame = struct.pack("<I", planes) + run_lengths(levels())[4:]
    refused(InconsistentHeaderError, dicom_bytes(levels(), RLELossless, 12, frame), "another size")


@pytest.mark.parametrize("offset", [0, 63, 10**6, 2**32 - 1])
def test_rle_whose_planes_start_elsewhere(offset):
    frame = bytearray(run_lengths(levels()))
    frame[8:12] = struct.pack("<I", offset)
    refused(TruncatedImageError, dicom_bytes(levels(), RLELossless, 12, bytes(frame)), "damaged")


@pytest.mark.parametrize("syntax", [*PLAIN, *LOSSLESS, *LOSSY], ids=lambda syntax: syntax.keyword)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.97])
def test_truncated_file_is_refused(syntax, share):
    bits = 8 if syntax == JPEGBaseline8Bit else 12
    data = dicom_bytes(levels(bits), syntax, bits)
    refused(TruncatedImageError, data[: int(len(data) * share)], "damaged or ends? too early")


@pytest.mark.parametrize("syntax", [*LOSSLESS, *LOSSY], ids=lambda syntax: syntax.keyword)
@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.9])
def test_truncated_stream_in_a_whole_file_is_refused(syntax, share):
    bits = 8 if syntax == JPEGBaseline8Bit else 12
    frame = packed(levels(bits), syntax, bits)
    refused(TruncatedImageError, dicom_bytes(levels(bits), syntax, bits, frame[: int(len(frame) * share)]), "damaged or ends? too early")


def test_length_that_leads_beyond_the_end():
    data = bytearray(dicom_bytes(levels(), bits=12, ImageComments="hello"))
    at = data.index(b"\x20\x00\x00\x40LT")
    data[at + 6 : at + 8] = b"\xff\xff"
    refused(TruncatedImageError, bytes(data), "damaged or ends too early")


@pytest.mark.parametrize("flat", [np.zeros((64, 64), np.uint16), np.full((64, 64), 4095, np.uint16), 2000 + (RAMP % 2)])
def test_blank_film_is_refused(flat):
    refused(BlankImageError, dicom_bytes(flat.astype(np.uint16), bits=12), "blank")


def test_header_that_is_a_maze_is_refused():
    head = dicom_bytes(levels(), bits=12)
    start = head.index(b"\x08\x00\x60\x00CS")
    empty_items = struct.pack("<HHI", 0xFFFE, 0xE000, 0)
    sequence = struct.pack("<HH2sHI", 0x0008, 0x0006, b"SQ", 0, 2**32 - 1) + (MAX_ELEMENTS + 1) * empty_items
    refused(InconsistentHeaderError, head[:start] + sequence + head[start:], "too many elements")
    nested = struct.pack("<HH2sHI", 0x0008, 0x0006, b"SQ", 0, 2**32 - 1) + struct.pack("<HHI", 0xFFFE, 0xE000, 2**32 - 1)
    refused(InconsistentHeaderError, head[:start] + nested * 5000 + head[start:], "too many elements")


@pytest.mark.parametrize("data", [b"\x08\x00", b"\x08\x00\x05\x00CS", bytes(128) + b"DICM", bytes(1000)])
def test_hardly_a_file(data):
    with pytest.raises((NotAnImageError, NoPixelDataError, TruncatedImageError)):
        decode_film(data)


def test_damaged_deflation():
    data = dicom_bytes(levels(), DeflatedExplicitVRLittleEndian, 12)
    _, start = find_transfer_syntax(data)
    assert zlib.decompressobj(-15).decompress(data[start:])
    refused(TruncatedImageError, data[:start] + b"\xff" * 100, "damaged")


def test_other_kinds_of_film_do_not_wait_for_pydicom(tmp_path):
    (tmp_path / "film.png").write_bytes(png_bytes(phantom_levels()))
    script = (
        "import sys; from cxr_core.imaging import decode_film; decode_film(open(sys.argv[1], 'rb').read()); "
        "print(*{'pydicom', 'imagecodecs'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "film.png")]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
