"""Folders of phantoms with manifests, and what computes features of them without a network."""

from types import SimpleNamespace

import cv2
import numpy as np
import pandas as pd

from cxr_core.imaging import Film
from cxr_core.similar import Computed, ListedFilms, Store, list_similar
from cxr_core.similar.sketch import SKETCH
from tests.conftest import distinct_phantom

SHA = "0123456789abcdef" * 4


def write_film(path, seed, opacity=0.0, side=96):
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.rint(distinct_phantom(seed, opacity, side).pixels * 255).astype(np.uint8)
    cv2.imwrite(str(path), pixels)
    return pixels


def folder_of(folder, rows, name="manifest.csv"):
    """Write films and a manifest; a row is a dict with `seed` and the columns of the manifest."""
    for row in rows:
        if row.get("seed") is not None:
            write_film(folder / row["path"], row["seed"])
    table = pd.DataFrame([{column: cell for column, cell in row.items() if column != "seed"} for row in rows])
    table.to_csv(folder / name, index=False)
    return folder


class Means:
    """In place of a classifier: the features of a film are the means of its 16 squares."""

    def __init__(self, size=64, sha256=SHA):
        self.identity = SimpleNamespace(size=size, crop="none", sha256=sha256)
        self.looked_at = 0

    def features(self, films):
        self.looked_at += len(films)
        side = films.shape[1] // 4
        return films[..., 0].reshape(len(films), 4, side, 4, side).mean((2, 4)).reshape(len(films), 16).astype(np.float32)


def identity(sha256=SHA):
    return SimpleNamespace(sha256=sha256)


def store_of(folder, cache, sha256=SHA):
    films = list_similar([folder])
    return films, Store([folder], identity(sha256), cache)


def listed(count, *, labels=None, sources=None, families=None):
    """Films that no file has."""
    return ListedFilms(
        (),
        tuple(f"film-{number}" for number in range(count)),
        np.array([f"{number:016x}" for number in range(count)], "U16"),
        np.array(labels if labels is not None else [""] * count, str),
        np.array(sources if sources is not None else [""] * count, str),
        np.arange(count) if families is None else np.asarray(families),
    )


def sketches(count, seed=0):
    found = np.random.default_rng(seed).normal(size=(count, SKETCH)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def computed(features, sketched=None, keys=None):
    count = len(features)
    return Computed(
        np.array([f"{number:016x}" for number in range(count)] if keys is None else keys, "U16"),
        np.asarray(features, np.float16),
        (sketches(count) if sketched is None else sketched).astype(np.float16),
        np.array([f"{number:012x}" for number in range(count)], "U12"),
        np.empty(0, "U16"),
    )


def film_of(pixels):
    return Film(pixels.astype(np.float32) / 255, 8, "drawing")
