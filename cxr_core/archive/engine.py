"""What reads films to rows, in this process or in an actor: the classifier, its gate, and processes that decode for it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from cxr_core.archive.rows import Row, row_of
from cxr_core.reading import FILM_SECONDS


@dataclass(frozen=True)
class ReadOptions:
    """How the films of an archive are read.

    Attributes
    ----------
    model : Path
        The model folder.
    refused_too : bool
        Whether films that the input gate refuses have probabilities all the same.
    film_seconds : float
        After so long a film counts as hanging.
    """

    model: Path
    refused_too: bool = False
    film_seconds: float = FILM_SECONDS


Engine = Callable[[ReadOptions, Iterator[Path]], Iterator[Row]]
"""What reads films: a row for each, in any order; of the paths no more than a bounded number is taken ahead."""


class FilmReader:
    """A loaded classifier with its gate and its decoders, to be used in a `with` statement or closed.

    Parameters
    ----------
    options : ReadOptions
        How to read.
    decoders : int, optional
        How many processes decode; one a core where no number is given.

    Raises
    ------
    ModelError, GateMissingError, GateDamagedError
        As `Classifier.load` and `InputGate.load`.
    DecoderStartError
        A process does not start.
    """

    def __init__(self, options: ReadOptions, decoders: int | None = None) -> None:
        from cxr_core.gate import InputGate
        from cxr_core.models import Classifier
        from cxr_core.reading import DecoderProcesses

        self._refused_too = options.refused_too
        self._gate = InputGate.load(options.model)
        self._classifier = Classifier.load(options.model)
        self._stack = ExitStack()
        self._decoders = self._stack.enter_context(DecoderProcesses(decoders, options.film_seconds))

    def __enter__(self) -> "FilmReader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the decoders."""
        self._stack.close()

    def rows(self, paths: Iterable[Path]) -> Iterator[Row]:
        """Read films, in order."""
        from cxr_core.reading import read_files

        for found in read_files(self._classifier, self._gate, paths, self._decoders.load):
            yield row_of(found, self._classifier.identity.sha256, self._refused_too)


def local_engine(options: ReadOptions, paths: Iterator[Path]) -> Iterator[Row]:
    """Read films here: decoded on all cores, classified in batches. Raises what `FilmReader` raises."""
    with FilmReader(options) as reader:
        yield from reader.rows(paths)
