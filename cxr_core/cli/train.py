"""`train`: fit a classifier by a recipe."""

import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Optional

import platformdirs
import typer
from pydantic import ValidationError

from cxr_core.cli import console
from cxr_core.cli.console import DataFolder, first_fault, import_tensorflow, one_line_errors, progress_bars, reporter


def train(
    data: DataFolder,
    out: Annotated[Path, typer.Option(help="Folder of the run: recipe, history, checkpoint and best weights.")],
    backbone: Annotated[str, typer.Option(help="DenseNet121, InceptionV3 or MobileNetV2.")] = "DenseNet121",
    size: Annotated[int, typer.Option(help="Side of the input in pixels.")] = 192,
    init: Annotated[str, typer.Option(help="Starting weights: imagenet, none, or a weights file.")] = "imagenet",
    trainable_layers: Annotated[Optional[int], typer.Option(help="Train only this many last backbone layers.")] = None,
    epochs: Annotated[int, typer.Option(help="Epochs in all, those before a resume included.")] = 10,
    batch_size: Annotated[int, typer.Option(help="Films a step.")] = 32,
    optimizer: Annotated[str, typer.Option(help="adamw or adamax.")] = "adamw",
    schedule: Annotated[str, typer.Option(help="Learning rate over the run: cosine or constant.")] = "cosine",
    learning_rate: Annotated[float, typer.Option(help="Peak learning rate.")] = 1e-3,
    warmup_epochs: Annotated[float, typer.Option(help="Epochs until the peak.")] = 1.0,
    weight_decay: Annotated[float, typer.Option(help="Of AdamW, on kernels.")] = 0.03,
    label_smoothing: Annotated[float, typer.Option(help="In [0, 1).")] = 0.05,
    class_weight_power: Annotated[float, typer.Option(help="1 balances the classes, 0 leaves them.")] = 0.5,
    dropout: Annotated[float, typer.Option(help="In [0, 1).")] = 0.3,
    augmentation: Annotated[str, typer.Option(help="none, mild or strong.")] = "mild",
    views: Annotated[
        int, typer.Option(help="With --trainable-layers: augmented views of a film that are kept; 0: fresh ones each epoch, slower.")
    ] = 4,
    teacher: Annotated[Optional[str], typer.Option(help="Run or model folder of a classifier to learn from as well.")] = None,
    hard_weight: Annotated[float, typer.Option(help="With a teacher: weight of the labels' loss.")] = 0.5,
    average_epochs: Annotated[int, typer.Option(help="Judge and keep the mean of the weights of this many last epochs.")] = 1,
    seed: Annotated[int, typer.Option(help="Seed of weights, order and augmentation.")] = 0,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the last whole epoch in the run's folder.")] = False,
    cache: Annotated[Optional[Path], typer.Option(help="Where prepared films are kept between runs.")] = None,
) -> None:
    """Train a classifier on the train split and watch it on val. A run can be killed and resumed after every epoch."""
    settings = {k: v for k, v in locals().items() if k not in ("data", "out", "resume", "cache")}
    with one_line_errors():
        from cxr_core.training.errors import RunError
        from cxr_core.training.recipe import Recipe

        try:
            recipe = Recipe(**settings)
        except ValidationError as error:
            raise RunError(first_fault(error)) from error
        import_tensorflow()
        from cxr_core.training.display import TrainingDisplay
        from cxr_core.training.fit import train as fit
        from cxr_core.training.index import read_index

        try:
            with progress_bars() as progress:
                looking = partial(reporter(progress, "Looking for"), "near-duplicates")
                index = read_index(data, progress=looking)  # the split does not hang on the seed: evaluation must find the same
            with progress_bars("{task.fields[figures]}") as progress:
                fit(
                    recipe,
                    index,
                    data,
                    out,
                    cache=cache or Path(platformdirs.user_cache_dir("second-look")),
                    resume=resume,
                    progress=reporter(progress, "Preparing", figures=""),
                    announce=console.stderr.print,
                    callbacks=[TrainingDisplay(progress)],
                )
        except KeyboardInterrupt:
            print(f"Stopped. Whole epochs are kept in {out}; go on with --resume.", file=sys.stderr)
            raise typer.Exit(130) from None
        print(f"Best weights and history are in {out}. Measure and ship them with: evaluate --data {data} --run {out}")
