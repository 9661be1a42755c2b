"""Decoding a film in a thread of its own, which may hang without holding up anything else."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait

from cxr_core.imaging import Film
from cxr_core.reading import FILM_SECONDS, SET_ASIDE, FilmSetAsideError


class Decoding:
    """A film that is being decoded.

    The thread is not an executor's: when a program ends, it waits for those, for ever if a film hangs.

    Parameters
    ----------
    load : callable
        Decodes the film; called in the thread.
    """

    def __init__(self, load: Callable[[], Film]) -> None:
        self._film: Future[Film] = Future()
        threading.Thread(target=self._run, args=(load,), name="worklist-film", daemon=True).start()

    def _run(self, load: Callable[[], Film]) -> None:
        try:
            self._film.set_result(load())
        except BaseException as error:  # it is raised again where the film is wanted
            self._film.set_exception(error)

    def wait(self) -> None:
        """Wait until it is decoded or cannot be, but not for longer than `FILM_SECONDS`."""
        wait([self._film], FILM_SECONDS)

    def result(self) -> Film:
        """Return the film, or raise why it cannot be decoded.

        Raises
        ------
        FilmSetAsideError
            It was not decoded in time.
        """
        if not self._film.done():
            raise FilmSetAsideError(f"{SET_ASIDE} decoding it took more than {FILM_SECONDS:g} seconds.")
        return self._film.result()
