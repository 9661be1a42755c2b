"""A user's own films with their classes: any kind of file that the read page takes, some classes perhaps missing, no split."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from cxr_core.data.errors import DataSetError
from cxr_core.data.location import MANIFEST, film_path
from cxr_core.data.tables import read_table
from cxr_core.imaging import ImageError, is_hidden, read_film_file
from cxr_core.labels import CLASS_NAMES


def list_own_films(data: Path) -> pd.DataFrame:
    """List path and class of a user's own films, without opening one.

    Parameters
    ----------
    data : Path
        A CSV file with the columns `path` (from the CSV's folder on) and `label`; a folder with such a `manifest.csv`; or a folder with a
        folder for each class that there are films of. Of the class folders every file counts as a film, in folders below as well, but
        for hidden ones; where a class folder has an `images` folder, that one alone is taken.

    Returns
    -------
    pandas.DataFrame
        One row a film: `path` (Path) and `label`.

    Raises
    ------
    DataSetError
        There are no films, with what is missing; or a row of the CSV file is empty or names another class.
    """
    table = data / MANIFEST if data.is_dir() else data
    if table.is_file():
        listed = read_table(table, ["path", "label"])
        if listed.empty:
            raise DataSetError(f"{table} lists no films.")
        return pd.DataFrame({"path": [table.parent / film_path(table.parent, path) for path in listed["path"]], "label": listed["label"]})
    if not data.is_dir():
        raise DataSetError(f"There is no data folder and no CSV file {data}.")
    rows = [(path, name) for name in CLASS_NAMES for path in _films_below(data / name)]
    if not rows:
        raise DataSetError(
            f"{data} holds no films. Put them into folders named {', '.join(CLASS_NAMES)} (some may be missing), or list them in a "
            f"{MANIFEST} with the columns path and label."
        )
    return pd.DataFrame(rows, columns=["path", "label"])


def without_repeats(films: pd.DataFrame) -> pd.DataFrame:
    """Leave out films whose file holds the same bytes as one before.

    Parameters
    ----------
    films : pandas.DataFrame
        From `list_own_films`.

    Returns
    -------
    pandas.DataFrame
        The films that are left, in order. Files that cannot be opened are left in.

    Raises
    ------
    DataSetError
        The same film has two classes, with the files.
    """
    first: dict[str, int] = {}
    kept = []
    of_size = pd.Series([_size(path) for path in films["path"]])
    alone = ~of_size.duplicated(keep=False) | (of_size < 0)
    for row, (path, label) in enumerate(zip(films["path"], films["label"], strict=True)):
        digest = f"row {row}" if alone[row] else _digest(path, row)
        before = first.setdefault(digest, row)
        if before == row:
            kept.append(row)
        elif films["label"].iloc[before] != label:
            raise DataSetError(f"{films['path'].iloc[before]} and {path} are the same film, under two classes. Remove one of them.")
    return films.iloc[kept].reset_index(drop=True)


def _films_below(folder: Path) -> Iterable[Path]:
    root = folder / "images" if (folder / "images").is_dir() else folder
    return sorted(path for path in root.rglob("*") if not any(map(is_hidden, path.relative_to(root).parts)) and path.is_file())


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else -1
    except OSError:
        return -1


def _digest(path: Path, row: int) -> str:
    try:
        return hashlib.sha256(read_film_file(path)).hexdigest()
    except ImageError:
        return f"row {row}"
