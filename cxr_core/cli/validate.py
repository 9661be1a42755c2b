"""`validate`: does the model work on your own films? Keeps, lists and removes site cards."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer
from rich.console import Console
from rich.table import Table

from cxr_core.artifacts import SHIPPED_MODEL, ModelCard, read_card, read_identity
from cxr_core.cli.console import ModelFolder, import_tensorflow, one_line_errors, printable, progress_bars
from cxr_core.errors import SecondLookError
from cxr_core.site_cards import SiteCard, SiteFigures, check_new_site_card, list_site_cards, remove_site_card, write_site_card

if TYPE_CHECKING:
    import pandas as pd

    from cxr_core.reading import FileRead

VALIDATION_SCHEMA = "second-look-validation/1"


def validate(
    data: Annotated[
        Optional[Path],
        typer.Option(help="Your films: one folder a class (some may be missing), or a CSV with the columns path and label."),
    ] = None,
    model: ModelFolder = SHIPPED_MODEL,
    keep: Annotated[Optional[str], typer.Option(metavar="NAME", help="Keep the figures and what is fitted as a site card.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    forget: Annotated[Optional[str], typer.Option(metavar="NAME", help="Remove a site card.")] = None,
    listing: Annotated[bool, typer.Option("--list", help="List the site cards.")] = False,
) -> None:
    """Measure the model on your own films with known classes, PNG, JPEG or DICOM, and compare that with its card.

    Films that the input gate refuses and files that cannot be read are counted and left out; the latter are named on stderr. With
    --keep, a temperature and an operating point are fitted to your films by cross-validation and kept, with the figures, as a site card
    in your user folder. It holds no film and no file name. The app's pages then use it for these weights.
    """
    with one_line_errors():
        if sum((data is not None, forget is not None, listing)) != 1 or (keep is not None and data is None):
            raise SecondLookError("Give one of --data, --forget and --list. --keep goes with --data.")
        if forget is not None:
            remove_site_card(forget)
            print(f"The site card {forget!r} is removed.")
        elif data is None:
            _list(model, as_json)
        else:
            _validate(data, model, keep, as_json)


def _validate(data: Path, model: Path, keep: str | None, as_json: bool) -> None:
    if keep is not None:
        check_new_site_card(keep)
    card = read_card(model)
    from cxr_core.data import list_own_films

    listed = list_own_films(data)
    import_tensorflow()
    from cxr_core.calibration import CalibrationFitError
    from cxr_core.evaluation import measure_own, own_site_card
    from cxr_core.gate import InputGate
    from cxr_core.models import Classifier

    gate = InputGate.load(model)
    classifier = Classifier.load(model)
    with progress_bars() as progress:

        def watch(reads: Iterator["FileRead"], films: int) -> Iterator["FileRead"]:
            return map(_told, progress.track(reads, total=films, description="Reading films"))

        reads, figures = measure_own(listed, classifier, gate, card, watch)
    kept = refusal = None
    if keep is not None:
        try:
            kept = own_site_card(keep, reads, figures, classifier.calibration, classifier.identity)
            write_site_card(kept)
        except CalibrationFitError as error:
            refusal = error
    _print_json(figures, kept, card) if as_json else _print_text(figures, kept, card)
    if refusal is not None:
        raise refusal


def _told(read: "FileRead") -> "FileRead":
    """Name a file that cannot be read on stderr, and pass it on."""
    if read.error is not None:
        print(f"{printable(read.path)}: {read.error}", file=sys.stderr)
    return read


def _print_text(figures: SiteFigures, kept: SiteCard | None, card: ModelCard) -> None:
    from cxr_core.model_card import site_card, tables

    console = Console(soft_wrap=True, highlight=False)
    said = [site_card.films_sentence(figures), *site_card.caveats(figures), site_card.verdict(figures)]
    said += site_card.comparison_sentences(figures)
    said += filter(None, [site_card.calibration_sentence(figures)])
    for sentence in said:
        console.print(sentence, markup=False)
    title = f"{card.model.version}: your films beside its card"
    console.print(_table(tables.as_text(site_card.figures_table(figures, card)), title))
    console.print(_table(tables.as_text(site_card.confusion_table(figures)), "Top class of your films"))
    console.print(site_card.METHOD, markup=False)
    if kept is not None:
        console.print(f"Kept as the site card {kept.name!r}. --forget {kept.name!r} removes it.", markup=False)
        for sentence in site_card.fit_sentences(kept):
            console.print(sentence, markup=False)


def _table(text: "pd.DataFrame", title: str) -> Table:
    table = Table(title=title, title_justify="left")
    for number, name in enumerate(text.columns):
        table.add_column(name, justify="right" if number else "left", no_wrap=not number)
    for row in text.itertuples(index=False):
        table.add_row(*row)
    return table


def _print_json(figures: SiteFigures, kept: SiteCard | None, card: ModelCard) -> None:
    from cxr_core.model_card import site_card

    found = {
        "schema": VALIDATION_SCHEMA,
        "model": card.model.version,
        "weights_sha256": card.model.sha256,
        "verdict": site_card.verdict(figures),
        "caveats": site_card.caveats(figures),
        "figures": figures.model_dump(mode="json"),
        "site_card": None if kept is None else kept.model_dump(mode="json"),
    }
    print(json.dumps(found))


def _list(model: Path, as_json: bool) -> None:
    cards, damaged = list_site_cards()
    identity = read_identity(model)
    if as_json:
        listed = [{**card.model_dump(mode="json"), "fits": card.fits(identity.sha256)} for card in cards]
        print(json.dumps({"site_cards": listed, "damaged": damaged}))
        return
    from cxr_core.model_card import site_card

    for card in cards:
        fits = "" if card.fits(identity.sha256) else f" Of other weights than {identity.version}: not used."
        print(f"{card.name}: {card.model}, {card.written:%Y-%m-%d}. {site_card.films_sentence(card.figures)}{fits}")
    for name in damaged:
        print(f"{name}: damaged or of another version. --forget removes it.", file=sys.stderr)
    if not cards and not damaged:
        print("There are no site cards. --data DIR --keep NAME keeps one.")
