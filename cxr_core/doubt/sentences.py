"""Prediction sets and operating points in words."""

from collections.abc import Sequence
from typing import Final

from cxr_core.card import LEAST_SENSITIVITY, Rule
from cxr_core.labels import CLASS_NAMES

RULES: Final[dict[Rule, str]] = {
    "sensitivity": f"Chosen on val: the fewest false positives at a sensitivity of at least {LEAST_SENSITIVITY:g}.",
    "youden": "Chosen on val: the largest sum of sensitivity and specificity (Youden).",
}
"""How each rule chooses an operating point, a sentence each."""


def set_sentence(prediction_set: Sequence[str], top_class: str) -> str:
    """Say in one sentence which classes fit a film.

    Parameters
    ----------
    prediction_set : sequence of str
        From `prediction_set`.
    top_class : str
        The most probable class. It need not be in the set: each class has a threshold of its own.

    Returns
    -------
    str

    Examples
    --------
    >>> set_sentence(("COVID", "Lung_Opacity"), "COVID")
    'The model cannot tell COVID from Lung_Opacity here.'
    """
    names = list(prediction_set)
    if not names:
        return "None of the four fits: every class is less probable here than on most films of that class."
    if top_class not in names:
        return (
            f"{top_class} is the most probable class, but less probable here than on most films of that class; "
            f"{' or '.join(names)} cannot be excluded."
        )
    if len(names) == 1:
        return f"The prediction set holds {names[0]} alone."
    if len(names) == 2:
        return f"The model cannot tell {names[0]} from {names[1]} here."
    if len(names) < len(CLASS_NAMES):
        return f"The model cannot tell {', '.join(names[:-1])} and {names[-1]} apart here."
    return "The model cannot tell any of the four classes apart here."
