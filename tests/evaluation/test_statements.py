"""What a card says in words."""

import pytest

from cxr_core.evaluation.statements import KNOWN_DATA_SETS, OTHER, data_set_name, statements


@pytest.mark.parametrize(("digest", "known"), KNOWN_DATA_SETS.items(), ids=[known.name for known in KNOWN_DATA_SETS.values()])
def test_known_data_set_is_named_with_its_sources_and_limits(digest, known):
    assert data_set_name(digest) == known.name
    assert {known.sources, *known.limits} <= set(statements(digest, paired=True, external=True).limits)


def test_nothing_is_said_of_an_unknown_data_set_that_holds_for_a_known_one():
    found = statements("0" * 64, paired=True, external=True)
    assert data_set_name("0" * 64) == OTHER.name
    assert not [limit for known in KNOWN_DATA_SETS.values() for limit in known.limits if limit in found.limits]


@pytest.mark.parametrize(("part", "words"), [("paired", "another public copy"), ("external", "another collection")])
def test_what_was_not_measured_is_said_to_be_unknown(part, words):
    given = {"paired": True, "external": True}
    assert not [limit for limit in statements("", **given).limits if words in limit]
    assert [limit for limit in statements("", **(given | {part: False})).limits if words in limit and "unknown" in limit]
