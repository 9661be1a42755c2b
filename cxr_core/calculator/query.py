"""The calculator in a link: short keys, every number that counts, and nothing believed without a check."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import ValidationError

from cxr_core.calculator.presets import load_presets
from cxr_core.calculator.state import CalculatorState, Source
from cxr_core.decision import BASE_PARAMETERS, PARAMETERS

PRESET_KEY: Final = "preset"
NO_PRESET: Final = "none"

_NUMBERS: Final = {
    "p": ("prevalence", "prevalence"),
    "sx": ("sensitivity_xray", "sensitivity of X-ray"),
    "sp": ("sensitivity_pcr", "sensitivity of PCR"),
    "v": ("value", "value of an early detection"),
    "a": ("cost_importance", "importance of cost"),
    "cx": ("cost_xray", "cost of an X-ray"),
    "cp": ("cost_pcr", "cost of a PCR test"),
    "spx": ("specificity_xray", "specificity of X-ray"),
    "spp": ("specificity_pcr", "specificity of PCR"),
    "f": ("false_positive_harm", "harm of a false positive"),
    "tx": ("xray_minutes", "turnaround of X-ray"),
    "tp": ("pcr_hours", "turnaround of PCR"),
    "h": ("half_life_hours", "half-life of the value"),
    "nx": ("cases_xray", "number of patients behind the sensitivity of X-ray"),
    "np": ("cases_pcr", "number of patients behind the sensitivity of PCR"),
    "u": ("spread", "spread of prevalence and costs"),
    "th": ("threshold", "threshold"),
}
_SWITCHES: Final = {
    "fp": ("false_positives", "switch for false positives"),
    "w": ("waiting", "switch for waiting"),
    "seq": ("sequential", "switch for strategies of two tests"),
    "big": ("presenter", "switch for the presenter mode"),
}
_TEXTS: Final = {"m": ("model", "model")}
_SOURCE_KEY: Final = "from"
_SOURCES: Final[Mapping[str, Source]] = {"card": "card", "roc": "threshold", "point": "point"}
_POINT_KEYS: Final = ("sx", "spx", "th")
"""Without these a link hands no operating point over."""
_AXES: Final = {"mx": "map_x", "my": "map_y"}
_AXIS_CODES: Final = {code: field for code, (field, _) in _NUMBERS.items() if field in PARAMETERS}
_AXIS_KEYS: Final = {field: code for code, field in _AXIS_CODES.items()}

_NUMBER: Final = re.compile(r"[+-]?([0-9]{1,20}(\.[0-9]{0,40})?|\.[0-9]{1,40})(e[+-]?[0-9]{1,3})?", re.IGNORECASE)
"""float() would also take "nan", "1_000", other alphabets' digits and a megabyte of them."""


def to_query(state: CalculatorState) -> dict[str, str]:
    """Write the calculator as the parameters of a link.

    Parameters
    ----------
    state : CalculatorState

    Returns
    -------
    dict of str to str
        The numbers that count, whatever they are, so that a link says the same when a default or a preset has changed; the preset unless
        it is the default one; and of the rest what differs from it. `from_query` returns the same state, as long as the preset exists.
    """
    counting = _counting(state)
    base = _base(state.preset) or CalculatorState()
    query = {}
    if state.preset != CalculatorState().preset:
        query[PRESET_KEY] = state.preset or NO_PRESET
    for key, (field, _) in _NUMBERS.items():
        number = getattr(state, field)
        if number is not None and (field in counting or number != getattr(base, field)):
            query[key] = repr(float(number)).removesuffix(".0")
    for key, (field, _) in _SWITCHES.items():
        if getattr(state, field) != getattr(base, field):
            query[key] = str(int(getattr(state, field)))
    query |= {key: getattr(state, field) for key, (field, _) in _TEXTS.items() if getattr(state, field)}
    if state.source != "typed":
        query[_SOURCE_KEY] = next(key for key, source in _SOURCES.items() if source == state.source)
    if (state.map_x, state.map_y) != (base.map_x, base.map_y):
        query |= {key: _AXIS_KEYS[getattr(state, field)] for key, field in _AXES.items()}
    return query


def from_query(query: Mapping[str, str]) -> tuple[CalculatorState, tuple[str, ...]]:
    """Read the calculator from the parameters of a link. Whatever the link holds, this does not fail.

    Parameters
    ----------
    query : mapping of str to str
        As the browser sent it.

    Returns
    -------
    state : CalculatorState
        With the default, or the preset's number, wherever the link says nothing usable.
    notes : tuple of str
        A sentence on each kind of entry that was ignored; all numbers and switches are named in one. None repeats the link's own text, so
        they are safe to show as they are.
    """
    notes = []
    ignored = []
    state = CalculatorState()
    if PRESET_KEY in query:
        found = _base("" if query[PRESET_KEY] == NO_PRESET else query[PRESET_KEY])
        if found is None:
            notes.append("The link names a preset that does not exist; the default numbers are used.")
        state = found or state
    settings = state.model_dump()
    usable = set()
    for key, (field, label) in (_NUMBERS | _SWITCHES | _TEXTS).items():
        if key not in query:
            continue
        given = _READERS[key](query[key])
        try:
            if given is None:
                raise ValueError("not a number, a switch or a text of the kind that belongs here")
            settings = CalculatorState(**{**settings, field: given}).model_dump()
            usable.add(key)
        except ValueError:  # pydantic's ValidationError is one too
            ignored.append(label)
    if ignored:
        *first, last = ignored
        names = f"{', '.join(first)} and {last} are not usable and were" if first else f"{last} is not usable and was"
        notes.append(f"The link's {names} ignored.")
    if _SOURCE_KEY in query:
        source = _SOURCES.get(query[_SOURCE_KEY])
        if source is None or (source == "point" and not usable.issuperset(_POINT_KEYS)):
            notes.append("The link gives no usable operating point; its sensitivity of X-ray is kept as a typed number.")
        else:
            settings["source"] = source
    if settings["source"] == "typed":
        settings |= {"threshold": None, "model": ""}
    axes = {field: _AXIS_CODES.get(query[key]) for key, field in _AXES.items() if key in query}
    try:
        state = CalculatorState(**{**settings, **axes})
    except ValidationError:
        state = CalculatorState(**settings)
        notes.append("The link's axes of the map are not usable and were ignored.")
    unknown = len(set(query) - KEYS)
    if unknown:
        notes.append(f"{unknown} unknown {'entry' if unknown == 1 else 'entries'} of the link had no effect.")
    return state, tuple(notes)


def _counting(state: CalculatorState) -> set[str]:
    """List the numbers that something on the page depends on."""
    fields = {*BASE_PARAMETERS, "specificity_xray", "specificity_pcr", "cases_xray", "cases_pcr"}
    if state.false_positives:
        fields.add("false_positive_harm")
    if state.waiting:
        fields |= {"xray_minutes", "pcr_hours", "half_life_hours"}
    return fields | ({"threshold"} if state.source != "typed" else set())


def _base(preset: str) -> CalculatorState | None:
    """Return the numbers that a preset starts from; those of no preset are the defaults."""
    if preset == "":
        return CalculatorState(preset="")
    found = load_presets().get(preset)
    return None if found is None else found.state()


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None


_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    **dict.fromkeys(_NUMBERS, _number),
    **dict.fromkeys(_SWITCHES, {"0": False, "1": True}.get),
    **dict.fromkeys(_TEXTS, str),
}
"""How the text of each entry is read; None where it cannot be."""

KEYS: Final = frozenset({PRESET_KEY, _SOURCE_KEY, *_READERS, *_AXES})
"""All that a link may hold."""
