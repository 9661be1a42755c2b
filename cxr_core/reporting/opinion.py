"""The clinician's own opinion of a film, beside which the model's read is put."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cxr_core.labels import CLASS_NAMES, in_words
from cxr_core.reporting.errors import OpinionError

CONFIDENCE_WORDS: Final = ("a guess", "doubtful", "fairly sure", "sure", "certain")
"""Five steps of confidence, 1 to 5: the rating scale of observer studies (Metz 1978, Seminars in Nuclear Medicine 8:283)."""


@dataclass(frozen=True)
class Opinion:
    """What the clinician committed to.

    Attributes
    ----------
    class_name : str
        One of `CLASS_NAMES`.
    confidence : int
        1 to 5, a step of `CONFIDENCE_WORDS`.
    committed_at : datetime
        With its offset from UTC.
    before_reveal : bool
        Whether the model's read was still hidden then.

    Raises
    ------
    OpinionError
        A value is out of its range, or the time has no offset.
    """

    class_name: str
    confidence: int
    committed_at: datetime
    before_reveal: bool

    def __post_init__(self) -> None:
        if self.class_name not in CLASS_NAMES:
            raise OpinionError(f"The opinion names no class that the model knows. Choose one of {', '.join(CLASS_NAMES)}.")
        if self.confidence not in range(1, len(CONFIDENCE_WORDS) + 1):
            raise OpinionError(f"The confidence must be a whole number from 1 to {len(CONFIDENCE_WORDS)}.")
        if self.committed_at.utcoffset() is None:
            raise OpinionError("The time of the opinion must say its offset from UTC.")

    @property
    def confidence_text(self) -> str:
        """The confidence in words, with its step."""
        return f"{CONFIDENCE_WORDS[self.confidence - 1]} ({self.confidence} of {len(CONFIDENCE_WORDS)})"


def agreement(opinion: Opinion, top_class: str, prediction_set: Collection[str] | None = None) -> str:
    """Say in a sentence or two how an opinion and the model's read go together.

    Parameters
    ----------
    opinion : Opinion
        The clinician's.
    top_class : str
        The model's most probable class.
    prediction_set : collection of str, optional
        The classes that the model does not exclude; None where no set was made.

    Returns
    -------
    str
    """
    own, top_class = in_words(opinion.class_name), in_words(top_class)
    kept = None if prediction_set is None else [in_words(name) for name in CLASS_NAMES if name in prediction_set]
    if own == top_class:
        text = f"Both say {own}."
        others = [name for name in kept or [] if name != own]
        if others and own not in (kept or []):
            return f"{text} It is less probable here than on most films of {own}, and the model does not exclude {' or '.join(others)}."
        if others:
            return f"{text} The model does not exclude {' or '.join(others)} either."
        return text if kept != [] else f"{text} No class fits the film well enough for the model's prediction set."
    text = f"The clinician says {own}, the model says {top_class}."
    if kept is None:
        return text
    if not kept:
        return f"{text} No class fits the film well enough for the model's prediction set."
    return f"{text} The model does not exclude {own}." if own in kept else f"{text} The model's prediction set excludes {own}."
