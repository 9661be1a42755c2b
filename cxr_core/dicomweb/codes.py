"""The coded concepts of a report: DICOM's and SNOMED's where there are such, and our own for what only this model says."""

from typing import TYPE_CHECKING, Final

from cxr_core.labels import CLASS_NAMES, in_words

if TYPE_CHECKING:
    from highdicom.sr import CodedConcept

SCHEME: Final = "99SECONDLOOK"
"""Private schemes begin with 99 (DICOM PS3.16, 8.2)."""
SCHEME_NAME: Final = "Second Look, a chest X-ray second reader for research and teaching"

LONGEST_CODE: Final = 16
LONGEST_MEANING: Final = 64


def own(value: str, meaning: str) -> "CodedConcept":
    """Make a concept of our scheme; what is too long for DICOM is cut."""
    from highdicom.sr import CodedConcept

    return CodedConcept(value.upper().replace(" ", "_")[:LONGEST_CODE], SCHEME, meaning[:LONGEST_MEANING])


def concept(value: str, scheme: str, meaning: str) -> "CodedConcept":
    """Make a concept of another scheme."""
    from highdicom.sr import CodedConcept

    return CodedConcept(value, scheme, meaning)


def probability_of(class_name: str) -> "CodedConcept":
    """Name the measurement of a class's calibrated probability."""
    return own(f"P_{class_name}", f"Probability of {in_words(class_name)}")


def class_concept(class_name: str) -> "CodedConcept":
    """Name a class."""
    return own(class_name, in_words(class_name))


def class_of(concept: "CodedConcept") -> str | None:
    """Return the class whose probability a measurement's name says it is; None for other names."""
    return next((name for name in CLASS_NAMES if probability_of(name) == concept), None)
