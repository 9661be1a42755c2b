"""What a reader said of a film, and what the model says of it."""

from dataclasses import dataclass
from typing import Final

from cxr_core.labels import CLASS_NAMES
from cxr_core.practice.errors import PracticeError
from cxr_core.practice.marks import Mark
from cxr_core.practice.series import HEALTHY

STEPS: Final = 5
"""Of confidence: 1 a guess, 5 certain."""

DISEASE_OF_ANY_KIND: Final = "any disease"
"""What is told from Normal, beside the classes, each of which is told from all others."""

TARGETS: Final = (DISEASE_OF_ANY_KIND, *CLASS_NAMES)


@dataclass(frozen=True)
class Judgement:
    """A class that a reader committed to, and how sure, from 1 to 5."""

    class_name: str
    confidence: int

    def __post_init__(self) -> None:
        if self.class_name not in CLASS_NAMES or self.confidence not in range(1, STEPS + 1):
            raise PracticeError(f"A read is one of {', '.join(CLASS_NAMES)} with a confidence from 1 to {STEPS}.")

    def rating(self, target: str) -> int:
        """Return the rating of observer studies, 1 to 10: how sure the reader is of what is looked for.

        Called so, the confidence counts up from 6; called otherwise, down from 5 (Metz 1978, Seminars in Nuclear Medicine 8:283).

        Parameters
        ----------
        target : str
            One of `TARGETS`.
        """
        return STEPS + self.confidence if is_target(self.class_name, target) else STEPS + 1 - self.confidence


@dataclass(frozen=True)
class Answer:
    """A reader's answer to a film of a series.

    Attributes
    ----------
    place : int
        Of the film in the series, from 0.
    fingerprint : str
        Names the film by its pixels.
    truth : str
        Its class.
    own : Judgement
        Committed before anything else was shown.
    seconds : float
        From film to commitment.
    revised : Judgement, optional
        Committed after the model's read was shown; None where the truth came at once.
    probabilities : tuple of float, optional
        The model's, in the order of `CLASS_NAMES`; None where it could not read the film.
    mark : Mark, optional
        What the reader pointed at.
    hit : bool, optional
        Whether that hits; None where there is no mark or no outline.
    chance : float, optional
        How probable it is that a point anywhere on the film hits; None where there is no outline.
    """

    place: int
    fingerprint: str
    truth: str
    own: Judgement
    seconds: float
    revised: Judgement | None = None
    probabilities: tuple[float, ...] | None = None
    mark: Mark | None = None
    hit: bool | None = None
    chance: float | None = None

    @property
    def last(self) -> Judgement:
        """What the reader ended with."""
        return self.revised or self.own

    @property
    def model(self) -> str | None:
        """The model's most probable class."""
        if self.probabilities is None:
            return None
        return CLASS_NAMES[max(range(len(CLASS_NAMES)), key=self.probabilities.__getitem__)]

    def model_rating(self, target: str) -> float | None:
        """Return how probable the model takes what is looked for."""
        if self.probabilities is None:
            return None
        if target == DISEASE_OF_ANY_KIND:
            return 1 - self.probabilities[CLASS_NAMES.index(HEALTHY)]
        return self.probabilities[CLASS_NAMES.index(target)]


def is_target(class_name: str, target: str) -> bool:
    """Say whether a class is what is looked for."""
    return class_name != HEALTHY if target == DISEASE_OF_ANY_KIND else class_name == target
