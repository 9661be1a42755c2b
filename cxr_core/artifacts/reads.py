"""The probabilities that a card's figures were computed from: a row a film, in the order of the data set's index."""

import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cxr_core.artifacts.errors import WeightsDamagedError, WeightsMissingError
from cxr_core.artifacts.schema import ModelCard
from cxr_core.labels import CLASS_NAMES

if TYPE_CHECKING:
    import pandas as pd


def reads_csv(labels: np.ndarray, groups: np.ndarray, probabilities: np.ndarray) -> bytes:
    """Write films as CSV: true class, near-duplicate group, and a column a class. No file names: those may tell of patients."""
    import pandas as pd  # a third of a second to import, and few who read a card need it

    table = pd.DataFrame({"label": labels, "group": groups})
    for code, name in enumerate(CLASS_NAMES):
        table[name] = probabilities[:, code]
    return table.to_csv(index=False, float_format="%.6f", lineterminator="\n").encode()


def reads_sha256(content: bytes) -> str:
    """Return the SHA-256 of such a file as 64 hex digits."""
    return hashlib.sha256(content).hexdigest()


def read_reads(folder: Path, card: ModelCard) -> "pd.DataFrame":
    """Read the films behind a card.

    Parameters
    ----------
    folder : Path
        The model folder.
    card : ModelCard
        Its card.

    Returns
    -------
    pandas.DataFrame
        Columns `label`, `group`, and one a class with its probability in [0, 1].

    Raises
    ------
    WeightsMissingError
        The file is not there.
    WeightsDamagedError
        The file is not the one that the card names.
    """
    import pandas as pd

    path = folder / card.reads.file
    if not path.is_file():
        raise WeightsMissingError(f"The file {path} is missing. Restore it, or write it anew with 'evaluate'.")
    content = path.read_bytes()
    if reads_sha256(content) != card.reads.sha256:
        raise WeightsDamagedError(f"The file {path} is not the one that the model card names. Restore both, or run 'evaluate' anew.")
    return pd.read_csv(io.BytesIO(content), dtype={"group": str})
