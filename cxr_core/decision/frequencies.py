"""Natural frequencies: what a test does among a number of patients, in whole patients.

People who are told counts of patients in place of conditional probabilities reason better about tests (Gigerenzer and Hoffrage 1995,
doi:10.1037/0033-295X.102.4.684), and better still with a tree of the counts (Binder, Krauss and Bruckmaier 2015,
doi:10.3389/fpsyg.2015.01186).
"""

import math
from dataclasses import dataclass
from typing import Final

from cxr_core.decision.errors import InvalidParameterError
from cxr_core.decision.parameters import checked_number

PATIENTS: Final = 1000
"""How many are counted, unless another number is asked for."""

MOST_PATIENTS: Final = 1_000_000


@dataclass(frozen=True)
class Frequencies:
    """What a test does among so many patients. All counts are of whole patients, and add up.

    Attributes
    ----------
    patients : int
    found, missed : int
        Patients with COVID whom the test calls positive, and negative.
    alarms, cleared : int
        Patients without COVID whom the test calls positive, falsely, and negative.
    """

    patients: int
    found: int
    missed: int
    alarms: int
    cleared: int

    @property
    def sick(self) -> int:
        """Patients with COVID."""
        return self.found + self.missed

    @property
    def well(self) -> int:
        """Patients without COVID."""
        return self.alarms + self.cleared

    @property
    def positive(self) -> int:
        """Patients whom the test calls positive."""
        return self.found + self.alarms

    @property
    def negative(self) -> int:
        """Patients whom the test calls negative."""
        return self.missed + self.cleared


def frequencies(prevalence: float, sensitivity: float, specificity: float, patients: int = PATIENTS) -> Frequencies:
    """Count what a test does among patients.

    The sick are prevalence · patients to the nearest whole patient, the found sensitivity · sick, and the cleared specificity · well,
    likewise; what is missed and falsely alarmed is the rest. So the counts add up, both tests have the same sick, and the more sensitive
    one never finds fewer.

    Parameters
    ----------
    prevalence, sensitivity, specificity : float
        In [0, 1].
    patients : int
        From 1 to 1,000,000.

    Returns
    -------
    Frequencies

    Raises
    ------
    InvalidParameterError
        A share is not a number in [0, 1], or the number of patients is out of range.

    Examples
    --------
    >>> frequencies(0.25, 0.92, 0.9)
    Frequencies(patients=1000, found=230, missed=20, alarms=75, cleared=675)
    """
    shares = {"prevalence": prevalence, "sensitivity": sensitivity, "specificity": specificity}
    present, sensitive, specific = (checked_number(name, share) for name, share in shares.items())
    if not 1 <= patients <= MOST_PATIENTS:
        raise InvalidParameterError("patients", f"must be between 1 and {MOST_PATIENTS:,}")
    sick = _nearest(present * patients)
    found, cleared = _nearest(sensitive * sick), _nearest(specific * (patients - sick))
    return Frequencies(patients, found, sick - found, patients - sick - cleared, cleared)


def _nearest(number: float) -> int:
    """Round to the nearest whole number, a half upwards, whatever the last digits of a float say."""
    return math.floor(round(number, 9) + 0.5)
