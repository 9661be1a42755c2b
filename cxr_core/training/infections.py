"""Outlines of infections, as map supervision takes them."""

from pathlib import Path

import cv2
import numpy as np
import pandas as pd

from cxr_core.data import DataSetError, film_path, read_mask, read_table
from cxr_core.imaging import ImageError, decode_film, read_film_file
from cxr_core.lungs import prepare
from cxr_core.training.recipe import Recipe

MASKS = "masks.csv"


def outlined_infections(data: Path, rows: pd.DataFrame, recipe: Recipe) -> dict[int, np.ndarray]:
    """Read where infections were outlined on films, over what the classifier sees of them.

    Parameters
    ----------
    data : Path
        The folder that the paths are relative to; its `masks.csv` has columns path and infection where there are outlines.
    rows : pandas.DataFrame
        The films, with a column `path`.
    recipe : Recipe
        Says what the classifier sees.

    Returns
    -------
    dict of int to numpy.ndarray
        By number of the row, from 0: uint8, shape (size, size), 0 to 255. Films without an outline are left out.

    Raises
    ------
    DataSetError
        An outline or its film cannot be read.
    """
    if not (data / MASKS).is_file():
        return {}
    table = read_table(data / MASKS, ("path",))
    if "infection" not in table:
        return {}
    table = table[table["infection"] != ""]
    for column in ("path", "infection"):
        table[column] = [film_path(data, path) for path in table[column]]
    outlines = table.drop_duplicates("path").set_index("path")["infection"]
    found = {}
    for number, path in enumerate(rows["path"]):
        if path not in outlines:
            continue
        try:
            box = prepare(decode_film(read_film_file(data / path)), recipe.size, recipe.crop).box
        except ImageError as error:
            raise DataSetError(f"{path}: {error}") from error
        mask = read_mask(data, outlines[path])
        if not mask.any():  # some outlines of the public masks are empty
            continue
        height, width = mask.shape
        top, bottom = int(box.top * height), max(int(box.top * height) + 1, round(box.bottom * height))
        left, right = int(box.left * width), max(int(box.left * width) + 1, round(box.right * width))
        cut = cv2.resize(mask[top:bottom, left:right].astype(np.float32), (recipe.size, recipe.size), interpolation=cv2.INTER_AREA)
        found[number] = np.rint(cut * 255).astype(np.uint8)
    return found
