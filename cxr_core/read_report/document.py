"""What a report of one read holds: plain data, put together by whoever has the parts; nothing in it says whose film it is."""

from dataclasses import dataclass, fields
from datetime import datetime, timezone
from typing import Annotated, Final, Literal

import numpy as np
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from cxr_core.card import Interval
from cxr_core.imaging import Film
from cxr_core.labels import CLASS_NAMES, ClassName
from cxr_core.read_report.errors import ReadReportError
from cxr_core.read_report.opinion import Opinion, agreement

SCHEMA: Final = "second-look-read/1"

DISCLAIMER: Final = "For research and teaching. Not a medical device, and no ground for a diagnosis or a treatment."
SOURCE_LIMIT: Final = (
    "In the films that the model learned from, the class is almost the source: COVID films came from other hospitals than Normal ones and "
    "Viral Pneumonia from children, so a high probability may mean that the model recognised where a film was taken."
)

PICTURES: Final = ("picture", "overlaid", "saliency_map")
"""What a report holds beyond its document."""

JPEG_URI: Final = "data:image/jpeg;base64,"

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FilmFacts(_Part):
    """The technical facts of a film; as `Film` has them.

    Attributes
    ----------
    format : str
        Such as ``"DICOM"``.
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
    height: int = Field(gt=0)
    width: int = Field(gt=0)
    bit_depth: int = Field(gt=0, le=64)
    steps: tuple[str, ...] = ()
    pixel_spacing: tuple[float, float] | None = None
    view: str | None = None
    laterality: str | None = None
    orientation: str | None = None
    body_part: str | None = None

    @classmethod
    def of(cls, film: Film) -> "FilmFacts":
        """Take the facts of a film, without its pixels."""
        return cls.model_validate({name: getattr(film, name) for name in cls.model_fields})


class Probability(_Part):
    """A class's probability; `low` and `high` are the lowest and highest over small changes of the film, where those were tried."""

    value: Share
    low: Share | None = None
    high: Share | None = None

    @model_validator(mode="after")
    def _whiskers_make_a_range(self) -> "Probability":
        if (self.low is None) != (self.high is None) or (self.low is not None and self.high is not None and self.low > self.high):
            raise ValueError("low and high must both be there, in this order")
        return self


class PredictionSet(_Part):
    """The classes that are not excluded.

    Attributes
    ----------
    classes : tuple of str
        Any number of the four.
    sentence : str
        What that means.
    coverage : float, optional
        Share of films whose class such sets are made to hold: an aim.
    measured : float, optional
        Share of the test films whose set held their class.
    measured_by_class : dict of str to float, optional
        The same of the films of each class: it is what such sets are made for.
    """

    classes: tuple[ClassName, ...]
    sentence: str
    coverage: Share | None = None
    measured: Share | None = None
    measured_by_class: dict[ClassName, Share] | None = None

    @property
    def text(self) -> str:
        """Name what it is and the classes in it."""
        return f"Prediction set: {', '.join(self.classes) or 'empty'}"


class GateResult(_Part):
    """What the input gate made of the film, and why."""

    outcome: Literal["read", "warning", "refused"]
    reasons: tuple[str, ...] = ()


class Call(_Part):
    """What an operating point makes of the film.

    Attributes
    ----------
    threshold : float
        Probability of `class_name` from which a film is called positive.
    rule : str
        How the threshold was chosen.
    positive : bool
        Whether this film is called positive.
    prevalence : float
        At which the predictive values are given, in [0, 1].
    prevalence_is_default : bool
        Whether that is the page's own, which nobody entered.
    sensitivity, specificity, ppv, npv : Interval
        With their 95% intervals.
    cases, others : int
        How many films of `class_name` and of other classes they were measured on.
    split : str
        Which split of the data those films are, such as ``"test"``.
    """

    threshold: Share
    rule: str
    positive: bool
    prevalence: Share
    prevalence_is_default: bool
    sensitivity: Interval
    specificity: Interval
    ppv: Interval
    npv: Interval
    cases: int = Field(ge=0)
    others: int = Field(ge=0)
    split: str
    class_name: ClassName = "COVID"

    @property
    def ppv_text(self) -> str:
        """The PPV with its interval, or why there is none."""
        return "none called positive" if self.ppv.value is None else str(self.ppv)

    @property
    def npv_text(self) -> str:
        """The NPV with its interval, or why there is none."""
        return "none called negative" if self.npv.value is None else str(self.npv)


class SaliencyShown(_Part):
    """Which saliency map lies over the film: its method, its class, how opaque it is, and the share of it inside the lungs."""

    method: str
    class_name: ClassName
    opacity: Share
    lung_share: Share | None = None

    @property
    def text(self) -> str:
        """Say what lies over the film."""
        return f"{self.method} for {self.class_name}, opacity {self.opacity:.0%}"


