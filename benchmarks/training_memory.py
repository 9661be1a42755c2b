"""The most memory that training holds, end to end and through the feature cache, on few films and on ten times as many."""

from common import film_png, report  # isort: skip

import csv
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from cxr_core.labels import CLASS_NAMES

FEW, MANY = 96, 960
DISTINCT = 32
WAYS = {
    "the whole network at 192 px": ["--size", "192", "--init", "none"],
    "the report's recipe at 160 px, through the cache": ["--size", "160", "--init", "none", "--trainable-layers", "20", "--views", "1"],
}
UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes


def write_data(folder: Path, films: int) -> None:
    """Write a data set of phantoms: `films` to train on, and 32 to look at after the epoch."""
    drawn = [film_png(seed, 299) for seed in range(DISTINCT)]
    folder.mkdir()
    with (folder / "manifest.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["path", "label", "split", "group"])
        for number in range(films + DISTINCT):
            name = f"{number:05d}.png"
            (folder / name).write_bytes(drawn[number % DISTINCT])
            rows.writerow([name, CLASS_NAMES[number % len(CLASS_NAMES)], "train" if number < films else "val", number])


def peak_of_training(data: Path, options: list[str], folder: Path) -> float:
    """Train DenseNet121 for one epoch in a process of its own; return the most memory that it held, in GB."""
    command = [sys.executable, "-m", "cxr_core", "train", "--data", str(data), "--out", str(folder / "run"), "--cache", str(folder)]
    process = subprocess.Popen([*command, "--epochs", "1", *options], cwd=Path(__file__).parents[1], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit("training failed")
    return usage.ru_maxrss * UNIT / 2**30


def main() -> None:
    rows: dict[str, str] = {}
    peaks, growths = [], []
    with tempfile.TemporaryDirectory() as folder:
        for films in (FEW, MANY):
            write_data(Path(folder) / f"films-{films}", films)
        for way, options in WAYS.items():
            found = []
            for films in (FEW, MANY):
                work = Path(folder) / f"{len(rows)}-{films}"
                work.mkdir()
                found.append(peak_of_training(Path(folder) / f"films-{films}", options, work))
            rows[way] = f"{found[0]:.2f} GB on {FEW} films, {found[1]:.2f} GB on {MANY} (must be under 6)"
            peaks.append(max(found))
            growths.append(found[1] / found[0])
    report("DenseNet121 in batches of 32, one epoch", rows, {"peak_gb": max(peaks), "growth": max(growths)}, most={"peak_gb": 6})


if __name__ == "__main__":
    main()
