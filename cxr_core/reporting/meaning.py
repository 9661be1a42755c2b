"""What a card's figures mean, in sentences that follow from the numbers alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cxr_core.card import (
    SHIPPED_RUN,
    ClassResult,
    CopyResult,
    Interval,
    MaskAudit,
    ModelCard,
    PairedCopies,
    ReliabilityBin,
    Results,
    StudyRun,
)
from cxr_core.evaluation.comparison import Pair
from cxr_core.labels import CLASS_NAMES

SIGNIFICANT = 0.05

# Names of `cxr_core.evaluation.audits.MASKS`; of the others the film's surroundings are what is kept.
_LUNGS_KEPT = "Surroundings blanked"


@dataclass(frozen=True)
class Finding:
    """What an audit asks, what a good and a bad value look like, and what this model's value says."""

    asks: str
    good: str
    bad: str
    meaning: str


def against_aim(figure: Interval, aim: float, *, at_most: bool) -> str:
    """Say whether a share keeps to what was aimed at, and whether all of its interval does.

    Parameters
    ----------
    figure : Interval
        The share.
    aim : float
        In [0, 1].
    at_most : bool
        Whether the share shall be at most the aim; else at least.

    Returns
    -------
    str
    """

    def keeps(value: float) -> bool:
        return value <= aim if at_most else value >= aim

    if figure.value is None:
        return "not measured"
    best, worst = (figure.low, figure.high) if at_most else (figure.high, figure.low)
    if keeps(figure.value):
        return "the aim is met" if worst is None or keeps(worst) else "the aim is met, though not by all of the interval"
    return "the aim is missed, though the interval reaches it" if best is not None and keeps(best) else "the aim is missed"


def listed(names: Sequence[str]) -> str:
    """Join names as a sentence does."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def confusion_sentence(results: Results) -> str:
    """Say how the COVID films fared, and which confusion is the commonest of all."""
    covid = results.confusion[CLASS_NAMES.index("COVID")]
    total, right = sum(covid), covid[CLASS_NAMES.index("COVID")]
    first = f"Of {total:,} COVID films {total - right:,} are called something else."
    count, true, called = max(
        (count, true, called)
        for true, row in zip(CLASS_NAMES, results.confusion, strict=True)
        for called, count in zip(CLASS_NAMES, row, strict=True)
        if true != called
    )
    if not count:
        return f"{first} No film is called wrongly."
    return f"{first} The commonest mistake, made {count:,} times, is to call {true} films {called}: look for dark cells off the diagonal."


def weakest_class(classes: Mapping[str, ClassResult], figure: str) -> tuple[str, Interval] | None:
    """Return the class with the lowest value of `roc_auc` or `average_precision`, where any was measured."""
    measured = [(name, getattr(result, figure)) for name, result in classes.items()]
    measured = [(name, interval) for name, interval in measured if interval.value is not None]
    return min(measured, key=lambda row: row[1].value, default=None)


def roc_sentence(results: Results) -> str:
    """Say which class is told apart worst over all thresholds."""
    weakest = weakest_class(results.classes, "roc_auc")
    if weakest is None:
        return "No class has both films and others, so there is no curve."
    return (
        f"The nearer a curve comes to the upper left corner the better; {weakest[0]} stays furthest from it, with an area of {weakest[1]}."
    )


def precision_recall_sentence(results: Results) -> str:
    """Say for which class false alarms are dearest."""
    weakest = weakest_class(results.classes, "average_precision")
    if weakest is None:
        return "No class has both films and others, so there is no curve."
    return (
        "A curve that drops early finds more films of its class only at the price of many false alarms; "
        f"{weakest[0]} has the smallest area, {weakest[1]}. The thin lines are what guessing reaches: the share of the class."
    )


def calibration_sentence(results: Results, bins: Sequence[ReliabilityBin]) -> str:
    """Say whether the model is surer than it is right."""
    films = sum(one.films for one in bins)
    if not films:
        return "The calibration was not measured."
    sure = sum(one.films * one.confidence for one in bins) / films
    right = sum(one.films * one.accuracy for one in bins) / films
    error = f"The calibration error, the mean distance from the diagonal, is {results.expected_calibration_error:.3f}; 0 would be perfect."
    compared = f"its top class has a mean probability of {sure:.3f} and is right in {right:.3f} of the films"
    if sure - right > 0.02:
        return f"Points below the diagonal are too sure. On the whole the model is: {compared}. {error}"
    if right - sure > 0.02:
        return f"Points above the diagonal are not sure enough. On the whole the model is too modest: {compared}. {error}"
    return (
        f"The nearer the points are to the diagonal the better. On the whole the model is about as sure as it is right: {compared}. {error}"
    )


def mask_finding(audit: MaskAudit, whole: Interval) -> Finding:
    """Read one of the mask audits.

    Parameters
    ----------
    audit : MaskAudit
        The audit.
    whole : Interval
        Macro recall on the whole films.

    Returns
    -------
    Finding
    """
    chance, value = audit.chance_macro_recall, audit.macro_recall
    if audit.name == _LUNGS_KEPT:
        return Finding(
            f"Can it do without what surrounds the lungs? Shown: {audit.kept}.",
            "almost the macro recall of the whole film",
            "far less: the surroundings told it the class. Some loss is owed to films cut like this being new to it",
            _without_surroundings(value, chance, whole),
        )
    return Finding(
        f"Can it name the class without the lungs? Shown: {audit.kept}.",
        f"no better than guessing, a macro recall of {chance:.2f}",
        "well above guessing: whatever tells the classes apart there is no lung disease but the source of the film",
        _without_lungs(value, chance, whole),
    )


def _worth(value: float, chance: float, whole: float) -> float | None:
    """Share of the whole film's gain over guessing that is left; None where the whole film gains nothing."""
    return (value - chance) / (whole - chance) if whole > chance else None


