"""The rows: trainings at equal budgets that differ in one thing each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import pandas as pd

from cxr_core.artifacts import HELPS_PREFIX
from cxr_core.data import DataSet, DataSetError
from cxr_core.training import Recipe, RunError

BACKBONE = "MobileNetV2"
LEARNING_RATE = 5e-4
"""Half of a long run's: few steps from weights worth keeping."""


@dataclass(frozen=True)
class Row:
    """One row of the table.

    Attributes
    ----------
    key : str
        Its short name.
    title : str
        What it is, in a phrase; ``{more}`` stands for the names of the further collections.
    against : str or None
        Key of the row that it differs from in one thing.
    all_collections : bool
        Whether it trains on all collections, or on the first alone.
    changes : mapping of str to object
        What its recipe has otherwise than that of the lung crop with nothing added.
    """

    key: str
    title: str
    against: str | None = None
    all_collections: bool = True
    changes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Of its file and its run's folder."""
        return HELPS_PREFIX + self.key


_MACHINES = {"augmentation": "machines"}
_AMPLITUDES = {"amplitudes": 0.6}
_SURROUNDINGS = {"surroundings": 0.5}
_MAPS = {"map_weight": 0.5}
_ALL = _MACHINES | _AMPLITUDES | _SURROUNDINGS | _MAPS
_WHOLE = {"crop": "none"}

ROWS: Mapping[str, Row] = MappingProxyType(
    {
        row.key: row
        for row in (
            Row("whole-film", "whole film", all_collections=False, changes=_WHOLE),
            Row("lung-crop", "lung crop", "whole-film", all_collections=False),
            Row("more-films", "lung crop + {more}", "lung-crop"),
            Row("machines", "lung crop + {more} + machines' looks", "more-films", changes=_MACHINES),
            Row("amplitudes", "lung crop + {more} + amplitude mixing", "more-films", changes=_AMPLITUDES),
            Row("surroundings", "lung crop + {more} + others' surroundings", "more-films", changes=_SURROUNDINGS),
            Row("maps", "lung crop + {more} + map supervision", "more-films", changes=_MAPS),
            Row("all", "lung crop + all of these", "more-films", changes=_ALL),
            Row("all-whole-film", "whole film + all of these", "all", changes=_ALL | _WHOLE),
        )
    }
)
"""By key, in the order of the table."""


@dataclass(frozen=True)
class Budget:
    """What all rows share: backbone, start, side of the input in pixels, films an epoch, epochs, seed."""

    init: str
    backbone: str = BACKBONE
    size: int = 128
    epoch_films: int = 2000
    epochs: int = 3
    seed: int = 0


def chosen_rows(keys: Sequence[str]) -> list[Row]:
    """Return the rows of these keys in the order of the table; all where none is named.

    Raises
    ------
    RunError
        A key is unknown.
    """
    unknown = [key for key in keys if key not in ROWS]
    if unknown:
        raise RunError(f"There is no row {unknown[0]!r}. Choose among {', '.join(ROWS)}.")
    return [row for row in ROWS.values() if not keys or row.key in keys]


def recipe_of(row: Row, budget: Budget) -> Recipe:
    """Return a row's recipe; settings out of their range are refused as `Recipe` does."""
    settings: dict[str, Any] = {
        "backbone": budget.backbone,
        "size": budget.size,
        "init": budget.init,
        "epoch_films": budget.epoch_films,
        "epochs": budget.epochs,
        "seed": budget.seed,
        "learning_rate": LEARNING_RATE,
        "warmup_epochs": budget.epochs / 10,
        "augmentation": "mild",
        "crop": "lungs",
    }
    return Recipe(**{**settings, **row.changes})


def films_of(row: Row, budget: Budget, data: DataSet) -> pd.DataFrame:
    """Return the films that a row trains on and is watched on.

    Parameters
    ----------
    row : Row
    budget : Budget
        No more films are taken than it shows; all rows with the same collections take the same, so that prepared films serve them all.
    data : DataSet

    Returns
    -------
    pandas.DataFrame
        Rows of `data.films`: training films, of all collections or the first; and the first one's validation films, so that the best epoch
        of every row is chosen on the same ones.

    Raises
    ------
    DataSetError
        A row is to train on further collections, and there are none.
    """
    films = data.films
    own = films["collection"] == films["collection"].iloc[0]
    if row.all_collections and own.all():
        raise DataSetError(f"The row {row.key} trains on further collections. Name them with --data, after the first.")
    train = films[(films["split"] == "train") & (own | row.all_collections)]
    most = budget.epoch_films * budget.epochs
    if len(train) > most:
        train = train.sample(most, random_state=budget.seed).sort_index()
    return pd.concat([train, films[(films["split"] == "val") & own]])
