"""`what-helps`: trainings that differ in one thing each, judged on films from elsewhere."""

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer
from pydantic import ValidationError

from cxr_core.cli import console
from cxr_core.cli.console import (
    Cache,
    DataLocations,
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


def what_helps(
    data: DataLocations,
    out: Annotated[Path, typer.Option(help="Folder of the trainings. A command that was stopped goes on from there.")],
    films: Annotated[int, typer.Option(help="Films an epoch.")] = 2000,
    epochs: Annotated[int, typer.Option(help="Epochs of each row.")] = 3,
    size: Annotated[int, typer.Option(help="Side of the input in pixels.")] = 128,
    init: Annotated[str, typer.Option(help="Starting weights: imagenet, none, or a weights file.", metavar="WEIGHTS")] = "imagenet",
    rows: Annotated[Optional[list[str]], typer.Option(help="A row; may be given again. Without it: all.", metavar="NAME")] = None,
    backbone: Annotated[str, typer.Option(help="DenseNet121, InceptionV3, MobileNetV2, or another that was added.")] = "MobileNetV2",
    seed: Annotated[int, typer.Option(help="Seed of every row.")] = 0,
    results: ResultsFolder = None,
    skip_broken: SkipBroken = False,
    cache: Cache = None,
) -> None:
    """Train rows at equal budgets that differ in one thing each, and judge them on films that no row saw. Rows that are there stay."""
    with one_line_errors():
        from cxr_core.training import RunError

        import_tensorflow()
        from cxr_core.ablation import (
            Budget,
            Workplace,
            check_rows,
            chosen_rows,
            films_of,
            gather_outside,
            recipe_of,
            rows_folder,
            run_row,
            write_row,
        )
        from cxr_core.data import index_sha256
        from cxr_core.models import BACKBONES, check_size
        from cxr_core.training import TrainingDisplay

        wanted = chosen_rows(rows or [])
        if films < 1:
            raise RunError("--films: cannot be less than 1.")
        budget = Budget(init, backbone, size, films, epochs, seed)
        try:
            for row in wanted:
                recipe_of(row, budget)
        except ValidationError as error:
            raise RunError(first_fault(error)) from error
        if backbone not in BACKBONES:
            raise RunError(f"There is no backbone {backbone!r}. Choose one of {', '.join(BACKBONES)}.")
        check_size(backbone, size)
        if init not in ("imagenet", "none") and not Path(init).is_file():
            raise RunError(f"There is no weights file {init}.")
        start = init if init in ("imagenet", "none") else Path(init).name
        again = f"python -m cxr_core what-helps {'--data DIR ' * len(data)}--out RUN --films {films} --epochs {epochs} --size {size}"
        again += f" --init {start} --backbone {backbone} --seed {seed}"
        work = Workplace(out, cache_folder(cache), again)
        try:
            collections = open_data(data, cache, skip_broken)
            outside = gather_outside(collections)
            for row in wanted:
                films_of(row, budget, collections)  # refused now rather than after the rows ahead of it
            data_sha256 = index_sha256(collections.films)
            folder = results or rows_folder(out, data_sha256)
            with sole_use(out):
                for row in check_rows(folder, budget, data_sha256, wanted):
                    with progress_bars("{task.fields[figures]}") as progress:
                        console.stderr.print(row.name, highlight=False)
                        made = run_row(
                            row,
                            budget,
                            collections,
                            outside,
                            work,
                            progress=reporter(progress, "Preparing", figures=""),
                            announce=console.stderr.print,
                            callbacks=[TrainingDisplay(progress)],
                        )
                    print(write_row(made, folder))
        except KeyboardInterrupt:
            print(f"Stopped. Whole epochs are kept in {out}; the same command goes on from there.", file=sys.stderr)
            raise typer.Exit(130) from None
