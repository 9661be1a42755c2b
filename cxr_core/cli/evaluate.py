"""`evaluate`: measure a classifier, write its card, and ship it."""

import sys
from contextlib import ExitStack
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
    with one_line_errors(), ExitStack() as held:
        import_tensorflow()
        from cxr_core.artifacts import ModelError, read_training
        from cxr_core.evaluation import evaluate as measure
        from cxr_core.evaluation import gather, model_folder, ship, staged_run, write_evaluation

        if companion is not None and run is None:
            raise ModelError("--companion needs a run to be averaged with: name it with --run.")
        command = f"python -m cxr_core evaluate {'--data DIR ' * len(data)}--split {split}" + (" --run RUN" if run else "")
        command += " --companion RUN" if companion else ""
        command += "" if operating_rule == "sensitivity" else f" --operating-rule {operating_rule}"
        written = model is not None or split == "test"
        folder = model or (SHIPPED_MODEL if run is None else model_folder(run))
        # The folders first: they are looked at in a moment, the films in minutes.
        if run is None:
            weights, training = folder, read_training(folder)
        else:
            weights, training = held.enter_context(staged_run(run, folder, companion))
        if written:
            held.enter_context(sole_use(folder))
        films = open_data(data, cache, skip_broken)
        for note in gather(films, split).notes:
            print(printable(note), file=sys.stderr)
        with progress_bars() as progress:
            report = reporter(progress, "Reading")
            evaluation = measure(weights, films, split, training, command, report, operating_rule)
        if written and run is None:
            write_evaluation(evaluation, folder)
        elif written:
            ship(evaluation, weights, folder)
        print_card(evaluation.card)
        if not written:
            print("No card was written. To write one of this split, name a model folder with --model.", file=sys.stderr)
