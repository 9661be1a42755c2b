"""What was computed of films, on disk: in the user's cache, by weights and folder. It names no film, and none can be seen from it."""

import hashlib
import os
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import platformdirs

from cxr_core.artifacts import ModelIdentity, file_sha256
from cxr_core.files import replace_file
from cxr_core.lungs import LUNG_NETWORK, LUNG_WEIGHTS
from cxr_core.similar.sketch import SKETCH

LAYOUT: Final = 1
"""Of the files. Raise it with every change of what the arrays mean; what older ones hold is then computed anew."""

PARTS: Final = "part-*.npz"


@dataclass(frozen=True, eq=False)
class Computed:
    """What was computed of n films.

    Attributes
    ----------
    keys : numpy.ndarray
        str, shape (n,): what stands for each film, see `ListedFilms`.
    features : numpy.ndarray
        float16, shape (n, channels): the pooled features.
    sketches : numpy.ndarray
        float16, shape (n, SKETCH): from `sketch_of`.
    fingerprints : numpy.ndarray
        str, shape (n,): as `Film.fingerprint`.
    unreadable : numpy.ndarray
        str, shape (m,): what stands for films that cannot be read.
    """

    keys: np.ndarray
    features: np.ndarray
    sketches: np.ndarray
    fingerprints: np.ndarray
    unreadable: np.ndarray

    @classmethod
    def nothing(cls, channels: int = 0) -> "Computed":
        """Return that of no films."""
        text = np.empty(0, "U16")
        return cls(text, np.empty((0, channels), np.float16), np.empty((0, SKETCH), np.float16), np.empty(0, "U12"), text)

    @classmethod
    def joined(cls, parts: Sequence["Computed"]) -> "Computed":
        """Put several together; of a film that is in more than one, the last counts."""
        filled = [part for part in parts if len(part.keys)] or [cls.nothing()]
        names = ("keys", "features", "sketches", "fingerprints")
        columns = {name: np.concatenate([getattr(part, name) for part in filled]) for name in names}
        _, last = np.unique(columns["keys"][::-1], return_index=True)
        rows = np.sort(len(columns["keys"]) - 1 - last)
        unreadable = np.unique(np.concatenate([cls.nothing().unreadable, *(part.unreadable for part in parts)]))
        return cls(**{name: column[rows] for name, column in columns.items()}, unreadable=unreadable)

    def lacking(self, keys: np.ndarray) -> np.ndarray:
        """Return the places, int (k,), of keys that nothing is known of, neither features nor that the film cannot be read."""
        return np.flatnonzero(~np.isin(keys, np.concatenate([self.keys, self.unreadable])))

    def only(self, keys: Iterable[str]) -> "Computed":
        """Leave out all but some films."""
        kept = np.array(list(keys), "U16")
        rows = np.isin(self.keys, kept)
        unreadable = self.unreadable[np.isin(self.unreadable, kept)]
        return Computed(self.keys[rows], self.features[rows], self.sketches[rows], self.fingerprints[rows], unreadable)


class Store:
    """The folder of one index.

    Parameters
    ----------
    locations : sequence of Path
        The data folders.
    identity : ModelIdentity
        The classifier. Other weights, of it or of the lung network, have another folder.
    cache : Path, optional
        Where all caches lie; this user's without it.
    """

    def __init__(self, locations: Sequence[Path], identity: ModelIdentity, cache: Path | None = None) -> None:
        root = (cache or Path(platformdirs.user_cache_dir("second-look"))) / "similar"
        model = f"{identity.sha256[:16]}-{file_sha256(LUNG_NETWORK / LUNG_WEIGHTS)[:8]}"
        named = "\n".join(sorted(os.path.abspath(location) for location in locations))
        self.folder = root / model / hashlib.sha256(named.encode(errors="surrogateescape")).hexdigest()[:16]

    @property
    def stamp(self) -> tuple[tuple[str, int, int], ...]:
        """What is the same as long as the files are."""
        found = []
        for path in sorted(self.folder.glob(PARTS)):
            with suppress(OSError):  # removed meanwhile
                stat = path.stat()
                found.append((path.name, stat.st_size, stat.st_mtime_ns))
        return tuple(found)

    def load(self) -> Computed:
        """Read all that is there. A file that is damaged, or of another layout, counts as absent: its films are computed anew."""
        parts = [part for path in sorted(self.folder.glob(PARTS)) if (part := _read(path)) is not None]
        channels = [part.features.shape[1] for part in parts if len(part.keys)]
        return Computed.joined([part for part in parts if not len(part.keys) or part.features.shape[1] == channels[-1]])

    def add(self, part: Computed) -> None:
        """Write what was computed of some more films."""
        self.folder.mkdir(parents=True, exist_ok=True)
        numbers = [int(number) for path in self.folder.glob(PARTS) if (number := path.stem.removeprefix("part-")).isdecimal()]
        _write(self.folder / f"part-{max(numbers, default=0) + 1:06}.npz", part)

    def compact(self, keys: Iterable[str]) -> None:
        """Put all into one file, without films that are no longer there."""
        before = list(self.folder.glob(PARTS))
        found = self.load()
        kept = found.only(keys)
        if len(before) == 1 and len(kept.keys) == len(found.keys) and _read(before[0]) is not None:
            return
        self.add(kept)
        for path in before:
            path.unlink(missing_ok=True)

    def forget(self) -> bool:
        """Remove the index; return whether there was one."""
        was_there = self.folder.is_dir()
        shutil.rmtree(self.folder, ignore_errors=True)
        return was_there


def _write(path: Path, part: Computed) -> None:
    def write(partial: Path) -> None:
        with partial.open("wb") as file:
            np.savez(
                file,
                allow_pickle=False,
                layout=np.array(LAYOUT),
                keys=part.keys.astype("S16"),
                features=part.features.astype(np.float16),
                sketches=part.sketches.astype(np.float16),
                fingerprints=part.fingerprints.astype("S12"),
                unreadable=part.unreadable.astype("S16"),
            )

    replace_file(path, write)


def _read(path: Path) -> Computed | None:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            if int(arrays["layout"]) != LAYOUT:
                return None
            keys, fingerprints, unreadable = (arrays[name].astype(str) for name in ("keys", "fingerprints", "unreadable"))
            features, sketches = arrays["features"], arrays["sketches"]
    except Exception:  # zipfile, zlib and NumPy raise a dozen kinds on a damaged file
        return None
    shapes = features.ndim == 2 and sketches.shape == (len(keys), SKETCH) and len(features) == len(fingerprints) == len(keys)
    fits = shapes and features.dtype == sketches.dtype == np.float16 and np.isfinite(features).all() and np.isfinite(sketches).all()
    return Computed(keys, features, sketches, fingerprints, unreadable) if fits else None