class Pictures(_Part):
    """The film as displayed, and under the saliency map where one is shown: data URIs."""

    film: str = Field(pattern=f"^{JPEG_URI}")
    overlaid: str | None = Field(None, pattern=f"^{JPEG_URI}")


class ReadDocument(_Part):
    """The report as JSON has it; `schema` names the version of this layout.

    `agreement` follows from the opinion and the read, and is there where both are.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)

    schema_version: Literal["second-look-read/1"] = Field(SCHEMA, alias="schema")
    read_at: AwareDatetime
    model: str
    model_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    device: str
    film: FilmFacts
    gate: GateResult | None = None
    probabilities: dict[ClassName, Probability] | None = None
    prediction_set: PredictionSet | None = None
    call: Call | None = None
    saliency: SaliencyShown | None = None
    opinion: Opinion | None = None
    agreement: str | None = None
    disclaimer: str = DISCLAIMER
    source_limit: str = SOURCE_LIMIT
    pictures: Pictures | None = None

    @field_validator("probabilities")
    @classmethod
    def _every_class_once(cls, probabilities: dict[ClassName, Probability] | None) -> dict[ClassName, Probability] | None:
        if probabilities is not None and tuple(probabilities) != CLASS_NAMES:
            raise ValueError(f"probabilities must be of {', '.join(CLASS_NAMES)}, in this order")
        return probabilities


@dataclass(frozen=True, eq=False)
class ReadReport:
    """Everything that a report of one read tells. Parts that are None are left out of it.

    Attributes
    ----------
    picture : numpy.ndarray
        uint8, shape (h, w): the film as displayed.
    film : FilmFacts
        Technical facts.
    model : str
        Version of the classifier, such as ``densenet121 3f2a9c``.
    model_sha256 : str
        Hash of its weights, 64 hex digits.
    device : str
        Where it ran.
    read_at : datetime
        With its offset from UTC.
    overlaid : numpy.ndarray, optional
        uint8 RGB, shape (h, w, 3): the film under the saliency map that `saliency` describes.
    saliency : SaliencyShown, optional
        Given if and only if `overlaid` is.
    saliency_map : numpy.ndarray, optional
        float32, shape (h, w), in [0, 1]: that map over the film. Its outline is drawn over the overlay, for greyscale print.
    probabilities : dict of str to Probability, optional
        By class name, in the order of `CLASS_NAMES`; None for a film that was refused.
    prediction_set : PredictionSet, optional
        Of the read.
    gate : GateResult, optional
        The input gate's.
    call : Call, optional
        What the operating point makes of the film.
    opinion : Opinion, optional
        The clinician's own.

    Raises
    ------
    ReadReportError
        A part has the wrong shape or range.
    """

    picture: np.ndarray
    film: FilmFacts
    model: str
    model_sha256: str
    device: str
    read_at: datetime
    overlaid: np.ndarray | None = None
    saliency: SaliencyShown | None = None
    saliency_map: np.ndarray | None = None
    probabilities: dict[ClassName, Probability] | None = None
    prediction_set: PredictionSet | None = None
    gate: GateResult | None = None
    call: Call | None = None
    opinion: Opinion | None = None

    def __post_init__(self) -> None:
        if self.picture.ndim != 2 or self.picture.dtype != np.uint8 or not self.picture.size:
            raise ReadReportError("The film's picture must be grey, 8 bits a pixel.")
        if (self.overlaid is None) != (self.saliency is None):
            raise ReadReportError("An overlaid picture and what lies over it belong together.")
        if self.overlaid is not None and (self.overlaid.shape != (*self.picture.shape, 3) or self.overlaid.dtype != np.uint8):
            raise ReadReportError("The overlaid picture must be RGB, 8 bits a channel, of the film's size.")
        if self.saliency_map is not None and (self.saliency is None or self.saliency_map.shape != self.picture.shape):
            raise ReadReportError("The saliency map must be of the film's size, and go with the overlaid picture.")
        self.document()

    @property
    def top_class(self) -> ClassName | None:
        """The most probable class, where there are probabilities."""
        return max(self.probabilities.items(), key=lambda item: item[1].value)[0] if self.probabilities else None

    @property
    def agreement(self) -> str | None:
        """How opinion and read go together, where there are both."""
        if self.opinion is None or self.top_class is None:
            return None
        return agreement(self.opinion, self.top_class, self.prediction_set.classes if self.prediction_set else None)

    @property
    def read_at_utc(self) -> datetime:
        """The time of the read, in UTC."""
        return self.read_at.astimezone(timezone.utc)

    def document(self) -> ReadDocument:
        """Return the report without pictures."""
        parts = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in PICTURES}
        try:
            return ReadDocument.model_validate({**parts, "agreement": self.agreement})
        except ValidationError as error:
            places = ", ".join(sorted({".".join(map(str, one["loc"])) for one in error.errors()}))
            raise ReadReportError(f"The report cannot be written: {places} out of range.") from None
