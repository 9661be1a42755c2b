"""The report of one read: what it holds, and how it is put together."""

import io
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from pydicom import dcmread
from pypdf import PdfReader

from cxr_core.artifacts import ModelCard
from cxr_core.gate import GateOutcome
from cxr_core.imaging import WHOLE_FILM, display_grey, draw_phantom, placement
from cxr_core.labels import CLASS_NAMES
from cxr_core.lungs import LungFields
from cxr_core.reading import Read
from cxr_core.reporting import FilmFacts, MapShown, coverage_of, report_of, report_pdf, secondary_capture
from cxr_core.reporting.document import Coverage
from cxr_core.reporting.errors import ReadReportError
from tests.artifacts.test_calibration import CALIBRATION
from tests.artifacts.test_schema import CARD
from tests.reporting.reports import PROBABILITIES, READ_AT, SHA256, bare_report, full_report, refused

FILM = draw_phantom(96, 80)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"picture": np.zeros((4, 4))}, "grey, 8 bits"),
        ({"picture": np.zeros((4, 4, 3), np.uint8)}, "grey, 8 bits"),
        ({"overlaid": None}, "belong together"),
        ({"saliency": None}, "belong together"),
        ({"saliency_map": np.zeros((3, 4), np.float32)}, "of the film's size"),
        ({"overlaid": np.zeros((3, 4, 3), np.uint8)}, "of the film's size"),
        ({"model_sha256": "none"}, "model_sha256"),
        ({"read_at": datetime(2026, 3, 1)}, "read_at"),
        ({"probabilities": {"COVID": 1.0}}, "probabilities"),
    ],
)
def test_parts_that_do_not_fit_are_refused(parts, said):
    with pytest.raises(ReadReportError, match=said):
        full_report(**parts)


def test_top_class_and_agreement_want_probabilities():
    assert full_report().top_class == "COVID"
    untold = bare_report(opinion=full_report().opinion)
    assert (untold.top_class, untold.agreement) == (None, None)
    assert full_report(prediction_set=None).agreement == "The clinician says Normal, the model says COVID."


# Put together from a read


def lungs(height=96, width=80, side=64):
    """Two upright lungs in the upper half of a film, found with certainty."""
    probabilities = np.zeros((side, side, 2), np.float32)
    probabilities[6:32, 12:28, 0] = 1
    probabilities[6:32, 36:52, 1] = 1
    return LungFields(probabilities, placement(height, width, side))


def read(**parts):
    saliency = np.zeros((4, 4), np.float32)
    saliency[0] = 1  # at the very top, where there is no lung
    saliency[1] = 1  # among the lungs
    told = {
        "probabilities": PROBABILITIES,
        "prediction_set": ("COVID",),
        "gate": GateOutcome(),
        "lungs": lungs(),
        "box": WHOLE_FILM,
        "model": "densenet121 3f2a9c",
        "model_sha256": SHA256,
        "device": "CPU",
        "low": dict.fromkeys(CLASS_NAMES, 0.0),
        "high": dict.fromkeys(CLASS_NAMES, 1.0),
        "maps": dict.fromkeys(CLASS_NAMES, saliency),
    }
    return Read(**(told | parts))


def put_together(one, film=FILM, **options):
    call, opinion = full_report().call, full_report().opinion
    shown = MapShown("Grad-CAM", "COVID", one.maps["COVID"])
    return report_of(film, one, READ_AT, shown, coverage=Coverage(aimed=0.9), call=call, opinion=opinion, **options)


def test_report_tells_all_of_a_read():
    report = put_together(read())
    assert (report.model, report.model_sha256, report.device, report.read_at) == ("densenet121 3f2a9c", SHA256, "CPU", READ_AT)
    assert (report.probabilities, report.prediction_set, report.top_class) == (PROBABILITIES, ("COVID",), "COVID")
    assert report.ranges == dict.fromkeys(CLASS_NAMES, (0.0, 1.0))
    assert (report.coverage, report.call, report.opinion) == (Coverage(aimed=0.9), full_report().call, full_report().opinion)
    assert report.film == FilmFacts.of(FILM)
    np.testing.assert_array_equal(report.picture, display_grey(FILM))


def test_report_names_the_site_card_that_the_read_is_calibrated_by_and_not_of_a_refused_film():
    sentence = "Figures from the site card Ward 3, 120 films."
    assert put_together(read(), site_card=sentence).document().site_card == sentence
    assert put_together(read()).document().site_card is None
    assert put_together(read(gate=refused()), site_card=sentence).site_card is None


def test_map_lies_where_the_model_looked():
    report = put_together(read())
    coloured = (report.overlaid.astype(int) - report.picture[..., np.newaxis] != 0).any(2)
    assert coloured[:40].mean() > 0.9
    assert not coloured[70:].any()
    assert report.saliency_map[:40].mean() > report.saliency_map[60:].mean()
    assert (report.saliency.text, report.saliency.opacity) == ("Grad-CAM for COVID, opacity 45%", 0.45)
    assert 0.1 < report.saliency.lung_share < 0.9


def test_letters_of_the_patients_sides_stand_in_every_picture_that_is_taken_away():
    plain, lettered = (put_together(read(), replace(FILM, orientation=orientation)) for orientation in (None, "L\\F"))
    pictures = []
    for report in (plain, lettered):
        page = PdfReader(io.BytesIO(report_pdf(report))).pages[0]
        captured = dcmread(io.BytesIO(secondary_capture(report))).pixel_array[:96]
        pictures.append([*(np.asarray(image.image.convert("L")) for image in page.images), captured])
    assert len(pictures[0]) == 3  # the film and the overlaid film of the PDF, and that of the Secondary Capture
    for without, given in zip(*pictures, strict=True):
        changed = abs(given.astype(int) - without).reshape(*given.shape[:2], -1).max(2) > 60
        assert changed[:, :25].any()
        assert changed[:, -25:].any()
        assert not changed[:, 30:-30].any()


def test_share_inside_lungs_that_are_doubtful_is_not_told():
    none = LungFields(np.zeros((64, 64, 2), np.float32), placement(96, 80, 64))
    assert put_together(read(lungs=none)).saliency.lung_share is None


def test_share_of_an_empty_map_is_not_told():
    empty = dict.fromkeys(CLASS_NAMES, np.zeros((4, 4), np.float32))
    assert put_together(read(maps=empty)).saliency.lung_share is None


def test_report_of_a_refused_film_tells_nothing_that_the_model_says():
    report = put_together(read(gate=refused()))
    assert report.gate == refused()
    told = (report.probabilities, report.ranges, report.prediction_set, report.coverage, report.call, report.saliency, report.overlaid)
    assert set(told) == {None}
    assert report.opinion == full_report().opinion


def test_report_of_a_refused_film_that_is_shown_all_the_same_makes_no_call():
    report = put_together(read(gate=refused()), refused_too=True)
    assert (report.probabilities, report.saliency.class_name) == (PROBABILITIES, "COVID")
    assert (report.prediction_set, report.coverage, report.call) == (None, None, None)


def test_coverage_is_the_aim_and_what_the_card_measured_on_test():
    card = ModelCard.model_validate(CARD)
    assert coverage_of(CALIBRATION, None) == Coverage(aimed=0.9)
    found = coverage_of(CALIBRATION, card)
    assert found.measured == card.calibration.coverage.value
    assert found.measured_by_class == {name: one.value for name, one in card.calibration.class_coverage.items()}
    elsewhere = card.model_copy(update={"data": card.data.model_copy(update={"split": "val"})})
    assert coverage_of(CALIBRATION, elsewhere) == Coverage(aimed=0.9)
