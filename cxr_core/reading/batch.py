"""Reading many files: decoded ahead on all cores, classified in batches, reported in the order given."""

import os
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import numpy as np

from cxr_core.calibration import calibrated, prediction_set
from cxr_core.errors import SecondLookError
from cxr_core.gate import InputGate
from cxr_core.imaging import ZippedFilm
from cxr_core.lungs import Crop, Prepared
from cxr_core.models import Classifier
from cxr_core.reading.load import LoadedFilm, LoadFilm, load_prepared
from cxr_core.reading.read import FileOutputs, FileRead, Read, by_class, tops

BATCH = 32
DECODED_AHEAD = 4 * BATCH


def read_files(
    classifier: Classifier, gate: InputGate, paths: Iterable[Path | ZippedFilm], load: LoadFilm = load_prepared
) -> Iterator[FileRead]:
    """Read many files; a file that cannot be read is reported in its place and stops nothing.

    Parameters
    ----------
    classifier : Classifier
        Loaded classifier.
    gate : InputGate
        Judges every film. Those that it refuses have their probabilities all the same: leaving them out is up to the caller.
    paths : iterable of Path or ZippedFilm
        The files. At most `DECODED_AHEAD` of them wait in memory beside the batch that is being classified.
    load : callable, optional
        See `LoadFilm`: it may load films in other processes. What it raises on purpose is reported with the file.

    Yields
    ------
    FileRead
        One a file, in order. A read has neither whiskers nor maps.
    """
    identity, calibration = classifier.identity, classifier.calibration
    for found in file_outputs(classifier, paths, load):
        if found.logits is None or found.prepared is None or found.alone is None:
            yield FileRead(found.path, error=found.error, seconds=found.seconds)
            continue
        probabilities = calibrated(found.logits, calibration.temperature)
        read = Read(
            probabilities=by_class(probabilities),
            prediction_set=prediction_set(probabilities, calibration.set_thresholds),
            gate=gate.judge_input(found.prepared, found.features, found.of_file),
            lungs=found.prepared.lungs,
            box=found.prepared.box,
            model=identity.version,
            model_sha256=identity.sha256,
            device=classifier.device,
            tops=tops(identity.networks, found.alone),
        )
        yield FileRead(found.path, read, found.logits, fingerprint=found.fingerprint, seconds=found.seconds)


def file_outputs(classifier: Classifier, paths: Iterable[Path | ZippedFilm], load: LoadFilm = load_prepared) -> Iterator[FileOutputs]:
    """Run many files through the network; parameters as in `read_files`.

    Yields
    ------
    FileOutputs
        One a file, in order.
    """
    identity = classifier.identity
    queue = iter(paths)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        pending: deque[tuple[Path, Future[LoadedFilm]]] = deque()

        def refill() -> None:
            for path in islice(queue, DECODED_AHEAD - len(pending)):
                if isinstance(path, ZippedFilm):  # it is open here, where no other process can load it
                    pending.append((path.path, pool.submit(load_prepared, path, identity.size, identity.crop)))
                else:
                    pending.append((path, pool.submit(load, path, identity.size, identity.crop)))

        try:
            refill()
            while pending:
                chunk = [pending.popleft() for _ in range(min(BATCH, len(pending)))]
                refill()
                yield from _run_chunk(classifier, chunk)
        finally:  # where it is stopped early, nobody waits for what is not begun
            for _, future in pending:
                future.cancel()


def load_films(paths: Iterable[Path], size: int, crop: Crop = "lungs") -> list[Prepared]:
    """Prepare the films of files, as `cxr_core.lungs.prepare` does.

    Raises
    ------
    ImageError
        One of them cannot be read.
    """
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return [loaded.prepared for loaded in pool.map(lambda path: load_prepared(path, size, crop), paths)]


def _run_chunk(classifier: Classifier, chunk: list[tuple[Path, Future[LoadedFilm]]]) -> Iterator[FileOutputs]:
    films, errors = {}, {}
    for number, (_, future) in enumerate(chunk):
        try:
            films[number] = future.result()
        except SecondLookError as error:
            errors[number] = error
    started = time.perf_counter()
    rows = iter(zip(*classifier.outputs(np.stack([film.prepared.canonical for film in films.values()])), strict=True) if films else ())
    share = (time.perf_counter() - started) / max(1, len(films))
    for number, (path, _) in enumerate(chunk):
        if number in errors:
            yield FileOutputs(path, error=errors[number])
        else:
            film = films[number]
            logits, features, alone = next(rows)
            yield FileOutputs(path, film.prepared, film.of_file, logits, features, alone, None, film.fingerprint, film.seconds + share)
