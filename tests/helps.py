"""Rows of what helps, made up, and drawn collections to make some on."""

import cv2
import numpy as np
import pandas as pd

from cxr_core.ablation.plan import ROWS
from cxr_core.artifacts import HelpsRow, InSetFigures, OutsideFigures
from cxr_core.labels import CLASS_NAMES
from cxr_core.stats import Interval
from tests.conftest import distinct_phantom


def around(value, half=0.02):
    return Interval(value=value, low=max(0.0, value - half), high=min(1.0, value + half))


def drawn_row(key, held_out=0.5, in_set=0.8, covid=0.4, kermany=0.6, **changes):
    """One row; figures are shares with an interval of 0.02 to both sides."""
    row = ROWS[key]
    fields = {
        "name": row.name,
        "title": row.title.format(more="kermany"),
        "place": list(ROWS).index(key),
        "against": None if row.against is None else ROWS[row.against].name,
        "collections": ["pack", "kermany"] if row.all_collections else ["pack"],
        "backbone": "MobileNetV2",
        "started_from": "random weights",
        "size": 128,
        "epochs": 3,
        "epoch_films": 2000,
        "seed": 0,
        "train_films": 6000,
        "seconds": 90.0,
        "recipe": {"init": "none"} | dict(row.changes),
        "history": [{"epoch": float(epoch), "seconds": 30.0, "val_accuracy": 0.8} for epoch in (1, 2, 3)],
        "in_set": InSetFigures(films=2137, accuracy=around(in_set), covid_recall=around(0.7), macro_f1=around(0.75)),
        "outside": OutsideFigures(
            films={"JSRT": 93, "external": 51, "Kermany": 624},
            held_out=around(held_out),
            normals_called_covid=around(covid),
            external_accuracy=around(0.3),
            kermany_accuracy=around(kermany),
            kermany_normal_against_rest=around(0.85),
            kermany_bacterial_against_viral=around(0.88),
        ),
        "index_sha256": "cd" * 32,
        "weights_sha256": "ef" * 32,
        "machine": "2 cores, no GPU",
        "command": "python -m cxr_core what-helps --data DIR --out RUN",
        "written": "2026-01-02T03:04:05+00:00",
        "libraries": {"numpy": "2.4"},
    }
    return HelpsRow.model_validate(fields | changes)


def write_rows(folder, rows):
    """Lay rows out in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for row in rows:
        (folder / f"{row.name}.json").write_text(row.model_dump_json())
    return folder


def draw_collection(folder, name, labels, splits, **columns):
    """Draw a film a row, and return the table."""
    rows = []
    for number, (label, split) in enumerate((label, split) for label in labels for split in splits):
        path = f"{name}/{number}.png"
        (folder / name).mkdir(exist_ok=True)
        film = distinct_phantom(1000 * sum(map(ord, name)) + number, opacity=CLASS_NAMES.index(label) / 3 if label else 0.0)
        cv2.imwrite(str(folder / path), np.rint(film.pixels * 255).astype(np.uint8))
        rows.append({"path": path, "label": label, "split": split, "group": f"{name}{number}", **columns})
    return pd.DataFrame(rows)
