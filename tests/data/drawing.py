"""Small data folders of drawn films."""

import cv2
import numpy as np
import pandas as pd

from cxr_core.labels import CLASS_NAMES


def picture(seed, side=64):
    grid = np.random.default_rng(seed).uniform(0, 255, (8, 8)).astype(np.uint8)
    return cv2.resize(grid, (side, side), interpolation=cv2.INTER_CUBIC)


def write_film(path, seed):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(".png" if path.suffix.lower() == ".png" else ".jpg", picture(seed))[1].tobytes())
    return path


def write_classes(root, films, *, level="images", suffix=".png", seed=0):
    for code, name in enumerate(CLASS_NAMES):
        for number in range(films):
            write_film(root / name / level / f"{name}-{number}{suffix}", seed + 1000 * code + number)
    return root


def table(root):
    """List a class folder: of each class the first film in train, the second in val, the third in test, and so on, each its own group."""
    paths = sorted(path.relative_to(root).as_posix() for path in root.glob("*/images/*.*"))
    numbers = [int(path.rsplit("-", 1)[1].split(".")[0]) for path in paths]
    rows = [(path, path.split("/")[0], ("train", "val", "test")[number % 3], path) for path, number in zip(paths, numbers, strict=True)]
    return pd.DataFrame(rows, columns=["path", "label", "split", "group"])


def write_manifest(folder, rows, name="manifest.csv", **how):
    rows.to_csv(folder / name, index=False, **how)
    return folder
