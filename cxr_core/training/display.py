"""What a person sees of a training run: a bar with time left, accuracy and COVID recall, and a line an epoch."""

import keras
from rich.progress import Progress

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

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Start the epoch's bar."""
        title = f"Epoch {epoch + 1}/{self.params['epochs']}"
        self.task = self.progress.add_task(title, total=self.params["steps"], figures="")

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Advance the bar."""
        self.progress.update(self.task, completed=batch + 1, figures=_figures(logs or {}))

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Replace the bar by a line."""
        self.progress.remove_task(self.task)
        line = f"epoch {epoch + 1}/{self.params['epochs']}  {_figures(logs or {})}"
        self.progress.console.print(line, highlight=False, soft_wrap=True)


def _figures(logs: dict[str, float]) -> str:
    short = {name.removeprefix(f"{PROBABILITIES}_"): value for name, value in logs.items()}
    names = {"loss": "loss", "accuracy": "accuracy", "covid_recall": "COVID recall"}
    names |= {f"val_{name}": f"val {label}" for name, label in names.items()}
    return "  ".join(f"{label} {short[name]:.3f}" for name, label in names.items() if name in short)
