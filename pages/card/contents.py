"""What the card's page holds: its parts, and the charts and tables in each. A test holds the list to what is drawn."""

from typing import Final

PARTS: Final = {
    "elsewhere": "Elsewhere",
    "shortcuts": "What it may have learned instead",
    "gate": "Input gate",
    "own": "Your own films",
    "results": "Results",
    "calibration": "Calibration",
    "saliency": "Where it looks",
    "use": "What it is for",
    "data": "Data",
    "training": "How it was trained",
    "helps": "What helps",
    "report": "The report beside it",
    "backbones": "Backbones compared",
    "files": "The card itself",
}
"""Titles of the parts by their names in the address."""

CONTENTS: Final = {
    "elsewhere": {
        "table-elsewhere": "How it does by collection",
        "table-elsewhere-called": "What films of each collection are called",
        "table-elsewhere-probe": "Source probe",
        "table-elsewhere-sources": "Recall by class and source",
        "table-elsewhere-by-source": "Accuracy by source",
        "table-elsewhere-gate": "Whether the gate notices films from elsewhere",
        "table-elsewhere-networks": "Each network alone",
    },
    "shortcuts": {
        "chart-audits": "Parts of the film blanked: dots",
        "table-audits": "Parts of the film blanked: figures",
        "table-by-copy": "Recall by public copy",
        "table-external": "Films from elsewhere by class",
    },
    "gate": {
        "table-gate-films": "Chest films read, warned of, refused",
        "table-gate-reasons": "Reasons for warnings and refusals",
        "table-gate-changed": "Turned, inverted and mirrored films",
        "table-gate-corruptions": "Corrupted films",
        "table-gate-others": "Pictures of other things",
        "table-gate-external": "Films from elsewhere, one by one",
    },
    "own": {
        "table-site-cards": "Site cards",
    },
    "results": {
        "table-results-by-class": "Precision, recall, specificity, F1, AUC by class",
        "chart-confusion-matrix": "Confusion matrix",
        "table-easier-questions": "Accuracy among fewer classes",
        "chart-roc": "ROC curves",
        "chart-precision-recall": "Precision-recall curves",
    },
    "calibration": {
        "chart-reliability": "Reliability diagram",
        "table-reliability": "Reliability by range of probability",
        "table-coverage": "Prediction sets: coverage by class",
        "chart-set-sizes": "Prediction sets: sizes",
        "table-operating-point": "Operating point of COVID",
        "table-stability": "Stability under small changes",
    },
    "saliency": {
        "table-saliency-inside": "Share of the maps inside the lungs",
        "table-lung-fields": "Dice of the lung fields",
        "chart-deletion": "Deletion curves",
        "chart-insertion": "Insertion curves",
        "chart-randomised": "Maps of a randomised network",
        "chart-agreement": "Agreement between methods",
    },
    "data": {
        "table-films-by-class": "Films by class and split",
        "examples": "Example films",
    },
    "training": {
        "chart-loss-shipped": "Learning curves: loss",
        "chart-accuracy-shipped": "Learning curves: accuracy",
        "table-recipe": "Recipe, setting by setting",
    },
    "helps": {
        "chart-what-helps": "What helps: films from elsewhere against test films",
        "table-what-helps-outside": "What helps: films from elsewhere",
        "table-what-helps-kermany": "What helps: Kermany's test folder",
    },
    "report": {
        "table-beside-the-report": "This model beside the report",
        "table-report-figure-7": "The report's Figure 7",
    },
    "backbones": {
        "chart-backbones": "Backbones compared: accuracy and recall",
        "table-study": "Runs of the backbones",
        "table-pairs": "Runs compared in pairs (McNemar)",
        "one-run": "One run's curves and confusion matrix",
        "table-report-figure-5-a": "The report's Figure 5 (a)",
        "table-report-figure-5-b": "The report's Figure 5 (b)",
        "table-report-figure-5-c": "The report's Figure 5 (c)",
    },
}
"""Charts, tables and what else is looked for, by part: the key of each one's place, and the name that it is found by."""

PART_OF: Final = {item: part for part, items in CONTENTS.items() for item in items}
"""The part that each of them stands in."""


def title_of(item: str) -> str:
    """Return the name that a chart or a table is found by, with its part."""
    part = PART_OF[item]
    return f"{CONTENTS[part][item]} · {PARTS[part]}"
