"""Whether a user's own films differ from those of the model card, and how many more would tell."""

from typing import Final, Literal

from cxr_core.artifacts import ModelCard, OperatingPoint
from cxr_core.labels import CLASS_NAMES, COVID
from cxr_core.site_cards import SiteComparison
from cxr_core.stats import Estimate, auc_estimate, independent_difference, share_estimate, trials_needed

LEAST_TO_TELL: Final = 0.05
"""Films more are counted for a difference of this size, or for one as large as it looks if that is larger."""


def compared_with_card(point: OperatingPoint, area: Estimate | None, card: ModelCard) -> list[SiteComparison]:
    """Compare sensitivity, specificity and area under the ROC of COVID with those of a card.

    Both sets of films are taken as independent. See `cxr_core.stats.independent_difference` for the test and its interval, and
    `cxr_core.stats.trials_needed` for the number of films.

    Parameters
    ----------
    point : OperatingPoint
        The shipped one, measured on the user's own films.
    area : Estimate or None
        Of the area under their ROC; None where they have no film of COVID, or no other.
    card : ModelCard
        Of the same weights.

    Returns
    -------
    list of SiteComparison
        Without figures that one of the two lacks.
    """
    covid = card.results.classes[CLASS_NAMES[COVID]]
    cases, others = covid.support, card.results.films - covid.support
    found: list[SiteComparison | None] = []
    if card.calibration is not None:
        found.append(_share("sensitivity", point.found, point.cases, card.calibration.sensitivity.value, cases))
        found.append(_share("specificity", point.cleared, point.others, card.calibration.specificity.value, others))
    if area is not None and covid.roc_auc.value is not None:
        found.append(_comparison("roc_auc", area, auc_estimate(covid.roc_auc.value, cases, others)))
    return [one for one in found if one is not None]


def _share(
    figure: Literal["sensitivity", "specificity"], hits: int, films: int, card_value: float | None, card_films: int
) -> SiteComparison | None:
    if not films or card_value is None:
        return None
    here, card = share_estimate(hits, films), share_estimate(round(card_value * card_films), card_films)
    compared = _comparison(figure, here, card)
    if compared.is_significant:
        return compared
    to_tell = max(abs(compared.difference), LEAST_TO_TELL)
    sought = card.value + to_tell if compared.difference > 0 and card.value + to_tell <= 1 else max(0.0, card.value - to_tell)
    needed = trials_needed(sought, card.value, card_films)
    return compared.model_copy(update={"to_tell": to_tell, "more_films": None if needed is None else max(0, needed - films)})


def _comparison(figure: Literal["sensitivity", "specificity", "roc_auc"], here: Estimate, card: Estimate) -> SiteComparison:
    found = independent_difference(here, card)
    return SiteComparison(figure=figure, card=card.interval, difference=found.value, low=found.low, high=found.high, p_value=found.p_value)
