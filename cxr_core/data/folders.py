"""The films of one folder a class, whatever else lies among them."""

import os
from pathlib import Path

import pandas as pd

from cxr_core.data.errors import DataSetError
from cxr_core.data.faults import Fault
from cxr_core.imaging import FILM_SUFFIXES, PARTIAL_SUFFIXES, is_hidden, looks_like_dicom
from cxr_core.labels import CLASS_NAMES, CLASSES_COUNTED


def scan_classes(folder: Path) -> tuple[pd.DataFrame, list[Fault]]:
    """List path and class of the films in a folder or, if it lacks a class folder, in the first sub-folder by name that has all four.

    Of each class, the folder `images` is taken where there is one, and else the class folder itself; folders below are not looked
    into, nor other sub-folders. What has no suffix of a film is one if it starts like a DICOM file.

    Parameters
    ----------
    folder : Path
        The data folder.

    Returns
    -------
    films : pandas.DataFrame
        `path`, relative to `folder`, and `label`.
    faults : list of Fault
        What was passed over, and classes without films.

    Raises
    ------
    DataSetError
        There is no such layout.
    """
    below, faults = _entries(folder, folder)
    beside = sorted(folder / entry.name for entry in below if entry.is_dir())
    hidden = [path for path in beside if is_hidden(path.name)]
    closed = [path for path in beside if path not in hidden and not _can_be_entered(path)]
    faults += [Fault(path.name, "a hidden folder; passed over", stops=False) for path in hidden]
    faults += [_closed(path, folder) for path in closed]
    candidates = [folder, *(path for path in beside if path not in [*hidden, *closed])]
    root = next((path for path in candidates if all(os.path.isdir(path / name) for name in CLASS_NAMES)), None)
    if root is None:
        why = "".join(f" {fault.where}: {fault.reason}." for fault in faults)
        raise DataSetError(f"{folder} has neither a manifest.csv nor the {CLASSES_COUNTED} folders {', '.join(CLASS_NAMES)}.{why}")
    rows = []
    for name in CLASS_NAMES:
        images = root / name / "images"
        films, passed_over = _films(images if os.path.isdir(images) else root / name, folder)
        faults += passed_over
        rows += [(path, name) for path in films]
        if not films:
            faults.append(Fault((root / name).relative_to(folder).as_posix(), "this class folder holds no PNG, JPEG or DICOM films"))
    return pd.DataFrame(rows, columns=["path", "label"]), faults


def _films(folder: Path, root: Path) -> tuple[list[str], list[Fault]]:
    """List the films of a folder, by name, and what is none."""
    entries, faults = _entries(folder, root)
    films = []
    for entry in sorted(entries, key=lambda entry: entry.name):
        path = (folder / entry.name).relative_to(root).as_posix()
        reason = why_passed_over(entry)
        if reason is None:
            films.append(path)
        else:
            faults.append(Fault(path, f"{reason}; passed over", stops=False))
    return films, faults


def why_passed_over(entry: "os.DirEntry[str]") -> str | None:
    """Say why a file or folder is no film, or return None if it is to be read as one."""
    suffix = os.path.splitext(entry.name)[1].lower()
    if is_hidden(entry.name):
        return "a hidden file or folder"
    if suffix in PARTIAL_SUFFIXES:
        return "a download that was not finished"
    try:
        if entry.is_dir():
            return "a folder"
        if entry.is_file() and entry.stat().st_size == 0:
            return "an empty file"
        if suffix in FILM_SUFFIXES:
            return None
        return None if entry.is_file() and _starts_like_dicom(entry.path) else "no PNG, JPEG or DICOM film by its name"
    except OSError as error:
        return None if suffix in FILM_SUFFIXES else f"it cannot be opened ({error.strerror or error})"


def _starts_like_dicom(path: str) -> bool:
    with open(path, "rb") as file:
        return looks_like_dicom(file.read(132))


def _entries(folder: Path, root: Path) -> tuple[list["os.DirEntry[str]"], list[Fault]]:
    """List what lies in a folder; one that cannot be entered holds nothing."""
    try:
        with os.scandir(folder) as entries:
            return list(entries), []
    except PermissionError:
        return [], [_closed(folder, root)]


def _can_be_entered(folder: Path) -> bool:
    try:
        os.scandir(folder).close()
    except PermissionError:
        return False
    return True


def _closed(folder: Path, root: Path) -> Fault:
    return Fault(folder.relative_to(root).as_posix(), "this folder cannot be entered; passed over", stops=False)
