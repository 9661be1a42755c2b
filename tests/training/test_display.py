"""What a person sees of a training run."""

import io

import keras
import numpy as np
import pytest
from rich.console import Console
from rich.progress import Progress

from cxr_core.training import TrainingDisplay


class Bars(keras.callbacks.Callback):
    """Note after each step how far every bar is, by its title."""

    def __init__(self, progress):
        super().__init__()
        self.progress, self.seen = progress, []

    def on_train_batch_end(self, batch, logs=None):
        self.seen.append({task.description: (task.completed, task.total) for task in self.progress.tasks})
        self.figures = [task.fields["figures"] for task in self.progress.tasks]


@pytest.fixture
def shown():
    """Fit a network of one weight for epochs 2 and 3 of 3, two steps each: what was on the bars, the bars left, and the lines."""
    network = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    network.compile("sgd", "mse", metrics=[keras.metrics.MeanSquaredError("accuracy")])
    console = Console(file=io.StringIO(), width=200)
    progress = Progress(console=console, disable=True)
    bars = Bars(progress)
    network.fit(
        np.zeros((8, 1)), np.zeros((8, 1)), batch_size=4, initial_epoch=1, epochs=3, verbose=0, callbacks=[TrainingDisplay(progress), bars]
    )
    return bars, progress, console.file.getvalue()


def test_run_has_a_bar_over_the_epochs_that_are_left_and_each_epoch_its_own(shown):
    bars, progress, _ = shown
    assert bars.seen == [
        {"Run": (1, 4), "Epoch 2/3": (1, 2)},
        {"Run": (2, 4), "Epoch 2/3": (2, 2)},
        {"Run": (3, 4), "Epoch 3/3": (1, 2)},
        {"Run": (4, 4), "Epoch 3/3": (2, 2)},
    ]
    assert progress.tasks == []


def test_figures_stand_beside_the_epochs_bar_and_on_a_line_after_it(shown):
    bars, _, lines = shown
    assert bars.figures == ["", "loss 0.000  accuracy 0.000"]
    assert lines.splitlines() == ["epoch 2/3  loss 0.000  accuracy 0.000", "epoch 3/3  loss 0.000  accuracy 0.000"]
