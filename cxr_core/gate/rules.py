"""What can be seen of a film without having learned anything: each rule is a function from what it looks at to a finding or None."""

import cv2
import numpy as np

from cxr_core.gate.outcome import Finding
from cxr_core.imaging import Colour

LATERAL_VIEWS = {"LL", "RL", "LATERAL"}
UNUSUAL_VIEWS = {"LLD": "a lateral decubitus", "RLD": "a lateral decubitus", "LLO": "an oblique", "RLO": "an oblique"}
"""View positions as DICOM names them (PS3.3, C.8.11.1.1.1); a decubitus film is frontal but taken with the patient lying on a side."""

CHEST = "chest"
NEAR_CHEST = {
    "chest and abdomen",
    "chest, abdomen and pelvis",
    "neck and chest",
    "whole body",
    "ribs",
    "sternum",
    "clavicle",
    "acromioclavicular joint",
    "scapula",
    "shoulder",
    "cervicothoracic spine",
    "thoracic spine",
    "thoracolumbar spine",
}
"""Body parts of whose films much of the chest may be seen, so that the picture itself has to tell."""

MARKED_SHARE = 0.001
"""Share of coloured pixels from which a picture counts as marked or tinted: a ruler or an arrow has more."""

COLOURED_SHARE = 0.25
COLOURED_VARIETY = 0.1
"""Share of coloured pixels, and variety of their hues, from which a picture is a colour photograph: a toned film has one hue."""

DARK = 0.05
"""Grey of a model input up to which a row or column counts as empty."""


def contrast(canonical: np.ndarray) -> float:
    """Return the standard deviation of the greys of a canonical film, shape (size, size, 1), values in [0, 1]."""
    return float(canonical.std())


def sharpness(canonical: np.ndarray) -> float:
    """Return how fine the detail of a canonical film is: the spread of its Laplacian as a share of the spread of its greys."""
    return float(cv2.Laplacian(canonical[..., 0], cv2.CV_32F).std() / max(contrast(canonical), 1e-6))


def filled(canonical: np.ndarray) -> float:
    """Return the share of a canonical film's square, in [0, 1], that the box around all that is not black takes up."""
    lit = canonical[..., 0] > DARK
    rows, columns = np.flatnonzero(lit.any(1)), np.flatnonzero(lit.any(0))
    if not len(rows):
        return 0.0
    return float((rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1) / lit.size)


def flat(value: float, warning: float, refused: float) -> Finding | None:
    """Judge the `contrast` of a film."""
    if value >= warning:
        return None
    return Finding("low_contrast", "refused" if value < refused else "warning", "The picture has hardly any contrast.")


def blurred(value: float, warning: float, refused: float) -> Finding | None:
    """Judge the `sharpness` of a film."""
    if value >= warning:
        return None
    return Finding("blurred", "refused" if value < refused else "warning", "The picture is blurred.")


def partial(value: float, warning: float, refused: float) -> Finding | None:
    """Judge how much of the square a film has `filled`."""
    if value >= warning:
        return None
    reason = f"The film is long and narrow or has wide black edges: it fills {value:.0%} of the square that the classifier sees."
    return Finding("not_whole", "refused" if value < refused else "warning", reason)


def coloured(colour: Colour | None) -> Finding | None:
    """Judge the colours of a film's file."""
    if colour is None or colour.share < MARKED_SHARE:
        return None
    if colour.share >= COLOURED_SHARE and colour.variety >= COLOURED_VARIETY:
        return Finding("colour", "refused", f"This is a colour picture: {colour.share:.0%} of it is coloured. An X-ray is grey.")
    return Finding("colour", "warning", "The picture has coloured parts or a tint: a photograph of a screen, or a film with marks on it?")


def guessed(doubts: tuple[str, ...]) -> Finding | None:
    """Judge what had to be guessed about the pixels of a film's file."""
    if not doubts:
        return None
    reasons = (f"The file leaves in doubt how its greys are meant, and they may be wrong: {doubt}." for doubt in doubts)
    return Finding("guessed", "warning", " ".join(reasons))


def not_frontal(view: str | None) -> Finding | None:
    """Judge the view that a DICOM file names."""
    if view in LATERAL_VIEWS:
        return Finding("lateral", "refused", f"The file says that this is a lateral view ({view}). Only frontal films can be read.")
    if view in UNUSUAL_VIEWS:
        return Finding("unusual_view", "warning", f"The file says that this is {UNUSUAL_VIEWS[view]} view ({view}).")
    return None


def other_body_part(part: str | None) -> Finding | None:
    """Judge the body part that a DICOM file names."""
    if part is None or part == CHEST:
        return None
    if part in NEAR_CHEST:
        return Finding("body_part", "warning", f"The file says that this is a film of the {part}, not a chest film as such.")
    return Finding("body_part", "refused", f"The file says that this is a film of another body part ({part}).")


def misplaced(orientation: str | None) -> Finding | None:
    """Judge where a DICOM file says that the rows and columns of a frontal film run to."""
    if orientation is None:
        return None
    row, column = orientation.split("\\")
    if {row, column} & {"A", "P"}:
        reason = "The file says that the film shows the chest from the side (its rows or columns run to the front or back)."
        return Finding("stored_lateral", "refused", f"{reason} Only frontal films can be read.")
    if column != "F":
        reason = "The file says that the film is stored turned (its columns do not run to the patient's feet)."
        return Finding("stored_turned", "warning", reason)
    if row == "R":
        return Finding(
            "stored_mirrored", "warning", "The file says that the film is stored mirrored (its rows run to the patient's right)."
        )
    return None
