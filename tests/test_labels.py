"""What another class costs in code: an entry."""

import subprocess
import sys
from pathlib import Path

import pytest

WITH_A_FIFTH = """
from pathlib import Path
source = Path("cxr_core/labels.py").read_text()
import cxr_core.labels as labels
exec(source.replace('"Viral Pneumonia"]', '"Viral Pneumonia", "Tuberculosis"]'), vars(labels))
from cxr_core.artifacts import UNLABELLED
from cxr_core.calibration import set_sentence
assert labels.CLASS_NAMES[-1] == "Tuberculosis" and UNLABELLED == "none of the five"
assert "any of the five classes" in set_sentence(labels.CLASS_NAMES, "COVID")
assert "Tuberculosis" in set_sentence(("COVID", "Tuberculosis"), "COVID")
from tests.tiny import TINY, register
register()
from cxr_core.models import build_classifier
assert build_classifier(TINY, 32).output_shape == (None, 5)
"""


@pytest.mark.slow
def test_a_fifth_class_is_one_entry():
    done = subprocess.run([sys.executable, "-c", WITH_A_FIFTH], cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
