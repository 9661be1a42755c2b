"""Canonical films on disk: decoded once, memory-mapped ever after."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cxr_core.artifacts import file_sha256
from cxr_core.data.errors import DataSetError
from cxr_core.data.partials import remove_partials_of_the_dead
from cxr_core.data.readable import dicom_version
from cxr_core.imaging import (
    CONTRAST_PERCENTILES,
    HARMONISED_SIDE,
    HARMONISING_SIGMA,
    INPUT_VERSION,
    ImageError,
    decode_film,
    read_film_file,
)
from cxr_core.lungs import LUNG_NETWORK, LUNG_WEIGHTS, Crop, prepare


@dataclass(frozen=True, eq=False)
class CanonicalFilms:
    """Films as the classifier sees them, memory-mapped read-only.

    Attributes
    ----------
    films, lungs : numpy.ndarray
        uint8, shape (n, size, size): the canonical films, and where their lungs lie on them (all 0 where they are doubtful). Divide by
        255 for the network.
    """

    films: np.ndarray
    lungs: np.ndarray


def canonical_films(
    data: Path,
    paths: Sequence[str],
    size: int,
    cache: Path,
    progress: Callable[[int], None] | None = None,
    announce: Callable[[str], None] | None = None,
    crop: Crop = "lungs",
) -> CanonicalFilms:
    """Return the canonical input of many films, from the cache where it holds them.

    Parameters
    ----------
    data : Path
        The folder that `paths` are relative to.
    paths : sequence of str
        The films.
    size : int
        Side of the network's input in pixels.
    cache : Path
        Folder for the cache; made where it is missing. The file is keyed by the films' names, sizes and times and by the version
        and the constants of `model_input`, and written under another name first, so that a half-written cache is never taken for a
        whole one; one that was cut short since is written anew.
    progress : callable, optional
        Called with the number of films done since the last call.
    announce : callable, optional
        Called with a sentence before disk is taken.
    crop : {"lungs", "none"}
        What the classifier sees of each film.

    Returns
    -------
    CanonicalFilms

    Raises
    ------
    DataSetError
        A film is missing or cannot be read; the message names it. Or the cache cannot be written.
    """
    target = cache / f"films-{size}-{_key(data, paths, size, crop)}.npy"
    whole = _open_whole(target, (len(paths), 2, size, size))
    if whole is None:
        try:
            cache.mkdir(parents=True, exist_ok=True)
            remove_partials_of_the_dead(cache)
            _write(target, data, paths, size, crop, progress or (lambda count: None), announce or (lambda sentence: None))
        except OSError as error:
            raise DataSetError(f"The films cannot be kept in {cache}: {error.strerror or error}. Use --cache.") from error
        whole = np.load(target, mmap_mode="r")
    return CanonicalFilms(whole[:, 0], whole[:, 1])


def _open_whole(target: Path, shape: tuple[int, ...]) -> np.ndarray | None:
    """Map the films of a file, or return None where it is missing, of another shape, or cut short."""
    try:
        found = np.load(target, mmap_mode="r")
    except (OSError, ValueError, EOFError):
        return None
    return found if found.shape == shape and found.dtype == np.uint8 else None


def _key(data: Path, paths: Sequence[str], size: int, crop: Crop) -> str:
    try:
        stats = [(path, (data / path).stat()) for path in paths]
    except OSError as error:
        raise DataSetError(f"The film {error.filename} of the data set cannot be opened.") from error
    films = [(path, stat.st_size, stat.st_mtime_ns, *dicom_version(Path(path))) for path, stat in stats]
    constants = [
        size,
        crop,
        file_sha256(LUNG_NETWORK / LUNG_WEIGHTS),
        INPUT_VERSION,
        HARMONISED_SIDE,
        HARMONISING_SIGMA,
        CONTRAST_PERCENTILES,
    ]
    return hashlib.sha256(json.dumps([films, constants]).encode()).hexdigest()[:16]


def _write(
    target: Path,
    data: Path,
    paths: Sequence[str],
    size: int,
    crop: Crop,
    progress: Callable[[int], None],
    announce: Callable[[str], None],
) -> None:
    needed = 2 * len(paths) * size**2
    if shutil.disk_usage(target.parent).free < needed:  # said now rather than after an hour
        raise DataSetError(f"{target.parent} has no room for {needed / 2**20:.0f} MB of films. Make room, or use --cache.")
    announce(f"{len(paths):,} films as the network takes them take {needed / 2**20:,.0f} MB in {target.parent}.")
    partial = target.with_suffix(f".{os.getpid()}.partial")

    def one(path: str) -> np.ndarray:
        try:
            film = decode_film(read_film_file(data / path))
        except ImageError as error:
            raise DataSetError(f"{path}: {error}") from error
        prepared = prepare(film, size, crop)
        return np.rint(np.stack([prepared.canonical[..., 0], prepared.lung_mask]) * 255).astype(np.uint8)

    try:
        # Not through a memory map: where a disk fills up, writing to one ends the process, and writing to a file raises an error.
        with partial.open("wb") as file, ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": (len(paths), 2, size, size)})
            for film in pool.map(one, paths):
                file.write(film.tobytes())
                progress(1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
