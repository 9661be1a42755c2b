"""Texts in plain letters."""

import numpy as np
import pytest

from cxr_core.reporting import in_ascii
from cxr_core.reporting.marks import with_words


@pytest.mark.parametrize(("text", "written"), [("Müller 7", "Muller 7"), ("ﬁlm №2", "film No2"), ("肺 Ł", "? ?"), ("", "")])
def test_accents_go_and_what_has_no_plain_letter_is_marked(text, written):
    assert in_ascii(text) == written


@pytest.mark.parametrize("text", ["Müller", "肺"])
def test_what_stands_on_a_picture_is_what_it_says_in_plain_letters(text):
    film = np.full((200, 300), 128, np.uint8)
    np.testing.assert_array_equal(with_words(film, [text]), with_words(film, [in_ascii(text)]))
