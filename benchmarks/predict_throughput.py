"""Reading 500 files as `predict` does, gate included, against the bare batched forward passes of the network on films that are ready."""

from common import film_png, report  # isort: skip

import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from cxr_core.artifacts import SHIPPED_MODEL
from cxr_core.gate import InputGate
from cxr_core.imaging import decode_film, model_input
from cxr_core.models import Classifier
from cxr_core.reading import BATCH, read_files

FILES = 500
DISTINCT = 25
ROUNDS = 3


def main() -> None:
    classifier = Classifier.load()
    gate = InputGate.load(SHIPPED_MODEL)
    with tempfile.TemporaryDirectory() as folder:
        contents = [film_png(seed, 299) for seed in range(DISTINCT)]
        paths = [Path(folder) / f"{number:03d}.png" for number in range(FILES)]
        for number, path in enumerate(paths):
            path.write_bytes(contents[number % DISTINCT])
        films = np.stack([model_input(decode_film(content), classifier.identity.size) for content in contents])
        films = np.concatenate([films] * (FILES // DISTINCT))
        times: dict[str, list[float]] = {"files": [], "forward": []}
        for number in range(ROUNDS + 1):
            started = time.perf_counter()
            for first in range(0, FILES, BATCH):
                classifier.predict(films[first : first + BATCH])
            middle = time.perf_counter()
            read = sum(1 for outcome in read_files(classifier, gate, paths) if outcome.error is None)
            ended = time.perf_counter()
            if read != FILES:
                raise SystemExit(f"only {read} of {FILES} files were read")
            if number:  # the first round compiles
                times["forward"].append(middle - started)
                times["files"].append(ended - middle)
    medians = {name: statistics.median(values) for name, values in times.items()}
    ratio = medians["files"] / medians["forward"]
    report(
        f"{FILES} PNG files of 299 x 299, {classifier.identity.version} on {classifier.device}, medians of {ROUNDS}",
        {
            "files, decoded ahead, batched and judged": f"{medians['files']:.1f} s",
            "bare batched forward passes": f"{medians['forward']:.1f} s",
            "ratio": f"{ratio:.2f} (must be at most 1.15)",
        },
        {"ratio_to_forward": ratio},
        most={"ratio_to_forward": 1.15},
    )


if __name__ == "__main__":
    main()
