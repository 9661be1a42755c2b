"""Plotly figures from plain results: never computes a result."""

from cxr_core.figures.chart import chart_config, in_colour
from cxr_core.figures.confusion import confusion_figure
from cxr_core.figures.decision_curve import decision_curve_figure
from cxr_core.figures.difference_map import difference_map_figure
from cxr_core.figures.dots import AuditRow, audit_figure, study_figure
from cxr_core.figures.learning import accuracy_figure, loss_figure
from cxr_core.figures.net_benefit import net_benefit_figure
from cxr_core.figures.operating_points import precision_recall_figure, roc_figure
from cxr_core.figures.palette import LINES, PCR_COLOUR, XRAY_COLOUR, Look, plot_config
from cxr_core.figures.probabilities import probability_figure, probability_text
from cxr_core.figures.reliability import reliability_figure
from cxr_core.figures.saliency_checks import agreement_figure, patch_curve_figure, randomised_figure
from cxr_core.figures.set_sizes import set_sizes_figure
from cxr_core.figures.tornado import tornado_figure
from cxr_core.figures.uncertainty import acceptability_figure, difference_histogram_figure

__all__ = [
    "LINES",
    "PCR_COLOUR",
    "XRAY_COLOUR",
    "AuditRow",
    "Look",
    "acceptability_figure",
    "accuracy_figure",
    "agreement_figure",
    "audit_figure",
    "chart_config",
    "confusion_figure",
    "decision_curve_figure",
    "difference_histogram_figure",
    "difference_map_figure",
    "in_colour",
    "loss_figure",
    "net_benefit_figure",
    "patch_curve_figure",
    "plot_config",
    "precision_recall_figure",
    "probability_figure",
    "probability_text",
    "randomised_figure",
    "reliability_figure",
    "roc_figure",
    "set_sizes_figure",
    "study_figure",
    "tornado_figure",
]
