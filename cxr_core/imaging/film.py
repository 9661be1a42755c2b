"""A film: a loaded grey image and what is known about it."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import cv2
import numpy as np

from cxr_core.imaging.colour import Colour
from cxr_core.imaging.doubt import Doubt
from cxr_core.imaging.greyscale import FilmWindow, GreyScale, curve_scale, full_scale, general_windows, plain_scale

BURNED_IN: Final = "the file says that text is burned into the picture, which may name the patient"
"""The step of a film whose file says so: one to be told wherever its picture goes."""

_OPPOSITE: Final = {"L": "R", "R": "L", "A": "P", "P": "A", "H": "F", "F": "H"}


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
    scale : GreyScale, optional
        What the integers in `samples` are in the file's units, and the file's own windows; goes with `greys`.
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
    scale: GreyScale | None = None

    @cached_property
    def pixels(self) -> np.ndarray:
        """The picture that is read and shown: float32, shape (height, width), in [0, 1].

        Of a PNG or JPEG that is the file's full grey range. Of a DICOM it is the range between black and white of the window or table
        that the file itself asks for, since the classifiers learned from films that were ready to look at.
        """
        return self.samples if self.greys is None else cv2.LUT(self.samples, self.greys)

    @cached_property
    def levels(self) -> np.ndarray:
        """The picture in full depth: uint8 or uint16, shape (height, width), what the values of `grey_scale` are counted by."""
        if self.greys is not None:
            return self.samples
        kind = np.uint8 if self.bit_depth <= 8 else np.uint16
        return np.rint(self.samples * np.float32(full_scale(self.bit_depth))).astype(kind)

    @cached_property
    def grey_scale(self) -> GreyScale:
        """What `levels` are in the file's units. Other deep films than DICOM seldom fill their range: they are shown from end to end."""
        if self.scale is not None:
            return self.scale
        if self.greys is not None:
            return curve_scale(self.greys)
        return plain_scale(self.bit_depth, *(self._ends if self.bit_depth > 8 else (0, 255)))

    @cached_property
    def windows(self) -> tuple[FilmWindow, ...]:
        """The windows to look through: the file's own, of which the first is as filed, and those that every film has."""
        return (*self.grey_scale.windows, *general_windows(self.grey_scale, *self._ends))

    @cached_property
    def _ends(self) -> tuple[int, int]:
        low, high, *_ = cv2.minMaxLoc(self.levels)
        return int(low), int(high)

    @cached_property
    def fingerprint(self) -> str:
        """Twelve hex digits that name the film by its pixels, and say nothing of whose it is: from the SHA-256 of what is shown of it."""
        digest = hashlib.sha256(repr(self.samples.shape).encode())
        for part in (self.samples, self.greys):
            if part is not None:
                digest.update(np.ascontiguousarray(part).data)
        return digest.hexdigest()[:12]

    @property
    def doubts(self) -> tuple[str, ...]:
        """The steps in which it had to be guessed how the file means its pixels."""
        return tuple(step for step in self.steps if isinstance(step, Doubt))

    @property
    def sides(self) -> tuple[str, str] | None:
        """The letters of the patient's sides at which the rows start and end, as DICOM has them; None where the file does not tell."""
        return None if self.orientation is None else (_OPPOSITE[self.orientation[0]], self.orientation[0])

    @property
    def height(self) -> int:
        """Rows of the film, in pixels."""
        return int(self.samples.shape[0])

    @property
    def width(self) -> int:
        """Columns of the film, in pixels."""
        return int(self.samples.shape[1])
