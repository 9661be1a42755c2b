"""A read as data: the one layout of the page's JSON and of `predict --json`; nothing in it says whose film it is."""

import json
from dataclasses import asdict
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    field_validator,
    model_validator,
)

from cxr_core import DISCLAIMER
from cxr_core.calibration import Call
from cxr_core.gate import PASSED, GateOutcome
from cxr_core.imaging import Film
from cxr_core.labels import CLASS_NAMES, ClassName, in_words
from cxr_core.reporting.opinion import Opinion

SCHEMA: Final = "second-look-read/2"

REPORT_DISCLAIMER: Final = f"{DISCLAIMER} No ground for a diagnosis or a treatment."
SOURCE_LIMIT: Final = (
    "In the films that the model learned from, the class is almost the source: COVID films came from other hospitals than Normal ones and "
    "Viral Pneumonia from children, so a high probability may mean that the model recognised where a film was taken."
)

JPEG_URI: Final = "data:image/jpeg;base64,"

MOST_LABEL: Final = 40
"""Letters of a film's label."""

DIGITS: Final = 6
"""Decimals of a probability, as many as its thresholds have."""

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Probability = Annotated[Share, AfterValidator(lambda value: round(value, DIGITS))]


def _without_outcome(told: Any) -> Any:
    """Take back what `_told` wrote: the outcome follows from the findings."""
    return {"findings": told["findings"]} if isinstance(told, dict) and {"outcome", "findings"} <= set(told) else told


def _told(gate: GateOutcome) -> dict[str, Any]:
    passed = {"meaning": PASSED} if gate.outcome == "read" else {}
    return {"outcome": gate.outcome, **passed, "findings": [asdict(finding) for finding in gate.findings]}


Gate = Annotated[GateOutcome, BeforeValidator(_without_outcome), PlainSerializer(_told)]
"""In JSON: ``outcome``, where it is "read" its ``meaning``, and ``findings`` with code, severity and reason, the weightiest first."""


