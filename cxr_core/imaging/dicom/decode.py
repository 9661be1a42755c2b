"""From a DICOM file's bytes to a film: the header first, then bounds, then pixels."""

from dataclasses import replace
from functools import partial

import cv2
import numpy as np
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ExplicitVRLittleEndian

from cxr_core.imaging.bounds import check_contrast, sparse
from cxr_core.imaging.dicom.elements import MAX_DEFLATED_HEADER, find_transfer_syntax, inflate, is_big_endian, technical_elements
from cxr_core.imaging.dicom.greys import grey_table
from cxr_core.imaging.dicom.header import Header, read_header
from cxr_core.imaging.dicom.pixels import MAX_SPARE, check_transfer_syntax, pixel_bytes, stored_samples
from cxr_core.imaging.dicom.values import as_signed
from cxr_core.imaging.errors import ImageError, TruncatedImageError
from cxr_core.imaging.film import BURNED_IN, Film
from cxr_core.imaging.square import squared


def decode_dicom(data: bytes) -> Film:
    """Read a DICOM file into a film.

    The file's VOI table or window is applied: black, white and what lies between are as its maker meant them, on the screen and for
    the classifiers alike, which learned from films that were ready to look at. Overlays are not drawn.

    Parameters
    ----------
    data : bytes
        The whole file, no larger than films may be.

    Returns
    -------
    Film
        The film. Nothing in it leads back to `data`.

    Raises
    ------
    ImageError
        One of its kinds, as `decode_film` lists them. It carries no other error and no more of the file than is needed to say what is
        wrong, so that it may be shown and logged.
    """
    try:
        return _decode(data)
    except ImageError as error:
        refusal = error.with_traceback(None)
    except MemoryError:
        raise
    except Exception:  # a value of a kind that nobody thought of; what it says might be of the patient
        refusal = TruncatedImageError("The DICOM file is damaged. Copy or export the film again.")
    refusal.__context__ = None
    raise refusal


def _decode(data: bytes) -> Film:
    syntax, start = find_transfer_syntax(data)
    deflated = syntax == DeflatedExplicitVRLittleEndian
    content, data_set = (inflate(data, start, MAX_DEFLATED_HEADER), 0) if deflated else (data, start)
    big_endian = syntax == ExplicitVRBigEndian or (not syntax and is_big_endian(content, data_set))
    technical, pixels = technical_elements(content, data_set, big_endian)
    header = read_header(technical, big_endian, pixels is not None)
    assert pixels is not None
    if not syntax:
        syntax = ExplicitVRBigEndian if big_endian else ExplicitVRLittleEndian
    check_transfer_syntax(syntax)
    if deflated:
        content = inflate(data, start, pixels.start + pixel_bytes(header) + MAX_SPARE)
    steps = list(header.told)
    samples, layout = stored_samples(content, pixels, syntax, header, steps)
    header = replace(header, bits_stored=layout.bits, signed=layout.signed)

    padding = _padding(samples, header)
    grid = sparse(samples, 128)
    if padding is not None:
        grid = grid[~sparse(padding, 128)]
    check_contrast(grid / np.float32(2**header.bits_stored - 1), header.bits_stored)
    greys, scale = grey_table(header, grid.ravel(), partial(_ends, samples, padding), steps)
    if padding is not None:
        # Of the samples that are black the one nearest to the film's own, so that the edge stays dark where the two are averaged.
        black = np.flatnonzero(greys == greys.min())
        samples[padding] = black[np.abs(2 * black - sum(_ends(samples, padding))).argmin()]
        steps.append("padding made black")
    check_contrast(greys[grid], header.bits_stored)
    samples, pixel_spacing = squared(samples, header.pixel, steps)
    if header.burned_in:
        steps.append(BURNED_IN)
    return Film(
        samples,
        header.bits_stored,
        "DICOM",
        tuple(steps),
        np.pad(greys, (0, 2 ** (8 * samples.itemsize) - len(greys))),
        pixel_spacing,
        header.view,
        header.laterality,
        header.orientation,
        header.body_part,
        scale=scale,
    )


def _padding(samples: np.ndarray, header: Header) -> np.ndarray | None:
    """Find what fills up a picture that is not a rectangle; None if there is nothing of it."""
    if not header.padding:
        return None
    ends = [as_signed(end) + 2 ** (header.bits_stored - 1) for end in header.padding] if header.signed else header.padding
    filled = (samples >= max(min(ends), 0)) & (samples <= min(max(ends), 2**header.bits_stored - 1))
    return filled if filled.any() and not filled.all() else None


def _ends(samples: np.ndarray, padding: np.ndarray | None) -> tuple[int, int]:
    if padding is None:
        low, high, *_ = cv2.minMaxLoc(samples)
        return int(low), int(high)
    film = samples[~padding]
    return int(film.min()), int(film.max())
