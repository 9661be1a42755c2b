"""The scenario as a short text: what stands after the ``?`` of a link, sent with the address before it or without."""

import ipaddress
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from cxr_core.calculator.query import KEYS, from_query, to_query
from cxr_core.calculator.state import CalculatorState
from cxr_core.errors import SecondLookError

MOST_LETTERS: Final = 4000
MOST_ENTRIES: Final = 100
_WRAPPING: Final = " \t\r\n<>\"'`()[]"
"""What chat and mail programs put around a link."""


class NoScenarioError(SecondLookError, ValueError):
    """A text that was given for a scenario holds none."""


def to_text(state: CalculatorState) -> str:
    """Write a scenario as the text of a link after its ``?``, such as ``p=0.25&v=1000``; see `to_query`."""
    return urlencode(to_query(state))


def from_text(text: str) -> tuple[CalculatorState, tuple[str, ...]]:
    """Read a scenario from a link, or from its text after the ``?`` alone.

    Parameters
    ----------
    text : str
        As it was copied; blanks, brackets and quotation marks around it do not matter, nor does the ``?``.

    Returns
    -------
    state : CalculatorState
    notes : tuple of str
        As `from_query` gives them.

    Raises
    ------
    NoScenarioError
        It is too long, or nothing in it is an entry of a scenario.
    """
    if len(text) > MOST_LETTERS:
        raise NoScenarioError("This text is too long for a scenario. Copy the link again, or the part after its ?.")
    short = text.strip(_WRAPPING).replace("&amp;", "&")
    short = short.partition("?")[2] if "?" in short else short
    try:
        query = dict(parse_qsl(short.partition("#")[0], keep_blank_values=True, max_num_fields=MOST_ENTRIES))
    except ValueError:
        query = {}
    if not KEYS & set(query):
        raise NoScenarioError(
            "This text holds no scenario. Copy a link from the calculator, or the part after its ?, such as p=0.25&v=1000."
        )
    return from_query(query)


def is_own_address(url: str) -> bool:
    """Say whether an address leads every computer to itself, as ``http://localhost:8501`` does: a link with it is of no use to others.

    Parameters
    ----------
    url : str
        With its scheme.

    Returns
    -------
    bool
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
