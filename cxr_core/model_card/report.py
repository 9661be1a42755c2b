"""The figures that the report gives of its own classifiers, as printed there. Its test set is another one than ours."""

from dataclasses import dataclass

FILMS = 4232
"""Films of the report's test set, a fifth of the official data set."""


@dataclass(frozen=True)
class ReportRow:
    """A line of one of the report's tables."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class ReportTable:
    """One of the report's tables of metrics: where it is printed, of which classifier, and its lines as far as they are given."""

    figure: str
    classifier: str
    accuracy: float
    classes: dict[str, ReportRow]
    macro: ReportRow
    weighted: ReportRow | None


# Figure 5 (c) repeats (b) number for number.
_INCEPTION = {
    "COVID": ReportRow(0.87, 0.65, 0.74, 723),
    "Lung_Opacity": ReportRow(0.87, 0.85, 0.86, 1202),
    "Normal": ReportRow(0.86, 0.95, 0.90, 2038),
    "Viral Pneumonia": ReportRow(0.92, 0.80, 0.86, 269),
}
_INCEPTION_MACRO = ReportRow(0.88, 0.81, 0.84, FILMS)

PRELIMINARY = (
    ReportTable(
        "Figure 5 (a)",
        "DenseNet121, preliminary",
        0.89,
        {
            "COVID": ReportRow(0.96, 0.77, 0.85, 723),
            "Lung_Opacity": ReportRow(0.92, 0.83, 0.87, 1202),
            "Normal": ReportRow(0.85, 0.98, 0.91, 2038),
            "Viral Pneumonia": ReportRow(0.95, 0.80, 0.87, 269),
        },
        ReportRow(0.92, 0.85, 0.88, FILMS),
        ReportRow(0.90, 0.89, 0.89, FILMS),
    ),
    ReportTable("Figure 5 (b)", "InceptionV3, preliminary", 0.86, _INCEPTION, _INCEPTION_MACRO, None),
    ReportTable("Figure 5 (c)", "MobileNetV2, preliminary", 0.86, _INCEPTION, _INCEPTION_MACRO, ReportRow(0.86, 0.86, 0.86, FILMS)),
)

FINAL = ReportTable(
    "Figure 7",
    "DenseNet121, final",
    0.92,
    {
        "COVID": ReportRow(0.93, 0.89, 0.91, 723),
        "Lung_Opacity": ReportRow(0.94, 0.89, 0.91, 1202),
        "Normal": ReportRow(0.91, 0.96, 0.93, 2038),
        "Viral Pneumonia": ReportRow(0.96, 0.85, 0.90, 269),
    },
    ReportRow(0.93, 0.90, 0.91, FILMS),
    ReportRow(0.92, 0.92, 0.92, FILMS),
)

SUBTASKS = {"COVID, Normal": 0.997, "COVID, Normal, Viral Pneumonia": 0.979}
"""Best accuracies of the report's reference 3 (Chowdhury et al. 2020, IEEE Access 8:132665), as its section 3 gives them."""
