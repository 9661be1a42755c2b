"""What findings come to."""

import pytest

from cxr_core.gate import Finding, GateOutcome

BLURRED = Finding("blurred", "warning", "It is blurred.")
LATERAL = Finding("lateral", "refused", "It is a lateral.")


def test_a_film_with_nothing_against_it_is_read():
    assert GateOutcome.of([None, None]) == GateOutcome()
    assert GateOutcome().outcome == "read"
    assert GateOutcome().reasons == GateOutcome().codes == ()


@pytest.mark.parametrize("findings", [[BLURRED, LATERAL], [LATERAL, None, BLURRED]])
def test_the_weightiest_finding_decides_and_comes_first(findings):
    outcome = GateOutcome.of(findings)
    assert outcome.outcome == "refused"
    assert outcome.codes == ("lateral", "blurred")
    assert outcome.reasons == ("It is a lateral.", "It is blurred.")


def test_a_warning_alone_is_read_with_a_warning():
    assert GateOutcome.of([BLURRED]).outcome == "warning"


def test_what_refuses_a_film_is_told_from_what_only_warns():
    assert GateOutcome.of([BLURRED, LATERAL]).refusing == ("lateral",)
    assert GateOutcome.of([BLURRED]).refusing == ()
