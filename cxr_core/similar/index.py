"""The films of a folder that look most like another, to the network: exact search over all of them."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from cxr_core.similar.listing import ListedFilms
from cxr_core.similar.sketch import Sketches
from cxr_core.similar.store import Computed

MOST: Final = 10
"""Films that are shown."""

SAMPLED: Final = 256
"""Films of an index whose own nearest film tells what is usual there."""

FEWEST_SAMPLED: Final = 20
"""Films below which nothing is usual."""

BLOCK: Final = 1024
"""Films that are summed up at a time."""

USUAL: Final = 0.95
"""Share of the films of an index whose nearest film is nearer than the bound of what is usual."""


@dataclass(frozen=True)
class Neighbour:
    """A film that looks like another.

    Attributes
    ----------
    path : Path
        Its file.
    label, source : str
        Its class, and where it comes from; "" where that is not known.
    distance : float
        0 for the same features, about 1 for films that have no more in common than two that are drawn at random.
    fingerprint : str
        Names it by its pixels.
    """

    path: Path
    label: str
    source: str
    distance: float
    fingerprint: str


@dataclass(frozen=True)
class Found:
    """What a search comes to.

    Attributes
    ----------
    neighbours : tuple of Neighbour
        The nearest films, the nearest first; of films that are one film, or of one patient, only the nearest.
    left_out : int
        Films of the index that were passed over: the film itself, its near-duplicates, and what the folder knows as the same film or of
        the same patient.
    own_source : str
        Where the film itself comes from, if it is in the index and that is known there; else "".
    """

    neighbours: tuple[Neighbour, ...]
    left_out: int
    own_source: str = ""


class FilmIndex:
    """Films with their features, in memory.

    Two films are compared by what the read has anyway: the classifier's last activation, averaged over its places, from which all four
    logits are made. So films that lie near each other here are films that the network can hardly tell apart. Each of these features is
    standardised over the films of the index, since some vary a hundred times as much as others and would be all that counts; the distance
    is 1 minus the cosine of the angle between two films. After standardising, films with nothing in common stand at right angles, so that
    distances mean the same in every folder: 0 is the same, 1 is no more alike than two films drawn at random.

    Parameters
    ----------
    films : ListedFilms
        What is known of the films.
    computed : Computed
        What was computed of some of them, or of all.
    """

    def __init__(self, films: ListedFilms, computed: Computed) -> None:
        row_of = dict(zip(computed.keys.tolist(), range(len(computed.keys)), strict=True))
        rows = np.array([row_of.get(key, -1) for key in films.keys.tolist()], np.int64)
        there = np.flatnonzero(rows >= 0)
        rows = rows[there]
        self.listed = len(films.keys)
        self.paths = [films.paths[row] for row in there.tolist()]
        self.labels, self.sources, self.families = films.labels[there], films.sources[there], films.families[there]
        self.fingerprints = computed.fingerprints[rows]
        self._rows_of: dict[str, list[int]] = {}
        for row, fingerprint in enumerate(self.fingerprints.tolist()):
            self._rows_of.setdefault(fingerprint, []).append(row)
        self._sketches = Sketches(computed.sketches[rows])
        self._directions = computed.features[rows].astype(np.float32)
        self._mean = _mean(self._directions)
        self._directions -= self._mean
        spread = np.sqrt(_mean(self._directions, squared=True))
        # float16 has three digits: what varies less than the last of them is noise.
        varies = spread > np.maximum(2e-3 * np.abs(self._mean), 1e-6)
        self._weights = np.divide(1.0, spread, out=np.zeros_like(spread), where=varies)
        self._directions *= self._weights
        _to_length_one(self._directions)
        self.usual = self._usual()

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def channels(self) -> int:
        """How many features a film has."""
        return int(self._directions.shape[1])

    @property
    def source_counts(self) -> Counter[str]:
        """How many films there are of each source that is known."""
        return Counter(source for source in self.sources.tolist() if source)

    def search(
        self, features: np.ndarray, sketch: np.ndarray, fingerprint: str = "", most: int = MOST, among: np.ndarray | None = None
    ) -> Found:
        """Find the films that are nearest to another.

        Parameters
        ----------
        features : numpy.ndarray
            float, shape (channels,): its pooled features, as `Classifier.features` and `Read.features` have them.
        sketch : numpy.ndarray
            float32, shape (SKETCH,): from `sketch_of`.
        fingerprint : str
            Its `Film.fingerprint`.
        most : int
            How many.
        among : numpy.ndarray, optional
            bool, shape (n,): the films that count; all without it.

        Returns
        -------
        Found
            Fewer films where the index holds no more.
        """
        if not len(self):
            return Found((), 0)
        own = np.union1d(self._sketches.same(sketch), self._rows_of.get(fingerprint, [])).astype(np.int64)
        out = np.isin(self.families, self.families[own])
        distances = self.distances(features)
        distances[out if among is None else out | ~among] = np.inf
        source = Counter(name for name in self.sources[own].tolist() if name).most_common(1)
        return Found(self._nearest(distances, most), int(out.sum()), source[0][0] if source else "")

    def from_another_source(self, features: np.ndarray, sketch: np.ndarray, fingerprint: str, label: str) -> "Neighbour | None":
        """Find the nearest film of a class that does not come from where another comes from, as far as that can be told.

        Parameters
        ----------
        features, sketch, fingerprint
            As in `search`.
        label : str
            The class.

        Returns
        -------
        Neighbour or None
            From another source than the film itself, if that is known, or else than the nearest film whose source is known; None
            where there is none.
        """
        found = self.search(features, sketch, fingerprint)
        source = found.own_source or next((film.source for film in found.neighbours if film.source), "")
        among = (self.labels == label) & (self.sources != source) & (self.sources != "")
        others = self.search(features, sketch, fingerprint, most=1, among=among).neighbours if source else ()
        return others[0] if others else None

    def distances(self, features: np.ndarray) -> np.ndarray:
        """Return the distance of every film of the index from one with these features, float32 (n,), twins or not."""
        direction = ((np.asarray(features, np.float32) - self._mean) * self._weights)[np.newaxis]
        _to_length_one(direction)
        return np.asarray(1 - self._directions @ direction[0], np.float32)

    def _nearest(self, distances: np.ndarray, most: int) -> tuple[Neighbour, ...]:
        """Walk from the nearest film on; one that is the same as one before, or of its patient, is passed over."""
        there = int(np.isfinite(distances).sum())
        looked_at = min(there, 8 * most)
        while True:
            nearest = np.argpartition(distances, looked_at - 1)[:looked_at] if looked_at else np.empty(0, np.int64)
            nearest = nearest[np.lexsort((nearest, distances[nearest]))]
            chosen: list[int] = []
            for row in nearest.tolist():
                if self.families[row] in self.families[chosen] or self._sketches.any_same(row, chosen):
                    continue
                chosen.append(row)
                if len(chosen) == most:
                    break
            if len(chosen) == most or looked_at == there:
                return tuple(self._neighbour(row, float(distances[row])) for row in chosen)
            looked_at = min(there, 8 * looked_at)

    def _neighbour(self, row: int, distance: float) -> Neighbour:
        return Neighbour(self.paths[row], str(self.labels[row]), str(self.sources[row]), max(0.0, distance), str(self.fingerprints[row]))

    def _usual(self) -> float | None:
        """Return the distance within which most films of the index have another one; None where there are too few to say."""
        if len(self) < FEWEST_SAMPLED:
            return None
        sample = np.unique(np.linspace(0, len(self) - 1, min(SAMPLED, len(self))).astype(np.int64))
        alike = self._directions[sample] @ self._directions.T
        alike[self.families[sample][:, np.newaxis] == self.families] = -np.inf
        alike[self._sketches.pairs(sample)] = -np.inf
        nearest = 1 - alike.max(1)
        nearest = nearest[np.isfinite(nearest)]
        return float(np.quantile(nearest, USUAL)) if len(nearest) else None


def _mean(rows: np.ndarray, *, squared: bool = False) -> np.ndarray:
    """Return the mean of rows, or of their squares, float32 (d,), without a copy of them all."""
    total = np.zeros(rows.shape[1])
    for at in range(0, len(rows), BLOCK):
        block = rows[at : at + BLOCK]
        total += np.einsum("nd,nd->d", block, block) if squared else np.ones(len(block), np.float32) @ block
    return (total / max(1, len(rows))).astype(np.float32)


def _to_length_one(rows: np.ndarray) -> None:
    """Scale each row in place."""
    rows /= np.maximum(np.sqrt(np.einsum("nd,nd->n", rows, rows)), 1e-12)[:, np.newaxis]
