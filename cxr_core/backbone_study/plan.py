"""What the study trains: one plan a row of its table."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cxr_core.artifacts import ModelError, file_sha256
from cxr_core.models import check_size
from cxr_core.training import Recipe, RunError

BACKBONE_NAMES = ("DenseNet121", "InceptionV3", "MobileNetV2")
"""Those that the report compares, whatever others there are."""

TRAINABLE_LAYERS = 20


@dataclass(frozen=True)
class Plan:
    """One row of the study.

    Attributes
    ----------
    name : str
        Of its run folder and its file of results.
    method : str
        How it is trained, in a phrase for the table.
    recipe : Recipe
        What is done.
    """

    name: str
    method: str
    recipe: Recipe


def initial_weights(values: Sequence[str], names: Sequence[str] = BACKBONE_NAMES) -> dict[str, str]:
    """Tell which weights each backbone starts from.

    Parameters
    ----------
    values : sequence of str
        Each ``imagenet``, ``none`` or a file, for all backbones; or ``BACKBONE=`` before one of these, for that one. Later ones win.
    names : sequence of str
        The backbones that are wanted. A file without a backbone's name is for the only one of them.

    Returns
    -------
    dict of str to str
        By backbone.

    Raises
    ------
    RunError
        A backbone is unknown, one file is to serve several backbones, or a file of those that are wanted is not there.
    """
    chosen = dict.fromkeys(BACKBONE_NAMES, "imagenet")
    for value in values:
        backbone, equals, source = value.partition("=")
        if equals and backbone in BACKBONE_NAMES:
            chosen[backbone] = source
        elif equals and not Path(value).is_file():
            raise RunError(f"There is no backbone {backbone!r}. Choose one of {', '.join(BACKBONE_NAMES)}.")
        elif value in ("imagenet", "none"):
            chosen = dict.fromkeys(BACKBONE_NAMES, value)
        elif len(names) == 1:
            chosen[names[0]] = value
        else:
            raise RunError(f"Say whose weights {value} holds: --init BACKBONE={value}.")
    absent = [chosen[name] for name in names if chosen[name] not in ("imagenet", "none") and not Path(chosen[name]).is_file()]
    if absent:
        raise RunError(f"There is no weights file {absent[0]}.")
    return chosen


def check_plan(plan: Plan) -> None:
    """Refuse a plan whose films are too small for its backbone, before the rows ahead of it are trained.

    Raises
    ------
    RunError
        They are.
    """
    try:
        check_size(plan.recipe.backbone, plan.recipe.size)
    except ModelError as error:
        raise RunError(f"--size: {error}") from error


def report_plan(backbone: str, init: str, *, size: int, epochs: int, seed: int, trainable_layers: int = TRAINABLE_LAYERS) -> Plan:
    """Train the last layers as the report did (sections 5.3 and 5.4): Adamax at 1e-4, classes balanced, no augmentation."""
    recipe = Recipe(
        backbone=backbone,
        size=size,
        init=init,
        trainable_layers=trainable_layers,
        epochs=epochs,
        optimizer="adamax",
        schedule="constant",
        learning_rate=1e-4,
        label_smoothing=0.0,
        class_weight_power=1.0,
        augmentation="none",
        seed=seed,
    )
    return Plan(_name(recipe), f"the report's recipe: last {trainable_layers} backbone layers, {epochs} epochs", recipe)


def end_to_end_plan(backbone: str, init: str, *, size: int, epochs: int, seed: int) -> Plan:
    """Train every layer, with augmentation: what is left where there are no weights worth freezing."""
    recipe = Recipe(backbone=backbone, size=size, init=init, epochs=epochs, warmup_epochs=min(1.0, epochs / 10), seed=seed)
    return Plan(_name(recipe), f"end to end, {epochs} epochs", recipe)


def refinement_plan(winner: Plan, weights: Path, *, epochs: int) -> Plan:
    """Go on with the winner of the comparison end to end. The report refines its DenseNet121 (section 6) and does not say how."""
    settings = winner.recipe
    recipe = Recipe(
        backbone=settings.backbone,
        size=settings.size,
        init=str(weights),
        epochs=epochs,
        learning_rate=3e-4,
        warmup_epochs=min(0.5, epochs / 10),
        seed=settings.seed,
    )
    return Plan(f"{winner.name}-{epochs}epochs-refined", f"refined end to end, {epochs} epochs", recipe)


def _name(recipe: Recipe) -> str:
    """Name a row by what tells it from others, so that none takes the file of another."""
    origin = recipe.init if recipe.init in ("imagenet", "none") else f"file-{file_sha256(Path(recipe.init))[:6]}"
    part = "whole" if recipe.trainable_layers is None else f"last{recipe.trainable_layers}"
    return f"{recipe.backbone.lower()}-{origin}-{part}-{recipe.size}px-{recipe.epochs}epochs-seed{recipe.seed}"
