"""What a file's name tells: whether it is a film's, a download's that was not finished, or that of a system or program."""

from typing import Final

PICTURE_SUFFIXES: Final = frozenset({".png", ".jpg", ".jpeg", ".jpe", ".jfif"})
FILM_SUFFIXES: Final = PICTURE_SUFFIXES | {".dcm", ".dicom"}
PARTIAL_SUFFIXES: Final = frozenset({".part", ".partial", ".crdownload", ".download", ".tmp"})
SYSTEM_NAMES: Final = frozenset(
    {"__macosx", "@eadir", "thumbs.db", "desktop.ini", "lost+found", "system volume information", "$recycle.bin", "dicomdir"}
)
"""Of files and folders that systems and programs leave among films, in lower case; names that start with a dot are hidden as well."""


def is_hidden(name: str) -> bool:
    """Tell whether a file or folder was put there by a system or a program, by its name."""
    return name.startswith(".") or name.lower() in SYSTEM_NAMES
