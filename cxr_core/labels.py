"""The report's four classes, in the order in which every array and table holds them. One more is one entry here, and a retrained model."""

from typing import Final, Literal, get_args

ClassName = Literal["COVID", "Lung_Opacity", "Normal", "Viral Pneumonia"]
CLASS_NAMES: Final[tuple[str, ...]] = get_args(ClassName)

CLASSES_COUNTED: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")[len(CLASS_NAMES)]
"""How many there are, in a word."""

DISEASE: Final[ClassName] = "COVID"
"""The class that operating points and the calculator are about."""

COVID: Final = CLASS_NAMES.index(DISEASE)

_SHOWN: Final = {"Lung_Opacity": "Lung opacity"}
"""Names that people read in other words than data, files and code have them."""


def in_words(text: str) -> str:
    """Write class names for people: one name, or every name within a text.

    Parameters
    ----------
    text : str
        A class name, or a text that holds some.

    Returns
    -------
    str

    Examples
    --------
    >>> in_words("Lung_Opacity")
    'Lung opacity'
    >>> in_words("COVID or Lung_Opacity")
    'COVID or Lung opacity'
    """
    for name, words in _SHOWN.items():
        text = text.replace(name, words)
    return text


_SPLITS: Final = {"train": "training", "val": "validation"}


def split_films(split: str) -> str:
    """Write for people which films a split holds.

    Parameters
    ----------
    split : str
        As data have it: ``"train"``, ``"val"`` or ``"test"``.

    Returns
    -------
    str

    Examples
    --------
    >>> split_films("val")
    'validation films'
    """
    return f"{_SPLITS.get(split, split)} films"
