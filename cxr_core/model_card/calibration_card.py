"""What a card says of the calibration of a read: probabilities, prediction sets, operating point."""

from collections.abc import Sequence

import pandas as pd

from cxr_core.artifacts import LEAST_SENSITIVITY, CalibrationResult, ReliabilityBin, Results, StabilityResult
from cxr_core.labels import in_words
from cxr_core.model_card.finding import AuditFinding, against_aim, listed
from cxr_core.model_card.tables import spread

RULES = {
    "sensitivity": f"the fewest false alarms at a sensitivity of at least {LEAST_SENSITIVITY} on the validation films",
    "youden": "the largest sum of sensitivity and specificity on the validation films (Youden's index)",
}


def calibration_table(after: Sequence[ReliabilityBin], before: Sequence[ReliabilityBin]) -> pd.DataFrame:
    """List how often the model is right by the probability of its top class, after and before temperature scaling."""
    columns = ["probability", *(f"{when}: {what}" for what in ("right", "films", "mean") for when in ("after", "before"))]
    rows: dict[tuple[float, float], dict[str, str | float]] = {
        (one.low, one.high): {"probability": f"{one.low:.2f} to {one.high:.2f}"} for one in (*after, *before)
    }
    for when, bins in (("after", after), ("before", before)):
        for one in bins:
            cells = {"right": one.accuracy, "films": one.films, "mean": one.confidence}
            rows[one.low, one.high] |= {f"{when}: {what}": value for what, value in cells.items()}
    table = pd.DataFrame([rows[place] for place in sorted(rows)], columns=columns)
    counts = [name for name in table.columns if name.endswith("films")]
    return table.astype(dict.fromkeys(counts, "Int64"))


def coverage_table(calibration: CalibrationResult) -> pd.DataFrame:
    """Share of the films whose prediction set holds the true class, by that class and over all, beside the share aimed at."""
    figures = {**calibration.class_coverage, "all classes": calibration.coverage}
    return pd.DataFrame(
        [
            {"class of the film": name, **spread({"set holds it": one}), "aimed at": calibration.aimed_coverage}
            for name, one in figures.items()
        ]
    )


def point_table(calibration: CalibrationResult) -> pd.DataFrame:
    """Give the operating point of COVID and what it reaches on the card's films."""
    return pd.DataFrame(
        [
            {
                "called COVID from": calibration.threshold,
                **spread({"sensitivity": calibration.sensitivity, "specificity": calibration.specificity}),
                "chosen for": RULES[calibration.rule],
            }
        ]
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
        return f"Points below the diagonal are too sure. On the whole the model is too sure: {compared}. {error}"
    if right - sure > 0.02:
        return f"Points above the diagonal are not sure enough. On the whole the model is too modest: {compared}. {error}"
    return (
        f"The nearer the points are to the diagonal the better. On the whole the model is about as sure as it is right: {compared}. {error}"
    )


def temperature_sentence(calibration: CalibrationResult, after: float) -> str:
    """Say what temperature scaling did to the calibration error, which is `after` with it."""
    before = calibration.expected_calibration_error_before
    if after < before:
        verdict = "which is better"
    elif after > before:
        verdict = "so it did not help on these films"
    else:
        verdict = "which is no change"
    sure = "less" if calibration.temperature > 1 else "more"
    return (
        f"Temperature scaling divides the logits by {calibration.temperature:.3f}, which makes every probability {sure} sure and leaves "
        f"the top class as it is (Guo et al. 2017, arXiv:1706.04599). It took the calibration error from {before:.3f} to {after:.3f}, "
        f"{verdict}."
    )


def coverage_finding(calibration: CalibrationResult) -> AuditFinding:
    """Read whether the prediction sets hold the true class as often as they promise."""
    aim = calibration.aimed_coverage
    measured = {name: one for name, one in calibration.class_coverage.items() if one.value is not None}
    short = [name for name, one in measured.items() if (one.value or 0) < aim and one.high is not None and one.high < aim]
    over = [name for name, one in measured.items() if (one.value or 0) > aim and one.low is not None and one.low > aim]
    verdicts = [f"for {in_words(listed(short))} it does so less often than promised"] if short else []
    verdicts += [f"for {in_words(listed(over))} more often, so smaller sets would do"] if over else []
    told = "; ".join(verdicts) if verdicts else "in no class is a difference from the aim shown"
    return AuditFinding(
        f"Does the set hold the true class as often as it promises, {aim:.0%} in every class? A set lists the classes that the film fits "
        "(split conformal, a threshold for each class: Sadinle et al. 2019, JASA 114:223).",
        f"intervals that hold {aim:.2f} in every class",
        "an interval that lies below it: that class is left out of its sets too often. Far above it, the sets are larger than they need be",
        f"The set holds the true class in {calibration.coverage} of all films; {told}.",
    )


def sizes_sentence(calibration: CalibrationResult) -> str:
    """Say how large the prediction sets are."""
    none, one, *more = calibration.set_sizes
    return (
        "Sets of one decide; sets of more say that the model cannot tell those classes apart, and empty ones that the film fits none. The "
        f"more films have a set of one the better, as long as the coverage holds: {one:.1%} do here, {sum(more):.1%} have more, {none:.1%} "
        f"none. A set holds {calibration.mean_set_size:.2f} classes on average; 4 would say nothing."
    )


def point_finding(calibration: CalibrationResult) -> AuditFinding:
    """Read what the operating point of COVID reaches on films that it was not chosen on."""
    if calibration.rule == "sensitivity":
        good = f"a sensitivity of {LEAST_SENSITIVITY} or more here too, and a specificity near 1"
        kept = f" For the sensitivity {against_aim(calibration.sensitivity, LEAST_SENSITIVITY, at_most=False)}."
    else:
        good, kept = "both near 1", ""
    return AuditFinding(
        f"How many COVID films are found, and how many others are taken for COVID, where a film is called so from a probability of "
        f"{calibration.threshold:.3f}? That threshold was chosen for {RULES[calibration.rule]}.",
        good,
        "a sensitivity well below the aim: the threshold does not carry over from the validation films; or a low specificity: where COVID "
        "is rare, most alarms are then false",
        f"Sensitivity {calibration.sensitivity}, specificity {calibration.specificity}.{kept}",
    )


def stability_table(stability: StabilityResult) -> pd.DataFrame:
    """Accuracy on the films whose top class stays under small changes, and on those where it does not."""
    figures = {"stays": stability.accuracy_steady, "changes": stability.accuracy_flipped}
    return pd.DataFrame([{"top class": name, **spread({"accuracy": one})} for name, one in figures.items()])


def stability_finding(stability: StabilityResult) -> AuditFinding:
    """Read how often small changes of a film change the answer, and whether that tells of errors."""
    steady, flipped = stability.accuracy_steady, stability.accuracy_flipped
    told = ""
    if steady.value is not None and flipped.value is not None:
        apart = None not in (steady.low, flipped.high) and (flipped.high or 0) < (steady.low or 0)
        told = (
            " A class that changes is a sign of an error: such films are named right less often."
            if apart
            else " On these films it is not shown that such a class is wrong more often."
        )
    return AuditFinding(
        f"Does the answer hold when a film is placed and exposed a little differently? Shown: the {stability.films:,} films, each with the "
        f"{stability.views} test-time augmentations that give a read its whiskers.",
        "few films whose top class changes, and fewer of those named right than of the others, so that the change warns of an error",
        "many: the answer depends on how the film was taken",
        f"The top class changes in {stability.flipped} of the films; its probability ranges over {stability.mean_range:.3f} on average."
        f"{told}",
    )
