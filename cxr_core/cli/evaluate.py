"""`evaluate`: measure a classifier, write its card, and ship it."""

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, Optional

import typer

from cxr_core.artifacts import SHIPPED_MODEL, Rule
from cxr_core.cli.card import print_card
from cxr_core.cli.console import (
    Cache,
    DataLocations,
    SkipBroken,
    import_tensorflow,
    one_line_errors,
    open_data,
    printable,
    progress_bars,
    reporter,
)
from cxr_core.files import sole_use


def evaluate(
    data: DataLocations,
    split: Annotated[str, typer.Option(help="Films to report on: test, or val, the validation films, to choose among models.")] = "test",
    run: Annotated[Optional[Path], typer.Option(help="Run folder whose best weights are put into the model folder first.")] = None,
    companion: Annotated[
        Optional[Path], typer.Option(help="With --run: run folder of a second network, to be averaged with the first.")
    ] = None,
    model: Annotated[
        Optional[Path], typer.Option(help="Model folder to measure, or to ship the run in. Without it: the shipped one of the backbone.")
    ] = None,
    operating_rule: Annotated[
        Rule, typer.Option(help="How the validation films choose the threshold of COVID: sensitivity (at least 0.95) or youden.")
    ] = "sensitivity",
    skip_broken: SkipBroken = False,
    cache: Cache = None,
) -> None:
    """Measure a classifier and write its model card. Nothing in the card is typed by hand.

    Shipped cards are of the test split: a card of another split is written only into a folder named with --model.
    """
    with one_line_errors():
        import_tensorflow()
        from cxr_core.artifacts import ModelError, read_training
        from cxr_core.evaluation import evaluate as measure
        from cxr_core.evaluation import fit_average, gather, model_folder, ship, staged_run, write_evaluation

        if companion is not None and run is None:
            raise ModelError("--companion needs a run to be averaged with: name it with --run.")
        command = f"python -m cxr_core evaluate {'--data DIR ' * len(data)}--split {split}" + (" --run RUN" if run else "")
        command += " --companion RUN" if companion else ""
        command += "" if operating_rule == "sensitivity" else f" --operating-rule {operating_rule}"
        films = open_data(data, cache, skip_broken)
        for note in gather(films, split).notes:
            print(printable(note), file=sys.stderr)
        with progress_bars() as progress:
            report = reporter(progress, "Reading")
            written = model is not None or split == "test"

            def held(folder: Path) -> AbstractContextManager[None]:
                return sole_use(folder) if written else nullcontext()

            if run is None:
                folder = model or SHIPPED_MODEL
                training = read_training(folder)
                with held(folder):
                    evaluation = measure(folder, films, split, training, command, report, operating_rule)
                    if written:
                        write_evaluation(evaluation, folder)
            else:
                folder = model or model_folder(run)
                with staged_run(run, folder, companion) as (staged, training), held(folder):
                    if companion is not None:
                        fit_average(staged, gather(films, split), report)
                    evaluation = measure(staged, films, split, training, command, report, operating_rule)
                    if written:
                        ship(evaluation, staged, folder)
        print_card(evaluation.card)
        if not written:
            print("No card was written. To write one of this split, name a model folder with --model.", file=sys.stderr)
