"""An evaluation in a fraction of its time: what takes longest is left out, and has tests of its own."""

from contextlib import contextmanager
from unittest import mock

from cxr_core.evaluation.non_chest import NonChest
from tests.drawing import phantom_levels, png_bytes


@contextmanager
def few_pictures():
    """Judge two pictures that are no chest films, not all of them until the block ends: `tests/evaluation/test_run.py` judges all."""
    pictures = (NonChest("drawings", "0", png_bytes(phantom_levels())), NonChest("damaged files", "0", b"no picture"))
    with mock.patch("cxr_core.evaluation.gate.non_chest_pictures", return_value=pictures):
        yield


@contextmanager
def quickly():
    """Leave out the checks of the saliency maps too: `tests/evaluation/test_saliency_checks.py` makes them."""
    with few_pictures(), mock.patch("cxr_core.evaluation.run.check_saliency", return_value=None):
        yield
