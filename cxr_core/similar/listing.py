"""The films of one or several data folders with what is known of each, without opening one."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from cxr_core.data import DataSetError, Listed, film_key, list_location, list_own_films
from cxr_core.similar.errors import SimilarError

MOST_FILMS: Final = 100_000
"""Films that an index holds: as many take 0.5 GB of memory while it is searched."""

BETWEEN: Final = ";"
"""Stands between several folders that are named in one line."""


@dataclass(frozen=True, eq=False)
class ListedFilms:
    """Films that can be looked for.

    Attributes
    ----------
    locations : tuple of Path
        Where they come from.
    paths : tuple of Path
        One a film.
    keys : numpy.ndarray
        str, shape (n,): 16 hex digits that stand for a film until its file changes, and name nothing.
    labels, sources : numpy.ndarray
        str, shape (n,): class and source of each; "" where that is not known. Of several folders, one that tells no sources is a source.
    families : numpy.ndarray
        int64, shape (n,): the same number for films that the folders know as one film or of one patient, by their columns `group` and
        `twin`.
    missing : int
        How many more films are listed that are not there.
    """

    locations: tuple[Path, ...]
    paths: tuple[Path, ...]
    keys: np.ndarray
    labels: np.ndarray
    sources: np.ndarray
    families: np.ndarray
    missing: int = 0


def named_locations(text: str) -> tuple[Path, ...]:
    """Return the folders that a line names: one, or several with ``;`` between them; ``~`` is the user's own."""
    try:
        whole = Path(text.strip()).expanduser()
        parts = [text] if whole.exists() else text.split(BETWEEN)
        return tuple(dict.fromkeys(Path(part.strip()).expanduser() for part in parts if part.strip()))
    except (OSError, RuntimeError, ValueError):  # no name of a file, or no such user
        return (Path(text.strip()),)


def list_similar(locations: Sequence[Path], key: Callable[[Path], str | None] = film_key) -> ListedFilms:
    """List the films of data folders.

    Parameters
    ----------
    locations : sequence of Path
        Each a folder with a `manifest.csv`, a manifest under another name, or a folder with a folder a class, of which some may be
        missing. Of the columns only `path` is needed; `label`, `source`, `group` and `twin` are used where they are there, and so is a
        `sources.csv` beside the films.
    key : callable, optional
        Returns what stands for a file; None where there is none.

    Returns
    -------
    ListedFilms
        Each file once.

    Raises
    ------
    SimilarError
        A location is none of these or holds no films, or there are more than `MOST_FILMS`.
    """
    if not locations:
        raise SimilarError("Name a folder with films.")
    tables = [_table(location, number) for number, location in enumerate(locations)]
    films = pd.concat(tables, ignore_index=True)
    films["source"] = films["source"].mask((films["source"] == "") & (len(locations) > 1), films["collection"])
    films = films.assign(family=_families(films)).drop_duplicates("path", ignore_index=True)
    if len(films) > MOST_FILMS:
        raise SimilarError(f"There are {len(films):,} films; at most {MOST_FILMS:,} are searched. Name a folder with fewer.")
    keys = [key(Path(path)) for path in films["path"]]
    there = np.array([one is not None for one in keys])
    if not there.any():
        raise SimilarError(f"{_told(locations)} lists {len(films):,} films, none of which is there. Are they in another folder?")
    kept = films[there]
    return ListedFilms(
        tuple(locations),
        tuple(map(Path, kept["path"])),
        np.array([one for one in keys if one is not None], "U16"),
        kept["label"].to_numpy(str),
        kept["source"].to_numpy(str),
        kept["family"].to_numpy(np.int64),
        int(len(there) - there.sum()),
    )


def _told(locations: Sequence[Path]) -> str:
    return ", ".join(map(str, locations))


def _table(location: Path, number: int) -> pd.DataFrame:
    """Return path (absolute), label, source, group, twin (absolute) and collection of the films of a location, all as text."""
    listed = _listed(location)
    films = listed.films.reindex(columns=["path", "label", "source", "group", "twin"]).fillna("")
    if films.empty:
        raise SimilarError(f"{location} lists no films.")
    root = os.path.abspath(listed.folder)
    for column in ("path", "twin"):
        films[column] = [path and os.path.normpath(os.path.join(root, path)) for path in films[column]]
    # Groups of one collection are none of another's; a film without one is a group of its own.
    films["group"] = (f"{number}:" + films["group"]).mask(films["group"] == "", films["path"])
    return films.assign(collection=listed.name)


def _listed(location: Path) -> Listed:
    try:
        return list_location(location, ["path"])
    except DataSetError:
        # Some of the class folders are missing, or their films lie deeper: as `validate` takes them.
        try:
            own = list_own_films(location)
        except DataSetError as error:
            raise SimilarError(str(error)) from error
        except OSError as error:
            raise SimilarError(f"{location} cannot be read: {error.strerror or error}.") from error
    paths = [os.path.relpath(path, location) for path in own["path"]]
    return Listed(Path(os.path.abspath(location)).name, location, pd.DataFrame({"path": paths, "label": own["label"]}))


def _families(films: pd.DataFrame) -> np.ndarray:
    """Give films of one group, and a film and its twin, one number."""
    names = pd.concat([films["path"], films["twin"].mask(films["twin"] == "", films["path"]), films["group"]], ignore_index=True)
    codes, unique = pd.factorize(names)
    own, twins, groups = codes.reshape(3, -1)
    links = np.concatenate([own, own]), np.concatenate([twins, groups])
    matrix = coo_array((np.ones(len(links[0]), bool), links), shape=(len(unique),) * 2)
    return connected_components(matrix, directed=False)[1][own]
