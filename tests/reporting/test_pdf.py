"""The report's page: everything on it, nothing over its edges, nothing of the patient."""

import io
import logging
import re
import zlib
from datetime import timedelta

import numpy as np
import pytest
from pypdf import PdfReader

from cxr_core import __version__
from cxr_core.imaging import BURNED_IN, decode_film, display_grey
from cxr_core.labels import CLASS_NAMES, in_words
from cxr_core.reporting import FilmFacts, ReportBook, report_json, report_pdf
from cxr_core.reporting.book import PLANS
from cxr_core.reporting.document import REPORT_DISCLAIMER, SOURCE_LIMIT, Coverage
from cxr_core.reporting.errors import ReadReportError
from cxr_core.reporting.pdf import FOOTER, MOST_REASONS
from tests.imaging.test_dicom_identity import MARKS, SOUND, marks_in
from tests.reporting.reports import SHA256, bare_report, full_report, refused

POINTS = 72 / 25.4
LONG = "The film is unlike what the model learned from in a way that takes many words to tell. " * 3
LONGEST = {
    "gate": refused(*(f"{number}: {LONG}" for number in range(15))),
    "prediction_set": CLASS_NAMES,
    "device": "GPU NVIDIA A100-SXM4-80GB",
}
SHAPES = {"portrait": (160, 120), "square": (128, 128), "wide": (96, 240), "narrow": (300, 64)}


def pages(report):
    return PdfReader(io.BytesIO(report_pdf(report))).pages


def text_of(report):
    return " ".join(pages(report)[0].extract_text().split())


def placed(page):
    """Places of the page's texts, in mm from its upper left corner."""
    found = []

    def note(text, matrix, text_matrix, *_):
        if text.strip():
            found.append((text.strip(), text_matrix[4] / POINTS, 297 - text_matrix[5] / POINTS))

    page.extract_text(visitor_text=note)
    return found


def pictures(page):
    """Places of the page's pictures: x, y of the upper left corner, width and height in mm."""
    matrices = re.findall(rb"([\d.]+) 0 0 ([\d.]+) ([\d.]+) ([\d.]+) cm\s*/I\d+ Do", page.get_contents().get_data())
    return [(x / POINTS, 297 - (y + h) / POINTS, w / POINTS, h / POINTS) for w, h, x, y in (map(float, matrix) for matrix in matrices)]


def everything_in(pdf):
    """The file's bytes, and those of its streams that can be unpacked."""
    texts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            texts.append(zlib.decompress(stream))
        except zlib.error:
            texts.append(stream)
    return [text.decode("latin-1") for text in texts]


def test_page_tells_the_whole_read():
    text = text_of(full_report())
    for part in (
        "Second Look",
        "Second reader's report. For research and teaching. Not a medical device.",
        "Patient",
        "Accession no.",
        "phantom, drawn in code, of no patient, 96 x 128 px, 8 bit",
        "2026-03-01 01:30:05 UTC+05:30 (2026-02-28 20:00:05 UTC)",
        "Grad-CAM++ for COVID, opacity 45%; 62% of it inside the lungs",
        "its most probable class; here for COVID",
        "The outline is at half of the strongest.",
        "Input gate: read with a warning",
        "The film is less sharp than those that the model learned from.",
        *map(in_words, CLASS_NAMES),
        "0.71 (0.69 to 0.74)",
        "the film and two test-time augmentations; not a confidence interval.",
        "The model cannot tell COVID from Lung opacity here.",
        "Prediction set: COVID, Lung opacity",
        "aimed to hold the true class in 90% of the films of each class",
        "on the test films: 0.887, least 0.861 (COVID)",
        "Operating point: called positive for COVID",
        "Positive from a probability of 0.284.",
        "0.951 [0.934, 0.966]",
        "PPV at a prevalence of 5%",
        "0.360 [0.310, 0.420]",
        "From 1,217 films of COVID and 851 others among the test films, measured on films like those that the model learned from; on films "
        "from elsewhere it may be far worse.",
        "On films of collections that it never saw, the model was right on 3 of 9",
        "Prevalence of 5% (a default; yours may differ)",
        "Normal, sure (4 of 5)",
        "The clinician says Normal, the model says COVID.",
        "Committed before the model's read was shown, at 01:29:15.",
        REPORT_DISCLAIMER,
        SOURCE_LIMIT,
        "densenet121 3f2a9c on CPU",
        SHA256,
        "Page 1 of 1",
    ):
        assert part in text


