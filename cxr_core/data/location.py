"""What one location of films lists: a folder in the class layout, a folder with a manifest, or a manifest alone."""

import os
import posixpath
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from cxr_core.data.errors import DataSetError
from cxr_core.data.faults import Fault, refuse
from cxr_core.data.folders import scan_classes
from cxr_core.data.tables import cell_faults, read_rows, read_table
from cxr_core.imaging import SYSTEM_NAMES

MANIFEST = "manifest.csv"
SOURCES = "sources.csv"
COLUMNS = ["path", "label", "split", "group"]
ORIGIN = ["source", "age"]
FILES = ["path", "twin", "lungs", "infection"]
"""Columns of tables that name files."""

_NO_GROUP = ("na", "n/a", "nan", "null", "none")
"""What spreadsheets and programs write where nothing is known, in small letters."""


@dataclass
class Listed:
    """The films of one location.

    Attributes
    ----------
    name : str
        Of the collection: that of the folder, or of the manifest without its suffix.
    folder : Path
        The folder that its paths are relative to.
    films : pandas.DataFrame
        `path`, `label`, `source`, `age`, from a manifest also `split`, `group` and whatever else it has; without rows that cannot be used.
    faults : list of Fault
        What is wrong with the rest, and what was passed over.
    """

    name: str
    folder: Path
    films: pd.DataFrame
    faults: list[Fault] = field(default_factory=list)


def list_location(location: Path, columns: list[str] | None = None) -> Listed:
    """List the films of a location, without looking at them.

    Parameters
    ----------
    location : Path
        A folder with a `manifest.csv` or with one folder a class, as `scan_classes` reads it; or a manifest under any name, whose paths
        are relative to its folder. A `sources.csv` beside the films tells where they come from.
    columns : list of str, optional
        Columns that a manifest must have; without it `COLUMNS`.

    Returns
    -------
    Listed

    Raises
    ------
    DataSetError
        There is nothing of the kind, or it is no table.
    """
    wanted = columns or COLUMNS
    try:
        if location.is_file():
            return _of_manifest(location, location.stem, wanted)
        if not location.is_dir():
            raise DataSetError(f"There is no data folder {location}.")
        if (location / MANIFEST).is_file():
            return _of_manifest(location / MANIFEST, Path(os.path.abspath(location)).name, wanted)
        films, faults = scan_classes(location)
        return Listed(Path(os.path.abspath(location)).name, location, _with_origin(films, location), faults)
    except OSError as error:
        raise DataSetError(f"{location} cannot be read: {error.strerror or error}.") from error


def list_films(data: Path) -> pd.DataFrame:
    """List path and class of the films of a location, as `open_collections` does, without looking at them.

    Raises
    ------
    DataSetError
        The location cannot be used, with everything that is wrong.
    """
    listed = list_location(data, COLUMNS[:2])
    refuse(listed.faults)
    return listed.films[COLUMNS[:2]]


def _of_manifest(manifest: Path, name: str, columns: list[str]) -> Listed:
    table = read_rows(manifest, columns)
    left_by_systems = table["path"].map(_left_by_a_system).astype(bool)
    faults = [Fault(path, "a hidden file; passed over", stops=False) for path in table["path"][left_by_systems]]
    table = table[~left_by_systems]
    wrong = cell_faults(table, manifest, columns)
    table = table.drop(index={fault.line for fault in wrong if fault.line}).reset_index(drop=True)
    table = with_film_paths(manifest.parent, table)
    if "group" in table:
        unknown = table["group"].str.lower().isin(_NO_GROUP)
        table["group"] = table["group"].mask(unknown, table["path"])
        if unknown.any():
            told = f"{unknown.sum():,} films have a group that is not known (NA or the like); each is a group of its own"
            faults.append(Fault(manifest.name, told, stops=False))
    return Listed(name, manifest.parent, _with_origin(table, manifest.parent), faults + wrong)


def film_path(folder: Path, path: str) -> str:
    r"""Return the path of a film as it is found from a folder: spaces around it, \ for / and detours are mended where it is not else."""
    if not os.path.lexists(folder / path):
        variants = (path.strip(), path.replace("\\", "/"), path.strip().replace("\\", "/"))
        path = next((variant for variant in variants if os.path.lexists(folder / variant)), path)
    straight = posixpath.normpath(path)
    if os.path.isabs(straight):
        inside = os.path.relpath(straight, folder)
        straight = straight if inside.startswith(os.pardir) else Path(inside).as_posix()
    if straight == path:
        return path
    try:  # a detour over a link leads elsewhere
        return straight if os.path.samefile(folder / straight, folder / path) else path
    except OSError:
        return path


def with_film_paths(folder: Path, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table in which all columns of `FILES` hold paths as `film_path` finds them from a folder."""
    found = {column: [path and film_path(folder, path) for path in table[column]] for column in table.columns.intersection(FILES)}
    return table.assign(**found)


def _left_by_a_system(path: str) -> bool:
    parts = path.replace("\\", "/").split("/")
    return parts[-1].startswith("._") or any(part == ".ipynb_checkpoints" or part.lower() in SYSTEM_NAMES for part in parts)


def _with_origin(films: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """Add where films come from: what the manifest says, else what a `sources.csv` beside it says, else nothing."""
    known = pd.DataFrame(index=pd.Index([], name="path"))
    if (folder / SOURCES).is_file():
        table = read_table(folder / SOURCES, ["path"])
        table["path"] = [film_path(folder, path) for path in table["path"]]
        known = table.drop_duplicates("path").set_index("path")
    for column in ORIGIN:
        beside = films["path"].map(known[column]).fillna("") if column in known else pd.Series("", films.index)
        films[column] = films[column].where(films[column] != "", beside) if column in films else beside
    return films
