"""A class: several readers' answers together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cxr_core.practice.answers import Answer
from cxr_core.practice.export import AnswerSheet
from cxr_core.practice.scoring import Score, Take, score_model, score_reader
from cxr_core.stats import Interval

GRID: Final = np.linspace(0, 1, 101)
"""Of 1 - specificity, at which curves are averaged."""


@dataclass(frozen=True, eq=False)
class Class:
    """Readers together.

    Attributes
    ----------
    scores : dict of str to Score
        By reader.
    mean : numpy.ndarray, optional
        Mean of the readers' sensitivities along `GRID`; None where no reader has a ROC curve.
    low, high : numpy.ndarray, optional
        The lowest and the highest there.
    areas : tuple of float
        Area under the ROC of each reader who has one.
    model : Score
        The model's, on every film that somebody read, once.
    same_films : bool
        Whether all read the same films.
    """

    scores: dict[str, Score]
    mean: np.ndarray | None
    low: np.ndarray | None
    high: np.ndarray | None
    areas: tuple[float, ...]
    model: Score
    same_films: bool

    @property
    def mean_area(self) -> Interval:
        """Mean area under the ROC over the readers, with the 95% interval of Student's t for readers from two on (0 to 1 at most)."""
        if not self.areas:
            return Interval(value=None)
        mean = float(np.mean(self.areas))
        if len(self.areas) < 2:
            return Interval(value=mean)
        from scipy.stats import t

        reach = float(t.ppf(0.975, len(self.areas) - 1) * self.spread / np.sqrt(len(self.areas)))
        return Interval(value=mean, low=max(0.0, mean - reach), high=min(1.0, mean + reach))

    @property
    def spread(self) -> float:
        """Standard deviation of the area over the readers; NaN for fewer than two."""
        return float(np.std(self.areas, ddof=1)) if len(self.areas) > 1 else float("nan")


def together(sheets: Sequence[AnswerSheet], target: str, take: Take = lambda answer: answer.own) -> Class:
    """Put readers' answers together.

    Curves are averaged at equal specificity (Chen and Samuelson 2014, British Journal of Radiology 87:20140016, vertical averaging).

    Parameters
    ----------
    sheets : sequence of AnswerSheet
        One a reader; of readers with one name the second is called by a number too.
    target : str
        What is looked for.
    take : callable
        Which judgement counts.
    """
    scores: dict[str, Score] = {}
    for sheet in sheets:
        same = sum(name == sheet.reader or name.startswith(f"{sheet.reader} (") for name in scores)
        scores[f"{sheet.reader} ({same + 1})" if same else sheet.reader] = score_reader(sheet.answers, target, take)
    rocs = [score.roc for score in scores.values() if score.roc is not None]
    curves = np.array([sensitivity_at(roc.x, roc.y) for roc in rocs]) if rocs else None
    once: dict[str, Answer] = {answer.fingerprint: answer for sheet in sheets for answer in sheet.answers}
    read = [{answer.fingerprint for answer in sheet.answers} for sheet in sheets]
    return Class(
        scores,
        None if curves is None else curves.mean(0),
        None if curves is None else curves.min(0),
        None if curves is None else curves.max(0),
        tuple(float(roc.area.value or 0) for roc in rocs),
        score_model(list(once.values()), target),
        all(films == read[0] for films in read),
    )


def sensitivity_at(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return a curve's sensitivity along `GRID`; where it rises upright, the upper end."""
    upright = np.concatenate([np.diff(x) == 0, [False]])
    return np.interp(GRID, x[~upright], y[~upright])