def test_parts_that_are_not_there_leave_no_trace():
    text = text_of(bare_report())
    for part in (
        "Grad-CAM",
        "evidence for",
        "Prediction set",
        "Operating point",
        "Clinician",
        "clinician",
        "Whiskers",
        "None",
    ):
        assert part not in text


def test_film_below_the_threshold_is_not_called_negative():
    call = full_report().call.model_copy(update={"positive": False})
    text = text_of(full_report(call=call))
    assert "Operating point: not called positive for COVID" in text
    assert "negative" not in text


def test_prevalence_that_was_entered_is_not_called_the_pages_own():
    call = full_report().call.model_copy(update={"prevalence_is_default": False})
    text = text_of(full_report(call=call))
    assert "PPV at a prevalence of 5%" in text
    assert "default" not in text


def test_site_card_is_named_beside_the_probabilities_and_its_films_beside_the_call():
    call = full_report().call.model_copy(update={"split": "own", "site_card": "Ward 3"})
    text = text_of(full_report(call=call, site_card="Figures from the site card Ward 3, 120 films."))
    assert "Figures from the site card Ward 3, 120 films." in text
    assert "Chosen on the films of the site card Ward 3: the fewest false positives" in text
    assert "From 1,217 films of COVID and 851 others of the site card Ward 3, by cross-validation." in text
    assert "elsewhere" not in text
    assert "site card" not in text_of(full_report())


def test_coverage_that_was_not_measured_is_not_told():
    text = text_of(full_report(coverage=Coverage(aimed=0.9), call=None))
    assert "of the films of each class, measured on films like those that the model learned from)" in text
    assert "on the test films" not in text


def test_text_burned_into_the_film_is_told_and_its_other_steps_are_not():
    facts = bare_report().film.model_copy(update={"steps": ("windowed", BURNED_IN)})
    text = text_of(bare_report(film=facts))
    assert "text is burned into the picture, which may name the patient" in text
    assert "windowed" not in text
    assert "burned" not in text_of(bare_report())


def test_refused_film_says_so_and_shows_no_figures():
    text = text_of(bare_report())
    assert "Input gate: refused" in text
    assert "It is a photograph." in text
    assert "No probabilities: the input gate refused this film." in text
    assert not any(name in text.replace(REPORT_DISCLAIMER, "").replace(SOURCE_LIMIT, "") for name in map(in_words, CLASS_NAMES))


def test_refused_film_that_was_read_all_the_same_says_so():
    assert "was shown on request" in text_of(full_report(gate=refused()))


def test_whiskers_are_told_only_where_they_were_tried():
    plain = dict(zip(CLASS_NAMES, (0.999, 0.001, 0, 0), strict=True))
    text = text_of(full_report(probabilities=plain, ranges=None))
    assert "Whiskers" not in text
    assert ">0.99" in text
    assert "<0.01" in text


def test_widest_figures_stay_on_the_lines_of_their_bars():
    sure = {"probabilities": dict.fromkeys(CLASS_NAMES, 1.0), "ranges": dict.fromkeys(CLASS_NAMES, (1.0, 1.0))}
    texts = placed(pages(full_report(**sure, opinion=None))[0])
    assert [y for text, _, y in texts if text == ">0.99 (>0.99 to >0.99)"] == [
        y for text, x, y in texts if text in map(in_words, CLASS_NAMES) and x < 20
    ]


def test_bars_are_as_long_as_the_probabilities():
    plain = {"probabilities": dict(zip(CLASS_NAMES, (0.4, 0.3, 0.2, 0.1), strict=True)), "ranges": None}
    content = pages(full_report(**plain, overlaid=None, saliency=None, saliency_map=None))[0].get_contents().get_data()
    widths = [float(width) for width in re.findall(rb"[\d.]+ [\d.]+ ([\d.]+) -?[\d.]+ re f", content)]
    assert np.array(widths) / sum(widths) == pytest.approx([0.4, 0.3, 0.2, 0.1], abs=1e-3)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("parts", [{}, LONGEST], ids=["usual", "longest"])
