"""Prediction sets and operating points in words."""

from collections.abc import Mapping, Sequence
from typing import Final

from cxr_core.artifacts import LEAST_SENSITIVITY, ModelCard, Rule
from cxr_core.labels import CLASS_NAMES, CLASSES_COUNTED, DISEASE, in_words, split_films

_AIMS: Final[dict[Rule, str]] = {
    "sensitivity": f"the fewest false positives at a sensitivity of at least {LEAST_SENSITIVITY:g}.",
    "youden": "the largest sum of sensitivity and specificity (Youden).",
}

RULES: Final[dict[Rule, str]] = {rule: f"Chosen on the validation films: {aim}" for rule, aim in _AIMS.items()}
"""How each rule chooses an operating point, a sentence each."""


def probability_text(probability: float) -> str:
    """Write a probability with two digits, and without claiming certainty at either end."""
    if probability < 0.005:
        return "<0.01"
    if probability > 0.995:
        return ">0.99"
    return f"{probability:.2f}"


def rule_sentence(rule: Rule | None, site_card: str | None = None) -> str:
    """Say in one sentence who chose an operating point: the validation films, those of a site card, or, without a rule, somebody."""
    if rule is None:
        return "Set by hand."
    return RULES[rule] if site_card is None else f"Chosen on the films of the site card {site_card}: {_AIMS[rule]}"


def set_sentence(prediction_set: Sequence[str], top_class: str) -> str:
    """Say in one sentence which classes fit a film.

    Parameters
    ----------
    prediction_set : sequence of str
        From `prediction_set`.
    top_class : str
        The most probable class. It need not be in the set: each class has a threshold of its own.

    Returns
    -------
    str

    Examples
    --------
    >>> set_sentence(("COVID", "Lung_Opacity"), "COVID")
    'The model cannot tell COVID from Lung opacity here.'
    """
    names = [in_words(name) for name in prediction_set]
    top_class = in_words(top_class)
    if not names:
        return f"None of the {CLASSES_COUNTED} fits: every class is less probable here than on most films of that class."
    if top_class not in names:
        return (
            f"{top_class} is the most probable class, but less probable here than on most films of that class; "
            f"{' or '.join(names)} cannot be excluded."
        )
    if len(names) == 1:
        return f"The prediction set holds {names[0]} alone."
    if len(names) == 2:
        return f"The model cannot tell {names[0]} from {names[1]} here."
    if len(names) < len(CLASS_NAMES):
        return f"The model cannot tell {', '.join(names[:-1])} and {names[-1]} apart here."
    return f"The model cannot tell any of the {CLASSES_COUNTED} classes apart here."


def set_meaning(coverage: float, card: ModelCard | None) -> str:
    """Say what a prediction set promises and how often it kept that, and what the whiskers beside it are.

    Parameters
    ----------
    coverage : float
        Share of the films of each class whose set is to hold the true class, in [0, 1].
    card : ModelCard or None
        The model's; None where it cannot be read.

    Returns
    -------
    str
    """
    kept = ""
    if card is not None and card.calibration is not None:
        name, lowest = min(card.calibration.class_coverage.items(), key=lambda item: item[1].value or 0)
        kept = f" On the {split_films(card.data.split)} it did in {card.calibration.coverage}, least often for {in_words(name)}: {lowest}."
    return (
        f"The prediction set is made to hold the true class of {coverage:.0%} of the films of each class, if they are like the films that "
        f"it was set on.{kept} The whiskers on the bars are not confidence intervals: they span the lowest and the highest probability of "
        "the film and of two test-time augmentations of it: each is shifted, scaled, and darkened or brightened a little."
    )


def elsewhere_sentence(card: ModelCard | None) -> str:
    """Say how often a model is right on films that no training saw: what stands beside every read, for that is what most films are.

    Parameters
    ----------
    card : ModelCard or None
        The model's; None where it cannot be read.

    Returns
    -------
    str
    """
    unseen = None if card is None or card.elsewhere is None else card.elsewhere.unseen
    if unseen is None:
        return "Nobody has measured how often the model is right on films from elsewhere: it may be no better than guessing."
    right = f"On films of collections that it never saw, the model was right on {unseen.right:,} of {unseen.films:,}"
    if not unseen.normals:
        return f"{right}; none of them was normal."
    return f"{right}, and called {unseen.normals_called_covid:,} of {unseen.normals:,} normal ones COVID."


def disagreement_sentence(tops: Mapping[str, str], card: ModelCard | None) -> str:
    """Say that the averaged networks disagree on a film, and how often such reads are wrong; "" where they agree.

    Parameters
    ----------
    tops : mapping of str to str
        By backbone: the class that it would choose alone.
    card : ModelCard or None
        The model's; None where it cannot be read.

    Returns
    -------
    str
    """
    if len(set(tops.values())) < 2:
        return ""
    told = " and ".join(f"{network} says {in_words(top)}" for network, top in tops.items())
    sentence = f"The two networks behind this read disagree: {told}."
    known = {} if card is None or card.elsewhere is None else card.elsewhere.disagreement
    measured = known.get("unseen") or known.get("own")
    if measured is None or measured.wrong_apart.value is None or measured.wrong_alike.value is None:
        return sentence
    where = "films of collections that it never saw" if "unseen" in known else "films like those that it learned from"
    return (
        f"{sentence} On {where}, {measured.wrong_apart.value:.0%} of such reads were wrong, and {measured.wrong_alike.value:.0%} of those "
        "on which the networks agree."
    )


LIKE_TRAINING: Final = "measured on films like those that the model learned from"
"""What prediction sets and predictive values are."""


def beside_the_set(positive: bool, prediction_set: Sequence[str]) -> str:
    """Say that call and prediction set of a film differ on COVID; "" where they do not."""
    if positive == (DISEASE in prediction_set):
        return ""
    return f"The prediction set {'does not hold' if positive else 'holds'} {DISEASE}: the two are set by different rules."
