"""What a person sees of a training run: bars of the run and of its epoch with time left, accuracy and COVID recall, and a line an epoch."""

import keras
from rich.progress import Progress, TaskID

from cxr_core.training.distill import PROBABILITIES


class TrainingDisplay(keras.callbacks.Callback):
    """Show a run on a rich progress bar.

    Parameters
    ----------
    progress : rich.progress.Progress
        With a ``figures`` field; epoch lines go to its console.
    """

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self.progress = progress
        self.run: TaskID | None = None

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Forget the run before, of which the same display may have been told."""
        self.run = None

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Start the epoch's bar, and first of all the run's, over the epochs that it has yet to do."""
        if self.run is None:
            left = (self.params["epochs"] - epoch) * self.params["steps"]
            self.run = self.progress.add_task("Run", total=left, figures="")
        title = f"Epoch {epoch + 1}/{self.params['epochs']}"
        self.task = self.progress.add_task(title, total=self.params["steps"], figures="")

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Advance the bar."""
        self.progress.update(self.task, completed=batch + 1, figures=_figures(logs or {}))
        if self.run is not None:
            self.progress.advance(self.run)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Replace the bar by a line."""
        self.progress.remove_task(self.task)
        line = f"epoch {epoch + 1}/{self.params['epochs']}  {_figures(logs or {})}"
        self.progress.console.print(line, highlight=False, soft_wrap=True)

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        """Take the run's bar away."""
        if self.run is not None:
            self.progress.remove_task(self.run)


def _figures(logs: dict[str, float]) -> str:
    short = {name.removeprefix(f"{PROBABILITIES}_"): value for name, value in logs.items()}
    names = {"loss": "loss", "accuracy": "accuracy", "covid_recall": "COVID recall"}
    names |= {f"val_{name}": f"val {label}" for name, label in names.items()}
    return "  ".join(f"{label} {short[name]:.3f}" for name, label in names.items() if name in short)
