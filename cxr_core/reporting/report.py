"""The report of one read: what its page and its files are drawn from, put together from film and read."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timezone
from typing import Any, Final

import numpy as np
from pydantic import ValidationError

from cxr_core.artifacts import Calibration, ModelCard
from cxr_core.calibration import Call
from cxr_core.gate import GateOutcome
from cxr_core.imaging import Film, display_grey
from cxr_core.labels import ClassName
from cxr_core.reading import Read
from cxr_core.reporting.document import REPORT_DISCLAIMER, SOURCE_LIMIT, Coverage, FilmFacts, ReadDocument, SaliencyShown
from cxr_core.reporting.errors import ReadReportError
from cxr_core.reporting.marks import with_sides
from cxr_core.reporting.opinion import Opinion, agreement
from cxr_core.reporting.told import told_parts
from cxr_core.saliency import colour_layer, film_map, overlay, share_inside

PICTURES: Final = ("picture", "overlaid", "saliency_map")
"""What a report holds beyond its document."""

DEFAULT_OPACITY: Final = 0.45


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
    gate : GateOutcome
        The input gate's.
    overlaid : numpy.ndarray, optional
        uint8 RGB, shape (h, w, 3): the film under the saliency map that `saliency` describes.
    saliency : SaliencyShown, optional
        Given if and only if `overlaid` is.
    saliency_map : numpy.ndarray, optional
        float32, shape (h, w), in [0, 1]: that map over the film. Its outline is drawn over the overlay, for greyscale print.
    probabilities : mapping of str to float, optional
        By class name, in the order of `CLASS_NAMES`; None for a film that was refused.
    ranges : mapping of str to tuple of float, optional
        By class name: the lowest and the highest probability over small changes of the film.
    site_card : str, optional
        Names the site card whose temperature the probabilities are at, a sentence.
    elsewhere : str, optional
        How often the model is right on films that no training saw, a sentence; goes with the probabilities.
    networks : mapping of str to str, optional
        By backbone, the class that each of the averaged networks would choose alone, where they disagree.
    prediction_set : tuple of str, optional
        The classes that are not excluded.
    coverage : Coverage, optional
        How often such sets are right.
    call : Call, optional
        What the operating point makes of the film.
    opinion : Opinion, optional
        The clinician's own.
    label : str, optional
        What the reader called the film.

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
    gate: GateOutcome
    overlaid: np.ndarray | None = None
    saliency: SaliencyShown | None = None
    saliency_map: np.ndarray | None = None
    probabilities: Mapping[ClassName, float] | None = None
    ranges: Mapping[ClassName, tuple[float, float]] | None = None
    site_card: str | None = None
    elsewhere: str | None = None
    networks: Mapping[str, ClassName] | None = None
    prediction_set: tuple[ClassName, ...] | None = None
    coverage: Coverage | None = None
    call: Call | None = None
    opinion: Opinion | None = None
    label: str | None = None

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
        return max(self.probabilities.items(), key=lambda item: item[1])[0] if self.probabilities else None

    @property
    def agreement(self) -> str | None:
        """How opinion and read go together, where there are both."""
        if self.opinion is None or self.top_class is None:
            return None
        return agreement(self.opinion, self.top_class, self.prediction_set)

    @property
    def read_at_utc(self) -> datetime:
        """The time of the read, in UTC."""
        return self.read_at.astimezone(timezone.utc)

    def document(self) -> ReadDocument:
        """Return the report without pictures."""
        parts = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in PICTURES}
        told = {"top_class": self.top_class, "agreement": self.agreement, "disclaimer": REPORT_DISCLAIMER, "source_limit": SOURCE_LIMIT}
        try:
            return ReadDocument.model_validate({**parts, **told})
        except ValidationError as error:
            places = ", ".join(sorted({".".join(map(str, one["loc"])) for one in error.errors()}))
            raise ReadReportError(f"The report cannot be written: {places} out of range.") from None


@dataclass(frozen=True, eq=False)
class MapShown:
    """A saliency map that lies over the film in a report.

    Attributes
    ----------
    method, class_name : str
        Which map.
    saliency : numpy.ndarray
        float32, shape (h, w), in [0, 1], over the square model input.
    opacity : float
        Of the map, in (0, 1].
    strength : float
        In [0, 1], from `cxr_core.saliency.common_scale`: what the map is multiplied by, so that it is on one scale with the other classes'.
    """

    method: str
    class_name: str
    saliency: np.ndarray
    opacity: float = DEFAULT_OPACITY
    strength: float = 1.0


def coverage_of(calibration: Calibration, card: ModelCard | None) -> Coverage:
    """Say how often prediction sets are right: what they aim at, and what was measured if the model's card has it of its test films."""
    if card is None or card.calibration is None or card.data.split != "test":
        return Coverage(aimed=calibration.coverage)
    by_class = {name: one.value for name, one in card.calibration.class_coverage.items() if one.value is not None}
    told = {"aimed": calibration.coverage, "measured": card.calibration.coverage.value, "measured_by_class": by_class}
    return Coverage.model_validate(told)


def report_of(
    film: Film,
    read: Read,
    read_at: datetime,
    shown: MapShown,
    *,
    site_card: str | None = None,
    elsewhere: str | None = None,
    coverage: Coverage | None = None,
    call: Call | None = None,
    opinion: Opinion | None = None,
    label: str | None = None,
    refused_too: bool = False,
) -> ReadReport:
    """Put the report of a read together.

    Parameters
    ----------
    film : Film
        The film.
    read : Read
        Its read.
    read_at : datetime
        When it was made, with the offset from UTC.
    shown : MapShown
        The saliency map that lies over the film.
    site_card : str, optional
        A sentence that names the site card whose temperature the read is at.
    elsewhere : str, optional
        What `cxr_core.calibration.elsewhere_sentence` says of the model.
    coverage : Coverage, optional
        Of the model's prediction sets; from `coverage_of`.
    call : Call, optional
        What the operating point makes of the film.
    opinion : Opinion, optional
        The clinician's own.
    label : str, optional
        What the reader called the film.
    refused_too : bool
        Whether the probabilities and the map of a film that the input gate refused are told. Prediction set and call never are: how often
        they would be right is not known for films like it.

    Returns
    -------
    ReadReport
    """
    picture = with_sides(display_grey(film), film.sides)
    parts: dict[str, Any] = told_parts(read, refused_too=refused_too)
    if "probabilities" in parts:
        saliency_map = shown.strength * film_map(shown.saliency, read.box, *picture.shape)
        share = None if read.lungs.doubt else share_inside(shown.saliency, read.lung_mask)
        parts |= {"elsewhere": elsewhere, "site_card": site_card}
        parts["overlaid"] = overlay(picture, colour_layer(saliency_map), shown.opacity)
        parts["saliency_map"] = saliency_map
        parts["saliency"] = SaliencyShown(
            method=shown.method,
            class_name=shown.class_name,
            opacity=shown.opacity,
            lung_share=None if share is None or np.isnan(share) else share,
        )
    if "prediction_set" in parts:
        parts |= {"coverage": coverage, "call": call}
    return ReadReport(picture=picture, film=FilmFacts.of(film), read_at=read_at, opinion=opinion, label=label, **parts)
