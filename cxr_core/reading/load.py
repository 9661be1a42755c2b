"""One file to what the networks see of its film, by itself or in processes that may crash. Needs no TensorFlow."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cxr_core.gate import Finding, findings_of_file
from cxr_core.imaging import TOO_LITTLE_MEMORY, ImageTooLargeError, ZippedFilm, load_film
from cxr_core.lungs import Crop, Prepared, prepare


@dataclass(frozen=True, eq=False)
class LoadedFilm:
    """A prepared film and what is known of it. The film itself is not kept: a hundred of them would fill the memory.

    Attributes
    ----------
    prepared : Prepared
        The film as the networks see it.
    of_file : tuple of Finding
        What its file says against reading it.
    fingerprint : str
        Names the film by its pixels, as `Film.fingerprint` does.
    seconds : float
        What it took to load.
    """

    prepared: Prepared
    of_file: tuple[Finding, ...]
    fingerprint: str
    seconds: float


LoadFilm = Callable[[Path, int, Crop], LoadedFilm]
"""What loads a film from its path, the side of the classifier's input, and what the classifier sees; many threads call it at once."""


def load_prepared(path: Path | ZippedFilm, size: int, crop: Crop) -> LoadedFilm:
    """Load and prepare the film of a file.

    Parameters
    ----------
    path : Path or ZippedFilm
        The file.
    size : int
        Side of the classifier's input in pixels.
    crop : {"lungs", "none"}
        What the classifier sees.

    Returns
    -------
    LoadedFilm

    Raises
    ------
    ImageError
        The file cannot be read, holds no film, or its film does not fit into the memory.
    """
    started = time.perf_counter()
    film = load_film(path)
    try:
        prepared = prepare(film, size, crop)
    except MemoryError as error:
        raise ImageTooLargeError(TOO_LITTLE_MEMORY) from error
    return LoadedFilm(prepared, findings_of_file(film), film.fingerprint, time.perf_counter() - started)
