"""What the card says of saliency maps: how far they can be believed."""

from pydantic import Field

from cxr_core.artifacts.part import CardPart

SALIENCY_CAVEAT = (
    "A saliency map shows what raised a class's score, not where the disease is. In a benchmark on chest X-rays all seven methods that "
    "were measured, Grad-CAM and Grad-CAM++ among them, localised findings worse than radiologists did (Saporta et al. 2022, Nature "
    "Machine Intelligence 4:867-878)."
)
"""To stand beside every choice of a method, and beside every figure of its maps."""


class Mean(CardPart):
    """A mean over films with its 95% bootstrap interval, in [-1, 1]; no value where there were no films to measure it on."""

    value: float | None = Field(ge=-1, le=1)
    low: float | None = Field(None, ge=-1, le=1)
    high: float | None = Field(None, ge=-1, le=1)

    def __str__(self) -> str:
        """Write the value with its interval."""
        if self.value is None:
            return "not measured"
        return f"{self.value:.2f}" if self.low is None else f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


class PatchCurve(CardPart):
    """Probability of the top class while patches of the film are taken away or put back, most salient first, beside a random order.

    Attributes
    ----------
    fraction : list of float
        Share of the patches done, from 0 to 1.
    by_saliency, at_random : list of float
        Mean probability of the class over the films at each.
    area, random_area : Mean
        Area under either curve.
    gain : Mean
        By how much the order by saliency beats the random one, film by film: deletion should be faster, insertion too.
    """

    fraction: list[float]
    by_saliency: list[float]
    at_random: list[float]
    area: Mean
    random_area: Mean
    gain: Mean


class RandomisedStage(CardPart):
    """Rank correlation of the trained network's maps with those of the same network after all layers down to some have been randomised."""

    layers: str
    correlation: Mean


class InsideShare(CardPart):
    """Of the films called one class: the share of saliency inside the lungs, beside the lungs' share of the film's area.

    `warned` counts the films whose saliency lies mostly outside, `no_better` those with no more of it inside than the area's share.
    """

    films: int = Field(gt=0)
    share: Mean
    area: float = Field(ge=0, le=1)
    warned: int = Field(ge=0)
    no_better: int = Field(ge=0)


class SaliencyResult(CardPart):
    """Sanity checks of the saliency maps, on films drawn from the split of the card.

    Attributes
    ----------
    films : int
        Number of films that Grad-CAM of the top class was checked on.
    method : str
        How, in words.
    deletion, insertion : PatchCurve
        Petsiuk et al. 2018 (RISE), arXiv:1806.07421.
    randomised : list of RandomisedStage
        Adebayo et al. 2018, arXiv:1810.03292, from the last layer down to all of them.
    other_film : Mean
        Rank correlation of maps of different films, for comparison: what maps have in common that has nothing to do with the film.
    agreement_films : int
        Number of films that all methods were run on.
    agreement : dict of str to dict of str to float
        Mean rank correlation of the maps of each two methods.
    inside : dict of str to InsideShare
        By the class that the films were called.
    """

    films: int = Field(gt=0)
    method: str
    deletion: PatchCurve
    insertion: PatchCurve
    randomised: list[RandomisedStage]
    other_film: Mean
    agreement_films: int = Field(gt=0)
    agreement: dict[str, dict[str, float]]
    inside: dict[str, InsideShare]
