"""What a series of answers comes to. Needs neither pandas nor, until an interval is asked for, SciPy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from cxr_core.practice.answers import STEPS, Answer, Judgement, is_target
from cxr_core.stats import Interval, auc_estimate, wilson

Take = Callable[[Answer], Judgement]
"""Which of a reader's judgements counts: the own one, or the last."""


@dataclass(frozen=True, eq=False)
class Roc:
    """A ROC curve from ratings.

    Attributes
    ----------
    x, y : numpy.ndarray
        1 - specificity and sensitivity, from (0, 0) to (1, 1), a point a rating that occurs.
    area : Interval
        Under it, by trapezoids, with Newcombe's 95% interval, which takes the films as independent.
    """

    x: np.ndarray
    y: np.ndarray
    area: Interval


@dataclass(frozen=True, eq=False)
class Score:
    """How somebody tells what is looked for from all else.

    Attributes
    ----------
    cases, others : int
        Films of what is looked for, and of all else.
    sensitivity, specificity : Interval
        With Wilson's 95% intervals.
    roc : Roc, optional
        None where there are no cases, or no others.
    """

    cases: int
    others: int
    sensitivity: Interval
    specificity: Interval
    roc: Roc | None


@dataclass(frozen=True)
class ConfidenceStep:
    """How often reads of one step of confidence, 1 to 5, are right."""

    step: int
    films: int
    right: Interval


@dataclass(frozen=True)
class Changes:
    """What became of a reader's class once the model's read was shown.

    Attributes
    ----------
    films : int
        Films with two reads.
    better, worse : tuple of int
        Places of films that became right, or wrong.
    helped : Interval
        Of the films on which the reader was wrong and the model right, the share that became right.
    misled : Interval
        Of the films on which the reader was right and the model wrong, the share that became wrong.
    """

    films: int
    better: tuple[int, ...]
    worse: tuple[int, ...]
    helped: Interval
    misled: Interval


def roc_curve(positive: np.ndarray, ratings: np.ndarray) -> Roc | None:
    """Draw a ROC curve from ratings.

    Parameters
    ----------
    positive : numpy.ndarray
        bool, shape (n,).
    ratings : numpy.ndarray
        Shape (n,): the higher, the surer.

    Returns
    -------
    Roc or None
        None where either kind is missing.
    """
    cases, others = int(positive.sum()), int((~positive).sum())
    if not cases or not others:
        return None
    thresholds = np.unique(ratings)[::-1, np.newaxis]
    called = ratings >= thresholds
    y = np.concatenate([[0.0], (called & positive).sum(1) / cases])
    x = np.concatenate([[0.0], (called & ~positive).sum(1) / others])
    area = float((np.diff(x) * (y[1:] + y[:-1]) / 2).sum())
    return Roc(x, y, auc_estimate(min(1.0, max(0.0, area)), cases, others).interval)


def score_reader(answers: Sequence[Answer], target: str, take: Take = lambda answer: answer.own) -> Score:
    """Score a reader's answers.

    Parameters
    ----------
    answers : sequence of Answer
    target : str
        What is looked for, one of `TARGETS`.
    take : callable
        Which judgement counts.
    """
    judgements = [take(answer) for answer in answers]
    called = np.array([is_target(judgement.class_name, target) for judgement in judgements], bool)
    return _score(answers, target, called, np.array([judgement.rating(target) for judgement in judgements], float))


def score_model(answers: Sequence[Answer], target: str) -> Score:
    """Score the model on the same films, by its most probable class and its probabilities; films that it could not read are left out."""
    answers = [answer for answer in answers if answer.probabilities is not None]
    called = np.array([is_target(answer.model or "", target) for answer in answers], bool)
    return _score(answers, target, called, np.array([answer.model_rating(target) for answer in answers], float))


def _score(answers: Sequence[Answer], target: str, called: np.ndarray, ratings: np.ndarray) -> Score:
    positive = np.array([is_target(answer.truth, target) for answer in answers], bool)
    cases, others = int(positive.sum()), int((~positive).sum())
    sensitivity, specificity = wilson(int((called & positive).sum()), cases), wilson(int((~called & ~positive).sum()), others)
    return Score(cases, others, sensitivity, specificity, roc_curve(positive, ratings))


def accuracy(answers: Sequence[Answer], take: Take = lambda answer: answer.own) -> Interval:
    """Return the share of films whose class was called rightly, with Wilson's interval."""
    return wilson(sum(take(answer).class_name == answer.truth for answer in answers), len(answers))


def model_accuracy(answers: Sequence[Answer]) -> Interval:
    """Return the same of the model, on the films that it read."""
    read = [answer for answer in answers if answer.probabilities is not None]
    return wilson(sum(answer.model == answer.truth for answer in read), len(read))


def by_confidence(answers: Sequence[Answer], take: Take = lambda answer: answer.own) -> list[ConfidenceStep]:
    """Say how often a reader is right, by how sure; steps that never occur are left out."""
    steps = []
    for step in range(1, STEPS + 1):
        of_step = [answer for answer in answers if take(answer).confidence == step]
        if of_step:
            steps.append(ConfidenceStep(step, len(of_step), accuracy(of_step, take)))
    return steps


def changes(answers: Sequence[Answer]) -> Changes:
    """Say how often the model helped, and how often it misled."""
    twice = [answer for answer in answers if answer.revised is not None]
    better = [one for one in twice if one.own.class_name != one.truth == one.last.class_name]
    worse = [one for one in twice if one.own.class_name == one.truth != one.last.class_name]
    could_help = [one for one in twice if one.own.class_name != one.truth == one.model]
    could_mislead = [one for one in twice if one.own.class_name == one.truth and one.model not in (None, one.truth)]
    return Changes(
        len(twice),
        tuple(one.place for one in better),
        tuple(one.place for one in worse),
        wilson(sum(one in better for one in could_help), len(could_help)),
        wilson(sum(one in worse for one in could_mislead), len(could_mislead)),
    )


def pointing(answers: Sequence[Answer]) -> tuple[Interval, float | None]:
    """Return the share of marks that hit, of those on films with an outline, and how often points anywhere on these films would."""
    aimed = [answer for answer in answers if answer.hit is not None]
    chances = [answer.chance for answer in aimed if answer.chance is not None]
    return wilson(sum(bool(answer.hit) for answer in aimed), len(aimed)), float(np.mean(chances)) if chances else None


def seconds_a_film(answers: Sequence[Answer]) -> float | None:
    """Return the median time to the own read, in seconds."""
    return float(np.median([answer.seconds for answer in answers])) if answers else None
