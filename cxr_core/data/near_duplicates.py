"""Films that look alike, and a split that keeps them on one side."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from cxr_core.data.readable import decoded
from cxr_core.imaging import Film
from cxr_core.labels import CLASS_NAMES

SPLIT_SHARES = {"val": 0.1, "test": 0.2}
NEAR_DUPLICATE_SIDE = 64
NEAR_DUPLICATE_CORRELATION = 0.975
COMPARED_AT_ONCE = 1024


def near_duplicate_groups(root: Path, paths: Sequence[str], progress: Callable[[int, int], None]) -> tuple[np.ndarray, dict[str, str]]:
    """Put films whose thumbnails correlate above the bound into one group, transitively.

    Parameters
    ----------
    root : Path
        The folder that `paths` are relative to.
    paths : sequence of str
        The films.
    progress : callable
        Called with the number of films read so far and of all, after every film.

    Returns
    -------
    groups : numpy.ndarray
        str, shape (n,): the group of each film.
    unreadable : dict of str to str
        By path: why a film cannot be read.
    """
    thumbnails = np.empty((len(paths), NEAR_DUPLICATE_SIDE**2), np.float32)
    unreadable: dict[str, str] = {}
    pairs = []
    start = 0
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for done, thumbnail in enumerate(pool.map(lambda path: _thumbnail(root / path), paths), start=1):
            if isinstance(thumbnail, str):
                unreadable[paths[done - 1]] = thumbnail
            thumbnails[done - 1] = 0 if isinstance(thumbnail, str) else thumbnail  # which is like nothing, not even itself
            if done - start == COMPARED_AT_ONCE or done == len(paths):  # while the pool reads on
                close = np.argwhere(thumbnails[start:done] @ thumbnails[:done].T > NEAR_DUPLICATE_CORRELATION)
                close[:, 0] += start
                pairs.append(close)
                start = done
            progress(done, len(paths))
    first, second = np.concatenate([*pairs, np.zeros((0, 2), int)]).T
    links = coo_array((np.ones(len(first), bool), (first, second)), shape=(len(paths),) * 2)
    _, component = connected_components(links, directed=False)
    return np.array([f"g{number}" for number in component]), unreadable


def draw_split(films: pd.DataFrame, seed: int) -> np.ndarray:
    """Deal whole groups to the test films, then to the validation films, until each class has its share there; training takes the rest.

    Parameters
    ----------
    films : pandas.DataFrame
        With `label` and `group`; the rows are numbered from 0.
    seed : int
        Seed of the order of the groups.

    Returns
    -------
    numpy.ndarray
        str, shape (n,): the split of each film.
    """
    rng = np.random.default_rng(seed)
    split = np.full(len(films), "train", dtype=object)
    # A group of mixed labels is dealt with the class of its first film.
    group_class = films.groupby("group", sort=True)["label"].first()
    rows_of = films.groupby("group").indices
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


def thumbnail_of(film: Film) -> np.ndarray:
    """Reduce a film to a vector of mean 0 and length 1, so that the product of two of them is their correlation.

    Parameters
    ----------
    film : Film
        The film.

    Returns
    -------
    numpy.ndarray
        float32, shape (NEAR_DUPLICATE_SIDE**2,).
    """
    small = cv2.resize(film.pixels, (NEAR_DUPLICATE_SIDE,) * 2, interpolation=cv2.INTER_AREA).ravel()
    small -= small.mean()
    return small / max(float(np.linalg.norm(small)), 1e-6)


def _thumbnail(path: Path) -> np.ndarray | str:
    """Return the vector of a film that is to be decoded, or say what ails it."""
    film = decoded(path)
    return film if isinstance(film, str) else thumbnail_of(film)
