"""A run's folder: recipe, history, last checkpoint and best weights, each replaced as a whole or not at all."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ConfigDict, TypeAdapter, ValidationError

from cxr_core.files import replace_file
from cxr_core.training.errors import RunError

BEST_WEIGHTS = "best.weights.h5"
HISTORY = "history.csv"
_STATE = "state.json"


@dataclass
class RunState:
    """How far a run has come.

    Attributes
    ----------
    checkpoint : str or None
        File name of the last checkpoint.
    history : list of dict
        One entry an epoch done: epoch (from 1), seconds, and every metric of training and validation.
    best : float
        Best validation accuracy so far, in [0, 1].
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    checkpoint: str | None = None
    history: list[dict[str, int | float]] = field(default_factory=list)
    best: float = -1.0

    @property
    def epochs_done(self) -> int:
        """Number of whole epochs behind this run."""
        return len(self.history)


def load_state(folder: Path) -> RunState:
    """Read how far the run in `folder` has come; a folder without a run gives a fresh state.

    Raises
    ------
    RunError
        The state is damaged, or its checkpoint is gone.
    """
    path = folder / _STATE
    if not path.is_file():
        return RunState()
    try:
        state = TypeAdapter(RunState).validate_json(path.read_bytes())
    except ValidationError as error:
        raise RunError(f"{path} is damaged. Start the run again in a new folder.") from error
    if state.checkpoint is None or not (folder / state.checkpoint).is_file():
        raise RunError(f"The checkpoint that {path} names is gone. Start the run again in a new folder.")
    return state


def save_epoch(
    folder: Path,
    state: RunState,
    row: dict[str, float],
    save_checkpoint: Callable[[Path], Any],
    save_weights: Callable[[Path], Any],
) -> None:
    """Store an epoch: checkpoint and, if it is the best by validation accuracy, weights; then the state that points to them.

    `save_checkpoint` writes all that training needs to go on, `save_weights` the classifier's weights alone. The state file is
    replaced last, so a kill at any moment leaves the previous epoch's state whole.
    """
    name = f"checkpoint-{int(row['epoch']):03d}.weights.h5"
    replace_file(folder / name, save_checkpoint)
    if row["val_accuracy"] > state.best:
        state.best = row["val_accuracy"]
        replace_file(folder / BEST_WEIGHTS, save_weights)
    previous, state.checkpoint = state.checkpoint, name
    state.history.append(row)
    replace_file(folder / _STATE, lambda path: path.write_text(json.dumps(asdict(state), indent=1)))
    replace_file(folder / HISTORY, lambda path: pd.DataFrame(state.history).to_csv(path, index=False))
    if previous not in (None, name):
        (folder / str(previous)).unlink(missing_ok=True)
