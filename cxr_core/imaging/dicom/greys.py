"""Which grey each stored value of a DICOM film stands for: one small table, so that the pixels are gone through once."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice

import numpy as np

from cxr_core.imaging.dicom.header import Header
from cxr_core.imaging.dicom.values import SENSELESS, as_signed
from cxr_core.imaging.dicom.voi import Table, Window
from cxr_core.imaging.errors import InconsistentHeaderError
from cxr_core.imaging.greyscale import AS_FILED, FilmWindow, GreyScale

_LEAST_SPREAD = 0.25
"""Share of the greys, from the 1st to the 99th percentile of a film, under which a picture is black or washed out."""
_LEAST_COVERED = 0.2
"""Share of a film's values that a window tells apart, under which it may be meant for another film ..."""
_LEAST_INSIDE = 0.35
"""... and is, where it also tells apart less than this share of the pixels."""
_MOST_WINDOWS = 8
"""Tables and windows of a file that are looked at; more are no choice."""
_WITHIN = (0.005, 0.995)
"""Greys beyond are black or white to the eye."""


def grey_table(header: Header, seen: np.ndarray, ends: Callable[[], tuple[int, int]], steps: list[str]) -> tuple[np.ndarray, GreyScale]:
    """Work out the grey of every sample that `stored_samples` can return.

    In the order of PS3.4, section N.2: modality transform, values of interest, polarity. Tables of values of interest go before windows,
    earlier ones before later; the first that goes with the film's own values is applied. Where there is none, the film is stretched
    from its darkest to its brightest sample.

    Parameters
    ----------
    header : Header
        The header.
    seen : numpy.ndarray
        Some thousands of the film's samples, padding left out.
    ends : callable
        Returns the lowest and the highest sample of the film, padding left out; asked only where they matter.
    steps : list of str
        Takes what was done.

    Returns
    -------
    numpy.ndarray
        float32, shape (2**bits_stored,), in [0, 1].
    GreyScale
        What the samples are in the file's units, and its windows and tables that go with the film, the one that was applied first.

    Raises
    ------
    InconsistentHeaderError
        The modality table makes one value of all of the film.
    """
    values = np.arange(2**header.bits_stored, dtype=np.float64)
    if header.signed:
        values -= 2 ** (header.bits_stored - 1)
    if header.modality_table is not None:
        values = _looked_up(values, header.modality_table, header.signed)
        steps.append("modality table applied")
        if np.ptp(np.percentile(values[seen], (1, 99))) == 0:
            raise InconsistentHeaderError(SENSELESS.format(what="modality table"))
    elif (header.slope, header.intercept) != (1, 0):
        values = values * header.slope + header.intercept
        steps.append(f"rescaled by {header.slope:g}, {header.intercept:+g}")
    usable: list[tuple[np.ndarray, FilmWindow]] = []
    for greys, name, detail, window in islice(_offered(header, values), _MOST_WINDOWS):
        if _goes_with(greys, seen):
            if not usable:
                steps.append(f"{name} applied{detail}")
            usable.append((greys, window))
        elif not usable:
            steps.append(f"{name} left out: it would make most of this film black, white or of one grey")
    if not usable:
        greys, extent, window = _stretched(values, seen, ends())
        steps.append(f"no usable window in the file: stretched from its darkest to its brightest grey{extent}")
        usable.append((greys, window))
    if header.inverted:
        usable = [(1 - greys, window) for greys, window in usable]
        steps.append(header.inverted)
    windows = [replace(window, curve=None if window.curve is None else _shown(greys)) for greys, window in usable]
    filed = replace(windows[0], key=AS_FILED, name=f"As filed: {windows[0].name}" if windows[0].name else "As filed")
    return _shown(usable[0][0]), GreyScale(values, header.unit, bool(header.inverted), (filed, *_apart(windows[1:])))


def _apart(windows: Iterable[FilmWindow]) -> Iterator[FilmWindow]:
    """Give each window a key of its own: by its name, so that the reader's choice holds for another film's window of that name alone."""
    counts: Counter[str] = Counter()
    for window in windows:
        counts[window.key] += 1
        yield window if counts[window.key] == 1 else replace(window, key=f"{window.key}-{counts[window.key]}")


def _shown(greys: np.ndarray) -> np.ndarray:
    return greys.clip(0, 1).astype(np.float32)