def _without_lungs(interval: Interval, chance: float, whole: Interval) -> str:
    if interval.value is None:
        return "It was not measured."
    if interval.low is None or interval.low <= chance:
        return (
            f"Macro recall {interval}: not shown to be above guessing. That shows no shortcut, but rules none out: films cut like this are "
            "new to it, and the cut may have thrown it."
        )
    text = f"Macro recall {interval}: {interval.value - chance:.2f} above guessing"
    worth = None if whole.value is None else _worth(interval.value, chance, whole.value)
    if worth is None:
        return f"{text}."
    verdict = (
        "next to nothing"
        if worth < 0.05
        else "a trace of the source shows; how much the model draws on it in whole films this cannot say"
        if worth < 0.2
        else "a good part of what the model goes by lies outside the lungs"
        if worth < 0.5
        else "most of what the model goes by lies outside the lungs, so it recognises sources more than disease"
    )
    return f"{text}, {worth:.0%} of what the whole film gains over it: {verdict}."


def _without_surroundings(interval: Interval, chance: float, whole: Interval) -> str:
    if interval.value is None or whole.value is None:
        return "It was not measured."
    text = f"Macro recall {interval} against {whole.value:.3f} on whole films"
    worth = _worth(interval.value, chance, whole.value)
    if worth is None:
        return f"{text}, which is no better than guessing itself."
    verdict = (
        "it hardly needs the surroundings"
        if worth >= 0.9
        else "it leans on the surroundings to some extent, or is thrown by the cut"
        if worth >= 0.6
        else "it leans on the surroundings heavily, or is thrown by the cut"
    )
    return f"{text}, {worth:.0%} of the gain over guessing: {verdict}."


def paired_finding(paired: PairedCopies) -> Finding:
    """Read the agreement on films that came twice, from two public copies."""
    value = paired.agreement.value or 0.0
    verdict = (
        "which copy a film came from hardly matters"
        if value >= 0.98
        else "which copy a film came from matters a little"
        if value >= 0.95
        else "which copy a film came from decides too much: the model sees the resampling"
    )
    return Finding(
        "Does it see which public copy a film came from? Shown: the same films, resampled by another hand.",
        "the same top class for every film",
        "below 0.95: one film in twenty changes its class with the file that it came in",
        f"Same top class in {paired.agreement} of {paired.films:,} films, probabilities moved by {paired.mean_probability_change:.3f} "
        f"on average: {verdict}.",
    )


