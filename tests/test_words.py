"""Phrases that must not come back: inversions, and turns that only their writer understood."""

import functools
import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
PHRASES = (
    "is is not read",
    "who the patient is is",
    "speaks against reading",
    "So it was on",
    "hang on it",
    "hangs on it",
    "knows nothing",
    "is not said of",
    "nothing to do with each other",
    "nothing speaks for",
    "takes its time",
    "as set there",
    "brings along",
    "does not come back",
    "that somebody brings",
    "to play it with",
    "their like is",
    "is owed to",
    "thrown by the cut",
    "fill no square",
    "Fewest are caught",
    "fewest are refused",
    "no fault of the features",
    "is there to be used",
    "lies wrong or is",
    "Inside lie",
    "was fitted yet",
    "no confidence interval",
    "asked for all the same",
    "packed otherwise",
    "look exchanged",
    "does not do as on its card",
    "keeps most of what it can",
    "What becomes of it",
    "away from home",
    "leaves what this section shows",
    "was never measured",
    "films of other places were given",
    "rough method finds",
    "val loss",
    "on val",
    "val films",
    "val split",
    "train films",
    "what stands after its",
    "is none that a",
    "whoever is on the way",
    "everyone on the way",
    "keep to the standard in all",
    "What of a link",
    "no more of whose",
    "than lie beside",
    "that cannot be, so",
    "sends elsewhere",
    "or not its picture",
    "can be written of",
    "Beneath stand",
    "Read are films",
    "stands in `/",
    "as no films by their names",
    "what is mended is mended",
    "changed views",
    "two views of it",
    "gets a sentence and is asked",
    "Decoded is the film",
    "Then stand the",
    "hits stands how often",
    "Most alike are",
    "join those that are here",
    "a step that there is not",
    "so far below to so far above",
    "cannot be gone on with here",
    "differ together",
    "without a word",
    "a report by it is no finding",
    "but for boxes",
    "Whoever knows how sure to be",
    "Of the shipped classifier epochs",
    "A row that is there stays",
    "after a new start either",
    "Changes are told by",
    "whole or not there",
    "What is no chest film",
    "cells that mean nothing",
)
TEXTS = sorted(
    path
    for path in [
        REPOSITORY / "app.py",
        *REPOSITORY.glob("*.md"),
        *(p for room in ("cxr_core", "pages", "docs") for p in (REPOSITORY / room).rglob("*")),
    ]
    if path.suffix in {".py", ".md", ".html", ".js", ".css", ".json"}
)


@functools.cache
def joined(text):
    """Join what is broken over lines or over the parts of a string."""
    return " ".join(re.sub(r"[\"']\s*\n\s*f?[\"']", "", text).split())


def found(phrase, text):
    """Tell whether a text says a phrase."""
    return re.search(rf"\b{re.escape(phrase)}\b", joined(text), flags=re.IGNORECASE) is not None


@pytest.mark.parametrize("phrase", PHRASES)
def test_phrase_is_gone(phrase):
    assert len(TEXTS) > 200
    assert [path.relative_to(REPOSITORY).as_posix() for path in TEXTS if found(phrase, path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("text", ['"a map that knows "\n    f"nothing"', "a map that\nknows nothing.", "It Knows nothing"])
def test_phrase_is_found_over_lines_and_strings(text):
    assert found("knows nothing", text)


def test_phrase_within_a_longer_word_is_none():
    assert not found("on val", "chosen on value alone")
