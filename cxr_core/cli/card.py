"""`card`: show a model card's figures."""

from pathlib import Path
from typing import Annotated, Any, Optional

import typer
from rich.console import Console
from rich.table import Table

from cxr_core.card import SHIPPED_MODEL, ModelCard, read_card
from cxr_core.cli.console import ModelFolder, one_line_errors


def card(
    model: ModelFolder = SHIPPED_MODEL,
    readme: Annotated[Optional[Path], typer.Option(help="Markdown file whose block of figures is brought up to date.")] = None,
) -> None:
    """Show a model card's figures, or put them into a README."""
    with one_line_errors():
        from cxr_core.reporting import replace_figures

        shipped = read_card(model)
        if readme is None:
            print_card(shipped)
        else:
            readme.write_text(replace_figures(readme.read_text(), shipped))


def print_card(card: ModelCard) -> None:
    """Print a card's figures to stdout."""
    results = card.results
    table = Table(title=f"{card.model.version}: {results.films} films of the {card.data.split} split", title_justify="left")
    for column in ("", "precision", "recall", "F1", "support"):
        table.add_column(column, justify="left" if not column else "right")
    rows: list[tuple[str, Any, int]] = [(name, result, result.support) for name, result in results.classes.items()]
    rows += [("macro average", results.macro, results.films), ("weighted average", results.weighted, results.films)]
    for name, figures, support in rows:
        values = [_figure(figures.precision), _figure(figures.recall), _figure(figures.f1)]
        table.add_row(name, *values, str(support))
    console = Console()
    console.print(table)
    console.print(f"accuracy {_figure(results.accuracy)}, expected calibration error {results.expected_calibration_error:.3f}")
    if card.doubt is not None:
        console.print(
            f"before calibration {card.doubt.expected_calibration_error_before:.3f}; "
            f"prediction sets hold the true class of {_figure(card.doubt.coverage)}, on average {card.doubt.mean_set_size:.2f} classes"
        )
    if card.stability is not None:
        console.print(f"small changes of a film change its top class in {_figure(card.stability.flipped)} of {card.stability.films}")
    if card.gate is not None:
        pictures = sum(kind.pictures for kind in card.gate.others)
        console.print(f"input gate: refused {_figure(card.gate.refused)} of {card.gate.films}, warned of {_figure(card.gate.warned)}")
        console.print(f"input gate: refused {card.gate.others_refused:.3f} of {pictures} pictures of other things")
        for change in [*card.gate.changed, *card.gate.spoiled]:
            console.print(f"input gate: films {change.change}: caught {_figure(change.caught)}, refused {_figure(change.refused)}")
    if card.saliency is not None:
        console.print(
            f"saliency maps of {card.saliency.films} films beat a random order of patches by {card.saliency.deletion.gain} in deletion, "
            f"{card.saliency.insertion.gain} in insertion"
        )
    if card.paired_copies is not None:
        console.print(f"paired copies: same top class {_figure(card.paired_copies.agreement)} of {card.paired_copies.films}")
    if card.external is not None:
        console.print(f"external films: accuracy {_figure(card.external.accuracy)} of {card.external.films}")


def _figure(figure: Any) -> str:
    if figure.value is None:
        return "-"
    bounds = "" if figure.low is None else f" [{figure.low:.3f}, {figure.high:.3f}]"
    return f"{figure.value:.3f}{bounds}"
