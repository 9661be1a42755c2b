"""What is measured of a classifier: figures with their intervals, by class, by audit, and of calibration and gate."""

from pydantic import Field, model_validator

from cxr_core.artifacts.operating import Rule
from cxr_core.artifacts.part import CardPart, KnownClass
from cxr_core.labels import CLASS_NAMES
from cxr_core.stats import Interval


class ClassResult(CardPart):
    """One class against the others; `support` counts its films. `average_precision` is the area under precision over recall."""

    precision: Interval
    recall: Interval
    specificity: Interval
    f1: Interval
    roc_auc: Interval
    average_precision: Interval
    support: int = Field(ge=0)


class Averages(CardPart):
    """Precision, recall and F1 averaged over the classes."""

    precision: Interval
    recall: Interval
    f1: Interval


class Results(CardPart):
    """How a classifier did on a set of films.

    `confusion` has a row a true class and a column a predicted one, in counts. `expected_calibration_error` is of the top class,
    over `calibration_bins` bins of equal width.
    """

    films: int = Field(gt=0)
    accuracy: Interval
    classes: dict[str, ClassResult]
    macro: Averages
    weighted: Averages
    confusion: list[list[int]]
    expected_calibration_error: float = Field(ge=0, le=1)
    calibration_bins: int = Field(gt=0)

    @model_validator(mode="after")
    def _every_class_is_there(self) -> "Results":
        if set(self.classes) != set(CLASS_NAMES):
            raise ValueError("the results must be of all classes")
        if [len(row) for row in self.confusion] != [len(CLASS_NAMES)] * len(CLASS_NAMES):
            raise ValueError("the confusion matrix must have a row and a column a class")
        if sum(map(sum, self.confusion)) != self.films:
            raise ValueError("the confusion matrix must count up to the films")
        if [self.classes[name].support for name in CLASS_NAMES] != list(map(sum, self.confusion)):
            raise ValueError("the rows of the confusion matrix must count up to the films of the classes")
        return self


class Curve(CardPart):
    """Operating points from the strictest threshold to the laxest; the first ROC point has none, nothing being called positive there."""

    x: list[float]
    y: list[float]
    threshold: list[float | None]

    @model_validator(mode="after")
    def _points_are_whole(self) -> "Curve":
        if not len(self.x) == len(self.y) == len(self.threshold):
            raise ValueError("a curve has a threshold and two coordinates a point")
        return self


class ClassCurves(CardPart):
    """Of one class against the others: sensitivity over 1 - specificity, and precision over recall."""

    roc: Curve
    precision_recall: Curve


class ReliabilityBin(CardPart):
    """Films whose top class has a probability from `low` to `high`: their number, mean probability, and share that is right."""

    low: float
    high: float
    films: int = Field(gt=0)
    confidence: float = Field(ge=0, le=1)
    accuracy: float = Field(ge=0, le=1)


class Subtask(CardPart):
    """The same classifier choosing among some of its classes, with their probabilities scaled to sum to 1."""

    classes: list[KnownClass]
    films: int = Field(gt=0)
    accuracy: Interval


class MaskAudit(CardPart):
    """The same films with a part of each blanked.

    `chance_accuracy` is the share of the largest class, which calling every film by it would reach; a macro recall of
    1 / classes is chance. `agreement` is the share with the top class that the whole film got.
    """

    name: str
    kept: str
    films: int = Field(gt=0)
    accuracy: Interval
    chance_accuracy: float = Field(ge=0, le=1)
    macro_recall: Interval
    chance_macro_recall: float = Field(ge=0, le=1)
    agreement: Interval


class CopyResult(CardPart):
    """Films of one public copy of the data set."""

    films: int = Field(gt=0)
    accuracy: Interval
    recall: dict[KnownClass, Interval]


