"""The parts of the calculator's page, each a piece of screen: widgets in, calls to the library, words and plots out."""

from pages.calculator.controls import number
from pages.calculator.explain import explain
from pages.calculator.extensions import extensions
from pages.calculator.memory import link_notes, open_calculator, write_link
from pages.calculator.model import ShippedModel
from pages.calculator.net_benefit import in_words, net_benefit_plot, prevalence_axis
from pages.calculator.presenter import presenter_page, presenter_switch
from pages.calculator.presets import preset_controls
from pages.calculator.source import sensitivity_of_xray
from pages.calculator.tabs import tabs
from pages.calculator.take_away import take_away
from pages.calculator.verdict import verdict_with_inequality

__all__ = [
    "ShippedModel",
    "explain",
    "extensions",
    "in_words",
    "link_notes",
    "net_benefit_plot",
    "number",
    "open_calculator",
    "presenter_page",
    "presenter_switch",
    "preset_controls",
    "prevalence_axis",
    "sensitivity_of_xray",
    "tabs",
    "take_away",
    "verdict_with_inequality",
    "write_link",
]
