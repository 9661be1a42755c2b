"""What a card says of the doubt that a read states: calibration, prediction sets, operating point."""

from collections.abc import Sequence

import pandas as pd

from cxr_core.card import LEAST_SENSITIVITY, DoubtResult, ReliabilityBin, StabilityResult
from cxr_core.reporting.meaning import Finding, against_aim, listed
from cxr_core.reporting.tables import spread

RULES = {
    "sensitivity": f"the fewest false alarms at a sensitivity of at least {LEAST_SENSITIVITY} on val",
    "youden": "the largest sum of sensitivity and specificity on val (Youden's index)",
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


def coverage_table(doubt: DoubtResult) -> pd.DataFrame:
    """Share of the films whose prediction set holds the true class, by that class and over all, beside the share aimed at."""
    figures = {**doubt.class_coverage, "all classes": doubt.coverage}
    return pd.DataFrame(
        [{"class of the film": name, **spread({"set holds it": one}), "aimed at": doubt.aimed_coverage} for name, one in figures.items()]
    )


def point_table(doubt: DoubtResult) -> pd.DataFrame:
    """Give the operating point of COVID and what it reaches on the card's films."""
    return pd.DataFrame(
        [
            {
                "called COVID from": doubt.threshold,
                **spread({"sensitivity": doubt.sensitivity, "specificity": doubt.specificity}),
                "chosen for": RULES[doubt.rule],
            }
        ]
    )


def temperature_sentence(doubt: DoubtResult, after: float) -> str:
    """Say what temperature scaling did to the calibration error, which is `after` with it."""
    before = doubt.expected_calibration_error_before
    if after < before:
        verdict = "which is better"
    elif after > before:
        verdict = "so it did not help on these films"
    else:
        verdict = "which is no change"
    sure = "less" if doubt.temperature > 1 else "more"
    return (
        f"Temperature scaling divides the logits by {doubt.temperature:.3f}, which makes every probability {sure} sure and leaves the top "
        f"class as it is (Guo et al. 2017, arXiv:1706.04599). It took the calibration error from {before:.3f} to {after:.3f}, {verdict}."
    )


def coverage_finding(doubt: DoubtResult) -> Finding:
    """Read whether the prediction sets hold the true class as often as they promise."""
    aim = doubt.aimed_coverage
    measured = {name: one for name, one in doubt.class_coverage.items() if one.value is not None}
    short = [name for name, one in measured.items() if (one.value or 0) < aim and one.high is not None and one.high < aim]
    over = [name for name, one in measured.items() if (one.value or 0) > aim and one.low is not None and one.low > aim]
    verdicts = [f"for {listed(short)} it does so less often than promised"] if short else []
    verdicts += [f"for {listed(over)} more often, so smaller sets would do"] if over else []
    told = "; ".join(verdicts) if verdicts else "in no class is a difference from the aim shown"
    return Finding(
        f"Does the set hold the true class as often as it promises, {aim:.0%} in every class? A set lists the classes that the film fits "
        "(split conformal, a threshold for each class: Sadinle et al. 2019, JASA 114:223).",
        f"intervals that hold {aim:.2f} in every class",
        "an interval that lies below it: that class is left out of its sets too often. Far above it, the sets are larger than they need be",
        f"The set holds the true class in {doubt.coverage} of all films; {told}.",
    )


def sizes_sentence(doubt: DoubtResult) -> str:
    """Say how large the prediction sets are."""
    none, one, *more = doubt.set_sizes
    return (
        "Sets of one decide; sets of more say that the model cannot tell those classes apart, and empty ones that the film fits none. The "
        f"more films have a set of one the better, as long as the coverage holds: {one:.1%} do here, {sum(more):.1%} have more, {none:.1%} "
        f"none. A set holds {doubt.mean_set_size:.2f} classes on average; 4 would say nothing."
    )


def point_finding(doubt: DoubtResult) -> Finding:
    """Read what the operating point of COVID reaches on films that it was not chosen on."""
    if doubt.rule == "sensitivity":
        good = f"a sensitivity of {LEAST_SENSITIVITY} or more here too, and a specificity near 1"
        kept = f" For the sensitivity {against_aim(doubt.sensitivity, LEAST_SENSITIVITY, at_most=False)}."
    else:
        good, kept = "both near 1", ""
    return Finding(
        f"How many COVID films are found, and how many others are taken for COVID, where a film is called so from a probability of "
        f"{doubt.threshold:.3f}? That threshold was chosen for {RULES[doubt.rule]}.",
        good,
        "a sensitivity well below what was aimed at, as the threshold then does not carry over from val; or a low specificity, as most "
        "alarms are then false where COVID is rare",
        f"Sensitivity {doubt.sensitivity}, specificity {doubt.specificity}.{kept}",
    )


def stability_table(stability: StabilityResult) -> pd.DataFrame:
    """Accuracy on the films whose top class stays under small changes, and on those where it does not."""
    figures = {"stays": stability.accuracy_steady, "changes": stability.accuracy_flipped}
    return pd.DataFrame([{"top class": name, **spread({"accuracy": one})} for name, one in figures.items()])


def stability_finding(stability: StabilityResult) -> Finding:
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
    return Finding(
        f"Does the answer hold when a film is laid and exposed a little differently? Shown: the {stability.films:,} films, each with the "
        f"{stability.views} changed views that give a read its whiskers.",
        "few films whose top class changes, and fewer of those named right than of the others, so that the change warns of an error",
        "many: what was answered hangs on how the film was laid",
        f"The top class changes in {stability.flipped} of the films; its probability ranges over {stability.mean_range:.3f} on average."
        f"{told}",
    )
