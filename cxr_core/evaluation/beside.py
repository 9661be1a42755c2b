"""What is wrong with the tables beside a data set, which an evaluation reads and a training does not."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from cxr_core.data import DataSet, DataSetError, Fault, read_mask, unreadable_films
from cxr_core.evaluation.inputs import KNOWN_COLLECTIONS, collection_beside, masks_beside, paired_beside

Progress = Callable[[str, int, int], None]
"""Called with what is looked for, how many files were looked at, and how many there are."""

T = TypeVar("T")


def survey_beside(data_set: DataSet, progress: Progress, cache: Path) -> list[Fault]:
    """Find all that is wrong with the tables beside a data set, and with the films and masks that they name.

    Parameters
    ----------
    data_set : DataSet
        From `cxr_core.data.survey_collections`.
    progress : callable
        See `Progress`.
    cache : Path
        Folder in which is kept which films could be read.

    Returns
    -------
    list of Fault
        Those that stop, stop an evaluation.
    """
    faults: list[Fault] = []

    def found(read: Callable[[], T | None]) -> T | None:
        try:
            return read()
        except DataSetError as error:
            faults.extend(error.faults or [Fault("", str(error).rstrip("."))])
        except OSError as error:
            faults.append(Fault(str(error.filename), f"cannot be read: {error.strerror or error}"))
        return None

    films: list[str] = []
    for known in KNOWN_COLLECTIONS:
        collection = found(partial(collection_beside, known, data_set))
        if collection is not None:
            films += list(collection.films["path"])
            faults += [Fault(known.table, note, stops=False) for note in collection.notes]
    paired = found(partial(paired_beside, data_set, data_set.films))
    films += [] if paired is None else list(paired["path"])
    masks = found(partial(masks_beside, data_set, data_set.films))
    outlines: list[str] = [] if masks is None else [path for name in ("lungs", "infection") for path in masks[name] if path]
    own = set(data_set.films["path"])  # which can be read, or is not among them
    films = [path for path in films if path not in own]
    unreadable = unreadable_films(data_set.root, films, cache, partial(progress, "films of other tables that cannot be read"))
    faults += [Fault(path, reason, broken=True) for path, reason in unreadable.items()]
    return [*faults, *_faulty_masks(data_set.root, dict.fromkeys(outlines), progress)]


def _faulty_masks(root: Path, masks: Iterable[str], progress: Progress) -> list[Fault]:
    """Find the masks that cannot be read."""
    paths = list(masks)
    faults = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for done, (path, reason) in enumerate(zip(paths, pool.map(partial(_reason, root), paths), strict=True), start=1):
            faults += [] if reason is None else [Fault(path, reason, broken=True)]
            progress("masks that cannot be read", done, len(paths))
    return faults


def _reason(root: Path, path: str) -> str | None:
    if not (root / path).is_file():
        return "there is no such file"
    try:
        read_mask(root, path)
    except DataSetError:
        return "the mask cannot be read"
    return None
