"""Reports of films that nobody looks at meanwhile."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest

from cxr_core.artifacts import CARD_FILE, ModelCard, WeightsDamagedError, reads_csv, reads_sha256
from cxr_core.calibration import DEFAULT_PREVALENCE, point_at
from cxr_core.imaging import draw_phantom
from cxr_core.reporting import Reporter, coverage_of
from tests.artifacts.test_calibration import CALIBRATION
from tests.artifacts.test_schema import CARD
from tests.reporting.reports import PROBABILITIES, refused
from tests.reporting.test_report import read

COVID = np.array([0.9, 0.4, 0.2, 0.1])
LABELS = np.array(["COVID", "COVID", "Normal", "Normal"])


def write_model(folder):
    """A model folder with a card and four films behind it, of no model."""
    folder.mkdir()
    rest = (1 - COVID[:, np.newaxis]) * np.array([0.2, 0.5, 0.3])
    reads = reads_csv(LABELS, np.arange(4), np.column_stack([COVID, rest]))
    card = {**CARD, "reads": {"file": "test_reads.csv", "sha256": reads_sha256(reads)}}
    (folder / CARD_FILE).write_text(ModelCard.model_validate(card).model_dump_json())
    (folder / "test_reads.csv").write_bytes(reads)
    return folder


def reporter(folder, **parts):
    reader = SimpleNamespace(read=lambda film: read(**parts), classifier=SimpleNamespace(calibration=CALIBRATION))
    return Reporter.load(folder, reader)


def test_report_has_the_models_own_choices(tmp_path):
    folder = write_model(tmp_path / "model")
    film = draw_phantom(96, 80)
    one, report = reporter(folder).report(film)
    assert (one.top_class, report.probabilities) == ("COVID", PROBABILITIES)
    assert (report.saliency.method, report.saliency.class_name, report.saliency.opacity) == ("Grad-CAM", "COVID", 0.45)
    assert report.coverage == coverage_of(CALIBRATION, ModelCard.model_validate(CARD))
    assert report.call.operating_point == point_at(LABELS == "COVID", COVID, CALIBRATION.threshold, "sensitivity")
    assert (report.call.positive, report.call.split) == (True, "test")
    assert (report.call.prevalence, report.call.prevalence_is_default) == (DEFAULT_PREVALENCE, True)
    assert timedelta(0) <= datetime.now().astimezone() - report.read_at < timedelta(minutes=10)
    assert report.opinion is None


@pytest.mark.parametrize("refused_too", [False, True])
def test_a_refused_film_is_reported_as_far_as_is_wanted(tmp_path, refused_too):
    folder = write_model(tmp_path / "model")
    _, report = reporter(folder, gate=refused()).report(draw_phantom(96, 80), refused_too=refused_too)
    assert (report.probabilities is not None) == (report.overlaid is not None) == refused_too
    assert (report.prediction_set, report.call) == (None, None)


def test_reads_of_another_card_are_refused(tmp_path):
    folder = write_model(tmp_path / "model")
    (folder / "test_reads.csv").write_text("label,group,COVID\n")
    with pytest.raises(WeightsDamagedError, match="not the one that the model card names"):
        reporter(folder)
