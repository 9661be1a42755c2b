"""What the lungs say against reading a film."""

import pytest

from cxr_core.gate import GateOutcome
from cxr_core.gate.lungs import lung_findings
from tests.lungs.test_fields import lungs

MIRRORED = {"right": (16, 38, 52, 56), "left": (16, 8, 52, 26)}
ON_ITS_SIDE = {"right": (8, 16, 26, 52), "left": (38, 16, 56, 52)}


@pytest.mark.parametrize(
    ("found", "codes", "outcome"),
    [
        (lungs(), (), "read"),
        (lungs(right=None, left=None), ("no_lungs",), "refused"),
        (lungs(left=None), ("doubtful_lungs",), "warning"),
        (lungs(**MIRRORED), ("mirrored",), "warning"),
        (lungs(**ON_ITS_SIDE), ("turned_lungs",), "refused"),
        (lungs(right=(0, 8, 40, 26), left=(0, 38, 40, 56)), ("cut_off",), "warning"),
    ],
)
def test_lungs_are_judged(found, codes, outcome):
    findings = lung_findings(found, lies_wrong=False)
    assert tuple(finding.code for finding in findings) == codes
    assert GateOutcome.of(findings).outcome == outcome


def test_one_lung_alone_may_be_a_lateral_view():
    (found,) = lung_findings(lungs(left=None), lies_wrong=False)
    assert found.reason == (
        "Only one lung was found with certainty. It may be a lateral view. The whole film was read, and nothing is computed from the lungs."
    )


def test_a_film_that_lies_wrong_is_not_told_twice():
    assert lung_findings(lungs(**ON_ITS_SIDE), lies_wrong=True) == ()
