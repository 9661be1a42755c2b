"""What an operating point makes of one film, and what such a call is worth among the user's patients."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from cxr_core.artifacts import OperatingPoint, Rule
from cxr_core.calibration.operating import point_at, predictive_values
from cxr_core.calibration.sentences import LIKE_TRAINING, rule_sentence
from cxr_core.labels import DISEASE, ClassName, split_films
from cxr_core.site_cards import CURVE_STEP, SiteCard
from cxr_core.stats import Interval

if TYPE_CHECKING:
    import pandas as pd

DEFAULT_PREVALENCE: Final = 0.05
"""No more than a number to begin with: the user's patients are not known."""


@dataclass(frozen=True, eq=False)
class MeasuredFilms:
    """Films of known class that a model read: what the figures of an operating point are measured on.

    Attributes
    ----------
    is_covid : numpy.ndarray
        bool, shape (n,): whether each film is of COVID.
    probability : numpy.ndarray
        float, shape (n,): its calibrated probability of COVID.
    split : str
        Which films they are, such as ``"test"``.
    site_card : str or None
        Name of the site card that they are of, if they are the user's own.
    cross_validated : OperatingPoint or None
        The site card's own operating point, whose figures are of another kind: each film by a threshold that was fitted without it.
    """

    is_covid: np.ndarray
    probability: np.ndarray
    split: str
    site_card: str | None = None
    cross_validated: OperatingPoint | None = None

    @classmethod
    def of(cls, reads: "pd.DataFrame", split: str) -> "MeasuredFilms":
        """Take a card's films, as `cxr_core.artifacts.read_reads` has them."""
        return cls((reads["label"] == DISEASE).to_numpy(), reads[DISEASE].to_numpy(), split)

    @classmethod
    def of_site(cls, card: SiteCard) -> "MeasuredFilms":
        """Take the films of a site card, each half a step below the first threshold of its curve that it does not reach."""
        curve = card.curve
        reached = np.append(np.array(curve.threshold[1:]) - CURVE_STEP / 2, 1.0)
        cases = np.repeat(reached, -np.diff(curve.found, append=0))
        others = np.repeat(reached, np.diff(curve.cleared, append=card.operating_point.others))
        is_covid = np.arange(len(cases) + len(others)) < len(cases)
        return cls(is_covid, np.concatenate([cases, others]), "own", card.name, card.operating_point)

    def point(self, threshold: float, rule: Rule | None = None) -> OperatingPoint:
        """Measure an operating point on them; that of a site card as its cross-validation did."""
        if self.cross_validated is not None and threshold == self.cross_validated.threshold:
            return self.cross_validated
        return point_at(self.is_covid, self.probability, threshold, rule)


class Call(BaseModel):
    """What an operating point makes of a film.

    Attributes
    ----------
    operating_point : OperatingPoint
        With a threshold, and with the figures that were measured there.
    positive : bool
        Whether this film is called positive.
    prevalence : float
        At which the predictive values are given, in [0, 1].
    prevalence_is_default : bool
        Whether that is `DEFAULT_PREVALENCE`, which nobody entered.
    ppv, npv : Interval
        Share of such positive and negative calls that are right, with its 95% interval.
    split : str
        Which films the figures were measured on, such as ``"test"``, or ``"own"``.
    site_card : str or None
        Name of the site card that they are of, if they are the user's own.
    class_name : str
        What the film is called positive for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    operating_point: OperatingPoint
    positive: bool
    prevalence: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    prevalence_is_default: bool
    ppv: Interval
    npv: Interval
    split: str
    site_card: str | None = None
    class_name: ClassName = DISEASE

    @property
    def rule_text(self) -> str:
        """How the threshold was chosen, a sentence."""
        return rule_sentence(self.operating_point.rule, self.site_card)

    @property
    def films_text(self) -> str:
        """Which films the figures were measured on, and what that means for others: the end of a sentence that counts them."""
        if self.site_card is not None:
            how = "by cross-validation" if self.operating_point.rule else "each at a temperature fitted without it"
            return f"of the site card {self.site_card}, {how}."
        return f"among the {split_films(self.split)}, {LIKE_TRAINING}; on films from elsewhere it may be far worse."

    @property
    def ppv_text(self) -> str:
        """The PPV with its interval, or why there is none."""
        return "none called positive" if self.ppv.value is None else str(self.ppv)

    @property
    def npv_text(self) -> str:
        """The NPV with its interval, or why there is none."""
        return "none called negative" if self.npv.value is None else str(self.npv)


def call_film(
    probabilities: Mapping[str, float],
    chosen: OperatingPoint,
    films: MeasuredFilms,
    threshold: float | None = None,
    prevalence: float | None = None,
) -> Call:
    """Call a film positive for COVID or not, a film on the threshold being called positive.

    Parameters
    ----------
    probabilities : mapping of str to float
        By class name: the film's calibrated probabilities.
    chosen : OperatingPoint
        The model's own, with its rule; from its calibration.
    films : MeasuredFilms
        What sensitivity, specificity and predictive values are measured on.
    threshold : float, optional
        Set in place of the chosen one, in [0, 1].
    prevalence : float, optional
        Share of the user's patients who have COVID, in [0, 1]; `DEFAULT_PREVALENCE` where it is not known.

    Returns
    -------
    Call
    """
    assert chosen.threshold is not None
    used = chosen.threshold if threshold is None else threshold
    point = films.point(used, chosen.rule if used == chosen.threshold else None)
    share = DEFAULT_PREVALENCE if prevalence is None else prevalence
    ppv, npv = predictive_values(point, share)
    return Call(
        operating_point=point,
        positive=probabilities[DISEASE] >= used,
        prevalence=share,
        prevalence_is_default=prevalence is None,
        ppv=ppv,
        npv=npv,
        split=films.split,
        site_card=films.site_card,
    )
