"""What a card says of saliency maps: how good the lung fields are, and how far a map can be believed."""

from collections.abc import Mapping, Sequence

import pandas as pd

from cxr_core.artifacts import InsideShare, LungCard, Mean, PatchCurve, RandomisedStage, SaliencyResult
from cxr_core.labels import in_words
from cxr_core.model_card.finding import AuditFinding, listed
from cxr_core.model_card.tables import spread

FINE_DICE = 0.8
"""From here on the lung fields are called good enough for a share."""


def dice_table(card: LungCard) -> pd.DataFrame:
    """List how well the lungs that were found fit masks, by set of masked films."""
    return pd.DataFrame(
        [
            {
                "masked films": name,
                "films": one.films,
                "mean Dice": one.mean,
                "low": one.low,
                "high": one.high,
                "5th percentile": one.fifth_percentile,
            }
            for name, one in card.figures.items()
        ]
    )


def inside_table(inside: Mapping[str, InsideShare]) -> pd.DataFrame:
    """Share of the saliency that lies inside the lungs by the class that films were called, beside the lungs' share of the area."""
    return pd.DataFrame(
        [
            {
                "films called": name,
                **spread({"saliency inside the lungs": one.share}),
                "area of the lungs": one.area,
                "films": one.films,
                "mostly outside": one.warned,
                "no more inside than the area": one.no_better,
            }
            for name, one in inside.items()
        ]
    )


def patch_table(result: SaliencyResult) -> pd.DataFrame:
    """Give the deletion and insertion curves as numbers."""
    return pd.DataFrame(
        {
            "share of the patches": result.deletion.fraction,
            "deletion, most salient first": result.deletion.by_saliency,
            "deletion, at random": result.deletion.at_random,
            "insertion, most salient first": result.insertion.by_saliency,
            "insertion, at random": result.insertion.at_random,
        }
    )


def randomised_table(result: SaliencyResult) -> pd.DataFrame:
    """List how alike maps are as the network is randomised, and how alike those of different films are."""
    figures = {stage.layers: stage.correlation for stage in result.randomised} | {"none, but another film": result.other_film}
    return pd.DataFrame([{"randomised": name, **spread({"rank correlation": one})} for name, one in figures.items()])


def agreement_table(agreement: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """Mean rank correlation of the maps of each two methods."""
    return pd.DataFrame([{"method": one, **row} for one, row in agreement.items()])


def lung_fields_finding(card: LungCard) -> AuditFinding:
    """Read how well the lung network's outlines fit masks."""
    told = "; ".join(f"{name} {one.mean:.3f} ({one.low:.3f} to {one.high:.3f}, {one.films:,} films)" for name, one in card.figures.items())
    worst = min(one.mean for one in card.figures.values())
    verdict = "good enough to crop and to measure shares by" if worst >= FINE_DICE else "too coarse for more than a rough share"
    return AuditFinding(
        f"Are the lungs where the app thinks they are? A small U-Net outlines them. {card.trained_on}",
        "a Dice (twice the overlap over the sum of both areas) near 1 on films that it did not learn from",
        "a Dice that falls on films from elsewhere",
        f"Mean Dice: {told}: {verdict}.",
    )


def inside_finding(inside: Mapping[str, InsideShare]) -> AuditFinding:
    """Read how much of the saliency lies inside the lungs."""
    films, warned = sum(one.films for one in inside.values()), sum(one.warned for one in inside.values())
    told = [
        ("more lies inside than by chance for films called {}", [n for n, one in inside.items() if _beyond(one) > 0]),
        ("less than by chance for films called {}", [n for n, one in inside.items() if _beyond(one) < 0]),
        ("no difference from chance is shown for films called {}", [n for n, one in inside.items() if _beyond(one) == 0]),
    ]
    text = "; ".join(sentence.format(in_words(listed(names))) for sentence, names in told if names)
    return AuditFinding(
        "Does it look at the lungs? Shown: the share of the saliency that lies inside the lung fields, by the class that the films were "
        "called, beside the lungs' share of the film's area, which is chance.",
        "far more than the lungs' share of the area, and more than half",
        "no more than that share: what raised the score may not be lung",
        f"Beside the area: {text}. Most of the saliency lies outside in {warned:,} of {films:,} films, and a read of such a film says so.",
    )


def _beyond(one: InsideShare) -> int:
    """Return 1 where the share inside is shown to be above that of the area, -1 where below, 0 where neither is shown."""
    low, high = one.share.low, one.share.high
    if low is None or high is None:
        return 0
    return int(low > one.area) - int(high < one.area)


def deletion_sentence(curve: PatchCurve) -> str:
    """Say whether taking away what is salient costs more than taking away anything."""
    return (
        "Deletion: patches of the film are painted grey, the most salient first. Good: the probability falls faster than in a random "
        f"order. Bad: the lines lie together, so the map marks nothing that the network uses. {_gain(curve, 'smaller')}"
    )


def insertion_sentence(curve: PatchCurve) -> str:
    """Say whether putting back what is salient brings more than putting back anything."""
    return (
        "Insertion: patches are put back into a blurred film, the most salient first. Good: the probability rises faster than in a random "
        f"order. Bad: the lines lie together. {_gain(curve, 'larger')}"
    )


def _gain(curve: PatchCurve, better: str) -> str:
    gain = curve.gain
    if gain.value is None:
        return "It was not measured."
    if gain.low is not None and gain.low > 0:
        return f"The area under the curve is {better} by {gain}: the maps order the patches better than chance."
    if gain.high is not None and gain.high < 0:
        return f"The area is on the wrong side by {_turned(gain)}: the maps order the patches worse than chance."
    return f"The areas differ by {gain} in the maps' favour: it is not shown that they order the patches better than chance."


def _turned(mean: Mean) -> Mean:
    flipped = [None if bound is None else -bound for bound in (mean.value, mean.high, mean.low)]
    return Mean(value=flipped[0], low=flipped[1], high=flipped[2])


def randomised_sentence(stages: Sequence[RandomisedStage], other_film: Mean) -> str:
    """Say whether the maps depend on what the network learned."""
    text = (
        "The network's layers are randomised from the last down. Good: the maps lose their likeness to those of the trained network and "
        "fall to the line, which is that of maps of different films. Bad: they stay alike, so they show the film whatever was learned."
    )
    measured = [stage for stage in stages if stage.correlation.value is not None]
    if not measured:
        return f"{text} It was not measured."
    last = measured[-1]
    start = f"With {last.layers} randomised the rank correlation is {last.correlation}"
    if other_film.value is None:
        return f"{text} {start}."
    reach = other_film.value if other_film.high is None else other_film.high
    low = last.correlation.value if last.correlation.low is None else last.correlation.low
    verdict = "no higher than between different films" if (low or 0.0) <= reach else "still higher than between different films"
    return f"{text} {start}, {verdict} ({other_film})."


def agreement_sentence(agreement: Mapping[str, Mapping[str, float]], films: int) -> str:
    """Say which two methods agree most and which least."""
    text = (
        f"How alike the maps of two methods are, on {films:,} films: 1 is the same order of all places, 0 no more than chance. Good: all "
        "near 1, so it hardly matters which is chosen. Bad: near 0 or below, so a single map is one opinion of several."
    )
    pairs = [(agreement[one][other], one, other) for number, one in enumerate(agreement) for other in list(agreement)[number + 1 :]]
    if not pairs:
        return text
    (most, *best), (least, *worst) = max(pairs), min(pairs)
    return f"{text} {' and '.join(best)} are most alike ({most:.2f}), {' and '.join(worst)} least ({least:.2f})."
