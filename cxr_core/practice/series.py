"""A series of films to read: which ones, in which order, all from one number. Needs no pandas until one is drawn."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np

from cxr_core.labels import CLASS_NAMES
from cxr_core.practice.errors import PracticeError

if TYPE_CHECKING:
    import pandas as pd

Order = Literal["alone", "revise"]
"""What the reader sees before the truth: nothing more, or the model's read, after which the own read can be changed."""

HEALTHY: Final = "Normal"
SIZES: Final = (4, 100)
"""Fewest and most films of a series."""
NUMBERS: Final = (1, 9999)
WRONG_SHARE: Final = 1 / 3
"""Of the films of each class, the share on which the model is wrong, as far as there are such."""
NO_MODEL: Final = "none"
CUT: Final = "The link was cut or changed. Copy it once more."


@dataclass(frozen=True)
class Case:
    """A film of a series: its path, true class, source and outline ("" for none)."""

    path: str
    label: str
    source: str = ""
    infection: str = ""


@dataclass(frozen=True)
class Link:
    """All that a series follows from.

    Attributes
    ----------
    series : int
        The number that its films are drawn by.
    films : int
        How many.
    order : {"alone", "revise"}
    pool : str
        Names the films that it was drawn from, see `PracticeFilms.digest`; "" where nothing was drawn yet.
    model : str
        Of the model whose reads were known when it was drawn, the first six hex digits of the weights' hash; ``"none"`` where none were.
    """

    series: int
    films: int = 20
    order: Order = "alone"
    pool: str = ""
    model: str = NO_MODEL

    def __post_init__(self) -> None:
        for name, value, (low, high) in (("number", self.series, NUMBERS), ("length", self.films, SIZES)):
            if not low <= value <= high:
                raise PracticeError(f"The {name} of a series is a whole number from {low} to {high}.")
        if self.order not in get_args(Order):
            raise PracticeError(f"The order of a series is one of {', '.join(get_args(Order))}.")

    @property
    def query(self) -> dict[str, str]:
        """The link's part behind the question mark."""
        return {name: str(value) for name, value in asdict(self).items() if value != ""}

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Link | None":
        """Read a link back; None where it names no series.

        Raises
        ------
        PracticeError
            It cannot be read.
        """
        if "series" not in query:
            return None
        pool, model = query.get("pool", ""), query.get("model", NO_MODEL)
        if not re.fullmatch("([0-9a-f]{8})?", pool) or not re.fullmatch(f"{NO_MODEL}|[0-9a-f]{{6}}", model):
            raise PracticeError(CUT)
        try:
            numbers = int(query["series"]), int(query.get("films", cls.films))
        except ValueError as error:
            raise PracticeError(CUT) from error
        return cls(*numbers, query.get("order", cls.order), pool, model)  # type: ignore[arg-type]

    def why_other(self, drawn: "Link") -> str:
        """Say why a series that was drawn by this link is not the one that the link was made for; "" where it is."""
        if self.pool and self.pool != drawn.pool:
            return "This link was made for other films than those of this folder, so the series is another one."
        if self.pool and self.model != drawn.model:
            return "This link was made with another model, which was wrong on other films, so the series is another one."
        return ""


def draw_series(films: "pd.DataFrame", number: int, size: int) -> tuple[Case, ...]:
    """Draw a series: half of it Normal, the rest spread over the other classes, and of each class a third on which the model is wrong.

    Where a class has too few films, others take their places; of a near-duplicate group there is one film. The same films and number
    always give the same series.

    Parameters
    ----------
    films : pandas.DataFrame
        As `PracticeFilms.films`.
    number : int
        The seed.
    size : int
        How many films.

    Returns
    -------
    tuple of Case
        At most `size`.

    Raises
    ------
    PracticeError
        There are fewer than four groups of films.
    """
    rng = np.random.default_rng([number, size])
    mixed = films.iloc[rng.permutation(len(films))].drop_duplicates("group")
    if len(mixed) < SIZES[0]:
        raise PracticeError(f"A series needs at least {SIZES[0]} films that are no near-duplicates; this folder has {len(mixed)}.")
    there = {name: int((mixed["label"] == name).sum()) for name in CLASS_NAMES}
    wrong = (mixed["model"] != "") & (mixed["model"] != mixed["label"])
    rows: list[int] = []
    for name, quota in _quotas(there, min(size, len(mixed)), rng).items():
        ours = (mixed["label"] == name).to_numpy()
        hard, easy = np.flatnonzero(ours & wrong.to_numpy()), np.flatnonzero(ours & ~wrong.to_numpy())
        few = max(min(len(hard), round(quota * WRONG_SHARE)), quota - len(easy))
        rows += [*hard[:few], *easy[: quota - few]]
    chosen = mixed.iloc[rng.permutation(rows)]
    columns = (chosen[name] for name in ("path", "label", "source", "infection"))
    return tuple(Case(*cells) for cells in zip(*columns, strict=True))


def candidates(films: "pd.DataFrame", number: int, size: int) -> "pd.DataFrame":
    """Draw three times as many films as a series holds, for the model to read, so that it is known on which of them it is wrong.

    Parameters and errors as of `draw_series`; the films are as there.
    """
    paths = [case.path for case in draw_series(films.assign(model=""), number, 3 * size)]
    return films[films["path"].isin(paths)].reset_index(drop=True)


def _quotas(there: Mapping[str, int], size: int, rng: np.random.Generator) -> dict[str, int]:
    """Share the places of a series among the classes: every second one Normal, the others in turn, as long as there are films."""
    quotas = dict.fromkeys(there, 0)
    others = list(rng.permutation([name for name in there if name != HEALTHY]))
    turn = 0
    for place in range(size):
        left = [name for name in others if quotas[name] < there[name]]
        if (place % 2 == 0 or not left) and quotas[HEALTHY] < there[HEALTHY]:
            quotas[HEALTHY] += 1
            continue
        quotas[str(left[turn % len(left)])] += 1
        turn += 1
    return quotas
