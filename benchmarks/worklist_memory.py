"""What a worklist adds to the server's memory with each film: of a folder, and dropped.

`python benchmarks/worklist_memory.py [FILMS]`; 2,000 where no number is given. What a network needs is measured by `memory.py`: here reads
as large as real ones are handed out without it, so that whatever grows is the list's. Films are decoded, thumbnails made and rows written
as on the page.
"""

from common import film_png, report  # isort: skip

import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil

from cxr_core.artifacts import SHIPPED_MODEL, read_calibration, read_identity
from cxr_core.calibration import TTA_VIEWS
from cxr_core.gate import GateOutcome
from cxr_core.imaging import WHOLE_FILM, Film, placement
from cxr_core.labels import CLASS_NAMES
from cxr_core.lungs import LungFields
from cxr_core.reading import Read
from cxr_core.worklist import MOST_FILMS, Figures, Worklist, row_of

DISTINCT = 20
WARM_UP = 0.25
"""Share of the films that are read before memory is first looked at."""
LUNG_SIDE, MAP_SIDE = 128, 14
A_FILM_KIB = 40.0
"""What the documents promise: at most so much for each film, beside the bytes that were dropped."""


class SizedReader:
    """Hands out reads as large as real ones, without a network."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(0)

    def read(self, film: Film) -> Read:
        """Return a read of random figures; lungs and maps are new for every film."""
        shares = self._random.dirichlet(np.ones(len(CLASS_NAMES)), 1 + TTA_VIEWS).astype(np.float32)
        lungs = np.zeros((LUNG_SIDE, LUNG_SIDE, 2), np.float32)
        lungs[24:104, 16:56, 0] = lungs[24:104, 72:112, 1] = 0.99
        low, high = shares.min(0), shares.max(0)
        by_class = [dict(zip(CLASS_NAMES, map(float, values), strict=True)) for values in (shares[0], low, high)]
        return Read(
            probabilities=by_class[0],
            prediction_set=CLASS_NAMES[:2],
            gate=GateOutcome(),
            lungs=LungFields(lungs, placement(film.height, film.width, LUNG_SIDE)),
            box=WHOLE_FILM,
            model="none 000000",
            model_sha256="0" * 64,
            device="CPU",
            low=by_class[1],
            high=by_class[2],
            views=shares[1:],
            maps={name: self._random.random((MAP_SIDE, MAP_SIDE)).astype(np.float32) for name in CLASS_NAMES},
            seconds=0.0,
        )


def growth(worklist: Worklist, figures: Figures) -> float:
    """Read a list, and return what a film adds to the resident memory in KiB, from the warm-up on; dropped bytes are there before."""
    films, memory = len(worklist.entries), psutil.Process().memory_info
    warm = int(WARM_UP * films)
    worklist.start(SizedReader)
    while worklist.reading and films - worklist.waiting < warm:
        time.sleep(0.001)
    done, before = films - worklist.waiting, memory().rss
    assert worklist.work is not None
    worklist.work.wait()
    if worklist.waiting or any(entry.error for entry in worklist.entries):
        raise SystemExit("Not all films were read.")
    rows = [row_of(entry, figures) for entry in worklist.entries]
    return (memory().rss - before) / len(rows[done:]) / 2**10


def main() -> None:
    films = int(sys.argv[1]) if len(sys.argv) > 1 else MOST_FILMS
    identity = read_identity(SHIPPED_MODEL)
    calibration = read_calibration(SHIPPED_MODEL, identity)
    figures = Figures(calibration, None, calibration.threshold)
    drawn = [film_png(seed, 512) for seed in range(DISTINCT)]
    with tempfile.TemporaryDirectory() as folder:
        for number in range(films):
            first = Path(folder) / f"{number % DISTINCT}.png"
            if number < DISTINCT:
                first.write_bytes(drawn[number])
            else:
                os.link(first, Path(folder) / f"{number}.png")
        listed = Worklist()
        listed.add_folder(folder)
        of_folder = growth(listed, figures)
    sent = sum(len(entry.picture) for entry in listed.entries)
    listed.clear()
    dropped = Worklist()
    dropped.add_files(bytes(bytearray(drawn[number % DISTINCT])) for number in range(films))
    held = dropped.held
    of_drop = growth(dropped, figures)
    report(
        f"A worklist of {films:,} films",
        {
            "of a folder, a film adds": f"{of_folder:.1f} KiB (must be under {A_FILM_KIB:g})",
            "dropped, a film adds beside its bytes": f"{of_drop:.1f} KiB (must be under {A_FILM_KIB:g})",
            "bytes that were dropped": f"{held / 2**20:.0f} MiB",
            "thumbnails as the table sends them": f"{sent / 2**20:.1f} MiB",
        },
        {"films": films, "folder_kib": of_folder, "dropped_kib": of_drop, "held_mib": held / 2**20, "sent_mib": sent / 2**20},
        most={"folder_kib": A_FILM_KIB, "dropped_kib": A_FILM_KIB},
    )


if __name__ == "__main__":
    main()