def test_everything_stands_on_one_page(shape, parts):
    made = pages(full_report(*SHAPES[shape], **parts))
    assert len(made) == 1
    assert [float(side) / POINTS for side in made[0].mediabox[2:]] == pytest.approx([210, 297], abs=0.1)
    texts = placed(made[0])
    assert min(x for _, x, _ in texts) >= 14.9
    assert max(y for *_, y in texts) < 290
    assert {text for text, _, y in texts if y > FOOTER} == {
        f"Model densenet121 3f2a9c on {full_report(**parts).device}; Second Look {__version__}",
        f"Weights SHA-256 {SHA256}",
        "Page 1 of 1",
    }
    height, width = SHAPES[shape]
    for x, y, wide, high in pictures(made[0]):
        assert wide / high == pytest.approx(width / height, rel=0.01)
        assert 15 <= x + 0.1 < x + wide <= 195.1
        assert not [text for text, left, baseline in texts if y < baseline < y + high and x < left < x + wide]
    assert len(pictures(made[0])) == 2


def test_film_of_a_usual_report_is_large():
    for shape, (least_width, least_height) in {"square": (85, 85), "portrait": (67, 90), "wide": (85, 33)}.items():
        assert all(w >= least_width and h >= least_height for *_, w, h in pictures(pages(full_report(*SHAPES[shape]))[0]))


def test_reasons_that_find_no_room_are_counted():
    text = text_of(full_report(**LONGEST))
    assert f"{MOST_REASONS - 1}: The film" in text
    assert f"{MOST_REASONS}: The film" not in text
    assert f"and {15 - MOST_REASONS} more, which the JSON of this read holds." in text


def test_texts_beyond_all_measure_are_refused(monkeypatch):
    monkeypatch.setattr("cxr_core.reporting.pdf.MOST_REASONS", 50)
    monkeypatch.setattr("cxr_core.reporting.book.PLANS", PLANS[-1:])  # what leaves most room; all are tried for other reports
    with pytest.raises(ReadReportError, match="Take the JSON instead"):
        report_pdf(full_report(gate=refused(*(LONG,) * 50)))


def test_file_says_who_made_it_and_when_and_nothing_else():
    found = PdfReader(io.BytesIO(report_pdf(full_report()))).metadata
    assert dict(found) == {
        "/Title": "Second reader's report",
        "/Producer": f"Second Look {__version__}",
        "/CreationDate": "D:20260228200005Z",
    }


def test_same_report_gives_the_same_bytes():
    assert report_pdf(full_report()) == report_pdf(full_report())
    later = full_report(read_at=full_report().read_at + timedelta(seconds=1))
    assert report_pdf(later) != report_pdf(full_report())


def test_pictures_are_those_of_the_report():
    report = full_report()
    film, overlaid = (np.asarray(image.image) for image in pages(report)[0].images)
    assert np.abs(film.astype(int) - report.picture).mean() < 2
    assert np.abs(overlaid.astype(int) - report.overlaid).mean() < 6  # JPEG keeps colour at half the resolution
    assert overlaid.shape == report.overlaid.shape


def test_report_of_a_dicom_holds_nothing_of_the_patient(caplog, capfd):
    caplog.set_level(logging.DEBUG)
    data = SOUND[None]
    assert marks_in([data.decode("latin-1")]) == set(MARKS)
    film = decode_film(data)
    picture = display_grey(film)
    parts = {"picture": picture, "film": FilmFacts.of(film), "overlaid": np.dstack([picture] * 3), "saliency_map": None}
    report = full_report(**parts)
    assert report.film.pixel_spacing == (0.15, 0.15)
    made = report_pdf(report)
    assert "0.15 x 0.15 mm" in PdfReader(io.BytesIO(made)).pages[0].extract_text()
    texts = [*everything_in(made), report_json(report).decode(), repr(report), caplog.text, *capfd.readouterr()]
    assert any("Accession no." in text for text in texts)  # the streams were unpacked
    assert marks_in(texts) == set()
    assert marks_in(everything_in(report_pdf(full_report(device="QUIXOTE")))) == {"QUIXOTE"}


def test_a_book_of_reports_has_a_page_each_with_its_number_and_smaller_pictures():
    book = ReportBook(2, picture_side=64)
    book.add(full_report())
    book.add(bare_report())
    found = PdfReader(io.BytesIO(book.pdf()))
    texts = [" ".join(page.extract_text().split()) for page in found.pages]
    assert book.pages == len(texts) == 2
    assert "Page 1 of 2" in texts[0]
    assert "Page 2 of 2" in texts[1]
    assert "Input gate: refused" in texts[1]
    assert {max(image.image.size) for page in found.pages for image in page.images} == {64}
    assert texts[0].replace("Page 1 of 2", "Page 1 of 1") == text_of(full_report())
