"""What a card says of the classes: which are confused, and which are told apart worst."""

from collections.abc import Mapping

from cxr_core.artifacts import ClassResult, Results
from cxr_core.labels import CLASS_NAMES, in_words
from cxr_core.stats import Interval


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
    mistake = f"The commonest mistake, made {count:,} times, is to call {in_words(true)} films {in_words(called)}"
    return f"{first} {mistake}: look for dark cells off the diagonal."


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
        "The nearer a curve comes to the upper left corner the better; "
        f"{in_words(weakest[0])} stays furthest from it, with an area of {weakest[1]}."
    )


def precision_recall_sentence(results: Results) -> str:
    """Say for which class false alarms are dearest."""
    weakest = weakest_class(results.classes, "average_precision")
    if weakest is None:
        return "No class has both films and others, so there is no curve."
    return (
        "A curve that drops early finds more films of its class only at the price of many false alarms; "
        f"{in_words(weakest[0])} has the smallest area, {weakest[1]}. The thin lines are what guessing reaches: the share of the class."
    )
