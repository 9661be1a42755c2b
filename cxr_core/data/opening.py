"""From the locations that a user names to one data set, with everything that is wrong found at once."""

import os
import posixpath
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from cxr_core.data.data_set import DataSet, absent_classes, placed, way_to
from cxr_core.data.errors import DataSetError
from cxr_core.data.faults import TOLD, Fault, refuse
from cxr_core.data.leaks import find_leaks, listed_as
from cxr_core.data.location import COLUMNS, ORIGIN, Listed, list_location
from cxr_core.data.near_duplicates import draw_split, near_duplicate_groups
from cxr_core.data.readable import unreadable_films
from cxr_core.data.tables import HELD

Progress = Callable[[str, int, int], None]
"""Called with what is looked for, how many films were looked at, and how many there are."""


@dataclass(frozen=True)
class Survey:
    """What was found at the locations of a data set.

    Attributes
    ----------
    data_set : DataSet or None
        What can be used; None if nothing can.
    faults : tuple of Fault
        All that is wrong, passed over or worth knowing.
    """

    data_set: DataSet | None
    faults: tuple[Fault, ...]


def open_collections(
    locations: Sequence[Path], seed: int = 0, progress: Progress | None = None, *, cache: Path | None = None, skip_broken: bool = False
) -> DataSet:
    """Open one or several collections of films as one data set.

    Parameters
    ----------
    locations : sequence of Path
        Each a folder with a `manifest.csv`, a folder with one folder a class, or a manifest under another name, whose paths are relative
        to its folder. Where no manifest fixes the split it is drawn 70/10/20 a class from `seed`, by near-duplicate group over all
        folders together, so that no film has its like on the other side; films that look like those of a manifest follow them. Rows
        whose split is `held` are left out. A film whose `twin` (the same film in another collection) is there belongs to the twin's
        group; other groups are the collection's own.
    seed : int
        Seed of the split where none is given.
    progress : callable, optional
        See `Progress`.
    cache : Path, optional
        With it, every film is decoded to find those that cannot be read, and it is kept there which could. Without it, films whose split
        is given are only looked for.
    skip_broken : bool
        Leave out films that are missing or cannot be read, in place of refusing the data set.

    Returns
    -------
    DataSet
        With one location, the paths are relative to its folder; with several, to the folder that holds them all.

    Raises
    ------
    DataSetError
        Something cannot be used, with everything that is wrong; or a film or a group stands in several splits or under several labels.
    """
    found = survey_collections(locations, seed, progress, cache=cache, skip_broken=skip_broken)
    refuse(found.faults)
    if found.data_set is None:
        raise DataSetError("The data set holds no films.")
    return found.data_set


def survey_collections(
    locations: Sequence[Path], seed: int = 0, progress: Progress | None = None, *, cache: Path | None = None, skip_broken: bool = False
) -> Survey:
    """Find all that is wrong with a data set; parameters as in `open_collections`, and nothing is raised."""
    report = progress or (lambda what, done, total: None)
    faults: list[Fault] = [] if locations else [Fault("", "No data folder is named; name one with --data")]
    listed = []
    for location in locations:
        try:
            listed.append(list_location(location))
        except DataSetError as error:
            faults.append(Fault("", str(error).rstrip(".")))
    if not listed:
        return Survey(None, tuple(faults))
    root = _common_root([one.folder for one in listed])
    films, of_tables = _one_table(listed, root)
    films, of_films = _without_broken(films, root, seed, cache, report)
    broken = len(of_films)
    if skip_broken:
        of_films = [replace(fault, reason=f"{fault.reason}; left out", stops=False) for fault in of_films]
    films, of_twins, trained_and_tested = _joined_to_twins(films, root)
    leaks = find_leaks(root, films, (films["given"] == "").to_numpy())
    films = films[films["split"] != HELD].drop(columns="given").reset_index(drop=True)
    first = [*COLUMNS, "collection", *ORIGIN]
    films = films[[*first, *(column for column in films if column not in first)]]
    absent = [Fault("", sentence.rstrip("."), stops=False) for sentence in absent_classes(films)]
    faults = [*absent, *faults, *of_tables, *of_films, *leaks, *of_twins]  # of many notes only the first are shown
    notes = tuple(fault for fault in faults if not fault.stops)
    if films.empty:
        return Survey(None, tuple(faults))
    folders = tuple(one.folder for one in listed)
    return Survey(DataSet(root, films, folders, notes, broken, cache is not None, trained_and_tested), tuple(faults))


def _common_root(folders: list[Path]) -> Path:
    return folders[0] if len(folders) == 1 else Path(os.path.commonpath([os.path.abspath(folder) for folder in folders]))


