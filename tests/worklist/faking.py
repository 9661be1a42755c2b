"""A reader that needs no network: what it says of a film follows from the film's name, and lungs and map are drawn."""

import io
import zipfile

import cv2
import numpy as np

from cxr_core.artifacts import Calibration, OperatingPoint
from cxr_core.calibration import MeasuredFilms, prediction_set, spread
from cxr_core.gate import Finding, GateOutcome
from cxr_core.imaging import WHOLE_FILM, Placement, draw_phantom
from cxr_core.labels import CLASS_NAMES
from cxr_core.lungs import LungFields
from cxr_core.reading import Read
from cxr_core.reporting import Coverage
from cxr_core.stats import Interval
from cxr_core.worklist import Figures

SHA256 = "3f2a9c" + "5b" * 29
BLURRED = Finding("blurred", "warning", "The film is not sharp.")
INVERTED = Finding("inverted", "refused", "Black and white are exchanged.")
BROKEN = b"\xff\xd8\xff no more"


def film_png(seed=1, side=96):
    """The bytes of a film."""
    return cv2.imencode(".png", np.rint(draw_phantom(side, side, seed).pixels * 255).astype(np.uint8))[1].tobytes()


def zip_of(files):
    """The bytes of an archive of files, by name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def drawn_lungs():
    """Two lungs of a fifth of the film each."""
    probabilities = np.full((64, 64, 2), 0.01, np.float32)
    probabilities[12:52, 8:28, 0] = probabilities[12:52, 36:56, 1] = 0.99
    return LungFields(probabilities, Placement(64, 0, 0, 64, 64))


def drawn_read(probabilities=(0.7, 0.2, 0.06, 0.04), findings=(), lungs=None):
    """A read with a map that lies inside the right lung."""
    views = np.array([probabilities, np.roll(probabilities, 1) * 0.1 + np.array(probabilities) * 0.9], np.float32)
    low, high = spread(views)
    saliency = np.zeros((8, 8), np.float32)
    saliency[3:5, 2:3] = 1

    def by_class(values):
        return dict(zip(CLASS_NAMES, map(float, values), strict=True))

    return Read(
        probabilities=by_class(probabilities),
        prediction_set=prediction_set(np.array(probabilities), CALIBRATION.set_thresholds),
        gate=GateOutcome.of(findings),
        lungs=lungs or drawn_lungs(),
        box=WHOLE_FILM,
        model="densenet121 3f2a9c",
        model_sha256=SHA256,
        device="CPU",
        tops={"densenet121": CLASS_NAMES[int(np.argmax(probabilities))]},
        low=by_class(low),
        high=by_class(high),
        views=views[1:],
        maps=dict.fromkeys(CLASS_NAMES, saliency),
        seconds=0.1,
    )


class FakeReader:
    """Answers with reads that are given, in turn, or else with the same one; a film that it read before has the same read again.

    `seen` are the fingerprints of the films that it read.
    """

    def __init__(self, *answers, meanwhile=lambda film: None):
        self.answers, self.meanwhile, self.seen, self._known = list(answers), meanwhile, [], {}

    def read(self, film):
        self.seen.append(film.fingerprint)
        self.meanwhile(film)
        answer = self._known.get(film.fingerprint) or (self.answers.pop(0) if self.answers else drawn_read())
        if isinstance(answer, Exception):
            raise answer
        self._known[film.fingerprint] = answer
        return answer


CALIBRATION = Calibration(
    weights_sha256=SHA256,
    films=dict.fromkeys(CLASS_NAMES, 50),
    temperature=1.2,
    coverage=0.9,
    set_thresholds=dict.fromkeys(CLASS_NAMES, 0.15),
    operating_point=OperatingPoint(
        threshold=0.4,
        rule="sensitivity",
        sensitivity=Interval(value=0.9, low=0.85, high=0.95),
        specificity=Interval(value=0.8, low=0.75, high=0.85),
        cases=50,
        others=150,
    ),
)


def drawn_figures(site=None, threshold=0.4):
    """Figures of a model card, or of a site card."""
    films = MeasuredFilms(np.arange(100) < 40, np.linspace(1, 0, 100), "test")
    return Figures(CALIBRATION, site, threshold, films, "It was right on 1 of 2 films from elsewhere.", Coverage(aimed=0.9))
