"""The films of a data set, whatever collections they come from."""

import hashlib
import os
import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from cxr_core.data.faults import Fault
from cxr_core.data.location import COLUMNS, FILES, with_film_paths
from cxr_core.data.tables import SPLITS, read_table
from cxr_core.labels import CLASS_NAMES, split_films


@dataclass(frozen=True)
class DataSet:
    """Films of one or several collections.

    Attributes
    ----------
    root : Path
        The folder that the films' paths are relative to.
    films : pandas.DataFrame
        One row a film: `path`, `label`, `split` (train, val, test), `group`, `collection`, `source`, `age`, and any further columns of
        the manifests; all text, empty where nothing is known.
    folders : tuple of Path
        The folder of each collection.
    notes : tuple of Fault
        What was passed over on the way, and what is worth knowing.
    broken : int
        How many films that cannot be read were left out.
    decoded : bool
        Whether all of them were decoded to find that out.
    trained_and_tested : int
        Groups of a collection, as a rule patients, of which some films are in training and others, whose twins stand there, in test.
    """

    root: Path
    films: pd.DataFrame
    folders: tuple[Path, ...] = ()
    notes: tuple[Fault, ...] = ()
    broken: int = 0
    decoded: bool = False
    trained_and_tested: int = 0

    def table_beside(self, name: str, columns: Sequence[str]) -> pd.DataFrame | None:
        """Read a further table of films that lies beside a collection.

        Parameters
        ----------
        name : str
            Its file name.
        columns : sequence of str
            Columns that it must have, without an empty cell.

        Returns
        -------
        pandas.DataFrame or None
            From the first folder that has one, the columns of `FILES` relative to `root`, as `film_path` finds them; None where none has.

        Raises
        ------
        DataSetError
            The table cannot be used, with everything that is wrong.
        """
        folder = next((folder for folder in self.folders if (folder / name).is_file()), None)
        if folder is None:
            return None
        return placed(self.root, folder, with_film_paths(folder, read_table(folder / name, columns)))


def index_sha256(films: pd.DataFrame) -> str:
    """Return the SHA-256 of which films are in which split under which class, whatever the order of the rows."""
    text = films[COLUMNS].sort_values("path").to_csv(index=False, lineterminator="\n")
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()


def class_codes(films: pd.DataFrame) -> np.ndarray:
    """Return the class of each row as an integer, shape (n,), in the order of `CLASS_NAMES`."""
    return films["label"].map(CLASS_NAMES.index).to_numpy(np.int64)


def absent_classes(films: pd.DataFrame) -> list[str]:
    """Say in a sentence a split which classes the training, validation or test films lack."""
    sentences = []
    for split in SPLITS:
        there = set(films.loc[films["split"] == split, "label"])
        if absent := [name for name in CLASS_NAMES if name not in there]:
            sentences.append(f"The {split_films(split)} hold none of {', '.join(absent)}.")
    return sentences


def placed(root: Path, folder: Path, films: pd.DataFrame) -> pd.DataFrame:
    """Make the paths in a table, which are relative to a folder, relative to the root."""
    if folder != root:
        way = way_to(root, folder)
        for column in films.columns.intersection(FILES):
            films[column] = [path and posixpath.normpath(posixpath.join(way, path)) for path in films[column]]
    return films


def way_to(root: Path, folder: Path) -> str:
    """Return the path of a folder relative to the root."""
    return Path(os.path.relpath(folder, root)).as_posix()
