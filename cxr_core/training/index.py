"""Which films a data folder holds, with their class, split and near-duplicate group."""

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from cxr_core.imaging import ImageError, decode_film, read_film_file
from cxr_core.labels import CLASS_NAMES
from cxr_core.training.errors import DataSetError

MANIFEST = "manifest.csv"
SPLITS = ("train", "val", "test")
SPLIT_SHARES = {"val": 0.1, "test": 0.2}
NEAR_DUPLICATE_SIDE = 64
NEAR_DUPLICATE_CORRELATION = 0.975
COMPARED_AT_ONCE = 1024
_SUFFIXES = {".png", ".jpg", ".jpeg"}
_COLUMNS = ["path", "label", "split", "group"]


def read_index(data: Path, seed: int = 0, progress: Callable[[int, int], None] | None = None) -> pd.DataFrame:
    """List the films of a data folder.

    A `manifest.csv` in the folder is honoured. Without one, the folder must hold one folder a class, with the films in it or in its
    `images` folder, as the COVID-19 Radiography Database has. If it does not, the first of its sub-folders by name that does is
    taken, and it alone. The split is then drawn 70/10/20 a class from `seed`, by near-duplicate group, so that no film has its like
    on the other side.

    Parameters
    ----------
    data : Path
        The data folder.
    seed : int
        Seed of the split where none is given.
    progress : callable, optional
        Where near-duplicates must be looked for, called with the number of films read so far and of all, after every film.

    Returns
    -------
    pandas.DataFrame
        One row a film: `path` (relative to `data`), `label`, `split` (train, val, test), `group`, and any further columns of the manifest.

    Raises
    ------
    DataSetError
        The folder or manifest cannot be used, with what is missing.
    """
    if (data / MANIFEST).is_file():
        return read_table(data / MANIFEST, _COLUMNS)
    index = list_films(data)
    index["group"] = _near_duplicate_groups(data, index["path"], progress or (lambda done, total: None))
    index["split"] = _draw_split(index, seed)
    return index[_COLUMNS]


def list_films(data: Path) -> pd.DataFrame:
    """List path and class of the films of a data folder, as `read_index` does, without looking at them.

    Raises
    ------
    DataSetError
        The folder or manifest cannot be used, with what is missing.
    """
    if not data.is_dir():
        raise DataSetError(f"There is no data folder {data}.")
    manifest = data / MANIFEST
    return read_table(manifest, _COLUMNS[:2]) if manifest.is_file() else _scan(data)


def index_sha256(index: pd.DataFrame) -> str:
    """Return the SHA-256 of which films are in which split under which class, whatever the order of the rows."""
    text = index[_COLUMNS].sort_values("path").to_csv(index=False, lineterminator="\n")
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()


def class_codes(index: pd.DataFrame) -> np.ndarray:
    """Return the class of each row as an integer, shape (n,), in the order of `CLASS_NAMES`."""
    return index["label"].map(CLASS_NAMES.index).to_numpy(np.int64)


def read_table(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Read a CSV file of a data folder as text.

    Parameters
    ----------
    path : Path
        The file.
    columns : sequence of str
        Columns that it must have, without an empty cell. `label` and `split` may hold known ones only.

    Returns
    -------
    pandas.DataFrame
        All columns of the file, as text.

    Raises
    ------
    DataSetError
        The file cannot be used, with what is wrong.
    """
    try:
        table = pd.read_csv(path, dtype=str)
    except (ValueError, UnicodeDecodeError) as error:
        raise DataSetError(f"{path} is not a CSV file that can be read.") from error
    missing = [column for column in columns if column not in table]
    if missing:
        raise DataSetError(f"{path} lacks the columns {', '.join(missing)}.")
    known = {"label": CLASS_NAMES, "split": SPLITS}
    for column in columns:
        if table[column].isna().any():
            raise DataSetError(f"{path} has an empty {column} in line {int(table[column].isna().argmax()) + 2}.")
        unknown = sorted(set(table[column]) - set(known.get(column, table[column])))
        if unknown:
            raise DataSetError(f"{path} has the {column} {unknown[0]!r}; allowed are {', '.join(known[column])}.")
    return table


def _scan(data: Path) -> pd.DataFrame:
    """List path and class of the films in `data` or, if it lacks a class folder, in the first sub-folder by name that has all four.

    Of each class, the folder `images` is taken where there is one, and else the class folder itself; folders below are not looked
    into, nor other sub-folders.
    """
    candidates = [data, *sorted(path for path in data.iterdir() if path.is_dir())]
    for root in candidates:
        if all((root / name).is_dir() for name in CLASS_NAMES):
            break
    else:
        raise DataSetError(f"{data} has neither a manifest.csv nor the four folders {', '.join(CLASS_NAMES)}.")
    rows = []
    for name in CLASS_NAMES:
        folder = root / name / "images" if (root / name / "images").is_dir() else root / name
        films = sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES)
        if not films:
            raise DataSetError(f"{folder} holds no PNG or JPEG films.")
        rows += [(path.relative_to(data).as_posix(), name) for path in films]
    return pd.DataFrame(rows, columns=["path", "label"])


def _near_duplicate_groups(data: Path, paths: pd.Series, progress: Callable[[int, int], None]) -> np.ndarray:
    """Put films whose thumbnails correlate above the bound into one group, transitively."""
    thumbnails = np.empty((len(paths), NEAR_DUPLICATE_SIDE**2), np.float32)
    pairs = []
    start = 0
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for done, thumbnail in enumerate(pool.map(partial(_thumbnail, data), paths), start=1):
            thumbnails[done - 1] = thumbnail
            if done - start == COMPARED_AT_ONCE or done == len(paths):  # while the pool reads on
                close = np.argwhere(thumbnails[start:done] @ thumbnails[:done].T > NEAR_DUPLICATE_CORRELATION)
                close[:, 0] += start
                pairs.append(close)
                start = done
            progress(done, len(paths))
    first, second = np.concatenate(pairs).T
    links = coo_array((np.ones(len(first), bool), (first, second)), shape=(len(paths),) * 2)
    _, component = connected_components(links, directed=False)
    return np.array([f"g{number}" for number in component])


def _thumbnail(data: Path, path: str) -> np.ndarray:
    """Reduce a film to a vector of mean 0 and length 1, so that the product of two of them is their correlation."""
    try:
        film = decode_film(read_film_file(data / path))
    except ImageError as error:
        raise DataSetError(f"{path}: {error}") from error
    small = cv2.resize(film.pixels, (NEAR_DUPLICATE_SIDE,) * 2, interpolation=cv2.INTER_AREA).ravel()
    small -= small.mean()
    return small / max(float(np.linalg.norm(small)), 1e-6)


def _draw_split(index: pd.DataFrame, seed: int) -> np.ndarray:
    """Deal whole groups to test, then val, until each class has its share there; the rest is train."""
    rng = np.random.default_rng(seed)
    split = np.full(len(index), "train", dtype=object)
    # A group of mixed labels is dealt with the class of its first film.
    group_class = index.groupby("group", sort=True)["label"].first()
    rows_of = index.groupby("group").indices
    for name in CLASS_NAMES:
        groups = rng.permutation(group_class.index[group_class == name].to_numpy())
        total = sum(len(rows_of[group]) for group in groups)
        queue = iter(groups)  # may run out where one group holds most of a class
        for part in ("test", "val"):
            taken = 0
            while taken < round(SPLIT_SHARES[part] * total) and (group := next(queue, None)) is not None:
                rows = rows_of[group]
                split[rows] = part
                taken += len(rows)
    return split
