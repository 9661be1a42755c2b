"""Decoding in processes of its own: a film that crashes or hangs a decoder is set aside, and nothing else is lost."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from queue import LifoQueue
from typing import Any

from cxr_core.errors import SecondLookError
from cxr_core.lungs import Crop
from cxr_core.reading.errors import SET_ASIDE, DecoderStartError, FilmSetAsideError
from cxr_core.reading.load import LoadedFilm

FILM_SECONDS = 60.0
"""After so long a film counts as hanging: far more than the largest takes, and room for a slow disk."""

TRIES = 2
START_SECONDS = 120.0
ROOT = Path(__file__).parents[2]
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1")


class DecoderProcesses:
    """Processes that decode films, to be used in a `with` statement. Its `load` is a `LoadFilm`.

    A process that crashes, or does not answer in time, is replaced, and its film tried once more. Nothing of a film but the result
    comes back, and nothing is logged.

    Parameters
    ----------
    count : int, optional
        How many; one a core that this process may use, where none is given.
    seconds : float
        After so long a film counts as hanging.
    """

    def __init__(self, count: int | None = None, seconds: float = FILM_SECONDS) -> None:
        self._all = [_Decoder(seconds) for _ in range(count or usable_cores())]
        self._free: LifoQueue[_Decoder] = LifoQueue()

    def __enter__(self) -> "DecoderProcesses":
        """Start them all.

        Raises
        ------
        DecoderStartError
            One does not start.
        LungNetworkMissingError, LungNetworkDamagedError
            As `LungNetwork.load`.
        """
        try:
            for decoder in self._all:
                decoder.start()
            for decoder in self._all:
                decoder.wait_until_ready()
                self._free.put(decoder)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for decoder in self._all:
            decoder.stop()

    def load(self, path: Path, size: int, crop: Crop) -> LoadedFilm:
        """Load a film as `load_prepared` does.

        Raises
        ------
        ImageError
            The film cannot be read.
        FilmSetAsideError
            It crashed or hung its decoder twice.
        DecoderStartError
            A decoder could not be replaced.
        """
        decoder = self._free.get()
        try:
            for _ in range(TRIES):
                ended = decoder.ask(path, size, crop)
                if not isinstance(ended, str):
                    return ended
            raise FilmSetAsideError(f"{SET_ASIDE} {ended}, {TRIES} times. Copy or export it again.")
        finally:
            self._free.put(decoder)


class _Decoder:
    """One such process, started anew when it is needed."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None

    def start(self) -> None:
        ours, theirs = Pipe()
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "cxr_core.reading.decoder", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={**os.environ, **ONE_THREAD, "PYTHONPATH": path},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the one who asks; a decoder ends when nobody asks any more
            )
        finally:
            theirs.close()
        self._connection = ours

    def wait_until_ready(self) -> None:
        answer = self._receive(START_SECONDS)
        if isinstance(answer, str):
            raise DecoderStartError(f"A process that decodes films does not start: {answer}. Free some memory and run this again.")
        if answer is not None:
            raise answer

    def ask(self, path: Path, size: int, crop: Crop) -> LoadedFilm | str:
        """Return the film or, where the process came to an end over it, how; raise what keeps the film from being read."""
        if self._connection is None:
            self.start()
            self.wait_until_ready()
        assert self._connection is not None
        with suppress(OSError):  # it ended before: receiving tells how
            self._connection.send((path, size, crop, self._seconds + 5))
        answer = self._receive(self._seconds)
        if isinstance(answer, SecondLookError):
            raise answer
        return answer

    def stop(self) -> None:
        if self._process is None or self._connection is None:
            return
        self._connection.close()
        self._connection = None
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):  # one that waits for a disk which is gone cannot be killed
            self._process.wait(1)

    def _receive(self, seconds: float) -> Any:
        """Wait for an answer; if none comes, end the process and say why, as a part of a sentence."""
        assert self._connection is not None
        assert self._process is not None
        try:
            if self._connection.poll(seconds):
                return self._connection.recv()
        except (EOFError, OSError):
            code = None
            with suppress(subprocess.TimeoutExpired):
                code = self._process.wait(1)
            self.stop()
            return "the process that decoded it crashed" + ("" if code is None else f" ({_ending(code)})")
        self.stop()
        return f"decoding it took more than {seconds:g} seconds"


def _ending(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def usable_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
