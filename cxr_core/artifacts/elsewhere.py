"""What the card says of films from elsewhere, and of what the classifier knows of where films come from."""

from typing import Literal

from pydantic import Field, model_validator

from cxr_core.artifacts.part import CardPart, KnownClass
from cxr_core.labels import CLASS_NAMES, CLASSES_COUNTED
from cxr_core.stats import Interval

UNLABELLED = f"none of the {CLASSES_COUNTED}"
"""Stands for the class of films that have another finding."""


class CollectionResult(CardPart):
    """How a classifier does on one collection of films.

    Attributes
    ----------
    name, about : str
        Short name, and what the films are, in a phrase.
    seen : bool
        Whether films of the collection, or of a source in it, were trained on.
    called : dict of str to list of int
        By true class, `UNLABELLED` among them: how many films were called each class, in the order of the classes.
    accuracy : Interval
        Share of the films of the four classes whose top class is right; calling one COVID is an error where none has it.
    normal_called_covid : Interval
        COVID's false-positive rate on normal films.
    other_called_covid : Interval
        The same on all other films without COVID.
    recall : dict of str to Interval
        By true class.
    normal_against_rest : Interval
        Share of the films where the top class is Normal exactly if the film is.
    bacterial_against_viral : Interval
        Area under the ROC curve of P(Viral Pneumonia) / (P(Viral Pneumonia) + P(Lung_Opacity)) on the films of these two classes.
    told_from_own : Interval
        Area under the ROC curve of the gate's distance, films of the card's split against these.
    warned_elsewhere : Interval
        Share of the films that the gate's distance calls unlike those of the training.
    read, refused : Interval
        Shares of the films that the gate passes without a warning, and that it refuses.
    """

    name: str
    about: str
    seen: bool
    called: dict[str, list[int]]
    accuracy: Interval
    normal_called_covid: Interval
    other_called_covid: Interval
    recall: dict[KnownClass, Interval]
    normal_against_rest: Interval
    bacterial_against_viral: Interval
    told_from_own: Interval
    warned_elsewhere: Interval
    read: Interval
    refused: Interval

    @property
    def films(self) -> int:
        """Number of films, those of none of the four classes among them."""
        return sum(map(sum, self.called.values()))

    @model_validator(mode="after")
    def _counts_are_of_the_classes(self) -> "CollectionResult":
        if not self.films or not set(self.called) <= {*CLASS_NAMES, UNLABELLED}:
            raise ValueError("the films of a collection are counted by class")
        if any(len(row) != len(CLASS_NAMES) for row in self.called.values()):
            raise ValueError("there is a count for each class that a film can be called")
        return self


class UnseenResult(CardPart):
    """All collections that no training saw, together.

    Attributes
    ----------
    collections : list of str
        Their names.
    films, right : int
        Films of the four classes, and those whose top class is right.
    accuracy : Interval
    normals, normals_called_covid : int
        Normal films, and those of them that are called COVID.
    false_positive_rate : Interval
        Of COVID on these normal films; no value where there are none.
    """

    collections: list[str] = Field(min_length=1)
    films: int = Field(gt=0)
    right: int = Field(ge=0)
    accuracy: Interval
    normals: int = Field(ge=0)
    normals_called_covid: int = Field(ge=0)
    false_positive_rate: Interval


class SourceResult(CardPart):
    """Films of the card's split, of one class and one source: share called their class, and share called COVID."""

    label: KnownClass
    source: str
    films: int = Field(gt=0)
    recall: Interval
    called_covid: Interval


class SourceTotal(CardPart):
    """Films of the card's split and of one source, whatever their class.

    Attributes
    ----------
    source : str
        Its name.
    labels : dict of str to int
        Films by class.
    accuracy : Interval
        Share whose top class is right.
    called_covid : Interval
        Share of the films without COVID that are called COVID; no value where there are none.
    """

    source: str
    labels: dict[KnownClass, int] = Field(min_length=1)
    accuracy: Interval
    called_covid: Interval


class NetworkResult(CardPart):
    """One of the averaged networks alone, its logits as they are.

    Attributes
    ----------
    network : str
        Its backbone.
    own, unseen : Interval
        Accuracy on the card's split, and on the films of the four classes of all collections that no training saw.
    normals_called_covid : Interval
        COVID's false-positive rate on the normal films among the latter.
    """

    network: str
    own: Interval
    unseen: Interval
    normals_called_covid: Interval


