"""Everything that an evaluation reads, found and looked at before anything is fitted: an hour's work must not end at a missing file."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cxr_core.data import SPLITS, DataSet, DataSetError, read_mask, same_files
from cxr_core.errors import SecondLookError
from cxr_core.imaging import decode_film, read_film_file
from cxr_core.labels import CLASS_NAMES, split_films

NAMED = 5
"""So many unusable files are named in full; of more the number is given."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class KnownCollection:
    """A collection that is recognised by its table in a data folder.

    Attributes
    ----------
    table : str
        Name of the table.
    name, about : str
        Short name, and what the films are, in a phrase.
    group : str
        Column of what is resampled together.
    labelled : bool
        Whether every film has one of the four classes.
    split : str or None
        The rows to be measured on; None takes all.
    """

    table: str
    name: str
    about: str
    group: str
    labelled: bool = True
    split: str | None = None


KNOWN_COLLECTIONS = (
    KnownCollection("jsrt.csv", "JSRT", "adults in Japan, digitised film, normal or with a lung nodule", "path", labelled=False),
    KnownCollection("external.csv", "external", "adults, from published cases: COVID, SARS, bacterial and fungal pneumonia", "patient"),
    KnownCollection("kermany.csv", "Kermany", "children of one hospital: normal, bacterial and viral pneumonia", "group", split="test"),
)


@dataclass(frozen=True)
class Collection:
    """Films of one origin beside the data set's own.

    Attributes
    ----------
    name, about : str
        As in `KnownCollection`.
    seen : bool
        Whether films of it, or of a source in it, were trained on.
    films : pandas.DataFrame
        `path`, `label` (empty where it is none of the four), `group`, `table_row` (from 1), and what else its table has; each film once.
    again : int
        How many more rows its table has of them.
    """

    name: str
    about: str
    seen: bool
    films: pd.DataFrame
    again: int = 0

    @property
    def notes(self) -> list[str]:
        """What is worth knowing of it, each as the end of a sentence without its full stop."""
        return [f"lists films again, in {self.again:,} of its rows; each counts once"] if self.again else []


@dataclass(frozen=True)
class Inputs:
    """What an evaluation reads.

    Attributes
    ----------
    root : Path
        The folder that all paths are relative to.
    index : pandas.DataFrame
        All films of the data set.
    chosen, val : pandas.DataFrame
        The films to be reported on, and those to be fitted on, of the data set's first collection.
    collections : tuple of Collection
        Of `KNOWN_COLLECTIONS`, those that are there.
    paired : pandas.DataFrame or None
        `path` of each film that came from another public copy, and the `row` of its twin in `chosen`.
    masks : pandas.DataFrame or None
        `row` in `chosen`, and paths of the masks of `lungs` and `infection` (empty where there is none).
    decoded : bool
        Whether the films of `index` can all be read.
    """

    root: Path
    index: pd.DataFrame
    chosen: pd.DataFrame
    val: pd.DataFrame
    collections: tuple[Collection, ...]
    paired: pd.DataFrame | None
    masks: pd.DataFrame | None
    decoded: bool = False

    def collection(self, name: str) -> Collection | None:
        """Return a collection by name; None where it is not there."""
        return next((one for one in self.collections if one.name == name), None)

    @property
    def notes(self) -> list[str]:
        """What is worth knowing of them."""
        return [f"{one.name}: {note}" for one in self.collections for note in one.notes]


def gather(data_set: DataSet, split: str) -> Inputs:
    """Read all tables of an evaluation.

    Parameters
    ----------
    data_set : DataSet
        The films that the classifier was trained on, and those to be measured.
    split : {"train", "val", "test"}
        Which films are to be reported on.

    Returns
    -------
    Inputs

    Raises
    ------
    DataSetError
        The split is unknown, it, the training or the validation films are empty, or a table cannot be used.
    """
    if split not in SPLITS:
        raise DataSetError(f"There is no split {split!r}. Choose one of {', '.join(SPLITS)}.")
    index = data_set.films
    chosen, val, _ = (films_of(index, name) for name in (split, "val", "train"))
    collections = [collection_beside(known, data_set) for known in KNOWN_COLLECTIONS]
    return Inputs(
        data_set.root,
        index,
        chosen,
        val,
        tuple(collection for collection in collections if collection is not None),
        paired_beside(data_set, chosen),
        masks_beside(data_set, chosen),
        data_set.decoded,
    )


def films_of(index: pd.DataFrame, split: str) -> pd.DataFrame:
    """Return the films of a split; of several collections those of the first, which the others are beside."""
    rows = index["split"] == split
    if "collection" in index and rows.any():
        rows &= index["collection"] == index["collection"].iloc[0]
    if not rows.any():
        raise DataSetError(f"The data set has no {split_films(split)}. Give some of its rows the split {split!r}.")
    return index[rows].reset_index(drop=True)