class Part(BaseModel):
    """A part of a read's JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FilmFacts(Part):
    """The technical facts of a film; as `Film` has them.

    Attributes
    ----------
    format : str
        Such as ``"DICOM"``.
    fingerprint : str, optional
        Twelve hex digits that name the film by its pixels.
    height, width : int
        In pixels.
    bit_depth : int
        Bits a sample in the file.
    steps : tuple of str
        What was done to the file's samples.
    pixel_spacing : tuple of float, optional
        In mm, between rows and between columns.
    view, laterality, orientation : str, optional
        As DICOM codes them.
    body_part : str, optional
        What the file says the film was taken of, in words.
    """

    format: Literal["PNG", "JPEG", "DICOM", "drawing"]
    fingerprint: str | None = Field(None, pattern=r"^[0-9a-f]{12}$")
    height: int = Field(gt=0)
    width: int = Field(gt=0)
    bit_depth: int = Field(gt=0, le=64)
    steps: tuple[str, ...] = ()
    pixel_spacing: tuple[float, float] | None = None
    view: str | None = None
    laterality: str | None = None
    orientation: str | None = None
    body_part: str | None = None

    def name(self, label: str | None = None) -> str:
        """Say which film it is: by its label, if it has one, and its fingerprint."""
        return " ".join(part for part in (label, self.fingerprint) if part)

    @classmethod
    def of(cls, film: Film) -> "FilmFacts":
        """Take the facts of a film, without its pixels."""
        return cls.model_validate({name: getattr(film, name) for name in cls.model_fields})


class Coverage(Part):
    """How often prediction sets hold the class of a film.

    Attributes
    ----------
    aimed : float
        Share of the films of each class whose sets are made to hold it.
    measured : float, optional
        Share of the test films whose set held their class.
    measured_by_class : dict of str to float, optional
        The same of the films of each class: it is what such sets are made for.
    """

    aimed: Share
    measured: Share | None = None
    measured_by_class: dict[ClassName, Share] | None = None


class SaliencyShown(Part):
    """Which saliency map lies over the film: its method, its class, how opaque it is, and the share of it inside the lungs."""

    method: str
    class_name: ClassName
    opacity: Share
    lung_share: Share | None = None

    @property
    def text(self) -> str:
        """Say what lies over the film."""
        return f"{self.method} for {in_words(self.class_name)}, opacity {self.opacity:.0%}"


class Pictures(Part):
    """The film as displayed, and under the saliency map where one is shown: data URIs."""

    film: str = Field(pattern=f"^{JPEG_URI}")
    overlaid: str | None = Field(None, pattern=f"^{JPEG_URI}")


class ReadDocument(Part):
    """A read as JSON has it. What is not known, or not told of a film that the input gate refused, is left out.

    Attributes
    ----------
    schema_version : str
        Called ``schema`` in JSON: the version of this layout.
    file : str, optional
        The file as it was named on the command line, or a worklist's number of it; the pages do not keep a name.
    error : str, optional
        Why the file could not be read. Nothing else is there then.
    report : str, optional
        The PDF that was written of the read.
    read_at : datetime, optional
        With its offset from UTC.
    model, model_sha256, device : str, optional
        Version of the classifier, the hash of its weights, and where it ran.
    film : FilmFacts, optional
        Technical facts.
    label : str, optional
        What the reader called the film.
    gate : GateOutcome, optional
        What the input gate says, see `Gate`.
    probabilities : dict of str to float, optional
        By class, in the order of `CLASS_NAMES`, rounded to `DIGITS` decimals.
    ranges : dict of str to tuple of float, optional
        By class: the lowest and the highest probability over small changes of the film.
    top_class : str, optional
        The most probable class.
    networks : dict of str to str, optional
        By backbone, the class that each of the averaged networks would choose alone; left out where they agree.
    site_card : str, optional
        Names the site card whose temperature the probabilities are at, and whose operating point the call is made at.
    elsewhere : str, optional
        How often the model is right on films that no training saw, a sentence.
    prediction_set : tuple of str, optional
        The classes that fit the film; empty where none does.
    coverage : Coverage, optional
        How often such sets are right.
    call : Call, optional
        What the operating point makes of the film.
    saliency : SaliencyShown, optional
        The map in the overlaid picture.
    opinion, agreement : optional
        The clinician's own, and how it goes together with the read.
    disclaimer, source_limit : str, optional
        What the read is not for, and why a high probability may mislead.
    pictures : Pictures, optional
        Film and overlay.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)

    schema_version: Literal["second-look-read/2"] = Field(SCHEMA, alias="schema")
    file: str | None = None
    error: str | None = None
    report: str | None = None
    read_at: AwareDatetime | None = None
    model: str | None = None
    model_sha256: str | None = Field(None, pattern=r"^[0-9a-f]{64}$")
    device: str | None = None
    film: FilmFacts | None = None
    label: str | None = Field(None, min_length=1, max_length=MOST_LABEL)
    gate: Gate | None = None
    probabilities: dict[ClassName, Probability] | None = None
    ranges: dict[ClassName, tuple[Probability, Probability]] | None = None
    top_class: ClassName | None = None
    site_card: str | None = None
    elsewhere: str | None = None
    networks: dict[str, ClassName] | None = None
    prediction_set: tuple[ClassName, ...] | None = None
    coverage: Coverage | None = None
    call: Call | None = None
    saliency: SaliencyShown | None = None
    opinion: Opinion | None = None
    agreement: str | None = None
    disclaimer: str | None = None
    source_limit: str | None = None
    pictures: Pictures | None = None

    @field_validator("probabilities", "ranges")
    @classmethod
    def _every_class_once(cls, by_class: dict[ClassName, Any] | None) -> dict[ClassName, Any] | None:
        if by_class is not None and tuple(by_class) != CLASS_NAMES:
            raise ValueError(f"must be of {', '.join(CLASS_NAMES)}, in this order")
        return by_class

    @field_validator("ranges")
    @classmethod
    def _low_comes_first(cls, ranges: dict[ClassName, tuple[float, float]] | None) -> dict[ClassName, tuple[float, float]] | None:
        if ranges is not None and any(low > high for low, high in ranges.values()):
            raise ValueError("the lowest probability must come first")
        return ranges

    @model_validator(mode="after")
    def _a_read_or_an_error(self) -> "ReadDocument":
        if (self.error is None) == (self.model is None):
            raise ValueError("there must be a read with its model, or an error")
        return self

    def line(self) -> str:
        """Write it as JSON in one line of ASCII; what is None is left out."""
        return json.dumps(self.model_dump(mode="json", exclude_none=True))