def _offered(header: Header, values: np.ndarray) -> Iterator[tuple[np.ndarray, str, str, FilmWindow]]:
    """Give the greys of one table and window after the other, its name, what else is to be said of it, and how a reader may choose it."""
    for place, table in enumerate(header.voi_tables, 1):
        white = table.entries.max()
        if white > 0:
            # The largest entry is white. The descriptor is no help: many name the 16 bits that an entry is stored in.
            bits = int(white).bit_length()
            detail = "" if bits == table.bits else f", of {bits} bits though its descriptor says {table.bits}"
            # It is looked up by what the modality transform gives, which is signed as soon as that has made it so.
            greys = _looked_up(values, table, header.signed or header.intercept < 0) / white
            rising = values[(greys > _WITHIN[0]) & (greys < _WITHIN[1])]
            low, high = (float(rising.min()), float(rising.max())) if len(rising) > 1 else (float(values[0]), float(values[-1]))
            name = table.name or f"Table {place}"
            yield greys, "VOI table", detail, FilmWindow(f"table-{name}", name, (low + high) / 2, max(high - low, 1e-6), greys)
    for window in header.windows:
        function = "" if window.function == "LINEAR" else f", {window.function}"
        number = "the first" if window.number == 1 else f"number {window.number}"
        detail = f"{function}, {number} of {window.offered}" if window.offered > 1 else function
        greys, numbers = _windowed(values, window), f"{window.centre:g}/{window.width:g}"
        # As the standard's plain function has them, black and white lie at the middles of two values.
        level, width = (window.centre - 0.5, window.width - 1) if window.function == "LINEAR" else (window.centre, window.width)
        curve = greys if window.function == "SIGMOID" or width <= 0 else None
        name = window.name or f"{numbers}"
        yield greys, f"VOI window {numbers}", detail, FilmWindow(f"file-{name}", name, level, max(width, 1e-6), curve)


def _goes_with(greys: np.ndarray, seen: np.ndarray) -> bool:
    """Judge whether a film can be looked at through a window or table."""
    shown = greys[seen].clip(0, 1)
    if np.ptp(np.percentile(shown, (1, 99))) < _LEAST_SPREAD:
        return False
    low, high = np.percentile(seen, (1, 99)).astype(np.intp)
    covered = greys[low : high + 1]
    # What lies at the very ends of the film's values was blackened, or more than the detector could tell.
    between = shown[(seen > seen.min()) & (seen < seen.max())]
    return _share_within(covered) >= _LEAST_COVERED or _share_within(between if len(between) else shown) >= _LEAST_INSIDE


def _share_within(greys: np.ndarray) -> float:
    return float(((greys > _WITHIN[0]) & (greys < _WITHIN[1])).mean())


def _stretched(values: np.ndarray, seen: np.ndarray, ends: tuple[int, int]) -> tuple[np.ndarray, str, FilmWindow]:
    """Stretch from the darkest to the brightest value or, where a few stray ones would leave the rest black, without those."""
    low, high = ends
    darkest, brightest = values[low : high + 1].min(), values[low : high + 1].max()
    inner = np.percentile(values[seen], (0.1, 99.9))
    astray = np.ptp(inner) < _LEAST_SPREAD * (brightest - darkest)
    if astray:
        darkest, brightest = inner
    width = max(float(brightest - darkest), 1e-12)
    window = FilmWindow(AS_FILED, "", float(darkest) + width / 2, width)
    return (values - darkest) / width, ", a few stray ones aside" if astray else "", window


def _looked_up(values: np.ndarray, table: Table, signed: bool) -> np.ndarray:
    first = as_signed(table.first) if signed else table.first
    return table.entries[(np.rint(values) - first).clip(0, len(table.entries) - 1).astype(np.intp)]


def _windowed(values: np.ndarray, window: Window) -> np.ndarray:
    """Apply a window (PS3.3, section C.11.2.1): 0 is black, 1 is white, and linear ones go beyond."""
    if window.function == "SIGMOID":
        with np.errstate(over="ignore"):  # far below the window, which is black
            return 1 / (1 + np.exp(-4 * (values - window.centre) / window.width))
    if window.function == "LINEAR_EXACT":
        return (values - window.centre) / window.width + 0.5
    if window.width == 1:
        return (values > window.centre - 0.5).astype(np.float64)
    return (values - (window.centre - 0.5)) / (window.width - 1) + 0.5
