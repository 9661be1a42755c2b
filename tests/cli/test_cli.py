"""The command line as a whole."""

import pytest

from tests.cli.running import invoke


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_help_names_the_commands(arguments):
    shown = invoke(*arguments).output
    assert all(name in shown for name in ("predict", "train", "train-lungs", "study", "evaluate", "card"))
    assert "Not a medical device." in " ".join(shown.split())
