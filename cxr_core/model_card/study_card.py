"""What a card says of trainings: how one went, and how the runs of a study compare."""

from collections.abc import Mapping, Sequence
from typing import Any

from cxr_core.artifacts import SHIPPED_RUN, ModelCard, StudyRun
from cxr_core.evaluation import Pair

SIGNIFICANT = 0.05


def learning_sentence(history: Sequence[Mapping[str, float]]) -> str:
    """Say where the loss on the validation films was lowest, and whether it was still falling."""
    losses = [epoch["val_loss"] for epoch in history if "val_loss" in epoch]
    if not losses:
        return "No history by epoch was kept."
    best = losses.index(min(losses)) + 1
    watch = (
        "A loss that rises on the validation films while it falls on the training films shows overfitting. How far apart the two lie says "
        "nothing: training adds to its own loss (class weights, label smoothing, penalties, a teacher)."
    )
    if best == len(losses):
        end = "the last: it was still learning" if len(losses) > 1 else "the only one"
        return f"{watch} On the validation films it was lowest in epoch {best}, {end}."
    return f"{watch} On the validation films it was lowest in epoch {best} of {len(losses)} and rose afterwards."


def study_sentence(runs: Sequence[StudyRun], pairs: Sequence[Pair]) -> str:
    """Say which run is the most accurate, and of which others it is shown to be better."""
    best = max(runs, key=lambda run: run.results.accuracy.value or 0.0)
    rivals = [(pair, pair.second if pair.first == best.label else pair.first) for pair in pairs if best.label in (pair.first, pair.second)]
    text = f"The most accurate is {best.label}, with {best.results.accuracy}."
    if not rivals:
        return text
    open_ = [label for pair, label in rivals if not _differ(pair)]
    if not open_:
        return (
            f"{text} It is shown to be better than every other (McNemar's test, p below {SIGNIFICANT} after Holm's correction, and an "
            "interval of the difference without 0)."
        )
    return (
        f"{text} It is not shown to be better than {'; '.join(open_)} (McNemar's test, p of {SIGNIFICANT} or more after Holm's correction, "
        "or 0 in the interval of the difference)."
    )


def _differ(pair: Pair) -> bool:
    """Whether a difference is shown: by the test, which takes films as independent, and by the interval, which keeps groups together."""
    return pair.adjusted_p_value < SIGNIFICANT and not pair.comparison.low <= 0 <= pair.comparison.high


def study_mismatches(runs: Sequence[StudyRun], card: ModelCard) -> list[str]:
    """Say in what the runs of a study do not go with a card that they are shown under."""
    found = []
    ours = next((run for run in runs if run.name == SHIPPED_RUN and run.weights_sha256 == card.model.sha256), None)
    if any(run.measured_on != ours.measured_on if ours else run.index_sha256 != card.data.index_sha256 for run in runs):
        found.append("These runs were measured on other films than the figures of this card.")
    if any(run.name == SHIPPED_RUN and run.weights_sha256 != card.model.sha256 for run in runs):
        found.append(
            "The row of the shipped classifier is of other weights than this card. `python -m cxr_core study --shipped` writes it anew."
        )
    return found


def budget_sentence(runs: Sequence[StudyRun]) -> str:
    """Say which runs had one start, input size and budget, so that they compare backbones alone, and what the table leaves out."""
    alike: dict[tuple[Any, ...], list[str]] = {}
    for run in runs:
        if run.name != SHIPPED_RUN:
            start = run.recipe.get("init") if run.recipe.get("init") in ("none", "imagenet") else run.name
            alike.setdefault((start, run.size, run.trainable_layers, run.epochs, run.seed), []).append(run.label)
    fair = [labels for labels in alike.values() if len(labels) > 1]
    if len(runs) < 2:
        text = "One run compares nothing."
    elif not fair:
        text = "No two of them had the same start, size and budget, so they do not compare backbones alone."
    else:
        text = " ".join(f"These compare backbones alone, with one start, size and budget: {'; '.join(labels)}." for labels in fair)
        text += " All others differ in more than the backbone."
    text += " Minutes are those of the epochs; features of frozen layers are computed once before."
    if any(run.name == SHIPPED_RUN for run in runs):
        text += (
            " Epochs and minutes of the shipped classifier are those of its last stage alone. Its probabilities alone were "
            "calibrated, on the validation films."
        )
    return text
