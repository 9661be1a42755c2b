"""`train-lungs`: train the network that finds the lungs."""

from pathlib import Path
from typing import Annotated

import typer

from cxr_core.cli.console import import_tensorflow, one_line_errors, progress_bars, reporter
from cxr_core.files import sole_use
from cxr_core.lungs import LUNG_NETWORK


def train_lungs(
    data: Annotated[Path, typer.Option(help="Data folder with masks.csv.")],
    out: Annotated[Path, typer.Option(help="Folder for weights and card.")] = LUNG_NETWORK,
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the masked films.")] = 18,
    seed: Annotated[int, typer.Option(min=0, help="Seed of weights, order and changes.")] = 0,
) -> None:
    """Train the lung network on masks, and write its card. Classifiers that were trained on its crops should be trained anew."""
    with one_line_errors():
        import_tensorflow()
        from cxr_core.training.lungs import fit_lungs

        # A card names no folder of the machine that trained.
        command = f"python -m cxr_core train-lungs --data DIR --epochs {epochs} --seed {seed}"
        with sole_use(out), progress_bars() as progress:
            card = fit_lungs(data, out, epochs=epochs, seed=seed, command=command, progress=reporter(progress, "Lungs:"))
        told = ", ".join(f"{name} {one.mean:.3f}" for name, one in card.figures.items())
        print(f"Weights and card are in {out}. Mean Dice: {told}.")
