"""Prediction sets in words."""

from collections.abc import Sequence

from cxr_core.labels import CLASS_NAMES


def set_sentence(prediction_set: Sequence[str]) -> str:
    """Say in one sentence which classes fit a film.

    Parameters
    ----------
    prediction_set : sequence of str
        From `prediction_set`.

    Returns
    -------
    str

    Examples
    --------
    >>> set_sentence(("COVID", "Lung_Opacity"))
    'The model cannot tell COVID from Lung_Opacity here.'
    """
    names = list(prediction_set)
    if not names:
        return "None of the four fits: every class is less probable here than on most films of that class."
    if len(names) == 1:
        return f"Of the four classes, only {names[0]} fits."
    if len(names) == 2:
        return f"The model cannot tell {names[0]} from {names[1]} here."
    if len(names) < len(CLASS_NAMES):
        return f"The model cannot tell {', '.join(names[:-1])} and {names[-1]} apart here."
    return "The model cannot tell any of the four classes apart here."
