"""`card`: show a model card's figures."""

from pathlib import Path
from typing import Annotated, Any, Optional

import typer
from rich.console import Console
from rich.table import Table

from cxr_core.artifacts import SHIPPED_MODEL, Elsewhere, ModelCard, read_card
from cxr_core.cli.console import ModelFolder, one_line_errors
from cxr_core.errors import SecondLookError
from cxr_core.files import replace_file
from cxr_core.labels import in_words, split_films


def card(
    model: ModelFolder = SHIPPED_MODEL,
    readme: Annotated[Optional[Path], typer.Option(help="Markdown file whose block of figures is brought up to date.")] = None,
) -> None:
    """Show a model card's figures, or put them into a README."""
    with one_line_errors():
        from cxr_core.model_card import replace_figures

        shipped = read_card(model)
        if readme is None:
            print_card(shipped)
        else:
            text = replace_figures(_text(readme), shipped)
            replace_file(readme, lambda partial: partial.write_text(text, encoding="utf-8"))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SecondLookError(f"{path} is no text in UTF-8. Name a Markdown file.") from error


def print_card(card: ModelCard) -> None:
    """Print a card's figures to stdout."""
    results = card.results
    table = Table(title=f"{card.model.version}: {results.films} {split_films(card.data.split)}", title_justify="left")
    for column in ("", "precision", "recall", "F1", "support"):
        table.add_column(column, justify="left" if not column else "right")
    rows: list[tuple[str, Any, int]] = [(name, result, result.support) for name, result in results.classes.items()]
    rows += [("macro average", results.macro, results.films), ("weighted average", results.weighted, results.films)]
    for name, figures, support in rows:
        values = [_figure(figures.precision), _figure(figures.recall), _figure(figures.f1)]
        table.add_row(in_words(name), *values, str(support))
    console = Console()
    if card.elsewhere is not None:
        print_elsewhere(card.elsewhere, console)
    console.print(table)
    console.print(f"accuracy {_figure(results.accuracy)}, expected calibration error {results.expected_calibration_error:.3f}")
    if card.calibration is not None:
        console.print(
            f"before calibration {card.calibration.expected_calibration_error_before:.3f}; "
            f"prediction sets hold the true class of {_figure(card.calibration.coverage)}, "
            f"on average {card.calibration.mean_set_size:.2f} classes"
        )
    if card.stability is not None:
        console.print(f"small changes of a film change its top class in {_figure(card.stability.flipped)} of {card.stability.films}")
    if card.gate is not None:
        pictures = sum(kind.pictures for kind in card.gate.others)
        console.print(f"input gate: refused {_figure(card.gate.refused)} of {card.gate.films}, warned of {_figure(card.gate.warned)}")
        console.print(f"input gate: refused {card.gate.others_refused:.3f} of {pictures} pictures of other things")
        for change in [*card.gate.changed, *card.gate.corruptions]:
            console.print(f"input gate: films {change.change}: caught {_figure(change.caught)}, refused {_figure(change.refused)}")
    if card.saliency is not None:
        console.print(
            f"saliency maps of {card.saliency.films} films beat a random order of patches by {card.saliency.deletion.gain} in deletion, "
            f"{card.saliency.insertion.gain} in insertion"
        )
    if card.paired_copies is not None:
        console.print(f"paired copies: same top class {_figure(card.paired_copies.agreement)} of {card.paired_copies.films}")


def print_elsewhere(part: Elsewhere, console: Console) -> None:
    """Print what becomes of the classifier on films from elsewhere."""
    if part.unseen is not None:
        unseen = part.unseen
        console.print(
            f"never seen ({', '.join(unseen.collections)}): right on {unseen.right} of {unseen.films}, "
            f"normal called COVID {unseen.normals_called_covid} of {unseen.normals}"
        )
    for one in part.collections:
        figures = {
            "accuracy": one.accuracy,
            "normal called COVID": one.normal_called_covid,
            "normal against all else": one.normal_against_rest,
            "bacterial against viral AUC": one.bacterial_against_viral,
            "told from own films AUROC": one.told_from_own,
        }
        told = ", ".join(f"{name} {_figure(figure)}" for name, figure in figures.items() if figure.value is not None)
        console.print(f"{one.name} ({'seen' if one.seen else 'never seen'}, {one.films} films): {told}")
    for probe in part.probes:
        console.print(
            f"source of {in_words(probe.label)} films read off the features: {_figure(probe.balanced_accuracy)}, chance {probe.chance:.3f}"
        )
    if part.pointing is not None:
        pointing = part.pointing
        console.print(
            f"Grad-CAM's peak inside the infection {_figure(pointing.inside)}, chance {pointing.chance:.3f}; "
            f"inside the lungs over their share {_figure(pointing.lung_ratio)}"
        )


def _figure(figure: Any) -> str:
    if figure.value is None:
        return "-"
    bounds = "" if figure.low is None else f" [{figure.low:.3f}, {figure.high:.3f}]"
    return f"{figure.value:.3f}{bounds}"
