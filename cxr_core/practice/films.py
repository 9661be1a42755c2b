"""Films with a known class to practise on, and what the model is known to say of them."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from cxr_core.artifacts import SHIPPED_MODEL, read_card, read_identity, read_reads
from cxr_core.data import list_own_films, read_mask, read_table, with_film_paths
from cxr_core.errors import SecondLookError
from cxr_core.labels import CLASS_NAMES, split_films
from cxr_core.practice.series import NO_MODEL, Case

MANIFEST: Final = "manifest.csv"
MASKS: Final = "masks.csv"
SOURCES: Final = "sources.csv"
UNKNOWN: Final = "All films of this folder. Whether the model learned from them is not known."
SPLIT: Final = ("split", "group")
"""Columns of a manifest that say which films a model may have learned from, and which are near-duplicates."""


@dataclass(frozen=True, eq=False)
class PracticeFilms:
    """Films that a series can be drawn from.

    Attributes
    ----------
    root : Path
        The folder that paths are relative to.
    films : pandas.DataFrame
        A row a film, by path: `path`, `label`, `group`, `source` and `infection` (the path of an outline), as text, empty where nothing is
        known; and `model`, the class that the model is known to choose, empty where that is not known.
    about : str
        A sentence on which films these are.
    model : str
        Whose reads of them are known: the first six hex digits of the hash of its weights, or ``"none"``.
    """

    root: Path
    films: pd.DataFrame
    about: str
    model: str = NO_MODEL

    @property
    def digest(self) -> str:
        """Eight hex digits that name these films by their paths and classes."""
        text = self.films[["path", "label"]].to_csv(index=False, lineterminator="\n")
        return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:8]

    def outline(self, case: Case) -> np.ndarray | None:
        """Return where the infection of a film was outlined, bool (height, width); None where nobody outlined one.

        Raises
        ------
        DataSetError
            The outline cannot be read.
        """
        if not case.infection:
            return None
        mask = read_mask(self.root, case.infection)
        return mask if mask.any() else None  # some outlines of public masks are empty


def open_films(location: Path, model: Path = SHIPPED_MODEL) -> PracticeFilms:
    """List the films of a location with their classes, without opening one.

    Parameters
    ----------
    location : Path
        A folder with a `manifest.csv` or with a folder a class, or a CSV file with the columns `path` and `label`; the files may be PNG,
        JPEG or DICOM. Where it has the columns `split` and `group` too, only test films are taken, and of a group a series holds one. An
        `infection` column, there or in a `masks.csv` beside it, names outlines,
        and a `source` column, there or in a `sources.csv`, sources.
    model : Path
        A model folder. Where its card was measured on these very films, what it said of them is known.

    Returns
    -------
    PracticeFilms

    Raises
    ------
    DataSetError
        The location cannot be used, with what is wrong.
    """
    table = location / MANIFEST if location.is_dir() else location
    root = table.parent if table.is_file() else location
    own = list_own_films(location)
    films = pd.DataFrame(
        {"path": [Path(os.path.relpath(path, root)).as_posix() for path in own["path"]], "label": own["label"], "model": ""}
    )
    listed = with_film_paths(root, read_table(table, ["path", "label"])) if table.is_file() else films
    for column in (*SPLIT, "source", "infection"):
        films[column] = listed.get(column, "")
    films, about = _of_split(films, model) if set(SPLIT) <= set(listed.columns) else (films, UNKNOWN)
    films["group"] = films["group"].mask(films["group"] == "", films["path"])
    for column, beside in (("source", SOURCES), ("infection", MASKS)):
        films[column] = films[column].mask(films[column] == "", films["path"].map(_column(root / beside, column)).fillna(""))
    films = films.drop_duplicates("path").sort_values("path").reset_index(drop=True)
    version = read_identity(model).sha256[:6] if (films["model"] != "").any() else NO_MODEL
    return PracticeFilms(root, films.drop(columns="split"), about, version)


def _of_split(films: pd.DataFrame, model: Path) -> tuple[pd.DataFrame, str]:
    """Take the films that the model did not learn from, with its reads where the card was measured on them."""
    known = _known_reads(films, model)
    if known is not None:
        split, tops = known
        told = f"The {split_films(split)} of this folder. The model did not learn from them, and its reads of them are known."
        return films[films["split"] == split].assign(model=tops), told
    test = films["split"] == "test"
    return (films[test], "The test films of this folder.") if test.any() else (films[films["split"] != "held"], UNKNOWN)


def _known_reads(index: pd.DataFrame, model: Path) -> tuple[str, list[str]] | None:
    """Return the split that a card was measured on and the classes that its model chose; None where these films are others."""
    try:
        card = read_card(model)
        reads = read_reads(model, card)
    except SecondLookError:
        return None
    films = index[index["split"] == card.data.split]
    if len(films) != len(reads) or not len(films):
        return None
    # The reads name no files. The order of the rows tells which is which, and class and group of every row must be the same; a card of
    # several collections has the collection's name before the group.
    labels, groups = (films["label"], reads["label"]), (_without_collection(films["group"]), _without_collection(reads["group"]))
    if any((ours.to_numpy() != theirs.to_numpy()).any() for ours, theirs in (labels, groups)):
        return None
    return card.data.split, [CLASS_NAMES[code] for code in reads[list(CLASS_NAMES)].to_numpy().argmax(1)]


def _without_collection(groups: pd.Series) -> pd.Series:
    return groups.str.rpartition(":")[2]


def _column(table: Path, column: str) -> dict[str, str]:
    """Return what a table says of films, by path; nothing where it is not there."""
    if not table.is_file():
        return {}
    rows = with_film_paths(table.parent, read_table(table, ["path"]))
    return dict(zip(rows["path"], rows[column], strict=True)) if column in rows else {}
