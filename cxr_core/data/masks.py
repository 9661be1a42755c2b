"""Outlines that people drew over films: lungs, infections."""

from pathlib import Path

import cv2
import numpy as np

from cxr_core.data.errors import DataSetError


def read_mask(root: Path, path: str) -> np.ndarray:
    """Read a mask: bool, shape (height, width).

    Raises
    ------
    DataSetError
        It cannot be read.
    """
    pixels = cv2.imread(str(root / path), cv2.IMREAD_GRAYSCALE)
    if pixels is None:
        raise DataSetError(f"{path}: The mask cannot be read.")
    return pixels > 0
