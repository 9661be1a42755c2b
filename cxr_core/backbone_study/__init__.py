"""The report's comparison of backbones, run again: what to train, how, and what is kept of it."""

from cxr_core.backbone_study.plan import BACKBONE_NAMES, check_plan, end_to_end_plan, initial_weights, refinement_plan, report_plan
from cxr_core.backbone_study.run import check_results, check_same_films, results_folder, run_plan, shipped_row, write_row

__all__ = [
    "BACKBONE_NAMES",
    "check_plan",
    "check_results",
    "check_same_films",
    "end_to_end_plan",
    "initial_weights",
    "refinement_plan",
    "report_plan",
    "results_folder",
    "run_plan",
    "shipped_row",
    "write_row",
]
