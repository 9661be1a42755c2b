"""From a path to a film file's bytes, within bounds, and to its film."""

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from cxr_core.imaging.bounds import MAX_FILE_BYTES
from cxr_core.imaging.decode import decode_film
from cxr_core.imaging.errors import TOO_LITTLE_MEMORY, ImageTooLargeError, UnreadableFileError
from cxr_core.imaging.film import Film


def open_film_file(path: Path) -> BinaryIO:
    """Open a file that should hold films, for reading.

    Raises
    ------
    UnreadableFileError
        There is no such file, it cannot be opened, or it is a folder, a pipe or a device.
    """
    try:
        # Asked before it is opened: opening a pipe waits for its writer, and opening a device may start it.
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableFileError("This is a folder, a pipe or a device, not a file. Choose a PNG, JPEG or DICOM file.")
        return path.open("rb")
    except OSError as error:
        raise UnreadableFileError(f"The file cannot be opened: {error.strerror or error}.") from error
    except ValueError as error:
        raise UnreadableFileError("The file cannot be opened: no file can have this name.") from error


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
    with open_film_file(path) as file:
        try:
            return file.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise UnreadableFileError(f"The file cannot be read: {error.strerror or error}.") from error


class FilmBytes(Protocol):
    """What holds the bytes of a film's file, be it a file of its own or not."""

    def read(self) -> bytes:
        """Return all of them, or raise an `ImageError`."""
        ...


@dataclass(eq=False)
class DroppedFile:
    """The bytes of a file that was dropped: its name may tell who it is, and is not kept."""

    data: bytes

    def read(self) -> bytes:
        """Return them."""
        return self.data


def load_film(file: Path | FilmBytes) -> Film:
    """Load the film of a file.

    Parameters
    ----------
    file : Path or FilmBytes
        As in `read_film_file`; or what is read in its place, such as a file in a zip archive.

    Returns
    -------
    Film

    Raises
    ------
    ImageError
        The file cannot be read, holds no film, or its film does not fit into the memory.
    """
    try:
        return decode_film(read_film_file(file) if isinstance(file, Path) else file.read())
    except MemoryError as error:
        raise ImageTooLargeError(TOO_LITTLE_MEMORY) from error
