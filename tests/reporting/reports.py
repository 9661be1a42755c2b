"""Reports of reads, made up of a phantom and figures that no model gave."""

from datetime import datetime, timedelta, timezone

import cv2
import numpy as np

from cxr_core.artifacts import OperatingPoint
from cxr_core.calibration import Call
from cxr_core.gate import Finding, GateOutcome
from cxr_core.imaging import display_grey, draw_phantom
from cxr_core.labels import CLASS_NAMES
from cxr_core.reporting import FilmFacts, Opinion, ReadReport, SaliencyShown
from cxr_core.reporting.document import Coverage
from cxr_core.stats import Interval

READ_AT = datetime(2026, 3, 1, 1, 30, 5, tzinfo=timezone(timedelta(hours=5, minutes=30)))
SHA256 = "3f2a9c" + "5b" * 29
PROBABILITIES = dict(zip(CLASS_NAMES, (0.71, 0.21, 0.05, 0.03), strict=True))
BLURRED = Finding("blurred", "warning", "The film is less sharp than those that the model learned from.")


def refused(*reasons):
    """A gate's refusal for some reasons."""
    return GateOutcome.of(Finding("odd", "refused", reason) for reason in reasons or ("It is a photograph.",))


def bare_report(height=128, width=96, **parts):
    """A film that the input gate refused."""
    film = draw_phantom(height, width)
    needed = {
        "picture": display_grey(film),
        "film": FilmFacts.of(film),
        "model": "densenet121 3f2a9c",
        "model_sha256": SHA256,
        "device": "CPU",
        "read_at": READ_AT,
        "gate": refused(),
    }
    return ReadReport(**(needed | parts))


def full_report(height=128, width=96, **parts):
    """A film with all that can be told of it."""
    picture = display_grey(draw_phantom(height, width))
    warm = cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB)
    warm[height // 2 :, : width // 2, 0] = 255
    strong = np.zeros((height, width), np.float32)
    strong[height // 2 :, : width // 2] = 1
    told = {
        "overlaid": warm,
        "saliency_map": strong,
        "saliency": SaliencyShown(method="Grad-CAM++", class_name="COVID", opacity=0.45, lung_share=0.62),
        "probabilities": PROBABILITIES,
        "ranges": {name: (value - 0.02, value + 0.03) for name, value in PROBABILITIES.items()},
        "prediction_set": ("COVID", "Lung_Opacity"),
        "coverage": Coverage(
            aimed=0.9,
            measured=0.887,
            measured_by_class={"COVID": 0.861, "Lung_Opacity": 0.88, "Normal": 0.9, "Viral Pneumonia": 0.91},
        ),
        "gate": GateOutcome.of([BLURRED]),
        "elsewhere": "On films of collections that it never saw, the model was right on 3 of 9; none of them was normal.",
        "call": Call(
            operating_point=OperatingPoint(
                threshold=0.284,
                sensitivity=Interval(value=0.951, low=0.934, high=0.966),
                specificity=Interval(value=0.91, low=0.89, high=0.93),
                cases=1217,
                others=851,
                rule="sensitivity",
            ),
            positive=True,
            prevalence=0.05,
            prevalence_is_default=True,
            ppv=Interval(value=0.36, low=0.31, high=0.42),
            npv=Interval(value=0.997, low=0.99, high=1),
            split="test",
        ),
        "opinion": Opinion("Normal", 4, READ_AT - timedelta(seconds=50), before_reveal=True),
    }
    return bare_report(height, width, **(told | parts))
