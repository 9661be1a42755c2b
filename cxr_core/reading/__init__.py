"""One film, or many files, to reads. Its names are imported when they are first used: those that run the network load TensorFlow."""

from typing import TYPE_CHECKING

from cxr_core.lazy import lazily

if TYPE_CHECKING:
    from cxr_core.reading.batch import BATCH, file_outputs, load_films, read_files
    from cxr_core.reading.decoders import FILM_SECONDS, DecoderProcesses, usable_cores
    from cxr_core.reading.errors import SET_ASIDE, FilmSetAsideError, set_aside
    from cxr_core.reading.load import load_prepared
    from cxr_core.reading.read import FileOutputs, FileRead, Read, at_temperature
    from cxr_core.reading.reader import Reader

__all__ = [
    "BATCH",
    "FILM_SECONDS",
    "SET_ASIDE",
    "DecoderProcesses",
    "FileOutputs",
    "FileRead",
    "FilmSetAsideError",
    "Read",
    "Reader",
    "at_temperature",
    "file_outputs",
    "load_films",
    "load_prepared",
    "read_files",
    "set_aside",
    "usable_cores",
]

__getattr__ = lazily(
    __name__,
    {
        "BATCH": "batch",
        "DecoderProcesses": "decoders",
        "FILM_SECONDS": "decoders",
        "FileOutputs": "read",
        "FileRead": "read",
        "FilmSetAsideError": "errors",
        "Read": "read",
        "Reader": "reader",
        "SET_ASIDE": "errors",
        "at_temperature": "read",
        "file_outputs": "batch",
        "load_films": "batch",
        "load_prepared": "load",
        "read_files": "batch",
        "set_aside": "errors",
        "usable_cores": "decoders",
    },
)
