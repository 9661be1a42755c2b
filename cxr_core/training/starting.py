"""Weights that a run starts from or goes on with, and those that it ended with."""

from pathlib import Path

import h5py
import keras

from cxr_core.artifacts import WEIGHTS_FILE, WeightsMissingError
from cxr_core.models import build_classifier, load_backbone_weights, load_weights
from cxr_core.training.recipe import Recipe
from cxr_core.training.run import BEST_WEIGHTS


def load_initial_weights(classifier: keras.Model, source: str) -> None:
    """Fill a classifier from `source`: as `load_backbone_weights`, or from a file that holds a whole classifier."""
    if source not in ("none", "imagenet") and Path(source).is_file() and _has_head(Path(source)):
        load_weights(classifier, Path(source), f"{source} holds another classifier than {classifier.name}.")
    else:
        load_backbone_weights(classifier, source)


def load_trained(folder: Path, size: int | None = None) -> keras.Model:
    """Build the classifier of a run's or a model's folder, with its best weights, for films of its own size or of another."""
    weights = next((folder / name for name in (BEST_WEIGHTS, WEIGHTS_FILE) if (folder / name).is_file()), None)
    if weights is None:
        raise WeightsMissingError(f"{folder} holds neither a finished epoch of a training run nor a model.")
    recipe = Recipe.load(folder)
    classifier = build_classifier(recipe.backbone, size or recipe.size, dilated=recipe.dilated)
    load_weights(classifier, weights, f"{weights} is damaged or of another recipe. Train anew in a new folder.")
    return classifier


def _has_head(path: Path) -> bool:
    try:
        with h5py.File(path) as file:
            return "dense" in file["layers"]
    except (OSError, KeyError):
        return False