def copies_finding(copies: Mapping[str, CopyResult]) -> Finding:
    """Read recall by public copy: of the class in which two copies differ most."""
    gaps = []
    for label in CLASS_NAMES:
        found = [(name, one.recall[label]) for name, one in copies.items() if label in one.recall and one.recall[label].value is not None]
        if len(found) > 1:
            ordered = sorted(found, key=lambda row: row[1].value or 0)
            gaps.append(((ordered[-1][1].value or 0) - (ordered[0][1].value or 0), label, ordered[0], ordered[-1]))
    if gaps:
        gap, label, (lower, low), (upper, high) = max(gaps, key=lambda row: row[0])
        apart = low.high is not None and high.low is not None and low.high < high.low
        verdict = "the intervals do not overlap, so the copy matters" if apart else "the intervals overlap, so no difference is shown"
        meaning = f"The recall differs most for {label}: {low} in {lower}, {high} in {upper}, {gap:.2f} apart; {verdict}."
    else:
        meaning = "No class has films of two copies, so there is nothing to compare."
    return Finding(
        "Is it better on one copy than on the other? Compared by class, since the copies hold the classes in different shares.",
        "the same recall in every copy",
        "intervals that do not overlap",
        meaning,
    )


def external_finding(external: Results, own: Results) -> Finding:
    """Read the results on films of other collections beside those on the data set's own."""
    classes = sum(one.support > 0 for one in external.classes.values())
    commonest = max(one.support for one in external.classes.values()) / external.films
    accuracy, recall, chance = external.accuracy.value or 0.0, external.macro.recall, 1 / classes
    verdict = (
        f"calling every film by the commonest class there would be right more often, in {commonest:.2f}"
        if accuracy < commonest
        else "elsewhere it is not shown to be better than guessing"
        if recall.low is None or recall.low <= chance
        else "it keeps most of what it can elsewhere"
        if (own.accuracy.value or 0.0) - accuracy < 0.1
        else "it does better than guessing elsewhere, but much worse than at home"
    )
    return Finding(
        "Does it work on films from elsewhere? Shown: films of collections that none of its own came from.",
        "about the accuracy that it has on its own test films",
        "a large drop: it learned its own collections rather than the disease",
        f"Accuracy {external.accuracy} on {external.films:,} films, against {own.accuracy.value or 0:.3f} at home; macro recall {recall}, "
        f"where guessing among the {classes} classes there reaches {chance:.2f}: {verdict}.",
    )


def learning_sentence(history: Sequence[Mapping[str, float]]) -> str:
    """Say where the loss on the val split was lowest, and whether it was still falling."""
    losses = [epoch["val_loss"] for epoch in history if "val_loss" in epoch]
    if not losses:
        return "No history by epoch was kept."
    best = losses.index(min(losses)) + 1
    watch = (
        "A val loss that rises while the train loss falls shows overfitting. How far apart the two are says nothing: the train loss has "
        "what only training adds (class weights, label smoothing, penalties, a teacher), the val loss is the plain cross-entropy."
    )
    if best == len(losses):
        end = "the last: it was still learning" if len(losses) > 1 else "the only one"
        return f"{watch} The val loss was lowest in epoch {best}, {end}."
    return f"{watch} The val loss was lowest in epoch {best} of {len(losses)} and rose afterwards."


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
    if any(run.index_sha256 != card.data.index_sha256 for run in runs):
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
        text = " ".join(f"A comparison of backbones alone, with one start, size and budget, are: {'; '.join(labels)}." for labels in fair)
        text += " All others differ in more than the backbone."
    text += " Minutes are those of the epochs; features of frozen layers are computed once before."
    if any(run.name == SHIPPED_RUN for run in runs):
        text += (
            " Of the shipped classifier epochs and minutes are those of its last stage alone, and its probabilities were calibrated on "
            "val, which those of the others were not."
        )
    return text
