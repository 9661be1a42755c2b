"""A film drawn in code, for trying the program and testing it without a patient's image."""

import cv2
import numpy as np

from cxr_core.imaging.film import Film


def draw_phantom(height: int = 1024, width: int = 1024, seed: int = 0, opacity: float = 0.0) -> Film:
    """Draw a chest phantom: body, lungs, ribs, spine, heart and diaphragm.

    It looks like a frontal chest film from afar and is of no patient. What a classifier says of it means nothing.

    Parameters
    ----------
    height, width : int
        Extent in pixels, at least 64 each.
    seed : int
        Varies proportions and noise.
    opacity : float
        In [0, 1]: density of a round shadow in the right lung (left in the image).

    Returns
    -------
    Film
        With ``format`` "drawing".
    """
    rng = np.random.default_rng(seed)
    canvas = np.full((height, width), 0.04, np.float32)

    def ellipse(cx: float, cy: float, rx: float, ry: float, tilt: float = 0.0) -> np.ndarray:
        mask = np.zeros((height, width), np.float32)
        centre, axes = (round(cx * width), round(cy * height)), (round(rx * width), round(ry * height))
        cv2.ellipse(mask, centre, axes, tilt, 0, 360, 1.0, -1, cv2.LINE_AA)
        return mask

    def soften(mask: np.ndarray, share: float) -> np.ndarray:
        return cv2.GaussianBlur(mask, (0, 0), max(0.5, share * min(height, width)))

    def wobble() -> float:
        return float(rng.uniform(0.95, 1.05))

    body = soften(np.maximum(ellipse(0.5, 0.62, 0.46, 0.62), ellipse(0.5, 0.1, 0.14, 0.3)), 0.01)
    canvas += 0.55 * body
    lungs = np.maximum(ellipse(0.29, 0.47, 0.145 * wobble(), 0.34 * wobble(), 6), ellipse(0.71, 0.47, 0.14 * wobble(), 0.34 * wobble(), -6))
    lungs *= 1 - np.maximum(ellipse(0.28, 0.98, 0.26, 0.24), ellipse(0.73, 1.0, 0.26, 0.24))
    lungs = soften(lungs, 0.006)
    canvas -= 0.42 * lungs
    for number in range(9):
        y = 0.12 + 0.085 * number
        for side in (-1, 1):
            rib = np.zeros((height, width), np.float32)
            centre = (round((0.5 + side * 0.17) * width), round((y + 0.09) * height))
            axes = (round(0.245 * width), round(0.12 * height))
            cv2.ellipse(rib, centre, axes, side * 14, 190, 350, 1.0, max(1, round(0.014 * height)), cv2.LINE_AA)
            canvas += 0.085 * body * soften(rib, 0.003)
    for side in (-1, 1):
        collar = np.zeros((height, width), np.float32)
        start, end = (
            (round((0.5 + side * 0.05) * width), round(0.18 * height)),
            (round((0.5 + side * 0.4) * width), round(0.09 * height)),
        )
        cv2.line(collar, start, end, 1.0, max(1, round(0.022 * height)), cv2.LINE_AA)
        canvas += 0.16 * body * soften(collar, 0.003)
    canvas += 0.2 * soften(ellipse(0.5, 0.5, 0.045, 0.6), 0.008)
    canvas += 0.3 * soften(np.maximum(ellipse(0.55, 0.63, 0.14 * wobble(), 0.15, 35), ellipse(0.5, 0.4, 0.065, 0.2)), 0.012)
    canvas += 0.3 * opacity * soften(ellipse(0.28, 0.6, 0.08, 0.09), 0.02)
    canvas += rng.normal(0, 0.012, canvas.shape).astype(np.float32)
    return Film(canvas.clip(0.0, 1.0).astype(np.float32), 8, "drawing", ("drawn in code: a phantom, not a patient",))
