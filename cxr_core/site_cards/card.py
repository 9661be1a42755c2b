"""The schema of site cards: what a user's own films say of one model. A site card holds no film and no file name."""

import re
from itertools import pairwise
from typing import Final, Literal

from pydantic import AwareDatetime, ConfigDict, Field, field_validator, model_validator

from cxr_core.artifacts import CardPart, KnownClass, OperatingPoint
from cxr_core.labels import CLASS_NAMES
from cxr_core.stats import Interval

SITE_CARD_SCHEMA: Final = "second-look-site-card/1"

FEWEST_FILMS: Final = 30
FEWEST_OF_A_KIND: Final = 5
"""With fewer films, or fewer of COVID or of other classes, nothing is fitted to them."""

CURVE_STEP: Final = 0.001
"""Between the thresholds that a curve may have."""

SITE_CARD_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 _-]{0,38}[A-Za-z0-9_-])?")


class SiteComparison(CardPart):
    """One figure of these films beside the same figure of the model card.

    Attributes
    ----------
    figure : {"sensitivity", "specificity", "roc_auc"}
        Of COVID against all else.
    card : Interval
        On the model card's films, taken as independent.
    difference, low, high : float
        These films minus the card's, with its 95% interval.
    p_value : float
        Two-sided, that there is no difference; below 0.05 exactly where the interval leaves zero out.
    to_tell : float or None
        Size of the difference that `more_films` is for; None where the figures differ already, and for an area under the ROC.
    more_films : int or None
        Films more, of COVID for the sensitivity and of other classes for the specificity, that would show such a difference in 80 of 100
        tries; None where `to_tell` is None, and where no number of films would do.
    """

    figure: Literal["sensitivity", "specificity", "roc_auc"]
    card: Interval
    difference: float = Field(ge=-1, le=1)
    low: float = Field(ge=-1, le=1)
    high: float = Field(ge=-1, le=1)
    p_value: float = Field(ge=0, le=1)
    to_tell: float | None = Field(None, gt=0, le=1)
    more_films: int | None = Field(None, ge=0)

    @property
    def is_significant(self) -> bool:
        """Whether the 95% interval leaves zero out."""
        return not self.low <= 0 <= self.high


class SiteFigures(CardPart):
    """How a model does on a user's own films, with its shipped calibration. What cannot be measured has no value.

    Attributes
    ----------
    films : int
        Films that were read, with or without a warning: all figures are of these.
    warned : int
        Of these, films that the input gate warned of.
    refused : int
        Films that the input gate refused.
    reasons : dict of str to int
        Refused films by the gate's code; a film may have several.
    broken : int
        Files that are no film that can be read.
    repeated : int
        Files left out because another one holds the same bytes.
    confusion : list of list of int
        A row a true class, a column a top class, in the order of `CLASS_NAMES`.
    accuracy : Interval
        Share of the films whose top class is right.
    recall : dict of str to Interval
        By class, of those that have films.
    threshold : float
        The shipped operating point: calibrated probability of COVID from which a film counts as positive.
    sensitivity, specificity : Interval
        Of COVID against all else, there.
    roc_auc : Interval
        Of the probability of COVID.
    calibration_error : float or None
        Expected calibration error of the top class; None for few films.
    chance_calibration_error : float or None
        What that would be below in 95 of 100 such sets of films if the probabilities were perfectly calibrated.
    comparisons : list of SiteComparison
        With the model card.
    """

    films: int = Field(gt=0)
    warned: int = Field(ge=0)
    refused: int = Field(ge=0)
    reasons: dict[str, int]
    broken: int = Field(ge=0)
    repeated: int = Field(ge=0)
    confusion: list[list[int]]
    accuracy: Interval
    recall: dict[KnownClass, Interval]
    threshold: float = Field(ge=0, le=1)
    sensitivity: Interval
    specificity: Interval
    roc_auc: Interval
    calibration_error: float | None = Field(ge=0, le=1)
    chance_calibration_error: float | None = Field(ge=0, le=1)
    comparisons: list[SiteComparison]

    @model_validator(mode="after")
    def _confusion_counts_the_films(self) -> "SiteFigures":
        if [len(row) for row in self.confusion] != [len(CLASS_NAMES)] * len(CLASS_NAMES):
            raise ValueError("the confusion matrix must have a row and a column a class")
        if sum(map(sum, self.confusion)) != self.films:
            raise ValueError("the confusion matrix must count up to the films")
        return self

    @property
    def counts(self) -> dict[str, int]:
        """Films that were read, by class."""
        return dict(zip(CLASS_NAMES, map(sum, self.confusion), strict=True))

    @property
    def cases(self) -> int:
        """Films of COVID that were read."""
        return self.counts["COVID"]

    @property
    def others(self) -> int:
        """Films of other classes that were read."""
        return self.films - self.cases


