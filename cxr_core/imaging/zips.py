"""Films in a zip archive, as downloads come: read one at a time, in memory alone, within bounds that are known before anything is unpacked.

Nothing is extracted, so that no path in an archive can lead anywhere: a name only names.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import IO, Final

from cxr_core.imaging.bounds import MAX_FILE_BYTES
from cxr_core.imaging.dicom.signature import PREAMBLE_BYTES, looks_like_dicom
from cxr_core.imaging.errors import EncryptedZipError, ImageError, UnreadableFileError, ZipError, ZipTooLargeError
from cxr_core.imaging.files import open_film_file
from cxr_core.imaging.foreign import is_zip
from cxr_core.imaging.names import FILM_SUFFIXES, PARTIAL_SUFFIXES, is_hidden

MAX_FILES: Final = 50_000
MAX_DIRECTORY_BYTES: Final = 8 * 2**20
"""Of the list of files at an archive's end, which is read at once: some 150 bytes a file are usual."""

MAX_RATIO: Final = 200
"""How many times its packed size a file may have. Films have some 1 to 20, what is made to fill a memory 1,000."""

_FAULTS: Final = (zipfile.BadZipFile, EOFError, zlib.error, struct.error, RuntimeError, ValueError, OverflowError)
"""What `zipfile` raises on a damaged archive. Of RuntimeError are its NotImplementedError and the one for a locked file, of ValueError a
name that is no text and a place before the file's beginning, of OverflowError one beyond what a file can have."""

_FOREIGN_SUFFIXES: Final = frozenset(
    {".tif", ".tiff", ".webp", ".bmp", ".gif", ".heic", ".heif", ".avif", ".jp2", ".j2k", ".jxl", ".pdf"}
    | {".gz", ".nii", ".nrrd", ".zip", ".7z", ".rar", ".tar", ".tgz", ".bz2", ".xz", ".zst"}
)
"""Of files that may hold films and are not read: they are not passed over but refused, which says what to do with them."""

_PIECE = 2**20
_PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""Python's `zipfile` unpacks these in steps of bounded size, and others in steps of any size."""

_DAMAGED = "The zip archive is damaged or ends too early. Download or copy it again."


@dataclass(frozen=True)
class ZippedFilm:
    """A file in a zip archive that should hold a film, or an archive that cannot be opened.

    Attributes
    ----------
    path : Path
        The archive, and the name within it.
    """

    path: Path
    _archive: "_Archive | None" = None
    _info: zipfile.ZipInfo | None = None
    _refusal: ImageError | None = None

    def read(self) -> bytes:
        """Unpack the file.

        Returns
        -------
        bytes
            All of it.

        Raises
        ------
        ZipError, EncryptedZipError, ZipTooLargeError
            It is damaged, encrypted, packed in an uncommon way, or unpacks to more than a film may be.
        UnreadableFileError
            The archive cannot be read.
        """
        if self._refusal is not None:
            raise self._refusal
        assert self._archive is not None
        assert self._info is not None
        return self._archive.unpack(self._info)


@dataclass(frozen=True)
class ZippedFilms:
    """What a zip archive holds.

    Attributes
    ----------
    films : tuple of ZippedFilm
        Its films by name, and other files of which the user should hear why they are not read.
    passed_over : int
        How many files are hidden, of unfinished downloads, or no films by their names.
    """

    films: tuple[ZippedFilm, ...]
    passed_over: int


def open_zip(source: Path | bytes) -> ZippedFilms:
    """List the films of a zip archive. It stays open, or in memory, for as long as one of them is held.

    Parameters
    ----------
    source : Path or bytes
        The archive.

    Returns
    -------
    ZippedFilms
        At least one film.

    Raises
    ------
    ZipError
        It is damaged, its files overlap, or it holds no films.
    ZipTooLargeError
        It holds more than `MAX_FILES` files, or lists them in more than `MAX_DIRECTORY_BYTES` bytes.
    UnreadableFileError
        The archive cannot be opened or read.
    """
    archive = _Archive(source)
    infos = [info for info in archive.files if not info.filename.endswith("/")]  # `is_dir` fails on a file without a name
    shown = [info for info in infos if archive.is_offered(info)]
    if not shown:
        raise ZipError("The zip archive holds no PNG, JPEG or DICOM films. Choose another.")
    where = source if isinstance(source, Path) else Path()
    films = tuple(ZippedFilm(where.joinpath(*_parts(info)), archive, info) for info in sorted(shown, key=lambda info: info.filename))
    return ZippedFilms(films, len(infos) - len(shown))


