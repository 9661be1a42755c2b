"""One film, or one patient, in two splits or under two labels: what makes every figure of a test split a lie."""

import hashlib
import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from cxr_core.data.faults import TOLD, Fault
from cxr_core.data.tables import HELD

SAMPLED_BYTES = 2**16
"""So much of each end of a file tells most films of one length apart; only what is alike there is read whole."""


def find_leaks(root: Path, films: pd.DataFrame, alike: np.ndarray | None = None) -> list[Fault]:
    """Find films and groups that stand in several splits or under several labels.

    One film are the paths that lead to one file, by whatever detour or link, files of the same bytes, and a film and its `twin`.

    Parameters
    ----------
    root : Path
        The folder that the paths are relative to.
    films : pandas.DataFrame
        With `path`, `label`, `split`, `group`, and `twin` where there are twins. Films that are `held` join others, but stand nowhere.
    alike : numpy.ndarray, optional
        bool, shape (n,): groups of films that only look alike. Under several labels they are told, and nothing stops.

    Returns
    -------
    list of Fault
        One for each film or group, and each kind of leak.
    """
    faults = []
    used = films[films["split"] != HELD]
    same = pd.Series(_same_film(root, films), films.index)[used.index]
    for rows, reason in _crossing(used, same):
        paths = list(rows["path"].unique())
        copies = f" (also as {_listed(paths[1:])})" if len(paths) > 1 else ""
        faults.append(Fault(paths[0], f"one film stands {reason}{copies}", paths=tuple(paths)))
    looks_only = pd.Series(False if alike is None else alike, films.index)
    for rows, reason in _crossing(used, used["group"]):
        stops = not looks_only[rows.index].all()
        group = rows["group"].iloc[0]
        paths = list(rows["path"].unique())
        told = f"{len(rows)} films stand {reason} ({_listed(paths)})"
        faults.append(Fault(f"group {group}" if stops else f"films that look alike, {group}", told, stops, paths=tuple(paths)))
    return faults


def same_files(root: Path, films: Sequence[str], others: Sequence[str]) -> list[str]:
    """Find the films that are among others too: the same file, by whatever detour or link, or one of the same bytes.

    Parameters
    ----------
    root : Path
        The folder that the paths are relative to.
    films, others : sequence of str
        Their paths. Files that are not there are the same by their paths alone.

    Returns
    -------
    list of str
        Of `films`, those that are among `others`.
    """
    listed = listed_as(root, films, others)
    return [film for film in films if film in listed]


def listed_as(root: Path, films: Sequence[str], others: Sequence[str]) -> dict[str, str]:
    """Find as what other paths films are listed that are the same; parameters as of `same_files`.

    Returns
    -------
    dict of str to str
        For those of `films` that are among `others`: the path of one there.
    """
    ours, theirs = ([os.path.abspath(root / path) for path in paths] for paths in (films, others))
    known: dict[object, str] = dict(zip(theirs, others, strict=True))
    # Of thousands of others only those of a length that occurs are read.
    lengths = {file[-1] for path in ours if (file := _file(path)) is not None}
    like = [path for path in theirs if (file := _file(path)) is not None and file[-1] in lengths]
    contents = _contents([*ours, *like])
    known |= {key: known[path] for key, path in zip(contents[len(ours) :], like, strict=True) if key is not None}
    keys = zip(films, ours, contents, strict=False)
    return {film: known[path if path in known else key] for film, path, key in keys if path in known or key in known}


def _crossing(films: pd.DataFrame, members: pd.Series) -> Iterator[tuple[pd.DataFrame, str]]:
    """Find the films that belong together and stand in several splits, or under several labels, and say in which."""
    for column, word in (("split", "in"), ("label", "under")):
        several = films.groupby(members, sort=False)[column].transform("nunique") > 1
        for _, rows in films[several].groupby(members[several], sort=False):
            values = list(rows[column].unique())
            yield rows, f"{word} {', '.join(values[:-1])} and {values[-1]}"


def _listed(paths: Sequence[str]) -> str:
    return ", ".join(paths[:TOLD]) + (f" and {len(paths) - TOLD} more" if len(paths) > TOLD else "")


def _same_film(root: Path, films: pd.DataFrame) -> np.ndarray:
    """Give the rows of one film one number, int (n,)."""
    paths = [os.path.abspath(root / path) for path in films["path"]]
    twins = [os.path.abspath(root / twin) if twin else "" for twin in films["twin"]] if "twin" in films else [""] * len(films)
    first: dict[object, int] = {}
    links = []
    for row, keys in enumerate(zip(paths, twins, _contents(paths), strict=True)):
        links += [(row, first.setdefault(key, row)) for key in keys if key]
    ones, others = np.array(links, int).reshape(-1, 2).T
    matrix = coo_array((np.ones(len(links), bool), (ones, others)), shape=(len(films),) * 2)
    return connected_components(matrix, directed=False)[1]


def _contents(paths: Sequence[str]) -> list[tuple[Any, ...] | None]:
    """Return what is the same for files of the same bytes alone; None for one that is not there."""
    files = [_file(path) for path in paths]
    path_of = {file: path for file, path in zip(files, paths, strict=True) if file is not None}
    key_of: dict[tuple[int, ...], tuple[Any, ...]] = {file: file[-1:] for file in path_of}  # by length; then, where alike, by more
    for digest in (_of_ends, _of_all):
        alike = Counter(key_of.values())
        for file, key in key_of.items():
            if alike[key] > 1:
                key_of[file] = (*key, digest(path_of[file]))
    return [None if file is None else key_of[file] for file in files]


def _file(path: str) -> tuple[int, ...] | None:
    """Return what is the same for all paths to one file, its length last; None where there are no bytes to be compared."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return (found.st_dev, found.st_ino, found.st_size) if stat.S_ISREG(found.st_mode) and found.st_size else None


def _of_ends(path: str) -> str:
    return _digest(path, SAMPLED_BYTES)


def _of_all(path: str) -> str:
    return _digest(path, None)


def _digest(path: str, sampled: int | None) -> str:
    """Return the hash of a file, or of its two ends; one that cannot be read is like no other."""
    try:
        with open(path, "rb") as file:
            found = hashlib.sha256()
            if sampled is None:
                for block in iter(lambda: file.read(2**20), b""):
                    found.update(block)
            else:
                found.update(file.read(sampled))
                file.seek(max(0, os.fstat(file.fileno()).st_size - sampled))
                found.update(file.read(sampled))
            return found.hexdigest()
    except OSError:
        return path
