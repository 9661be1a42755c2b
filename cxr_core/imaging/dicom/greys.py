"""Which grey each stored value of a DICOM film stands for: one small table, so that the pixels are gone through once."""

from collections.abc import Callable

import numpy as np

from cxr_core.imaging.dicom.header import Header, Table, Window


def grey_table(header: Header, ends: Callable[[], tuple[int, int]], steps: list[str]) -> np.ndarray:
    """Work out the grey of every sample that `stored_samples` can return.

    In the order of PS3.4, section N.2: modality transform, values of interest, polarity. A table of values of interest goes before a
    window, the first window before others; where there is neither, the film is stretched from its darkest to its brightest sample.

    Parameters
    ----------
    header : Header
        The header.
    ends : callable
        Returns the lowest and the highest sample of the film, padding aside; asked only where they matter.
    steps : list of str
        Takes what was done.

    Returns
    -------
    numpy.ndarray
        float32, shape (2**bits_stored,), in [0, 1].
    """
    values = np.arange(2**header.bits_stored, dtype=np.float64)
    if header.signed:
        values -= 2 ** (header.bits_stored - 1)
    if header.modality_table is not None:
        values = _looked_up(values, header.modality_table)
        steps.append("modality table applied")
    elif (header.slope, header.intercept) != (1, 0):
        values = values * header.slope + header.intercept
        steps.append(f"rescaled by {header.slope:g}, {header.intercept:+g}")
    if header.voi_table is not None:
        greys = _looked_up(values, header.voi_table) / (2**header.voi_table.bits - 1)
        steps.append("VOI table applied")
    elif header.window is not None:
        greys = _windowed(values, header.window)
        window = header.window
        function = "" if window.function == "LINEAR" else f", {window.function}"
        first = f", the first of {window.offered}" if window.offered > 1 else ""
        steps.append(f"VOI window {window.centre:g}/{window.width:g} applied{function}{first}")
    else:
        low, high = ends()
        darkest, brightest = values[low : high + 1].min(), values[low : high + 1].max()
        greys = (values - darkest) / max(brightest - darkest, 1e-12)
        steps.append("no usable window in the file: stretched from its darkest to its brightest grey")
    if header.inverted:
        greys = 1 - greys
        steps.append("MONOCHROME1 inverted")
    return greys.clip(0, 1).astype(np.float32)


def _looked_up(values: np.ndarray, table: Table) -> np.ndarray:
    return table.entries[(np.rint(values) - table.first).clip(0, len(table.entries) - 1).astype(np.intp)]


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
