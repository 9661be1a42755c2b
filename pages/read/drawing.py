"""A slow saliency map, drawn in a thread of the server's."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from typing import Final

import numpy as np
import streamlit as st

from cxr_core.errors import SecondLookError
from cxr_core.labels import in_words

ABANDONED: Final = 120.0
"""Seconds without a look at the progress after which nobody waits any more. Browsers let pages in the background look once a minute."""


@st.cache_resource(show_spinner=False)
def _thread() -> ThreadPoolExecutor:
    """Return the one thread in which maps are drawn: more at a time would take the processor away from the reads of other sessions."""
    return ThreadPoolExecutor(1, thread_name_prefix="saliency")


class Drawing:
    """One map in the making.

    Parameters
    ----------
    method, class_name : str
        What is drawn.
    work : callable
        Takes a `cxr_core.saliency.OnStep` and returns the map.
    """

    def __init__(self, method: str, class_name: str, work: Callable[[Callable[[int, int], None]], np.ndarray]) -> None:
        self.method = method
        self.class_name = class_name
        self.started = False
        self.share = 0.0
        self.failure = ""
        self._cancelled = threading.Event()
        self._looked = time.monotonic()
        self._future = _thread().submit(work, self._step)

    def _step(self, done: int, steps: int) -> None:
        from cxr_core.saliency import Cancelled

        if self._cancelled.is_set() or time.monotonic() - self._looked > ABANDONED:
            raise Cancelled("The map is no longer wanted.")
        self.started, self.share = True, done / steps

    def look(self) -> float:
        """Return the share that is done, in [0, 1], and so say that somebody waits."""
        self._looked = time.monotonic()
        return self.share

    def cancel(self) -> None:
        """Stop at the next step; never start if the thread is still busy with another."""
        self._cancelled.set()
        self._future.cancel()

    @property
    def finished(self) -> bool:
        """Whether there is a map, or will never be one."""
        return self._future.done()

    def result(self) -> np.ndarray | None:
        """Return the map of a finished drawing, or None where there is none: `failure` then has a sentence, unless it was stopped."""
        try:
            return self._future.result()
        except CancelledError:
            return None
        except SecondLookError:
            self.failure = f"{self.method} for {in_words(self.class_name)} was stopped: nobody was looking."
        except Exception:
            logging.getLogger(__name__).exception("drawing a saliency map failed")
            self.failure = f"{self.method} for {in_words(self.class_name)} could not be drawn. The terminal says why."
        return None
