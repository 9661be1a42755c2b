"""How well the two public copies of a film can be told apart by how they were resampled, before and after `model_input`.

Needs the data folder with paired copies: `python benchmarks/harmonisation.py DATA`. Chance is 0.5.

Every film stands on both sides, once from each copy, so a detector has nothing to go by but the resampling. (Films that are not
paired are told apart more easily, by the hospitals and patients that differ between the copies.) The detector sees one film at a
time: its power by frequency, and its energy by coefficient of the 8 x 8 cosine transform, on JPEG's grid and off it. Both are of
the whole film, so they hold its texture and hardly its anatomy.
"""

from common import report  # isort: skip

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.fft
from sklearn.model_selection import GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from cxr_core.artifacts import SHIPPED_MODEL, read_identity
from cxr_core.imaging import Film, decode_film, model_input, read_film_file

SIZES = (160, 192, 224)
FOLDS = 5
BLOCK = 8


def texture(pixels: np.ndarray) -> np.ndarray:
    """Describe how a square picture (n, n) was sampled: logarithms of its power by frequency and of its block coefficients."""
    pixels = (pixels - pixels.mean()) / (pixels.std() + 1e-6)
    return np.concatenate([radial_power(pixels), block_energy(pixels), block_energy(pixels[BLOCK // 2 :, BLOCK // 2 :])])


def radial_power(pixels: np.ndarray) -> np.ndarray:
    """Log of the mean power at each distance from frequency 0, in cycles a picture, up to 0.7 cycles a pixel."""
    side = len(pixels)
    # Without a window the jump between opposite edges spills over all frequencies, and covers what resampling did to the high ones.
    window = np.hanning(side)
    power = np.abs(scipy.fft.fft2(pixels * np.outer(window, window))) ** 2
    frequency = np.abs(scipy.fft.fftfreq(side))
    radius = (np.hypot(frequency[:, np.newaxis], frequency) * side).astype(int).clip(max=int(0.7 * side)).ravel()
    return np.log(np.bincount(radius, power.ravel()) / np.bincount(radius) + 1e-9)


def block_energy(pixels: np.ndarray) -> np.ndarray:
    """Log of the mean and of the median size of each cosine coefficient over all 8 x 8 blocks, counted from the upper left."""
    count = len(pixels) // BLOCK
    blocks = pixels[: count * BLOCK, : count * BLOCK].reshape(count, BLOCK, count, BLOCK).swapaxes(1, 2)
    sizes = np.abs(scipy.fft.dctn(blocks, axes=(2, 3), norm="ortho")).reshape(count**2, BLOCK**2)
    return np.log(np.concatenate([sizes.mean(0), np.median(sizes, axis=0)]) + 1e-6)


def told_apart(pictures: Sequence[np.ndarray], copies: Sequence[str], groups: Sequence[int]) -> float:
    """Return the cross-validated share of square pictures whose copy the detector finds; a group stands on one side of each fold."""
    detector = make_pipeline(StandardScaler(), SVC(C=10))
    features = np.array([texture(picture) for picture in pictures])
    return float(cross_val_score(detector, features, copies, groups=groups, cv=GroupKFold(FOLDS)).mean())


def paired_films(data: Path) -> tuple[list[Film], list[str], list[int]]:
    """Load every film in both of its copies: films, copies, and the number of the pair."""
    films, copies, groups = [], [], []
    for number, row in pd.read_csv(data / "paired_copies.csv").iterrows():
        for path, copy in ((row["path"], row["copy"]), (row["twin"], row["twin_copy"])):
            films.append(decode_film(read_film_file(data / path)))
            copies.append(copy)
            groups.append(number)
    return films, copies, groups


def main() -> None:
    data = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared" / "data")
    shipped = read_identity(SHIPPED_MODEL).size
    films, copies, groups = paired_films(data)
    before = told_apart([film.pixels for film in films], copies, groups)
    after = {size: told_apart([model_input(film, size)[..., 0] for film in films], copies, groups) for size in sorted({*SIZES, shipped})}
    report(
        f"{len(films) // 2} pairs, {FOLDS}-fold accuracy of telling the copies apart (chance 0.5)",
        {"films as they are": f"{before:.3f}"}
        | {f"model input at {size} px" + " (shipped)" * (size == shipped): f"{share:.3f}" for size, share in after.items()},
        {"accuracy_before": before, "accuracy_after": after[shipped]} | {f"accuracy_after_{size}": share for size, share in after.items()},
    )


if __name__ == "__main__":
    main()
