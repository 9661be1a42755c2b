"""Rules that need no training."""

import cv2
import numpy as np
import pytest

from cxr_core.gate import findings_of_file, rules
from cxr_core.imaging import Colour, decode_film, draw_phantom, square_input
from cxr_core.imaging.dicom.terms import BODY_PARTS
from tests.dicoms import dicom_bytes, levels
from tests.drawing import film_of


@pytest.fixture(scope="module")
def canonical():
    return square_input(draw_phantom(200, 200), 96)


def test_blur_lowers_sharpness_far_more_than_contrast(canonical):
    soft = cv2.GaussianBlur(canonical, (0, 0), 3)[..., np.newaxis]
    assert rules.sharpness(soft) < 0.3 * rules.sharpness(canonical)
    assert rules.contrast(soft) > 0.7 * rules.contrast(canonical)


def test_sharpness_does_not_hang_on_contrast(canonical):
    assert rules.sharpness(canonical / 4) == pytest.approx(rules.sharpness(canonical), rel=1e-3)
    assert rules.contrast(canonical / 4) == pytest.approx(rules.contrast(canonical) / 4, rel=1e-3)


def test_measures_of_an_empty_film_are_zero():
    empty = np.zeros((64, 64, 1), np.float32)
    assert (rules.contrast(empty), rules.sharpness(empty), rules.filled(empty)) == (0, 0, 0)


@pytest.mark.parametrize(("height", "width", "share"), [(100, 100, 1), (100, 50, 0.5), (50, 200, 0.25)])
def test_padding_of_a_narrow_film_is_not_filled(height, width, share):
    grey = film_of(np.random.default_rng(0).uniform(0.2, 1, (height, width)))
    assert rules.filled(square_input(grey, 96)) == pytest.approx(share, abs=0.06)


@pytest.mark.parametrize("rule", [rules.flat, rules.blurred, rules.partial])
def test_thresholds_part_what_is_read_from_what_is_not(rule):
    assert rule(0.5, 0.5, 0.2) is None
    assert rule(0.49, 0.5, 0.2).severity == "warning"
    assert rule(0.2, 0.5, 0.2).severity == "warning"
    assert rule(0.19, 0.5, 0.2).severity == "refused"


@pytest.mark.parametrize(
    ("colour", "severity"),
    [
        (None, None),
        (Colour(0.0, 0.0), None),
        (Colour(rules.MARKED_SHARE / 2, 0.9), None),
        (Colour(rules.MARKED_SHARE, 0.0), "warning"),
        (Colour(1.0, 0.0), "warning"),  # one tint all over: a toned film, or a photograph of a screen
        (Colour(0.2, 0.9), "warning"),
        (Colour(rules.COLOURED_SHARE, rules.COLOURED_VARIETY), "refused"),
    ],
)
def test_colours_are_weighed_by_share_and_variety(colour, severity):
    finding = rules.coloured(colour)
    assert (finding and finding.severity) == severity


@pytest.mark.parametrize(
    ("view", "code", "severity"),
    [("LL", "lateral", "refused"), ("RL", "lateral", "refused"), ("LLD", "unusual_view", "warning"), ("RLO", "unusual_view", "warning")],
)
def test_views_that_are_not_frontal_are_named(view, code, severity):
    finding = rules.not_frontal(view)
    assert (finding.code, finding.severity) == (code, severity)
    assert view in finding.reason


@pytest.mark.parametrize("view", ["PA", "AP", None])
def test_frontal_and_unknown_views_are_read(view):
    assert rules.not_frontal(view) is None


@pytest.mark.parametrize("part", ["knee", "abdomen", "cervical spine"])
def test_film_of_another_body_part_is_refused_and_the_part_named(part):
    finding = rules.other_body_part(part)
    assert (finding.code, finding.severity) == ("body_part", "refused")
    assert finding.reason == f"The file says that this is a film of another body part ({part})."


@pytest.mark.parametrize("part", ["ribs", "clavicle", "thoracic spine", "shoulder", "sternum", "chest and abdomen"])
def test_neighbours_of_the_chest_only_warn(part):
    finding = rules.other_body_part(part)
    assert (finding.code, finding.severity) == ("body_part", "warning")
    assert f"of the {part}," in finding.reason


@pytest.mark.parametrize("part", ["chest", None])
def test_chest_and_unnamed_body_parts_are_read(part):
    assert rules.other_body_part(part) is None


def test_rules_speak_of_body_parts_in_the_words_of_the_header():
    assert rules.NEAR_CHEST | {rules.CHEST} < set(BODY_PARTS.values())


@pytest.mark.parametrize(
    ("orientation", "code"),
    [
        (None, None),
        ("L\\F", None),
        ("R\\F", "stored_mirrored"),
        ("L\\H", "stored_turned"),
        ("R\\H", "stored_turned"),
        ("H\\L", "stored_turned"),
        ("F\\R", "stored_turned"),
    ],
)
def test_film_stored_otherwise_than_it_is_looked_at_is_warned_of(orientation, code):
    finding = rules.misplaced(orientation)
    assert (finding and (finding.code, finding.severity)) == (code and (code, "warning"))


@pytest.mark.parametrize("orientation", ["A\\F", "P\\F", "L\\P"])
def test_film_from_the_side_is_refused_by_its_orientation_too(orientation):
    finding = rules.misplaced(orientation)
    assert (finding.code, finding.severity) == ("stored_lateral", "refused")


@pytest.mark.parametrize(
    ("tags", "codes"),
    [
        ({}, ()),
        ({"BodyPartExamined": "CHEST", "PatientOrientation": ["L", "F"]}, ()),
        ({"BodyPartExamined": "KNEE"}, ("body_part",)),
        ({"BodyPartExamined": "RIBS", "PatientOrientation": ["R", "F"]}, ("body_part", "stored_mirrored")),
        ({"BodyPartExamined": "SOMETHING ELSE", "PatientOrientation": ""}, ()),
        ({"BitsStored": 12, "HighBit": 15}, ("guessed",)),
    ],
)
def test_what_a_dicom_file_says_reaches_the_gate(tags, codes):
    findings = findings_of_file(decode_film(dicom_bytes(levels(), **tags)))
    assert tuple(finding.code for finding in findings) == codes


def test_each_guess_about_the_pixels_is_told_in_a_sentence():
    (finding,) = findings_of_file(decode_film(dicom_bytes(levels(), bits=16, HighBit=99)))
    told = "The file leaves in doubt how its greys are meant, and they may be wrong: "
    assert finding.severity == "warning"
    assert finding.reason == f"{told}high bit makes no sense: samples read from the lowest bits."
    assert rules.guessed(("one", "other")).reason == f"{told}one. {told}other."
    assert rules.guessed(()) is None
