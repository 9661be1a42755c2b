"""Plotly figures from plain results, in one theme: never computes a result."""

from cxr_core.figures.chart import in_look
from cxr_core.figures.confusion import confusion_figure
from cxr_core.figures.decision_curve import avoided_figure, decision_curve_figure, gain_figure
from cxr_core.figures.difference_map import difference_map_figure
from cxr_core.figures.dots import AuditRow, audit_figure, study_figure
from cxr_core.figures.frequencies import FREQUENCY_NAMES, frequency_tree_figure, icon_array_figure
from cxr_core.figures.grids import grid_figure
from cxr_core.figures.helps import HelpsPoint, helps_figure
from cxr_core.figures.lead import lead_figure
from cxr_core.figures.learning import accuracy_figure, loss_figure
from cxr_core.figures.lecture import confidence_figure, dense_figure, descent_figure, frozen_figure, losses_figure, points_figure
from cxr_core.figures.net_benefit import net_benefit_figure
from cxr_core.figures.operating_points import precision_recall_figure, roc_figure
from cxr_core.figures.practice import readers_roc_figure, sureness_figure
from cxr_core.figures.probabilities import probability_figure
from cxr_core.figures.reliability import reliability_figure
from cxr_core.figures.saliency_checks import agreement_figure, patch_curve_figure, randomised_figure
from cxr_core.figures.set_sizes import set_sizes_figure
from cxr_core.figures.theme import FREQUENCY_STYLES, ChartLook, chart_config
from cxr_core.figures.tornado import tornado_figure
from cxr_core.figures.uncertainty import acceptability_figure, difference_histogram_figure

__all__ = [
    "FREQUENCY_NAMES",
    "FREQUENCY_STYLES",
    "AuditRow",
    "ChartLook",
    "HelpsPoint",
    "acceptability_figure",
    "accuracy_figure",
    "agreement_figure",
    "audit_figure",
    "avoided_figure",
    "chart_config",
    "confidence_figure",
    "confusion_figure",
    "decision_curve_figure",
    "dense_figure",
    "descent_figure",
    "difference_histogram_figure",
    "difference_map_figure",
    "frequency_tree_figure",
    "frozen_figure",
    "gain_figure",
    "grid_figure",
    "helps_figure",
    "icon_array_figure",
    "in_look",
    "lead_figure",
    "loss_figure",
    "losses_figure",
    "net_benefit_figure",
    "patch_curve_figure",
    "points_figure",
    "precision_recall_figure",
    "probability_figure",
    "randomised_figure",
    "readers_roc_figure",
    "reliability_figure",
    "roc_figure",
    "set_sizes_figure",
    "study_figure",
    "sureness_figure",
    "tornado_figure",
]
