"""A refusal says what to try."""

import re
from pathlib import Path

from cxr_core import gate
from cxr_core.gate import what_to_try
from cxr_core.gate.advice import TO_TRY
from cxr_core.gate.orientation import REASONS

WARNS_ONLY = {"doubtful_lungs", "mirrored", "cut_off", "unusual_view", "stored_turned", "stored_mirrored", "guessed"}


def test_every_finding_that_can_refuse_a_film_has_advice():
    sources = "".join(path.read_text() for path in Path(gate.__file__).parent.glob("*.py"))
    codes = set(re.findall(r'Finding\(\s*"(\w+)"', sources)) | set(REASONS)
    assert len(codes) > 15
    assert set(TO_TRY) == codes - WARNS_ONLY


def test_the_same_advice_is_given_once():
    assert what_to_try(["lateral", "stored_lateral"]) == TO_TRY["lateral"]
    assert what_to_try(["lateral", "inverted"]) == f"{TO_TRY['lateral']} {TO_TRY['inverted']}"


def test_no_advice_for_what_is_not_known():
    assert what_to_try([]) == what_to_try(["unheard_of"]) == ""
