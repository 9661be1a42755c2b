"""A few films of a data folder, to be looked at."""

from pathlib import Path

from cxr_core.data.errors import DataSetError
from cxr_core.data.location import list_films
from cxr_core.imaging import Film, ImageError, decode_film, read_film_file
from cxr_core.labels import CLASS_NAMES


def example_films(data: Path, each: int = 4, seed: int = 0) -> dict[str, list[Film]]:
    """Draw some films of every class.

    Parameters
    ----------
    data : Path
        The data folder.
    each : int
        Films a class, or as many as there are.
    seed : int
        Seed of the draw.

    Returns
    -------
    dict of str to list of Film
        By class name.

    Raises
    ------
    DataSetError
        The folder or one of the films cannot be used, with what is wrong.
    """
    films: dict[str, list[Film]] = {name: [] for name in CLASS_NAMES}
    try:
        listed = list_films(data)
        for name, rows in listed.groupby("label"):
            for path in rows["path"].sample(min(each, len(rows)), random_state=seed):
                films[str(name)].append(decode_film(read_film_file((data if data.is_dir() else data.parent) / path)))
    except ImageError as error:
        raise DataSetError(f"{path}: {error}") from error
    except OSError as error:
        raise DataSetError(f"{data} cannot be read: {error.strerror or error}.") from error
    return films
