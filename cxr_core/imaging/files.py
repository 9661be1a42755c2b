"""From a path to a film file's bytes, within bounds. What the bytes hold is `decode_film`'s to judge."""

import stat
from pathlib import Path

from cxr_core.imaging.bounds import MAX_FILE_BYTES
from cxr_core.imaging.errors import UnreadableFileError


def read_film_file(path: Path) -> bytes:
    """Read a file that should hold a film.

    Parameters
    ----------
    path : Path
        The file; a link to one will do.

    Returns
    -------
    bytes
        All of it or, of a file that is larger than films may be, one byte more than `decode_film` accepts.

    Raises
    ------
    UnreadableFileError
        There is no such file, it cannot be opened or read, or it is a folder, a pipe or a device.
    """
    try:
        # Asked before it is opened: opening a pipe waits for its writer, and opening a device may start it.
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableFileError("This is a folder, a pipe or a device, not a file. Choose a PNG, JPEG or DICOM file.")
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UnreadableFileError(f"The file cannot be opened: {error.strerror or error}.") from error