def _one_table(listed: list[Listed], root: Path) -> tuple[pd.DataFrame, list[Fault]]:
    """Put the films of all locations into one table, with a column `given` that holds the split of those that have one."""
    tables, faults = [], []
    names: list[str] = []
    for one in listed:
        same = sum(listed[place].name == one.name for place in range(len(names)))
        names.append(f"{one.name}-{same + 1}" if same else one.name)
        films = placed(root, one.folder, one.films.assign(collection=names[-1]))
        if len(listed) > 1 and "group" in films:
            films["group"] = names[-1] + ":" + films["group"]
        tables.append(films)
        way = way_to(root, one.folder)
        of_films = [fault for fault in one.faults if not fault.line]
        faults += [fault for fault in one.faults if fault.line]
        faults += [replace(fault, where=posixpath.normpath(posixpath.join(way, fault.where))) for fault in of_films]
    films = pd.concat(tables, ignore_index=True).reindex(columns=_columns(tables)).fillna("")
    again = films.duplicated(["path", "label", "split"])
    # A folder without a manifest lists the same film that a manifest gives a split to: the manifest's row is the one that counts.
    film = pd.MultiIndex.from_frame(films[["path", "label"]])
    again |= (films["split"] == "") & film.isin(film[films["split"] != ""])
    faults += [Fault(path, "is listed again; taken once", stops=False) for path in films["path"][again]]
    films = films[~again].reset_index(drop=True)
    return films.assign(given=films["split"]), faults


def _columns(tables: list[pd.DataFrame]) -> list[str]:
    return list(dict.fromkeys([*COLUMNS, *(column for table in tables for column in table)]))


def _without_broken(films: pd.DataFrame, root: Path, seed: int, cache: Path | None, progress: Progress) -> tuple[pd.DataFrame, list[Fault]]:
    """Leave out films that are missing or cannot be read, and draw the split of the rest where none is given."""
    used = films["split"] != HELD
    paths = list(films["path"][used])
    if (films["given"] == "").any():
        groups, reasons = near_duplicate_groups(root, paths, lambda done, total: progress("near-duplicates", done, total))
        films.loc[used, "alike"] = groups
    else:
        reasons = unreadable_films(root, paths, cache, lambda done, total: progress("films that cannot be read", done, total))
    films = films[~used | ~films["path"].isin(reasons)].reset_index(drop=True)
    if "alike" in films:
        films = _split_where_none_is_given(films, seed).drop(columns="alike")
    return films, [Fault(path, reason, broken=True) for path, reason in reasons.items()]


def _split_where_none_is_given(films: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Let films follow those that they look like into a split that is given; draw that of the rest."""
    drawn = films["given"] == ""
    given = films[~drawn].groupby("alike")["split"].first()
    films.loc[drawn, "split"] = films["alike"][drawn].map(given).fillna("")
    # Beside manifests a name for the search itself: it went through all folders without one.
    films.loc[drawn, "group"] = films["alike"][drawn] if drawn.all() else "alike:" + films["alike"][drawn]
    rest = films["split"] == ""
    films.loc[rest, "split"] = draw_split(films[rest].reset_index(drop=True), seed)
    return films


def _joined_to_twins(films: pd.DataFrame, root: Path) -> tuple[pd.DataFrame, list[Fault], int]:
    """Give a film whose twin is there, by whatever way to it, the twin's group.

    Says which groups that divides, and counts those with films in training and in test.
    """
    if "twin" not in films:
        return films, [], 0
    astray = sorted(set(films["twin"]) - set(films["path"]) - {""})
    listed = listed_as(root, astray, list(films["path"]))
    films = films.assign(twin=[listed.get(twin, twin) for twin in films["twin"]])
    groups = dict(zip(films["path"], films["group"], strict=True))
    own = films["group"]
    films = films.assign(group=[groups.get(twin, group) for twin, group in zip(films["twin"], own, strict=True)])
    used = films["split"] != HELD
    spread = films[used].groupby(own[used], sort=False)["split"].nunique()
    followers = films[used & (own != films["group"]) & own.isin(spread.index[spread > 1])]
    notes = []
    for collection, rows in followers.groupby("collection", sort=False):
        told = list(own[rows.index].unique())
        some = ", ".join(told[:TOLD]) + (", ..." if len(told) > TOLD else "")
        reason = f"films of {len(told)} groups follow their twins into several splits ({some})"
        notes.append(Fault(str(collection), reason, stops=False, paths=tuple(rows["path"])))
    return films, notes, _trained_and_tested(films, own)


def _trained_and_tested(films: pd.DataFrame, own: pd.Series) -> int:
    """Count the collections' own groups with films in training and in test; a film that is held stands where its twin does."""
    of_path = films.drop_duplicates("path").set_index("path")["split"]
    stands = films["split"].where(films["split"] != HELD, films["twin"].map(of_path))
    return len(set(own[stands == "train"]) & set(own[stands == "test"]))
