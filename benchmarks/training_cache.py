"""Epochs of the report's recipe through the frozen-prefix cache against `model.fit` on the whole network."""

from common import report  # isort: skip

import tempfile
import time
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from cxr_core.imaging import draw_phantom, model_input
from cxr_core.models import build_classifier
from cxr_core.training import TrainFilms, feature_batches, freeze, frozen_features, split_at_frozen, training_batches

BACKBONE, SIZE, FILMS, BATCH, TRAINABLE_LAYERS, EPOCHS = "DenseNet121", 224, 256, 32, 20, 3


def epoch_seconds(network: keras.Model, batches: tf.data.Dataset, steps: int) -> list[float]:
    """Train and return what each epoch took."""
    network.compile(keras.optimizers.Adamax(1e-4), "categorical_crossentropy")
    ends = [time.perf_counter()]
    clock = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: ends.append(time.perf_counter()))
    network.fit(batches, steps_per_epoch=steps, epochs=EPOCHS, shuffle=False, verbose=0, callbacks=[clock])
    return list(np.diff(ends))


def main() -> None:
    drawn = [np.rint(model_input(draw_phantom(256, 256, seed), SIZE)[..., 0] * 255).astype(np.uint8) for seed in range(32)]
    films = np.stack([drawn[number % len(drawn)] for number in range(FILMS)])
    codes = np.arange(FILMS) % 4
    drawn_by_lot = TrainFilms(films, np.full_like(films, 255), codes, np.full(FILMS, 1 / FILMS), {})
    how: dict[str, Any] = {"batch_size": BATCH, "first_epoch": 0, "epochs": EPOCHS, "seed": 0, "weights": np.ones(4)}

    whole = build_classifier(BACKBONE, SIZE)
    freeze(whole, TRAINABLE_LAYERS)
    plain = epoch_seconds(
        whole, *training_batches(drawn_by_lot, augmentation=None, epoch_films=FILMS, amplitudes=0, surroundings=0, masks=False, **how)
    )

    prefix, suffix = split_at_frozen(build_classifier(BACKBONE, SIZE), TRAINABLE_LAYERS)
    with tempfile.TemporaryDirectory() as cache:
        started = time.perf_counter()
        features = frozen_features(
            prefix,
            films,
            lambda row: films[row] / np.float32(255),
            "as is",
            Path(cache),
            progress=lambda *_: None,
            announce=print,
        )
        filling = time.perf_counter() - started
        cached = epoch_seconds(suffix, *feature_batches([features], codes=codes, **how))

    # The first epoch of either also builds the training function, so later ones stand for an epoch.
    plain_epoch, cached_epoch = min(plain[1:]), min(cached[1:])
    speedup = plain_epoch / cached_epoch
    report(
        f"{BACKBONE} at {SIZE} px, last {TRAINABLE_LAYERS} layers trainable, {FILMS} films in batches of {BATCH}",
        {
            "an epoch of model.fit on the whole network": f"{plain_epoch:.1f} s",
            "filling the cache, once": f"{filling:.1f} s",
            "an epoch through the cache": f"{cached_epoch:.2f} s",
            "whole / cache": f"{speedup:.1f} (must be at least 10)",
        },
        {"epoch_speedup": speedup},
        least={"epoch_speedup": 10},
    )


if __name__ == "__main__":
    main()
