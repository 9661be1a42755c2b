"""Answers drawn from a seed."""

import numpy as np

from cxr_core.labels import CLASS_NAMES
from cxr_core.practice import Answer, AnswerSheet, Judgement, Link, Mark

LINK = Link(7, 40, "revise", "0123abcd", "494d15")


def drawn_answers(films=40, seed=0, *, revised=True):
    """A reader's answers, half of Normal films, with the model's probabilities; one film in four has an outline."""
    rng = np.random.default_rng(seed)

    def judgement(truth):
        other = CLASS_NAMES[rng.integers(4)]
        return Judgement(truth if rng.random() < 0.6 else other, int(rng.integers(1, 6)))

    answers = []
    for place in range(films):
        truth = CLASS_NAMES[2] if place % 2 else CLASS_NAMES[(0, 1, 3)[place // 2 % 3]]
        logits = rng.normal(0, 1, 4) + 1.5 * (np.array(CLASS_NAMES) == truth)
        probabilities = np.exp(logits) / np.exp(logits).sum()
        outlined = place % 4 == 0
        left, top = rng.random(2) * 0.5
        answers.append(
            Answer(
                place=place,
                fingerprint=f"{place:012x}",
                truth=truth,
                own=judgement(truth),
                seconds=float(np.round(rng.random() * 60, 1)),
                revised=judgement(truth) if revised else None,
                probabilities=tuple(np.round(probabilities, 6).tolist()),
                mark=Mark(round(left, 4), round(top, 4), round(left, 4), round(top, 4)) if outlined else None,
                hit=bool(rng.random() < 0.5) if outlined else None,
                chance=0.125 if outlined else None,
            )
        )
    return tuple(answers)


def drawn_sheet(reader="A", films=40, seed=0, *, revised=True):
    return AnswerSheet(reader, LINK, drawn_answers(films, seed, revised=revised))