def film_files(paths: Iterable[Path], passed_over: Callable[[Path, int], None] = lambda path, count: None) -> Iterator[Path | ZippedFilm]:
    """Replace zip archives among files by their films; one that cannot be opened, or holds none, by a film that says so when it is read.

    Parameters
    ----------
    paths : iterable of Path
        Files of any kind, or paths to none.
    passed_over : callable, optional
        Called with each archive in which files were passed over, and their number.

    Yields
    ------
    Path or ZippedFilm
        In order. An archive is opened when its turn comes, and closed when the last of its films is let go of.
    """
    for path in paths:
        if not _is_zip_file(path):
            yield path
            continue
        try:
            found = open_zip(path)
        except ImageError as error:
            yield ZippedFilm(path, _refusal=error)
            continue
        if found.passed_over:
            passed_over(path, found.passed_over)
        yield from found.films


def _is_zip_file(path: Path) -> bool:
    try:
        with open_film_file(path) as file:
            return is_zip(file.read(4))
    except (ImageError, OSError):  # said when it is read
        return False


def _parts(info: zipfile.ZipInfo) -> tuple[str, ...]:
    """Return the folders and the name of a file, without what would lead out of the archive."""
    return tuple(part for part in info.filename.replace("\\", "/").split("/") if part not in ("", ".", ".."))


class _Archive:
    """An open archive. May be read by several threads at once: `zipfile` sees to that."""

    def __init__(self, source: Path | bytes) -> None:
        file = open_film_file(source) if isinstance(source, Path) else io.BytesIO(source)
        try:
            self._zip = zipfile.ZipFile(_InSteps(file))  # type: ignore[call-overload]  # it needs to read, tell and seek
            self.files = self._zip.infolist()
        except ImageError:
            raise
        except OSError as error:
            raise UnreadableFileError(f"The file cannot be read: {error.strerror or error}.") from error
        except _FAULTS as error:
            raise ZipError(_DAMAGED) from error
        if len(self.files) > MAX_FILES:
            raise ZipTooLargeError(f"The zip archive holds more than {MAX_FILES:,} files. Unpack it, and choose some of its films.")
        placed = sorted(self.files, key=lambda info: info.header_offset)
        for one, following in pairwise(placed):
            if one.header_offset + one.compress_size > following.header_offset:
                raise ZipError("The zip archive is damaged: its files overlap. Download or copy it again.")

    def is_offered(self, info: zipfile.ZipInfo) -> bool:
        """Whether a file is a film by its name or else by its beginning, or of a kind whose refusal should be heard."""
        parts = _parts(info)
        if not parts or any(map(is_hidden, parts)) or not info.file_size or stat.S_ISLNK(info.external_attr >> 16):
            return False
        suffix = PurePosixPath(parts[-1]).suffix.lower()
        if suffix in FILM_SUFFIXES | _FOREIGN_SUFFIXES:
            return True
        if suffix in PARTIAL_SUFFIXES:
            return False
        try:
            return looks_like_dicom(self.unpack(info, PREAMBLE_BYTES))
        except ImageError:
            return False

    def unpack(self, info: zipfile.ZipInfo, count: int | None = None) -> bytes:
        """Unpack a file, or its first bytes."""
        if info.flag_bits & 1:
            raise EncryptedZipError("The zip archive is locked with a password. Unpack it, and choose the films.")
        if info.compress_type not in _PACKINGS:
            raise ZipError("The zip archive is packed in an uncommon way. Unpack it, and choose the films.")
        if info.file_size > MAX_FILE_BYTES:
            raise ZipTooLargeError(f"The file unpacks to more than {MAX_FILE_BYTES // 2**20} MB, which no film should. Export it smaller.")
        if info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise ZipTooLargeError(f"The file unpacks to more than {MAX_RATIO} times its size, which no film does. Export it again.")
        try:
            with self._zip.open(info) as file:
                if count is not None:
                    return file.read(count)
                return b"".join(iter(lambda: file.read(_PIECE), b""))
        except OSError as error:
            raise UnreadableFileError(f"The file cannot be read: {error.strerror or error}.") from error
        except _FAULTS as error:
            raise ZipError("The file is damaged in the zip archive. Download or copy the archive again.") from error


class _InSteps:
    """A file of which no more is read at a time than an archive's list of files may hold, whatever length the archive tells."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell, self.seekable, self.close = file.seek, file.tell, file.seekable, file.close

    def read(self, count: int = -1) -> bytes:
        if count > MAX_DIRECTORY_BYTES:
            raise ZipTooLargeError(f"The zip archive holds more than {MAX_FILES:,} files. Unpack it, and choose some of its films.")
        return self._file.read(count if count >= 0 else MAX_DIRECTORY_BYTES)
