"""`train`: fit a classifier by a recipe."""

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer
from pydantic import ValidationError

from cxr_core.cli import console
from cxr_core.cli.console import (
    Cache,
    DataLocations,
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


def train(
    data: DataLocations,
    out: Annotated[Path, typer.Option(help="Folder of the run: recipe, history, checkpoint and best weights.")],
    backbone: Annotated[str, typer.Option(help="DenseNet121, InceptionV3, MobileNetV2, or another that was added.")] = "DenseNet121",
    size: Annotated[int, typer.Option(help="Side of the input in pixels.")] = 160,
    crop: Annotated[str, typer.Option(help="What the network sees of a film: lungs, or none for the whole film.")] = "lungs",
    dilated: Annotated[bool, typer.Option("--dilated", help="DenseNet121: finer maps, by a dilated last stage.")] = False,
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
    class_weight_power: Annotated[float, typer.Option(help="How far the loss balances the classes: 1 fully, 0 not at all.")] = 0.0,
    epoch_films: Annotated[Optional[int], typer.Option(help="Films an epoch; as many as there are where not given.")] = None,
    class_balance: Annotated[float, typer.Option(help="How evenly classes are drawn: 1 all equally often, 0 as they come.")] = 0.5,
    source_balance: Annotated[float, typer.Option(help="The same for the sources within a class.")] = 0.5,
    draws: Annotated[
        Optional[list[str]],
        typer.Option(help="How often films are drawn, such as COVID=0.3 or Normal/kermany=0.1; may be given again, for all films."),
    ] = None,
    outlined_draws: Annotated[float, typer.Option(help="How much oftener films with an outlined infection are drawn.")] = 1.0,
    dropout: Annotated[float, typer.Option(help="In [0, 1).")] = 0.3,
    augmentation: Annotated[str, typer.Option(help="none, mild, strong, or machines: other machines' looks.")] = "machines",
    appearance: Annotated[float, typer.Option(help="With machines: share of films that are changed so.")] = 1.0,
    amplitudes: Annotated[float, typer.Option(help="Share of films given another's Fourier amplitudes.")] = 0.0,
    surroundings: Annotated[float, typer.Option(help="Share of films given another's surroundings of the lungs.")] = 0.0,
    map_weight: Annotated[float, typer.Option(help="Weight of what of the map lies outside lungs and outlines.")] = 0.0,
    views: Annotated[
        int, typer.Option(help="With --trainable-layers: augmented views of a film that are kept; 0: fresh ones each epoch, slower.")
    ] = 4,
    teacher: Annotated[Optional[str], typer.Option(help="Run or model folder of a classifier to learn from as well.")] = None,
    hard_weight: Annotated[float, typer.Option(help="With a teacher: weight of the labels' loss.")] = 0.5,
    average_epochs: Annotated[int, typer.Option(help="Judge and keep the mean of the weights of this many last epochs.")] = 1,
    seed: Annotated[int, typer.Option(help="Seed of weights, order and augmentation.")] = 0,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the last whole epoch in the run's folder.")] = False,
    skip_broken: SkipBroken = False,
    cache: Cache = None,
) -> None:
    """Train a classifier on the training films and watch it on the validation films. A run can be killed and resumed after every epoch."""
    settings = {k: v for k, v in locals().items() if k not in ("data", "out", "resume", "skip_broken", "cache", "draws")}
    with one_line_errors():
        from cxr_core.training import Recipe, RunError

        try:
            recipe = Recipe(**settings, draws=_draws(draws or []))
        except ValidationError as error:
            raise RunError(first_fault(error)) from error
        import_tensorflow()
        from cxr_core.training import TrainingDisplay
        from cxr_core.training import train as fit

        try:
            films = open_data(data, cache, skip_broken)  # the split does not depend on the seed: evaluation must find the same
            with sole_use(out), progress_bars("{task.fields[figures]}") as progress:
                fit(
                    recipe,
                    films.films,
                    films.root,
                    out,
                    cache=cache_folder(cache),
                    resume=resume,
                    progress=reporter(progress, "Preparing", figures=""),
                    announce=console.stderr.print,
                    callbacks=[TrainingDisplay(progress)],
                )
        except KeyboardInterrupt:
            print(f"Stopped. Whole epochs are kept in {out}; go on with --resume.", file=sys.stderr)
            raise typer.Exit(130) from None
        again = " ".join(f"--data {location}" for location in data)
        print(f"Best weights and history are in {out}. Measure and ship them with: evaluate {again} --run {out}")


def _draws(told: list[str]) -> dict[str, float]:
    """Read how often films are drawn."""
    from cxr_core.training import RunError

    try:
        return {name.strip(): float(often) for name, _, often in (one.rpartition("=") for one in told)}
    except ValueError:
        raise RunError(f"--draws {' '.join(told)}: write it as COVID=0.3, or Normal/kermany=0.1.") from None
