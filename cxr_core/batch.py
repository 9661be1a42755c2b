"""Reading many files: decoded ahead on all cores, classified in batches, reported in the order given."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from cxr_core.errors import SecondLookError
from cxr_core.imaging import decode_film, model_input, read_film_file
from cxr_core.models import Classifier

BATCH = 32
DECODED_AHEAD = 4 * BATCH


@dataclass(frozen=True, eq=False)
class FileRead:
    """The outcome for one file: either its class probabilities, shape (4,), or the error that kept it from being read."""

    path: Path
    probabilities: np.ndarray | None = None
    error: SecondLookError | None = None


def read_files(
    classifier: Classifier, paths: Iterable[Path], change: Callable[[np.ndarray], np.ndarray] | None = None
) -> Iterator[FileRead]:
    """Classify many files; a file that cannot be read is reported in its place and stops nothing.

    Parameters
    ----------
    classifier : Classifier
        Loaded classifier.
    paths : iterable of Path
        The files. At most `DECODED_AHEAD` of them wait in memory beside the batch that is being classified.
    change : callable, optional
        Applied to each canonical film before it is classified.

    Yields
    ------
    FileRead
        One a file, in order.
    """
    size = classifier.identity.size
    queue = iter(paths)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        pending: deque[tuple[Path, Future[np.ndarray]]] = deque()

        def refill() -> None:
            for path in islice(queue, DECODED_AHEAD - len(pending)):
                pending.append((path, pool.submit(_load, path, size, change)))

        refill()
        while pending:
            chunk = [pending.popleft() for _ in range(min(BATCH, len(pending)))]
            refill()
            yield from _read_chunk(classifier, chunk)


def load_films(paths: Iterable[Path], size: int) -> np.ndarray:
    """Return the canonical films of files, float32 (n, size, size, 1).

    Raises
    ------
    ImageError
        One of them cannot be read.
    """
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return np.stack(list(pool.map(lambda path: _load(path, size, None), paths)))


def _load(path: Path, size: int, change: Callable[[np.ndarray], np.ndarray] | None) -> np.ndarray:
    film = model_input(decode_film(read_film_file(path)), size)
    return film if change is None else change(film)


def _read_chunk(classifier: Classifier, chunk: list[tuple[Path, Future[np.ndarray]]]) -> Iterator[FileRead]:
    films, errors = [], {}
    for number, (_, future) in enumerate(chunk):
        try:
            films.append(future.result())
        except SecondLookError as error:
            errors[number] = error
    probabilities = iter(classifier.predict(np.stack(films)) if films else ())
    for number, (path, _) in enumerate(chunk):
        if number in errors:
            yield FileRead(path, error=errors[number])
        else:
            yield FileRead(path, probabilities=next(probabilities))
