"""How well a linear classifier on the power spectrum tells the two public copies apart, before and after `model_input`.

Needs the data folder with paired copies: `python benchmarks/harmonisation.py DATA`. Chance is 0.5.
"""

from common import report  # isort: skip

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from cxr_core.card import SHIPPED_MODEL, read_identity
from cxr_core.imaging import decode_film, model_input


def spectrum(pixels: np.ndarray) -> np.ndarray:
    """Log power of a square picture (n, n): mean by radial frequency, and along both axes."""
    pixels = (pixels - pixels.mean()) / (pixels.std() + 1e-6)
    power = np.abs(np.fft.fftshift(np.fft.fft2(pixels))) ** 2
    centre = len(power) // 2
    rows, columns = np.indices(power.shape) - centre
    radius = np.hypot(rows, columns).astype(int).ravel()
    radial = np.bincount(radius, power.ravel()) / np.bincount(radius)
    return np.log(np.concatenate([radial, power[centre, centre:], power[centre:, centre]]) + 1e-6)


def main() -> None:
    data = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared" / "data")
    size = read_identity(SHIPPED_MODEL).size
    pairs = pd.read_csv(data / "paired_copies.csv")
    before, after, copies, groups = [], [], [], []
    for number, row in pairs.iterrows():
        for path, copy in ((row["path"], row["copy"]), (row["twin"], row["twin_copy"])):
            film = decode_film((data / path).read_bytes())
            before.append(spectrum(film.pixels))
            after.append(spectrum(model_input(film, size)[..., 0]))
            copies.append(copy)
            groups.append(number)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    accuracy = {
        name: float(cross_val_score(model, np.array(features), copies, groups=groups, cv=GroupKFold(5)).mean())
        for name, features in (("before", before), ("after", after))
    }
    report(
        f"{len(pairs)} pairs, five-fold accuracy of telling the copies apart (chance 0.5)",
        {"films as they are": f"{accuracy['before']:.3f}", f"model input at {size} px": f"{accuracy['after']:.3f}"},
        {"accuracy_before": accuracy["before"], "accuracy_after": accuracy["after"]},
    )


if __name__ == "__main__":
    main()