class SiteCurve(CardPart):
    """What other thresholds reach: films of COVID found and other films cleared from each threshold to the next, in whole steps.

    Each film has the probability that a temperature fitted without it gives.
    """

    threshold: list[float] = Field(min_length=1)
    found: list[int]
    cleared: list[int]

    @model_validator(mode="after")
    def _rises_from_zero(self) -> "SiteCurve":
        if not len(self.threshold) == len(self.found) == len(self.cleared):
            raise ValueError("a curve has two counts a threshold")
        if self.threshold[0] != 0 or any(one >= other for one, other in pairwise(self.threshold)):
            raise ValueError("thresholds must rise from zero")
        return self


class SiteCard(CardPart):
    """What a user's own films say of one model, and what was fitted to them.

    Attributes
    ----------
    name : str
        As the user called it.
    written : datetime
        When, with the offset from UTC.
    model : str
        Version of the model, such as ``densenet121 3f2a9c``.
    weights_sha256 : str
        Its weights, 64 hex digits; the card is of no use to any others.
    figures : SiteFigures
        With the shipped calibration.
    folds : int
        Parts of the cross-validation.
    temperature, shipped_temperature : float
        What the logits are divided by: fitted to these films, and as shipped.
    calibration_error : float
        Expected calibration error at temperatures fitted without each film; `figures` have that of the shipped one.
    operating_point : OperatingPoint
        Chosen on these films by a rule, at `temperature`. Its figures are of the cross-validation: every film by a temperature and a
        threshold that were fitted without it.
    curve : SiteCurve
        Other thresholds, at `temperature`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)

    schema_version: Literal["second-look-site-card/1"] = Field(SITE_CARD_SCHEMA, alias="schema")
    name: str
    written: AwareDatetime
    model: str
    weights_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    figures: SiteFigures
    folds: int = Field(gt=1)
    temperature: float = Field(gt=0, allow_inf_nan=False)
    shipped_temperature: float = Field(gt=0, allow_inf_nan=False)
    calibration_error: float = Field(ge=0, le=1)
    operating_point: OperatingPoint
    curve: SiteCurve

    @field_validator("operating_point")
    @classmethod
    def _was_chosen(cls, value: OperatingPoint) -> OperatingPoint:
        if value.threshold is None or value.rule is None or not value.cases or not value.others:
            raise ValueError("must have a threshold that a rule chose, and films of COVID and of other classes")
        return value

    @property
    def threshold(self) -> float:
        """Probability of COVID from which a film counts as positive."""
        assert self.operating_point.threshold is not None
        return self.operating_point.threshold

    @field_validator("name")
    @classmethod
    def _can_name_a_file(cls, name: str) -> str:
        if not SITE_CARD_NAME.fullmatch(name):
            raise ValueError("must be letters, digits, spaces, - and _")
        return name

    def fits(self, weights_sha256: str) -> bool:
        """Whether the card speaks of these weights."""
        return self.weights_sha256 == weights_sha256

    @property
    def source_text(self) -> str:
        """Name it where its figures are used."""
        return f"Figures from the site card {self.name}, {self.figures.films:,} films"

    @property
    def points(self) -> tuple[OperatingPoint, ...]:
        """The points of its curve, from the strictest threshold to the laxest; they have no intervals, as those of a model card."""
        cases, others = self.operating_point.cases, self.operating_point.others
        rows = zip(self.curve.threshold, self.curve.found, self.curve.cleared, strict=True)
        return tuple(
            OperatingPoint(
                threshold=threshold,
                sensitivity=Interval(value=found / cases),
                specificity=Interval(value=cleared / others),
                cases=cases,
                others=others,
            )
            for threshold, found, cleared in rows
        )[::-1]
