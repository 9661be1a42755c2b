"""What a card says in words: of any classifier of this kind, and of the data set that it was trained and measured on."""

from dataclasses import dataclass

from cxr_core.artifacts import Statements
from cxr_core.labels import CLASSES_COUNTED


@dataclass(frozen=True)
class KnownDataSet:
    """A data set that we know: its name, what is wrong with it, and the rows of its `external.csv`, from 1, that hold lateral views."""

    name: str
    sources: str = (
        "The class is almost the source: COVID films come from several hospitals and web collections, Lung opacity and most Normal films "
        "from one adult set, Viral Pneumonia and some Normal films from a paediatric set. A network can score highly by "
        "recognising the source, and published networks of this kind lose much of their accuracy in a new hospital."
    )
    limits: tuple[str, ...] = ()
    external_laterals: tuple[int, ...] = ()


OTHER = KnownDataSet("a data set in the layout of the COVID-19 Radiography Database")

_TWO_COPIES = (
    "The films came through two public copies with different resampling. Inputs are harmonised against that, but a detector made "
    "for it still tells the copies apart better than chance (benchmarks/harmonisation.py). The agreement on paired copies "
    "measures what that does to the reads."
)
_INFERRED = "Lung opacity labels were inferred from file numbers and checked on a sample; a few may be wrong."

_SEEN_LATERAL = (31, 43)
"""Seen by eye among all 51; the table calls both PA."""

KNOWN_DATA_SETS = {
    "929052a4a227e49617c2ca17be4be5e62e4f8beb613ababd299650a4f1ab75bf": KnownDataSet(
        "Films of the COVID-19 Radiography Database as 256 x 256 px JPEG, from two public copies",
        limits=(_TWO_COPIES, _INFERRED),
        external_laterals=_SEEN_LATERAL,
    ),
    "9a1df7be405f86a5af038bd0a38a1e6a6f6a07d72e2ecb15965453c2927ab5db": KnownDataSet(
        "Films of the COVID-19 Radiography Database as 256 x 256 px JPEG, from two public copies, and Kermany's films of children",
        "Source and class still go together: all COVID films are adults' and come from collections that hold nothing else, and all Viral "
        "Pneumonia films are children's of one hospital. Only Normal and Lung opacity come from more than one place, and bacterial "
        "pneumonia of children counts as Lung opacity. A network can still gain by recognising the source.",
        limits=(_TWO_COPIES, _INFERRED),
        external_laterals=_SEEN_LATERAL,
    ),
}
"""By `index_sha256`: a card should not say of one data set what is true of another."""


def data_set_name(index_sha256: str) -> str:
    """Name a data set by the hash of its index."""
    return KNOWN_DATA_SETS.get(index_sha256, OTHER).name


def external_laterals(index_sha256: str) -> tuple[int, ...]:
    """Return which rows of a data set's `external.csv`, counted from 1, are known to be lateral views, whatever the table says of them."""
    return KNOWN_DATA_SETS.get(index_sha256, OTHER).external_laterals


def statements(index_sha256: str, *, paired: bool, external: bool) -> Statements:
    """Write a card's words.

    Parameters
    ----------
    index_sha256 : str
        Of the data set.
    paired, external : bool
        Whether the card has figures of paired copies and of external films.

    Returns
    -------
    Statements
    """
    known = KNOWN_DATA_SETS.get(index_sha256, OTHER)
    limits = [
        known.sources,
        *known.limits,
        "Which epoch was kept was chosen on the validation films, and on the same films the temperature, the prediction sets and the "
        "operating point were fitted. So a set may hold the true class less often than it is made to, and the operating point may "
        "find fewer cases: what they reach on other films stands beside what was aimed at.",
        "Age and sex are unknown of most films, so performance by group is unknown.",
        "A saliency map shows what raised a class's score; it localises disease worse than radiologists do.",
    ]
    if not paired:
        limits.append("No films from another public copy were given, so how far the figures depend on resampling is unknown.")
    limits.append(
        "The external set is small and from few collections: its figures are a warning, not a measurement."
        if external
        else "No films from another collection were given, so how the classifier does elsewhere is unknown."
    )
    return Statements(
        intended_use=[
            "Teaching: to show what a network of this kind does with a chest film, and where it goes wrong.",
            "Research: to repeat and extend the comparison of backbones and the net-benefit study of the report.",
        ],
        not_for=[
            "Diagnosis, triage or treatment of patients. It is not a medical device and no authority has reviewed it.",
            "Films of other kinds: lateral views, CT, other body parts, photographs of a screen.",
            f"Findings outside its {CLASSES_COUNTED} classes; it must choose one of the {CLASSES_COUNTED} even when none is right.",
        ],
        limits=limits,
        licence=(
            "Code Apache-2.0. The films remain their authors' (several collections are CC BY-NC), so these weights are for research and "
            "teaching too."
        ),
    )
