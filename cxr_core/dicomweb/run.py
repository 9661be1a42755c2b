"""From a server's studies to reads of their films, and back into the studies."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from cxr_core.dicomweb.errors import DicomwebError, RefusedByServerError
from cxr_core.dicomweb.fetch import check_patient, fetch_film
from cxr_core.dicomweb.query import Place, Study, StudyContents, instances_of, open_study
from cxr_core.dicomweb.report import report_uids
from cxr_core.dicomweb.send import objects_of, store
from cxr_core.dicomweb.server import Server
from cxr_core.errors import SecondLookError
from cxr_core.reading import Read, set_aside
from cxr_core.reporting import Reporter


@dataclass(frozen=True, eq=False)
class FilmOutcome:
    """What became of a film, or of a study that could not be opened. Films are named by number: nothing here identifies anybody.

    Attributes
    ----------
    study : int
        Number of the study, from 1.
    name : str
        Such as ``Study 3, film 1``.
    read : Read, optional
        Its read.
    fingerprint : str, optional
        Names the film by its pixels.
    stored : bool
        Whether the study has the report now.
    there : bool
        Whether the study had it already, so that the film was passed over.
    error : SecondLookError, optional
        Why the film was not read, or its report not stored.
    """

    study: int
    name: str
    read: Read | None = None
    fingerprint: str | None = None
    stored: bool = False
    there: bool = False
    error: SecondLookError | None = None


def read_studies(
    server: Server, studies: Iterable[Study], reporter: Callable[[], Reporter], model_sha256: str, *, send_back: bool = False
) -> Iterator[FilmOutcome]:
    """Read the films of studies, one after the other; what cannot be read is reported in its place and stops nothing.

    Parameters
    ----------
    server : Server
        Where they are.
    studies : iterable of Study
        From `find_studies`.
    reporter : callable
        Returns what reads the films. Called once, and only if there is a film to read: a network takes seconds to load.
    model_sha256 : str
        Hash of its weights.
    send_back : bool
        Whether report and picture are stored into each study. Films that have a report by this model are passed over then.

    Yields
    ------
    FilmOutcome

    Raises
    ------
    RefusedByServerError
        The server refuses access, so that there is no use in going on.
    ModelError
        What `reporter` raises: the model cannot be loaded.
    """
    loaded = cache(reporter)
    for number, study in enumerate(studies, start=1):
        name = f"Study {number}"
        try:
            contents = open_study(server, study, name)
            done = _done(server, study, contents, model_sha256, name) if send_back else set()
        except RefusedByServerError:
            raise
        except SecondLookError as error:
            yield FilmOutcome(number, name, error=error)
            continue
        except Exception as error:  # nobody foresaw it; one study must not end the list
            yield FilmOutcome(number, name, error=DicomwebError(f"The study was set aside: opening it failed with {type(error).__name__}."))
            continue
        for film, place in enumerate(contents.films, start=1):
            outcome = FilmOutcome(number, f"{name}, film {film}")
            if place.instance in done:
                yield replace(outcome, there=True)
            else:
                yield _read_film(server, place, loaded(), outcome, film, send_back)


def _done(server: Server, study: Study, contents: StudyContents, model_sha256: str, name: str) -> set[str]:
    """Return the UIDs of the films of which the study has a report by this model."""
    uids = {place.instance: report_uids(study.uid, place.instance, model_sha256) for place in contents.films}
    series = {series for series, _ in uids.values()} & contents.series
    reports = {report for one in series for report in instances_of(server, study, one, name)}
    return {film for film, (_, report) in uids.items() if report in reports}


def _read_film(server: Server, place: Place, reporter: Reporter, outcome: FilmOutcome, number: int, send_back: bool) -> FilmOutcome:
    try:
        film, header = fetch_film(server, place, outcome.name)
        read, report = reporter.report(film)
        outcome = replace(outcome, read=read, fingerprint=film.fingerprint)
        if send_back:
            check_patient(place.study, header)
            store(server, objects_of(report, header, number), outcome.name)
    except RefusedByServerError:
        raise
    except SecondLookError as error:
        return replace(outcome, error=error)
    except Exception as error:
        return replace(outcome, error=set_aside(error))
    return replace(outcome, stored=send_back)
