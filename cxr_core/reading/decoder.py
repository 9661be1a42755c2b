"""The process that decodes films for `cxr_core.reading.decoders`: `python -m cxr_core.reading.decoder FD`."""

import faulthandler
import os
import sys
from multiprocessing.connection import Connection
from pathlib import Path

import cv2

from cxr_core.errors import SecondLookError
from cxr_core.lungs import Crop, LungNetwork
from cxr_core.reading.errors import set_aside
from cxr_core.reading.load import LoadedFilm, load_prepared

Request = tuple[Path, int, Crop, float]
"""Path, side of the classifier's input, what it sees, and after how many seconds this process ends itself."""


def serve(connection: Connection) -> None:
    """Answer requests, each with the loaded film or an error, until the other side is gone."""
    try:
        LungNetwork.load()
    except SecondLookError as error:
        connection.send(error)
        return
    connection.send(None)
    with open(os.devnull, "w") as nowhere:
        while True:
            try:
                path, size, crop, seconds = connection.recv()
            except EOFError:
                return
            # Whoever asked kills this process when it hangs, unless it was killed itself.
            faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
            answer = _answer(path, size, crop)
            faulthandler.cancel_dump_traceback_later()
            connection.send(answer)


def _answer(path: Path, size: int, crop: Crop) -> LoadedFilm | SecondLookError:
    try:
        return load_prepared(path, size, crop)
    except SecondLookError as error:
        return error
    except Exception as error:
        return set_aside(error)


if __name__ == "__main__":
    cv2.setNumThreads(1)  # there is a process a core
    serve(Connection(int(sys.argv[1])))
