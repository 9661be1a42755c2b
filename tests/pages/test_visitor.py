"""Who sits at this computer."""

import pytest

from pages.visitor import is_here


@pytest.mark.parametrize(
    ("address", "headers", "here"),
    [
        (None, {"Host": "localhost:8501"}, True),
        (None, {"Host": "[::1]:8501"}, True),
        (None, {}, False),
        (None, {"Host": "films.example.org"}, False),
        (None, {"Host": "127.0.0.1.example.org"}, False),
        (None, {"Host": "localhost:8501", "X-Forwarded-For": "10.0.0.7"}, False),
        ("10.0.0.7", {"Host": "localhost:8501"}, False),
    ],
)
def test_who_sits_here(address, headers, here):
    assert is_here(address, headers) is here
