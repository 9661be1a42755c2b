"""What the study's rows say of starting from weights that another training left, and of starting from random ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from cxr_core.artifacts import KNOWN_WEIGHTS, SHIPPED_RUN, StudyRun
from cxr_core.stats import Interval


@dataclass(frozen=True)
class StudyRow:
    """A run of the study, for the lecture.

    Attributes
    ----------
    label : str
        Backbone, start, what was trained, budget.
    started_from : str
        The start, in full.
    accuracy, covid_recall : Interval
        On the test films.
    minutes : float or None
        Of its epochs; None where they were not noted.
    """

    label: str
    started_from: str
    accuracy: Interval
    covid_recall: Interval
    minutes: float | None


def compared_rows(runs: Sequence[StudyRun]) -> list[StudyRow]:
    """Return the runs from the most accurate to the least."""
    ordered = sorted(runs, key=lambda run: run.results.accuracy.value or 0.0, reverse=True)
    return [
        StudyRow(
            run.label,
            run.started_from,
            run.results.accuracy,
            run.results.classes["COVID"].recall,
            None if run.seconds is None else run.seconds / 60,
        )
        for run in ordered
    ]


def starts_sentence(runs: Sequence[StudyRun]) -> str:
    """Say, by backbone, how accurate the best run from trained weights is beside the best from random ones, and how else they differ.

    What the trained weights are is said in full, and which of them learned on no other pictures: there nothing was transferred.
    """
    found = []
    for backbone in dict.fromkeys(run.backbone for run in runs):
        kinds: dict[bool, StudyRun] = {}
        for run in sorted(runs, key=lambda run: run.results.accuracy.value or 0.0):
            if run.backbone == backbone and run.name != SHIPPED_RUN:
                kinds[run.recipe.get("init") == "none"] = run
        if len(kinds) == 2:
            found.append((kinds[False], kinds[True]))
    if not found:
        return "The study holds no backbone that was trained from both starts."
    pairs = [
        f"{trained.backbone}, started from {trained.started_from}, reaches an accuracy of {trained.results.accuracy.value:.3f}, and "
        f"{random.results.accuracy.value:.3f} from random weights"
        for trained, random in found
    ]
    here = [trained.backbone for trained, _ in found if not _learned_elsewhere(trained)]
    longer = f" So {' and '.join(here)} learned nothing elsewhere, and only trained longer on these films." if here else ""
    unlike = [
        word
        for word, differ in (
            ("input size", any(one.size != other.size for one, other in found)),
            ("epochs", any(one.epochs != other.epochs for one, other in found)),
            ("layers trained", any(one.trainable_layers != other.trainable_layers for one, other in found)),
        )
        if differ
    ]
    also = f" The runs differ in {' and '.join([', '.join(unlike[:-1]), unlike[-1]] if len(unlike) > 1 else unlike)} too." if unlike else ""
    return f"{'. '.join(pairs)}.{longer}{also}"


def _learned_elsewhere(run: StudyRun) -> bool:
    known = KNOWN_WEIGHTS.get(str(run.recipe.get("init_sha256")))
    return known is None or known.learned_elsewhere
