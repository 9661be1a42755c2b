"""Metrics and audits; writes the model card. Its names are imported when they are first used: most load TensorFlow."""

from typing import TYPE_CHECKING

from cxr_core.lazy import lazily

if TYPE_CHECKING:
    from cxr_core.evaluation.beside import survey_beside
    from cxr_core.evaluation.comparison import Pair, compare_all
    from cxr_core.evaluation.inputs import gather
    from cxr_core.evaluation.metrics import classification_results, roc_area
    from cxr_core.evaluation.run import evaluate
    from cxr_core.evaluation.shipping import model_folder, ship, staged_run, write_evaluation
    from cxr_core.evaluation.statements import external_laterals
    from cxr_core.evaluation.validation import measure_own, own_site_card, site_figures

__all__ = [
    "Pair",
    "classification_results",
    "compare_all",
    "evaluate",
    "external_laterals",
    "gather",
    "measure_own",
    "model_folder",
    "own_site_card",
    "roc_area",
    "ship",
    "site_figures",
    "staged_run",
    "survey_beside",
    "write_evaluation",
]

__getattr__ = lazily(
    __name__,
    {
        "Pair": "comparison",
        "classification_results": "metrics",
        "compare_all": "comparison",
        "evaluate": "run",
        "external_laterals": "statements",
        "gather": "inputs",
        "measure_own": "validation",
        "model_folder": "shipping",
        "own_site_card": "validation",
        "roc_area": "metrics",
        "ship": "shipping",
        "site_figures": "validation",
        "staged_run": "shipping",
        "survey_beside": "beside",
        "write_evaluation": "shipping",
    },
)
