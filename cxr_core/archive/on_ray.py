"""Reading on Ray: a model an actor, on this machine or on many. Ray is imported by the run that needs it."""

import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from cxr_core.archive.engine import FilmReader, ReadOptions
from cxr_core.archive.errors import EngineError
from cxr_core.archive.listing import written
from cxr_core.archive.rows import COLUMNS, Row
from cxr_core.errors import SecondLookError
from cxr_core.reading import usable_cores

BLOCK = 128
"""Films that an actor takes at a time: what it reads again where it is killed."""

WINDOW = 100_000
"""Films an actor that the driver hands out at a time. With each window actors start anew, which is a small share of its hours."""

OBJECT_STORE = 256 * 2**20
"""Bytes of shared memory: paths go in and rows come out, no films."""

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class RayEngine:
    """An `Engine` that reads on Ray.

    An actor that dies is started anew and gets its films again. Films that crash or hang their decoder are set aside within the actor.

    Parameters
    ----------
    actors : int, optional
        How many models are loaded. Without a number it is one a GPU or, where there is none, one for four cores.
    address : str, optional
        Of a cluster that runs, on all machines of which Second Look is installed, and the films and the model folder lie under the same
        paths. Without one, Ray is started here, listens on the loopback interface alone, and ends with the run.
    block : int
        Films that an actor takes at a time.
    """

    actors: int | None = None
    address: str | None = None
    block: int = BLOCK

    def __call__(self, options: ReadOptions, paths: Iterator[Path]) -> Iterator[Row]:
        """Read films; rows come as they are ready.

        Raises
        ------
        EngineError
            Ray is not installed or cannot be reached, or an actor failed for good. What was read before came out.
        """
        ray = _import_ray(self.address)
        try:
            with _cluster(ray, self.address):
                arguments = _actor_arguments(ray.cluster_resources(), self.actors)
                size = arguments.pop("size")
                while tables := list(_tables(paths, self.block, WINDOW * size)):
                    films = ray.data.from_arrow(tables).map_batches(
                        ActorReader,
                        batch_size=None,
                        batch_format="pyarrow",
                        compute=ray.data.ActorPoolStrategy(size=size),
                        fn_constructor_args=(replace(options, model=options.model.absolute()), arguments["num_cpus"]),
                        **arguments,
                    )
                    for table in films.iter_batches(batch_size=None, batch_format="pyarrow"):
                        yield from table.to_pylist()
        except (ray.exceptions.RayError, ConnectionError, RuntimeError) as error:
            raise EngineError(f"Ray gave up: {_cause(error)}. What was read is kept: give the same command again to go on.") from error


class ActorReader:
    """What each actor runs: a `FilmReader` of its own.

    Parameters
    ----------
    options : ReadOptions
        How to read; the model folder as an absolute path.
    cores : float
        How many cores the actor may use.
    """

    def __init__(self, options: ReadOptions, cores: float) -> None:
        threads = max(1, int(cores))
        os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_NUM_INTRAOP_THREADS": str(threads)}  # before TensorFlow is imported
        self._reader = FilmReader(options, threads)

    def __call__(self, films: pa.Table) -> pa.Table:
        """Return the rows of films: of `at`, under the name of `path`."""
        rows = self._reader.rows(Path(os.fsdecode(path)) for path in films["at"].to_pylist())
        named = [row | {"path": written(os.fsdecode(path))} for row, path in zip(rows, films["path"].to_pylist(), strict=True)]
        return pa.Table.from_pylist(named, COLUMNS)


def _tables(paths: Iterable[Path], block: int, most: int) -> Iterator[pa.Table]:
    """Take so many paths at most, as tables of a block each: as bytes, since a name need not be text."""
    taken = islice(paths, most)
    while chunk := list(islice(taken, block)):
        given = [os.fsencode(path) for path in chunk]
        yield pa.table(
            {"path": pa.array(given, pa.binary()), "at": pa.array([os.fsencode(path.absolute()) for path in chunk], pa.binary())}
        )


def _actor_arguments(resources: dict[str, float], actors: int | None) -> dict[str, Any]:
    """Share a cluster's cores and GPUs out among actors. All cores may be theirs: nothing else of the pipeline is a task."""
    cores, gpus = int(resources.get("CPU", 1)), int(resources.get("GPU", 0))
    size = actors or gpus or max(1, cores // 4)
    return {
        "size": size,
        "num_cpus": cores // size if cores >= size else cores / size,  # Ray takes fractions below one alone
        "num_gpus": min(1.0, gpus / size),
    }


def _import_ray(address: str | None) -> Any:
    """Import Ray with its statistics and its chatter off. It looks at these variables when it is imported."""
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}
    if address is None:  # what Ray calls this switch; without it a server of one machine listens on all interfaces
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise EngineError(
            "Ray is not installed. Install it with 'pip install -r requirements-archive.txt', or leave out --engine ray."
        ) from error
    return ray


@contextmanager
def _cluster(ray: Any, address: str | None) -> Iterator[None]:
    """Start Ray here, or join a cluster, and leave it again with all that it wrote."""
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    with TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as folder:
        if address is None:
            os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))  # for its workers
            ray.init(
                address="local",
                num_cpus=usable_cores(),
                object_store_memory=OBJECT_STORE,
                include_dashboard=False,
                _temp_dir=folder,
                **quiet,
            )
        else:
            ray.init(address=address, **quiet)
        ray.data.DataContext.get_current().enable_progress_bars = False
        try:
            yield
        finally:
            ray.shutdown()


def _cause(error: BaseException) -> str:
    """Return what an error came from, in one sentence without its full stop: Ray's own messages hold whole tracebacks."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, SecondLookError):
            return str(cause).rstrip(".")
        last, cause = cause, getattr(cause, "cause", None) or cause.__cause__
    return (str(last).strip().splitlines() or [type(last).__name__])[-1].strip().rstrip(".")
