"""How far the probabilities move when the film is laid and exposed a little differently."""

import cv2
import numpy as np

SHIFT = 0.02
ZOOM = 1.04
GAMMA = 1.15
"""How far a view is shifted (share of the side), enlarged or reduced, and brightened or darkened: a film laid and exposed with a little
less care, well inside what the mild augmentation of the training draws (`cxr_core.training.augment`)."""

TTA_VIEWS = 2


def tta_views(film: np.ndarray) -> np.ndarray:
    """Change a canonical film a little in two opposite ways; the same film always gives the same views.

    The first view is cropped (enlarged by `ZOOM`), shifted down and right, and darkened; the second is reduced, shifted up and left, and
    brightened. Each combines three changes because every view costs another pass through the network.

    Parameters
    ----------
    film : numpy.ndarray
        float32, shape (size, size, 1), values in [0, 1], from `model_input`.

    Returns
    -------
    numpy.ndarray
        float32, shape (`TTA_VIEWS`, size, size, 1), values in [0, 1]; black where the view reaches beyond the film.
    """
    size = len(film)
    views = []
    for zoom, shift, gamma in ((ZOOM, SHIFT, GAMMA), (1 / ZOOM, -SHIFT, 1 / GAMMA)):
        offset = shift * size + (1 - zoom) * (size - 1) / 2  # enlarged about the middle
        # OpenCV rather than products of matrices: after those NumPy's threads wait for more, in the way of the network's.
        matrix = np.array([[zoom, 0, offset], [0, zoom, offset]])
        moved = cv2.warpAffine(film[..., 0], matrix, (size, size), flags=cv2.INTER_LINEAR)
        views.append(np.clip(moved, 0, 1) ** np.float32(gamma))
    return np.stack(views)[..., np.newaxis]


def spread(probabilities: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the range of each class's probability over the views of one film, the film itself among them.

    Parameters
    ----------
    probabilities : numpy.ndarray
        Shape (k, 4): calibrated, a row a view.

    Returns
    -------
    low, high : numpy.ndarray
        Shape (4,).
    """
    return probabilities.min(0), probabilities.max(0)
