"""Both tests among the same 1,000 patients, in counts and in words."""

from dataclasses import dataclass

from cxr_core.calculator.rounding import share_text
from cxr_core.calculator.state import CalculatorState
from cxr_core.decision import PATIENTS, Frequencies, frequencies


@dataclass(frozen=True)
class TestFrequencies:
    """A test among the patients.

    Attributes
    ----------
    name : str
    counts : Frequencies
    """

    __test__ = False  # pytest would otherwise take it for a test class

    name: str
    counts: Frequencies


def natural_frequencies(state: CalculatorState, patients: int = PATIENTS) -> tuple[TestFrequencies, TestFrequencies]:
    """Count what X-ray and PCR do among the same patients.

    The specificities are those of the extension *False positives*, whether it is on or not: false alarms happen, even where the formula
    gives them no weight.

    Parameters
    ----------
    state : CalculatorState
    patients : int
        See `frequencies`.

    Returns
    -------
    tuple of TestFrequencies
        X-ray, then PCR.
    """
    return (
        TestFrequencies("X-ray", frequencies(state.prevalence, state.sensitivity_xray, state.specificity_xray, patients)),
        TestFrequencies("PCR", frequencies(state.prevalence, state.sensitivity_pcr, state.specificity_pcr, patients)),
    )


def frequency_sentence(test: TestFrequencies) -> str:
    """Say what a test does among the patients, in counts."""
    counts = test.counts
    return (
        f"Of {counts.patients:,} patients {counts.sick:,} {_have(counts.sick)} COVID. {test.name} finds {counts.found:,} and misses "
        f"{counts.missed:,}; of the {counts.well:,} without COVID it falsely alarms {counts.alarms:,}."
    )


def predictive_sentences(test: TestFrequencies) -> tuple[str, str]:
    """Say how many of the positives have COVID, and how many of the negatives: the predictive values as counts.

    Parameters
    ----------
    test : TestFrequencies

    Returns
    -------
    tuple of (str, str)
        Markdown.
    """
    counts = test.counts
    return (
        _among(counts.positive, "positive", counts.found),
        _among(counts.negative, "negative", counts.missed),
    )


def difference_sentence(xray: TestFrequencies, pcr: TestFrequencies) -> str:
    """Say what X-ray in place of PCR changes among the patients, in counts."""
    found, alarms = xray.counts.found - pcr.counts.found, xray.counts.alarms - pcr.counts.alarms
    return f"Among the same {xray.counts.patients:,} patients X-ray {_more(found, 'finds')} and {_more(alarms, 'falsely alarms')}."


def rare_sentence(state: CalculatorState, patients: int = PATIENTS) -> str:
    """Say what whole patients hide where hardly anybody has COVID; empty where they hide little."""
    expected = state.prevalence * patients
    if expected == 0 or expected >= 10:
        return ""
    return f"On average {expected:.3g} of {patients:,} have COVID: whole patients are a coarse measure here."


def _among(called: int, word: str, sick: int) -> str:
    if not called:
        return f"Nobody is called {word}."
    return f"Of the {called:,} called {word}, **{sick:,}** {_have(sick)} COVID ({share_text(sick / called)})."


def _more(number: int, verb: str) -> str:
    return f"{verb} as many as PCR" if number == 0 else f"{verb} {abs(number):,} {'more' if number > 0 else 'fewer'} than PCR"


def _have(number: int) -> str:
    return "has" if number == 1 else "have"
