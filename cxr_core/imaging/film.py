"""A film: a loaded grey image and what is known about it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import cv2
import numpy as np

from cxr_core.imaging.colour import Colour

BURNED_IN: Final = "the file says that text is burned into the picture, which may name the patient"
"""The step of a film whose file says so: one to be told wherever its picture goes."""


@dataclass(frozen=True, eq=False)
class Film:
    r"""One loaded chest X-ray image. It holds nothing that says whose it is.

    Attributes
    ----------
    samples : numpy.ndarray
        The picture, shape (height, width), at the file's own resolution: without `greys`, the pixels themselves; with them,
        unsigned integers that rise with the samples stored in the file, 8 bits wide (uint8) or 16 (uint16).
    bit_depth : int
        Bits a sample in the file; 8 for those of 1, 2 or 4 bits, which are decoded to that.
    format : str
        ``"PNG"``, ``"JPEG"``, ``"DICOM"`` or, for a film drawn in code, ``"drawing"``.
    steps : tuple of str
        What was done to the file's samples to get here, in order, each a short phrase for the user.
    greys : numpy.ndarray, optional
        float32, shape (256,) or (65536,): the grey in [0, 1] that each of the integers in `samples` stands for.
    pixel_spacing : tuple of float, optional
        Distance in mm between the centres of two rows and of two columns. Where the file gives no calibrated one it is that in the
        plane of the detector, in which the chest is somewhat magnified.
    view : str, optional
        How the beam went, as DICOM's View Position names it: ``"PA"``, ``"AP"``, ``"LL"``, ``"RL"`` ..., or ``"LATERAL"`` where the
        file calls it one and does not tell the side.
    laterality : str, optional
        ``"R"``, ``"L"``, ``"B"`` (both) or ``"U"`` (unpaired): the side of the body that is on the film.
    orientation : str, optional
        Where the stored rows and columns run to, as DICOM's Patient Orientation codes it, without refinements: ``"L\F"`` is to the
        patient's left and to the feet, as a frontal film is looked at.
    body_part : str, optional
        What the file says the film was taken of, in words: ``"chest"``, ``"ribs"``, ``"knee"`` ...
    colour : Colour, optional
        The colours of the file's picture; None where it was grey.
    """

    samples: np.ndarray
    bit_depth: int
    format: str
    steps: tuple[str, ...] = ()
    greys: np.ndarray | None = None
    pixel_spacing: tuple[float, float] | None = None
    view: str | None = None
    laterality: str | None = None
    orientation: str | None = None
    body_part: str | None = None
    colour: Colour | None = None

    @cached_property
    def pixels(self) -> np.ndarray:
        """The picture that is read and shown: float32, shape (height, width), in [0, 1].

        Of a PNG or JPEG that is the file's full grey range. Of a DICOM it is the range between black and white of the window or table
        that the file itself asks for, since the classifiers learned from films that were ready to look at.
        """
        return self.samples if self.greys is None else cv2.LUT(self.samples, self.greys)

    @property
    def height(self) -> int:
        """Rows of the film, in pixels."""
        return int(self.samples.shape[0])

    @property
    def width(self) -> int:
        """Columns of the film, in pixels."""
        return int(self.samples.shape[1])