class ReadsFile(CardPart):
    """The probabilities of every film of the split, in a CSV file beside the card."""

    file: str = Field(pattern=r"^[\w.-]+\.csv$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class PairedCopies(CardPart):
    """The same films from the other public copy: share with the same top class, and mean total variation of the probabilities."""

    films: int = Field(gt=0)
    agreement: Interval
    mean_probability_change: float = Field(ge=0, le=1)


class CalibrationResult(CardPart):
    """How the calibration fares on the films of the card: probabilities, prediction sets, and the operating point of COVID.

    Attributes
    ----------
    note : str
        Which films it was fitted on, and whether these are the same.
    temperature : float
        What the logits are divided by.
    expected_calibration_error_before : float
        Of the plain softmax; the one after is in the results.
    reliability_before : list of ReliabilityBin
        Of the plain softmax; the one after is the card's.
    aimed_coverage : float
        Share of films aimed at whose prediction set holds the true class, in each class.
    coverage : Interval
        That share on these films.
    class_coverage : dict of str to Interval
        The same by true class; classes without films are left out.
    mean_set_size : float
        Mean number of classes in a set.
    set_sizes : list of float
        Share of the films whose set has 0, 1, 2, 3 and 4 classes.
    rule : {"sensitivity", "youden"}
        How the operating point was chosen.
    threshold : float
        Its probability of COVID.
    sensitivity, specificity : Interval
        What it reaches on these films; no value where there are no films of COVID, or no others.
    """

    note: str
    temperature: float = Field(gt=0)
    expected_calibration_error_before: float = Field(ge=0, le=1)
    reliability_before: list[ReliabilityBin]
    aimed_coverage: float = Field(gt=0, lt=1)
    coverage: Interval
    class_coverage: dict[KnownClass, Interval]
    mean_set_size: float = Field(ge=0)
    set_sizes: list[float]
    rule: Rule
    threshold: float = Field(ge=0, le=1)
    sensitivity: Interval
    specificity: Interval


class StabilityResult(CardPart):
    """What small changes of the films, those of a read's whiskers, do to the answer.

    Attributes
    ----------
    films : int
        Films of the split.
    views : int
        Test-time augmentations of each.
    flipped : Interval
        Share of the films whose top class is another in at least one of their views.
    mean_range : float
        Mean over the films of how far the probability of their top class ranges, the film itself among the views.
    accuracy_steady, accuracy_flipped : Interval
        Accuracy on the films whose top class stays, and on those where it does not; no value where there are none.
    """

    films: int = Field(gt=0)
    views: int = Field(gt=0)
    flipped: Interval
    mean_range: float = Field(ge=0, le=1)
    accuracy_steady: Interval
    accuracy_flipped: Interval


class GateChange(CardPart):
    """Films of the split changed in one way: share that the gate catches (warning or refused), and share that it refuses."""

    change: str
    films: int = Field(gt=0)
    caught: Interval
    refused: Interval


class GateOthers(CardPart):
    """Pictures of one kind that are no chest films; `undecodable` of them are refused before the gate sees them, and count as refused."""

    kind: str
    pictures: int = Field(gt=0)
    refused: int = Field(ge=0)
    warned: int = Field(ge=0)
    undecodable: int = Field(ge=0)


class GateExternal(CardPart):
    """What the gate says of one film of another collection: its row in the table there, counted from 1, and what that says of it."""

    row: int = Field(gt=0)
    finding: str
    view: str
    outcome: str
    codes: list[str]


class GateAudit(CardPart):
    """How the input gate does.

    `read`, `warned` and `refused` are shares of the split's films, and `reasons` counts them by outcome and code. `changed` are the films
    turned, inverted or mirrored, judged without the network's features, `corruptions` some of them out of focus, cut off or photographed;
    `narrowed` are the same in other proportions, with which nothing is wrong.
    `packages` are those whose pictures are among `others`, with their versions.
    """

    fitted_on: dict[str, int]
    films: int = Field(gt=0)
    read: Interval
    warned: Interval
    refused: Interval
    reasons: dict[str, dict[str, int]]
    changed: list[GateChange]
    corruptions: list[GateChange] = Field(default_factory=list)
    narrowed: GateChange | None = None
    others: list[GateOthers]
    others_refused: float = Field(ge=0, le=1)
    packages: dict[str, str]
    external: list[GateExternal]