def look_at(inputs: Inputs, drawn: Sequence[str], progress: Progress) -> None:
    """Decode every film and mask once, but for films of which it is known that they can be read.

    Parameters
    ----------
    inputs : Inputs
    drawn : sequence of str
        Paths of further films that will be read.
    progress : callable
        Called with what is being done, how many files are done, and how many there are.

    Raises
    ------
    DataSetError
        Some cannot be read, which are named.
    """
    tables = [inputs.chosen, inputs.val, inputs.paired, *(collection.films for collection in inputs.collections)]
    films = dict.fromkeys([*drawn, *(path for table in tables if table is not None for path in table["path"])])
    known = set(inputs.index["path"]) if inputs.decoded else set()
    masks = [] if inputs.masks is None else [path for name in ("lungs", "infection") for path in inputs.masks[name] if path]
    looks = [(_look_at_film, path) for path in films if path not in known] + [(_look_at_mask, path) for path in masks]
    faults: list[str] = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for done, fault in enumerate(pool.map(lambda look: look[0](inputs.root, look[1]), looks), start=1):
            faults += [] if fault is None else [fault]
            progress("all films, before anything is fitted", done, len(looks))
    if faults:
        more = f" And {len(faults) - NAMED:,} more." if len(faults) > NAMED else ""
        raise DataSetError(f"{' '.join(faults[:NAMED])}{more}")


def _look_at_film(root: Path, path: str) -> str | None:
    try:
        decode_film(read_film_file(root / path))
    except SecondLookError as error:
        return f"{path}: {error}"
    return None


def _look_at_mask(root: Path, path: str) -> str | None:
    try:
        read_mask(root, path)
    except DataSetError as error:
        return str(error)
    return None


def collection_beside(known: KnownCollection, data_set: DataSet) -> Collection | None:
    """Read the table of a collection, each film of it once; None where there is none. Raises what `gather` does."""
    table = data_set.table_beside(known.table, ("path", "label") if known.labelled else ("path",))
    if table is None:
        return None
    needed = ["label"] * (not known.labelled) + ["split"] * (known.split is not None)
    missing = [column for column in needed if column not in table]
    if missing:
        raise DataSetError(f"{known.table} lacks the columns {', '.join(missing)}.")
    unknown = sorted(set(table["label"]) - {*CLASS_NAMES, ""})
    if unknown:
        raise DataSetError(f"{known.table} has the label {unknown[0]!r}; allowed are {', '.join(CLASS_NAMES)}, or none.")
    table["table_row"] = range(1, len(table) + 1)
    if known.split is not None:
        table = table[table["split"] == known.split].reset_index(drop=True)
    if table.empty:
        raise DataSetError(f"{known.table} lists no films{'' if known.split is None else f' in its split {known.split}'}.")
    groups = table[known.group] if known.group in table else table["path"]
    table["group"] = groups.where(groups != "", table["path"])
    films = _once(table, data_set.root)
    return Collection(known.name, known.about, _was_seen(films, data_set), films, len(table) - len(films))


def _once(table: pd.DataFrame, root: Path) -> pd.DataFrame:
    """Leave out rows that lead to the file of a row before. A copy stays: published test sets hold some, and their figures count them."""
    files = pd.Series([os.path.realpath(root / path) for path in table["path"]], table.index)
    two = table.groupby(files, sort=False)["label"].transform("nunique") > 1
    if two.any():
        raise DataSetError(f"{table['path'][two].iloc[0]} is listed under two classes. Remove one of its rows.")
    return table[~files.duplicated()].reset_index(drop=True)


def _was_seen(films: pd.DataFrame, data_set: DataSet) -> bool:
    """Tell whether any of the films, their twins or their sources are among those that were trained and tuned on.

    Films and twins are compared as leaks are: a copy or a link of a film that was trained on is no other film.
    """
    trained = data_set.films[data_set.films["split"] != "test"]
    paths, sources = list(trained["path"]), set(trained["source"]) - {""}
    if set(films.get("source", ())) & sources:
        return True
    twins = [twin for twin in films.get("twin", ()) if twin]
    return bool(same_files(data_set.root, [*films["path"], *twins], paths))


def paired_beside(data_set: DataSet, chosen: pd.DataFrame) -> pd.DataFrame | None:
    """Read which films are other copies of those that were chosen; None where there are none."""
    table = data_set.table_beside("paired_copies.csv", ("path", "twin"))
    if table is None:
        return None
    rows = chosen.reset_index(names="row")[["path", "row"]].rename(columns={"path": "twin"})
    pairs = table[["path", "twin"]].merge(rows, on="twin")
    return None if pairs.empty else pairs


def masks_beside(data_set: DataSet, chosen: pd.DataFrame) -> pd.DataFrame | None:
    """Read the masks of the films that were chosen; None where there are none."""
    table = data_set.table_beside("masks.csv", ("path", "lungs"))
    if table is None:
        return None
    if "infection" not in table:
        table["infection"] = ""
    masks = table[["path", "lungs", "infection"]].drop_duplicates("path").merge(chosen.reset_index(names="row")[["path", "row"]], on="path")
    return None if masks.empty else masks
