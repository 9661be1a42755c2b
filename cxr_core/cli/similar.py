"""`similar`: build the index of a data folder, and find the films in it that look most like another."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from cxr_core.artifacts import SHIPPED_MODEL, read_identity
from cxr_core.cli.console import ModelFolder, cache_folder, import_tensorflow, one_line_errors, printable, progress_bars
from cxr_core.errors import SecondLookError
from cxr_core.labels import in_words

if TYPE_CHECKING:
    from cxr_core.models import Classifier
    from cxr_core.similar import FilmIndex, Found, ListedFilms, Store

SIMILAR_SCHEMA = "second-look-similar/1"


def similar(
    locations: Annotated[
        list[Path], typer.Argument(help="Folders with a manifest.csv or one folder a class, or manifests.", metavar="DIR...")
    ],
    film: Annotated[
        Optional[list[Path]], typer.Option("--film", metavar="FILE", help="Name the films nearest to this one; may be given again.")
    ] = None,
    model: ModelFolder = SHIPPED_MODEL,
    as_json: Annotated[bool, typer.Option("--json", help="With --film: print one JSON object a line.")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Remove the index of these folders and this model.")] = False,
    cache: Annotated[Optional[Path], typer.Option(help="Where the index is kept.", show_default="the user's cache folder")] = None,
) -> None:
    """Build the index of similar films for the page Read, and find those that look most like a film.

    Stop it whenever you like, and give the same command again: it goes on, and takes films that came since or changed. The index lies in
    your cache folder, by model and folders. It names no film, and none can be seen from it.
    """
    with one_line_errors():
        if forget and (film or as_json):
            raise SecondLookError("--forget goes without --film and --json.")
        if as_json and not film:
            raise SecondLookError("--json goes with --film.")
        from cxr_core.similar import FilmIndex, Store, list_similar

        store = Store(locations, read_identity(model), cache_folder(cache))
        if forget:
            print("The index is removed." if store.forget() else "There is no index of these folders and this model.")
            return
        films = list_similar(locations)
        classifier = _built(films, store, model, quiet=as_json)
        if film:
            _name(film, FilmIndex(films, store.load()), classifier, as_json)


def _built(films: "ListedFilms", store: "Store", model: Path, *, quiet: bool) -> "Classifier":
    """Look at the films that the index lacks; return the classifier."""
    import_tensorflow()
    from cxr_core.models import Classifier
    from cxr_core.similar import Building

    classifier = Classifier.load(model)
    building = Building(films, store)
    with progress_bars("{task.fields[pace]}") as progress:
        task = progress.add_task("Looking at films", total=building.total, completed=building.done, pace="")
        for _ in building.steps(classifier):
            pace = building.films_a_second
            progress.update(task, completed=building.done, pace="" if pace is None else f"{pace:.1f} films/s")
    for count, told in ((building.unreadable, "cannot be read"), (films.missing, "are listed, but not there")):
        if count:
            print(f"Films that {told}: {count:,}", file=sys.stderr)
    if not quiet:
        print(f"{building.total - building.unreadable:,} films are in the index {printable(store.folder)}")
    return classifier


def _name(files: list[Path], index: "FilmIndex", classifier: "Classifier", as_json: bool) -> None:
    """Print what lies nearest to each film."""
    from cxr_core.imaging import load_film
    from cxr_core.similar import NO_SECOND_OPINION, features_of, sketch_of

    failed = False
    for file in files:
        name = printable(file)
        try:
            film = load_film(file)
        except SecondLookError as error:
            if as_json:
                print(json.dumps({"schema": SIMILAR_SCHEMA, "file": name, "error": str(error)}))
            else:
                print(f"{name}: {error}", file=sys.stderr)
            failed = True
            continue
        found = index.search(features_of(film, classifier), sketch_of(film), film.fingerprint)
        print(_as_json(name, found, index) if as_json else _as_text(name, found, index), flush=True)
    if not as_json:
        print(NO_SECOND_OPINION)
    if failed:
        raise typer.Exit(1)


def _sentences(found: "Found", index: "FilmIndex") -> list[str]:
    from cxr_core.similar import class_sentence, far_sentence, left_out_sentence, source_sentences

    told = [*source_sentences(found, index), class_sentence(found), far_sentence(found, index), left_out_sentence(found)]
    return [sentence.replace("**", "") for sentence in told if sentence]


def _as_text(name: str, found: "Found", index: "FilmIndex") -> str:
    lines = [f"{name}:"]
    for film in found.neighbours:
        about = "  ".join((f"{film.distance:.3f}", in_words(film.label) or "-", film.source or "-"))
        lines.append(f"  {about}  {printable(film.path)}")
    return "\n".join([*lines, *(f"  {sentence}" for sentence in _sentences(found, index))])


def _as_json(name: str, found: "Found", index: "FilmIndex") -> str:
    films = [
        {
            "path": printable(film.path),
            "label": film.label or None,
            "source": film.source or None,
            "distance": round(film.distance, 4),
            "fingerprint": film.fingerprint,
        }
        for film in found.neighbours
    ]
    told = {"films": films, "left_out": found.left_out, "own_source": found.own_source or None, "sentences": _sentences(found, index)}
    return json.dumps({"schema": SIMILAR_SCHEMA, "file": name, **told})
