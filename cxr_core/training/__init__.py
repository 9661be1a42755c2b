"""Augmentation, fitting, teaching, resuming. Its names are imported when they are first used: most load TensorFlow."""

from typing import TYPE_CHECKING

from cxr_core.lazy import lazily

if TYPE_CHECKING:
    from cxr_core.training.batches import TrainFilms, feature_batches, training_batches
    from cxr_core.training.display import TrainingDisplay
    from cxr_core.training.errors import RunError
    from cxr_core.training.feature_cache import Progress, frozen_features
    from cxr_core.training.fit import train
    from cxr_core.training.frozen_prefix import freeze, split_at_frozen
    from cxr_core.training.recipe import Recipe
    from cxr_core.training.run import BEST_WEIGHTS, load_state
    from cxr_core.training.starting import load_trained

__all__ = [
    "BEST_WEIGHTS",
    "Progress",
    "Recipe",
    "RunError",
    "TrainFilms",
    "TrainingDisplay",
    "feature_batches",
    "freeze",
    "frozen_features",
    "load_state",
    "load_trained",
    "split_at_frozen",
    "train",
    "training_batches",
]

__getattr__ = lazily(
    __name__,
    {
        "BEST_WEIGHTS": "run",
        "Progress": "feature_cache",
        "Recipe": "recipe",
        "RunError": "errors",
        "TrainingDisplay": "display",
        "feature_batches": "batches",
        "freeze": "frozen_prefix",
        "frozen_features": "feature_cache",
        "load_state": "run",
        "load_trained": "starting",
        "split_at_frozen": "frozen_prefix",
        "train": "fit",
        "TrainFilms": "batches",
        "training_batches": "batches",
    },
)
