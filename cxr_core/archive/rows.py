"""What an archive's Parquet files hold: a row a film."""

import math
from typing import Any

import pyarrow as pa

from cxr_core.archive.listing import written
from cxr_core.labels import CLASS_NAMES
from cxr_core.reading import FileRead

LAYOUT = "second-look-archive/1"
"""Name and version of the columns."""

COLUMNS = pa.schema(
    [
        pa.field("path", pa.string(), nullable=False),
        pa.field("fingerprint", pa.string()),
        pa.field("gate", pa.string()),
        pa.field("findings", pa.list_(pa.string())),
        *(pa.field(name, pa.float32()) for name in CLASS_NAMES),
        pa.field("prediction_set", pa.list_(pa.string())),
        pa.field("model_sha256", pa.string(), nullable=False),
        pa.field("seconds", pa.float32()),
        pa.field("error", pa.string()),
    ],
    metadata={"layout": LAYOUT},
)
"""`path` as it was given; `fingerprint` names the film by its pixels; `gate` is ``read``, ``warning`` or ``refused`` and `findings` the
short names of what it saw; then the calibrated probabilities and the prediction set, which refused films have only on request;
`seconds` is what the film took to load, and its share of the forward pass; `error` says why a film could not be read. Null where there
is nothing to say."""

Row = dict[str, Any]


def row_of(found: FileRead, model_sha256: str, refused_too: bool) -> Row:
    """Return the row of a film.

    Parameters
    ----------
    found : FileRead
        Its read, or why there is none.
    model_sha256 : str
        Hash of the weights, 64 hex digits.
    refused_too : bool
        Whether a film that the input gate refuses has probabilities and a prediction set all the same.

    Returns
    -------
    dict
        By column of `COLUMNS`.
    """
    row: Row = dict.fromkeys(COLUMNS.names)
    row |= {"path": written(found.path), "model_sha256": model_sha256, "error": None if found.error is None else str(found.error)}
    read = found.read
    if read is None:
        return row
    row |= {"fingerprint": found.fingerprint, "gate": read.gate.outcome, "findings": list(read.gate.codes)}
    row["seconds"] = None if math.isnan(found.seconds) else found.seconds
    if refused_too or read.gate.outcome != "refused":
        row |= read.probabilities
        row["prediction_set"] = list(read.prediction_set)
    return row
