"""Reading many files: decoded ahead on all cores, classified in batches, reported in the order given."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from cxr_core.doubt import calibrated
from cxr_core.errors import SecondLookError
from cxr_core.gate import Finding, GateOutcome, InputGate, findings_of_file
from cxr_core.imaging import TOO_LITTLE_MEMORY, ImageTooLargeError, decode_film, model_input, read_film_file
from cxr_core.models import Classifier

BATCH = 32
DECODED_AHEAD = 4 * BATCH


Change = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class FileOutputs:
    """What the network makes of one file, or the error that kept it from being read.

    Attributes
    ----------
    path : Path
        The file.
    canonical : numpy.ndarray or None
        float32, shape (size, size, 1): what the network was given.
    of_file : tuple of Finding
        What the file itself says against reading it.
    logits, features : numpy.ndarray or None
        Its row of what `Classifier.outputs` returns.
    error : SecondLookError or None
        Set where all else is None.
    """

    path: Path
    canonical: np.ndarray | None = None
    of_file: tuple[Finding, ...] = ()
    logits: np.ndarray | None = None
    features: np.ndarray | None = None
    error: SecondLookError | None = None


@dataclass(frozen=True, eq=False)
class FileRead:
    """The outcome for one file: logits and calibrated probabilities, shape (4,) each, with what a gate says of it; or the error."""

    path: Path
    probabilities: np.ndarray | None = None
    logits: np.ndarray | None = None
    error: SecondLookError | None = None
    gate: GateOutcome | None = None


def read_files(
    classifier: Classifier, paths: Iterable[Path], change: Change | None = None, gate: InputGate | None = None
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
    gate : InputGate, optional
        Judges every film. Those that it refuses have their probabilities all the same: leaving them out is up to the caller.

    Yields
    ------
    FileRead
        One a file, in order.
    """
    for found in file_outputs(classifier, paths, change):
        if found.logits is None or found.canonical is None:
            yield FileRead(found.path, error=found.error)
        else:
            outcome = None if gate is None else gate.judge_input(found.canonical, found.features, found.of_file)
            yield FileRead(found.path, probabilities=calibrated(found.logits, classifier.temperature), logits=found.logits, gate=outcome)


def file_outputs(classifier: Classifier, paths: Iterable[Path], change: Change | None = None) -> Iterator[FileOutputs]:
    """Run many files through the network; parameters as in `read_files`.

    Yields
    ------
    FileOutputs
        One a file, in order.
    """
    size = classifier.identity.size
    queue = iter(paths)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        pending: deque[tuple[Path, Future[tuple[np.ndarray, tuple[Finding, ...]]]]] = deque()

        def refill() -> None:
            for path in islice(queue, DECODED_AHEAD - len(pending)):
                pending.append((path, pool.submit(_load, path, size, change)))

        refill()
        while pending:
            chunk = [pending.popleft() for _ in range(min(BATCH, len(pending)))]
            refill()
            yield from _run_chunk(classifier, chunk)


def load_films(paths: Iterable[Path], size: int) -> np.ndarray:
    """Return the canonical films of files, float32 (n, size, size, 1).

    Raises
    ------
    ImageError
        One of them cannot be read.
    """
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return np.stack([film for film, _ in pool.map(lambda path: _load(path, size, None), paths)])


def _load(path: Path, size: int, change: Change | None) -> tuple[np.ndarray, tuple[Finding, ...]]:
    """Prepare a film; of the film itself nothing is kept, for a hundred of them would fill the memory."""
    try:
        film = decode_film(read_film_file(path))
        canonical = model_input(film, size)
    except MemoryError as error:
        raise ImageTooLargeError(TOO_LITTLE_MEMORY) from error
    return canonical if change is None else change(canonical), findings_of_file(film)


def _run_chunk(classifier: Classifier, chunk: list[tuple[Path, Future[tuple[np.ndarray, tuple[Finding, ...]]]]]) -> Iterator[FileOutputs]:
    films, errors = {}, {}
    for number, (_, future) in enumerate(chunk):
        try:
            films[number] = future.result()
        except SecondLookError as error:
            errors[number] = error
    rows = iter(zip(*classifier.outputs(np.stack([film for film, _ in films.values()])), strict=True) if films else ())
    for number, (path, _) in enumerate(chunk):
        if number in errors:
            yield FileOutputs(path, error=errors[number])
        else:
            yield FileOutputs(path, *films[number], *next(rows))
