"""`study`: rerun the report's comparison of backbones."""

import sys
from pathlib import Path
from typing import Annotated, Any, Optional

import typer
from pydantic import ValidationError

from cxr_core.artifacts import SHIPPED_MODEL, STUDY_FOLDER, read_card
from cxr_core.cli import console
from cxr_core.cli.console import (
    Cache,
    DataLocationsIfAny,
    ResultsFolder,
    SkipBroken,
    cache_folder,
    first_fault,
    import_tensorflow,
    one_line_errors,
    open_data,
    progress_bars,
    reporter,
)
from cxr_core.files import sole_use


def study(
    data: DataLocationsIfAny = None,
    out: Annotated[
        Optional[Path], typer.Option(help="Folder of the study: a run a row. A study that was stopped goes on from there.")
    ] = None,
    backbone: Annotated[Optional[list[str]], typer.Option(help="Which to train; may be given again. Without it: all three.")] = None,
    init: Annotated[
        Optional[list[str]],
        typer.Option(help="Starting weights: imagenet, none, or BACKBONE=FILE; may be given again.", metavar="[BACKBONE=]WEIGHTS"),
    ] = None,
    size: Annotated[int, typer.Option(help="Side of the input in pixels.")] = 224,
    epochs: Annotated[int, typer.Option(help="Epochs of each row.")] = 10,
    trainable_layers: Annotated[int, typer.Option(help="Backbone layers that train, from the last one.")] = 20,
    end_to_end: Annotated[bool, typer.Option("--end-to-end", help="Train every layer instead, with augmentation.")] = False,
    refine_epochs: Annotated[int, typer.Option(help="Epochs of the winner's refinement; 0 leaves it out.")] = 5,
    shipped: Annotated[bool, typer.Option("--shipped", help="Only write the row of the shipped classifier, from its card.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of every row.")] = 0,
    results: ResultsFolder = None,
    skip_broken: SkipBroken = False,
    cache: Cache = None,
) -> None:
    """Run the report's comparison of backbones, then refine the winner. The validation films choose; every row is reported on test."""
    with one_line_errors():
        from cxr_core.training import RunError

        import_tensorflow()
        from cxr_core.backbone_study import (
            BACKBONE_NAMES,
            check_plan,
            check_results,
            check_same_films,
            end_to_end_plan,
            initial_weights,
            refinement_plan,
            report_plan,
            results_folder,
            run_plan,
            shipped_row,
            write_row,
        )
        from cxr_core.data import index_sha256
        from cxr_core.training import BEST_WEIGHTS, TrainingDisplay

        if shipped:
            card = read_card(SHIPPED_MODEL)
            folder = results or STUDY_FOLDER
            row = shipped_row(SHIPPED_MODEL, card, "python -m cxr_core study --shipped")
            check_same_films(folder, row)
            print(write_row(row, folder))
            return
        if not data or out is None:
            raise RunError("--data and --out are needed, unless --shipped is given.")
        if refine_epochs < 0:
            raise RunError("--refine-epochs: cannot be less than 0.")
        names = backbone or list(BACKBONE_NAMES)
        unknown = [name for name in names if name not in BACKBONE_NAMES]
        if unknown:
            raise RunError(f"There is no backbone {unknown[0]!r}. Choose one of {', '.join(BACKBONE_NAMES)}.")
        starts = initial_weights(init or [], names)
        try:
            if end_to_end:
                plans = [end_to_end_plan(name, starts[name], size=size, epochs=epochs, seed=seed) for name in names]
            else:
                plans = [
                    report_plan(name, starts[name], size=size, epochs=epochs, seed=seed, trainable_layers=trainable_layers)
                    for name in names
                ]
        except ValidationError as error:
            raise RunError(first_fault(error)) from error
        for plan in plans:
            check_plan(plan)
        command = _study_command(names, starts, size, epochs, trainable_layers, end_to_end, refine_epochs, seed)
        try:
            films = open_data(data, cache, skip_broken)
            data_sha256 = index_sha256(films.films)
            folder = results or results_folder(out, data_sha256)
            check_results(folder, data_sha256)

            def run(plan: Any) -> Any:
                with progress_bars("{task.fields[figures]}") as progress:
                    console.stderr.print(f"{plan.name}: {plan.method}", highlight=False)
                    row = run_plan(
                        plan,
                        films.films,
                        films.root,
                        out,
                        cache=cache_folder(cache),
                        command=command,
                        progress=reporter(progress, "Preparing", figures=""),
                        announce=console.stderr.print,
                        callbacks=[TrainingDisplay(progress)],
                    )
                print(write_row(row, folder))
                return max(figures["val_accuracy"] for figures in row.history)

            with sole_use(out):
                reached = [run(plan) for plan in plans]
                if refine_epochs:
                    winner = plans[reached.index(max(reached))]
                    run(refinement_plan(winner, out / winner.name / BEST_WEIGHTS, epochs=refine_epochs))
        except KeyboardInterrupt:
            print(f"Stopped. Whole epochs are kept in {out}; the same command goes on from there.", file=sys.stderr)
            raise typer.Exit(130) from None


def _study_command(
    names: list[str], starts: dict[str, str], size: int, epochs: int, trainable_layers: int, end_to_end: bool, refine_epochs: int, seed: int
) -> str:
    """Write a study's command with file names in place of folders of this machine."""
    parts = ["python -m cxr_core study --data DIR --out RUN"]
    parts += [f"--backbone {name} --init {name}={Path(starts[name]).name}" for name in names]
    parts += [f"--size {size} --epochs {epochs}", "--end-to-end" if end_to_end else f"--trainable-layers {trainable_layers}"]
    return " ".join([*parts, f"--refine-epochs {refine_epochs} --seed {seed}"])
