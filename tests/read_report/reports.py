"""Reports of reads, made up of a phantom and figures that no model gave."""

from datetime import datetime, timedelta, timezone

import cv2
import numpy as np

from cxr_core.card import Interval
from cxr_core.imaging import display_grey, draw_phantom
from cxr_core.labels import CLASS_NAMES
from cxr_core.read_report import Call, FilmFacts, GateResult, Opinion, PredictionSet, Probability, ReadReport, SaliencyShown

READ_AT = datetime(2026, 3, 1, 1, 30, 5, tzinfo=timezone(timedelta(hours=5, minutes=30)))
SHA256 = "3f2a9c" + "5b" * 29


def bare_report(height=128, width=96, **parts):
    """A film that was not read."""
    film = draw_phantom(height, width)
    needed = {
        "picture": display_grey(film),
        "film": FilmFacts.of(film),
        "model": "densenet121 3f2a9c",
        "model_sha256": SHA256,
        "device": "CPU",
        "read_at": READ_AT,
    }
    return ReadReport(**(needed | parts))


def full_report(height=128, width=96, **parts):
    """A film with all that can be told of it."""
    picture = display_grey(draw_phantom(height, width))
    warm = cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB)
    warm[height // 2 :, : width // 2, 0] = 255
    strong = np.zeros((height, width), np.float32)
    strong[height // 2 :, : width // 2] = 1
    share = {"sensitivity": (0.951, 0.934, 0.966), "specificity": (0.91, 0.89, 0.93), "ppv": (0.36, 0.31, 0.42), "npv": (0.997, 0.99, 1)}
    told = {
        "overlaid": warm,
        "saliency_map": strong,
        "saliency": SaliencyShown(method="Grad-CAM++", class_name="COVID", opacity=0.45, lung_share=0.62),
        "probabilities": {
            name: Probability(value=value, low=value - 0.02, high=value + 0.03)
            for name, value in zip(CLASS_NAMES, (0.71, 0.21, 0.05, 0.03), strict=True)
        },
        "prediction_set": PredictionSet(
            classes=("COVID", "Lung_Opacity"),
            sentence="The model cannot tell COVID from Lung_Opacity here.",
            coverage=0.9,
            measured=0.887,
            measured_by_class={"COVID": 0.861, "Lung_Opacity": 0.88, "Normal": 0.9, "Viral Pneumonia": 0.91},
        ),
        "gate": GateResult(outcome="warning", reasons=("The film is less sharp than those that the model learned from.",)),
        "call": Call(
            threshold=0.284,
            rule="The highest threshold with a sensitivity of 0.95 on val.",
            positive=True,
            prevalence=0.05,
            prevalence_is_default=True,
            cases=1217,
            others=851,
            split="test",
            **{name: Interval(value=value, low=low, high=high) for name, (value, low, high) in share.items()},
        ),
        "opinion": Opinion("Normal", 4, READ_AT - timedelta(seconds=50), before_reveal=True),
    }
    return bare_report(height, width, **(told | parts))
