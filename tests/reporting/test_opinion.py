"""The clinician's opinion: what may be one, and how it goes together with the model's read."""

from datetime import datetime, timezone

import pytest

from cxr_core.errors import SecondLookError
from cxr_core.labels import CLASS_NAMES
from cxr_core.reporting import CONFIDENCE_WORDS, Opinion, agreement
from cxr_core.reporting.errors import OpinionError

NOON = datetime(2026, 5, 4, 12, tzinfo=timezone.utc)


def opinion(name="Normal", confidence=4, at=NOON):
    return Opinion(name, confidence, at, before_reveal=True)


@pytest.mark.parametrize("name", CLASS_NAMES)
def test_any_class_may_be_an_opinion(name):
    assert opinion(name).class_name == name


@pytest.mark.parametrize("confidence", range(1, 6))
def test_confidence_is_told_in_words_and_as_a_step(confidence):
    assert opinion(confidence=confidence).confidence_text == f"{CONFIDENCE_WORDS[confidence - 1]} ({confidence} of 5)"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "Covid"}, "Choose one of COVID, Lung_Opacity, Normal, Viral Pneumonia"),
        ({"confidence": 0}, "from 1 to 5"),
        ({"confidence": 6}, "from 1 to 5"),
        ({"confidence": 2.5}, "whole number"),
        ({"at": datetime(2026, 5, 4, 12)}, "offset"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(wrong, said):
    with pytest.raises(OpinionError, match=said) as refusal:
        opinion(**wrong)
    assert isinstance(refusal.value, SecondLookError)
    assert refusal.value.args[0].endswith(".")


@pytest.mark.parametrize(
    ("own", "top", "kept", "sentence"),
    [
        ("COVID", "COVID", None, "Both say COVID."),
        ("COVID", "COVID", ("COVID",), "Both say COVID."),
        ("COVID", "COVID", ("COVID", "Normal"), "Both say COVID. The model does not exclude Normal either."),
        (
            "COVID",
            "COVID",
            ("Normal", "COVID", "Lung_Opacity"),
            "Both say COVID. The model does not exclude Lung opacity or Normal either.",
        ),
        (
            "Normal",
            "Normal",
            ("Lung_Opacity",),
            "Both say Normal. It is less probable here than on most films of Normal, and the model does not exclude Lung opacity.",
        ),
        ("COVID", "COVID", (), "Both say COVID. No class fits the film well enough for the model's prediction set."),
        ("Normal", "COVID", None, "The clinician says Normal, the model says COVID."),
        ("Normal", "COVID", ("COVID", "Normal"), "The clinician says Normal, the model says COVID. The model does not exclude Normal."),
        ("Normal", "COVID", ("COVID",), "The clinician says Normal, the model says COVID. The model's prediction set excludes Normal."),
        (
            "Normal",
            "COVID",
            (),
            "The clinician says Normal, the model says COVID. No class fits the film well enough for the model's prediction set.",
        ),
    ],
)
def test_agreement_is_told_in_a_sentence(own, top, kept, sentence):
    assert agreement(opinion(own), top, kept) == sentence
