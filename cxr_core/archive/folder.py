"""The folder that an archive is read into: one run at a time, of one model and one set of films."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from cxr_core.archive.errors import OtherArchiveError
from cxr_core.archive.rows import LAYOUT
from cxr_core.artifacts import CALIBRATION_FILE, file_sha256, read_calibration, read_identity
from cxr_core.files import replace_file, sole_use
from cxr_core.gate import GATE_FILE, InputGate
from cxr_core.imaging import INPUT_VERSION
from cxr_core.lungs import LUNG_NETWORK, LUNG_WEIGHTS

ABOUT = "_archive.json"
"""What reads a folder of Parquet files passes over a name that begins so."""


class About(BaseModel):
    """What the rows of a folder were made of: all that must be the same for them to be gone on with.

    Attributes
    ----------
    layout : str
        `LAYOUT`.
    films : str
        The folder or the pattern, as it was given.
    at : str
        The same as an absolute path.
    model : str
        Version of the classifier.
    model_sha256, calibration_sha256, gate_sha256, lungs_sha256 : str
        Hashes of the files that a read depends on.
    input_version : int
        Of how a film is prepared.
    refused_too : bool
        Whether films that the gate refuses have probabilities.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    layout: str
    films: str
    at: str
    model: str
    model_sha256: str
    calibration_sha256: str
    gate_sha256: str
    lungs_sha256: str
    input_version: int
    refused_too: bool

    @classmethod
    def of(cls, films: str, model: Path, refused_too: bool) -> "About":
        """Describe reads that are about to be made.

        Raises
        ------
        ModelError, GateMissingError, GateDamagedError
            The model folder lacks what a read needs, or holds what does not belong together.
        """
        identity = read_identity(model)
        read_calibration(model, identity)
        InputGate.load(model)
        return cls(
            layout=LAYOUT,
            films=films,
            at=os.path.abspath(films),
            model=identity.version,
            model_sha256=identity.sha256,
            calibration_sha256=file_sha256(model / CALIBRATION_FILE),
            gate_sha256=file_sha256(model / GATE_FILE),
            lungs_sha256=file_sha256(LUNG_NETWORK / LUNG_WEIGHTS),
            input_version=INPUT_VERSION,
            refused_too=refused_too,
        )


@contextmanager
def claimed(folder: Path, about: About) -> Iterator[None]:
    """Hold a folder, made where it is missing, for one run.

    Raises
    ------
    FolderInUseError
        Another run holds it.
    OtherArchiveError
        It holds the reads of other films or of another model.
    """
    with sole_use(folder):
        _check(folder, about)
        yield


def _check(folder: Path, about: About) -> None:
    path = folder / ABOUT
    try:
        there = About.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        if any(folder.glob("*.parquet")):
            raise OtherArchiveError(f"{folder} holds Parquet files that no run wrote. Give another --out.") from None
        replace_file(path, lambda partial: partial.write_text(about.model_dump_json(indent=2) + "\n", encoding="utf-8"))
        return
    except ValidationError as error:
        raise OtherArchiveError(f"{path} is damaged or of another version. Give another --out.") from error
    if (there.films, there.at) != (about.films, about.at):
        raise OtherArchiveError(f"{folder} holds the reads of {there.films} ({there.at}). Give another --out.")
    if there.refused_too != about.refused_too:
        how = "with" if there.refused_too else "without"
        raise OtherArchiveError(f"{folder} was read {how} --force. Do the same, or give another --out.")
    if there != about:
        raise OtherArchiveError(f"{folder} holds reads by {there.model}, other than this model or its calibration. Give another --out.")