class SourceProbe(CardPart):
    """How well a linear classifier on the pooled features names the source of films of one class.

    Attributes
    ----------
    label : str
        The class.
    sources : dict of str to int
        Films by source.
    balanced_accuracy : Interval
        Mean recall of the sources, cross-validated by near-duplicate group.
    chance : float
        What guessing reaches.
    """

    label: KnownClass
    sources: dict[str, int] = Field(min_length=2)
    balanced_accuracy: Interval
    chance: float = Field(ge=0, le=1)


class Ratio(CardPart):
    """A mean of ratios over films with its 95% bootstrap interval; no value where it was measured on none."""

    value: float | None = Field(ge=0)
    low: float | None = Field(None, ge=0)
    high: float | None = Field(None, ge=0)

    def __str__(self) -> str:
        """Write the value with its interval."""
        if self.value is None:
            return "not measured"
        return f"{self.value:.2f}" if self.low is None else f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


class PointingResult(CardPart):
    """Where Grad-CAM points, against what radiologists outlined.

    Attributes
    ----------
    outlined : int
        COVID films with an outlined infection.
    inside : Interval
        Share of them on which the peak of COVID's map lies inside the outline (Zhang et al. 2018, IJCV 126:1084, section 4.3).
    chance : float
        Mean share of these films that the outlines take: what a point thrown at random reaches.
    chance_in_box : float, optional
        The same within what the network sees of a film, the box around its lungs. None where it was not measured.
    masked : int
        Films with lung masks.
    lung_ratio : Ratio
        Mean over them of the top class's share of saliency inside the lungs, divided by the lungs' share of the film: 1 is chance.
    even_ratio : float, optional
        What a map reaches that is even over all that the network sees: the crop alone brings it above 1. None where it was not measured.
    empty : int, optional
        Those of them whose map is zero everywhere: they are not in `lung_ratio`. None where it was not counted.
    """

    outlined: int = Field(ge=0)
    inside: Interval
    chance: float = Field(ge=0, le=1)
    chance_in_box: float | None = Field(None, ge=0, le=1)
    masked: int = Field(ge=0)
    lung_ratio: Ratio
    even_ratio: float | None = Field(None, ge=0)
    empty: int | None = Field(None, ge=0)


class Disagreement(CardPart):
    """How often the averaged networks disagree on the class, and how well that tells a wrong read.

    Attributes
    ----------
    films : int
        Films of the four classes.
    apart : Interval
        Share of them on which the networks would choose different classes.
    wrong_apart, wrong_alike : Interval
        Share of the reads that are wrong, where they do and where they do not.
    tells_wrong : Interval
        Area under the ROC curve of the distance between their probabilities, wrong reads against right ones.
    """

    films: int = Field(gt=0)
    apart: Interval
    wrong_apart: Interval
    wrong_alike: Interval
    tells_wrong: Interval


class Elsewhere(CardPart):
    """How the classifier does on films from elsewhere, and what it knows of where films come from.

    Attributes
    ----------
    unseen : UnseenResult or None
        Pooled over what no training saw; None where no such films were given.
    collections : list of CollectionResult
        Those that no training saw first.
    sources : list of SourceResult
        The card's split by source within class.
    by_source : list of SourceTotal
        The card's split by source, over the classes.
    probes : list of SourceProbe
        One a class that has films of two sources or more.
    detector : str
        How the gate tells films from elsewhere, in words.
    own_warned : Interval
        Share of the card's own films that it warns of all the same.
    pointing : PointingResult or None
        None where there are no masks.
    alone : list of NetworkResult
        Each network alone, the classifier's own first; empty for one network.
    disagreement : dict of str to Disagreement
        Of the card's split, ``own``, and of all collections that no training saw, ``unseen``; empty for one network alone.
    """

    unseen: UnseenResult | None
    collections: list[CollectionResult]
    sources: list[SourceResult]
    by_source: list[SourceTotal] = Field(default_factory=list)
    probes: list[SourceProbe]
    detector: str
    own_warned: Interval
    pointing: PointingResult | None
    alone: list[NetworkResult] = Field(default_factory=list)
    disagreement: dict[Literal["own", "unseen"], Disagreement] = Field(default_factory=dict)
