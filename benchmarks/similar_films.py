"""Time of a search among 20,000 films, beside the one product of a matrix and a vector that no exact search can do without."""

from common import interleaved_medians, report  # isort: skip

import resource
import time
from pathlib import Path

import numpy as np

from cxr_core.similar import Computed, FilmIndex, ListedFilms

FILMS = 20_000
CHANNELS = 1024
"""Features of DenseNet121."""

SKETCH = 256
REPEATS = 40


def drawn(films: int, seed: int = 0) -> tuple[ListedFilms, Computed]:
    """Draw films as their features are: never negative, and some vary a hundred times as much as others; two of each patient."""
    rng = np.random.default_rng(seed)
    keys = np.array([f"{number:016x}" for number in range(films)], "U16")
    features = np.empty((films, CHANNELS), np.float16)
    scales = rng.lognormal(-2, 1.5, CHANNELS).astype(np.float32)
    for at in range(0, films, 1000):
        features[at : at + 1000] = np.maximum(0, rng.standard_normal((len(features[at : at + 1000]), CHANNELS), np.float32) + 0.5) * scales
    sketches = rng.standard_normal((films, SKETCH), np.float32)
    sketches /= np.linalg.norm(sketches, axis=1, keepdims=True)
    text = np.array(["COVID", "Normal"])[np.arange(films) % 2]
    listed = ListedFilms((), tuple(Path(f"film-{number}") for number in range(films)), keys, text, text, np.arange(films) // 2)
    return listed, Computed(keys, features, sketches.astype(np.float16), keys.astype("U12"), keys[:0])


def main() -> None:
    listed, computed = drawn(FILMS)
    started = time.perf_counter()
    index = FilmIndex(listed, computed)
    loaded = time.perf_counter() - started
    matrix = np.random.default_rng(1).standard_normal((FILMS, CHANNELS), np.float32)
    vector = matrix[0].copy()
    film, sketch = computed.features[7].astype(np.float32), computed.sketches[7].astype(np.float32)
    found = index.search(film, sketch)
    assert len(found.neighbours) == 10
    assert found.left_out == 2
    seconds = interleaved_medians({"search": lambda: index.search(film, sketch), "product": lambda: matrix @ vector}, REPEATS)
    figures = {
        "search_ms": 1000 * seconds["search"],
        "product_ms": 1000 * seconds["product"],
        "times_product": seconds["search"] / seconds["product"],
        "load_s": loaded,
        "peak_gib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }
    report(
        f"{FILMS:,} films of {CHANNELS:,} features, median of {REPEATS}",
        {
            "search": f"{figures['search_ms']:.1f} ms",
            "bare product of the features with a film's": f"{figures['product_ms']:.1f} ms",
            "search / bare product": f"{figures['times_product']:.2f}",
            "the index made ready, once": f"{figures['load_s']:.1f} s",
        },
        figures,
        most={"search_ms": 50, "times_product": 2},
    )


if __name__ == "__main__":
    main()
