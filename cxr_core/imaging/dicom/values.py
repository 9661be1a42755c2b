"""Values of a technical DICOM header. One that is optional and cannot be read counts as absent, and is named among the film's facts.

No text of the file leaves this module as it stands: numbers do, and terms that the caller knows.
"""

import math
import re

import numpy as np
from pydicom.dataset import Dataset

from cxr_core.imaging.errors import InconsistentHeaderError

SENSELESS = "The header of the DICOM file makes no sense ({what}). Export the film again, or as PNG."

_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_MAX_VALUES = 64
"""Of one element, such as a window for each of its uses; a film has a handful."""


class Values:
    """The values of a data set, read leniently.

    Parameters
    ----------
    data_set : pydicom.dataset.Dataset
        The technical elements, or an item of theirs.
    faults : list of str
        Takes the names of what is there, is not needed and cannot be read.
    notes : list of str
        Takes what else is to be told, in short phrases for the user.
    """

    def __init__(self, data_set: Dataset, faults: list[str], notes: list[str]) -> None:
        self._data_set = data_set
        self.faults = faults
        self.notes = notes

    def raw(self, keyword: str) -> bytes:
        """Return a value's bytes as they stand in the file; pydicom's own conversion would quote them where it warns."""
        if keyword not in self._data_set:
            return b""
        value = self._data_set.get_item(keyword).value
        return value if isinstance(value, bytes) else b""

    def text(self, keyword: str) -> str:
        """Return a text without what fills it up, in capitals: writers differ, and the standard's own terms have no others."""
        return self.raw(keyword).decode("ascii", "replace").strip(" \0\t\r\n").upper()

    def term(self, keyword: str, known: set[str]) -> str | None:
        """Return a text that is one of the known terms."""
        term = self.text(keyword)
        return term if term in known else None

    def decimals(self, keyword: str) -> list[float | None]:
        """Read a text of numbers, with a decimal comma or point; None stands for one that is empty or cannot be read."""
        text = self.text(keyword)
        parts = [part.strip(" \0\t\r\n") for part in text.split("\\", _MAX_VALUES)[:_MAX_VALUES]] if text else []
        numbers = [_decimal(part) for part in parts]
        if any(part and number is None for part, number in zip(parts, numbers, strict=True)):
            self.is_faulty(words(keyword))
        return numbers

    def pair(self, keyword: str) -> tuple[float, float] | None:
        """Read two numbers; None if there are fewer or more of them."""
        numbers = self.decimals(keyword)
        if len(numbers) != 2:
            return None
        first, second = numbers
        return None if first is None or second is None else (first, second)

    def is_faulty(self, name: str) -> None:
        """Note that something is there and of no use."""
        if name not in self.faults:
            self.faults.append(name)

    def integers(self, keyword: str) -> list[int]:
        """Read binary numbers of 16 bits as unsigned ones; empty if there are none."""
        order = "<" if self._data_set.original_encoding[1] else ">"
        raw = self.raw(keyword)
        return np.frombuffer(raw[: len(raw) // 2 * 2], order + "u2").tolist()

    def integer(self, keyword: str, default: int | None = None) -> int:
        """Read the first of them; without a default it is needed.

        Raises
        ------
        InconsistentHeaderError
            There is none.
        """
        numbers = self.integers(keyword)
        if numbers:
            return numbers[0]
        if default is None:
            raise InconsistentHeaderError(SENSELESS.format(what=f"no {words(keyword)}"))
        return default

    def items(self, keyword: str) -> "list[Values]":
        """Return the items of a sequence."""
        return [Values(item, self.faults, self.notes) for item in self._data_set.get(keyword) or ()]


def words(keyword: str) -> str:
    """Write a keyword of DICOM in words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", keyword).lower()


def as_signed(number: int) -> int:
    """Read an unsigned number of 16 bits as a signed one."""
    return number - 2**16 if number >= 2**15 else number


def _decimal(text: str) -> float | None:
    text = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    if not _DECIMAL.fullmatch(text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None
