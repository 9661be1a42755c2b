"""The pictures that are no chest films."""

import io
import re
from collections import Counter
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_core.evaluation.non_chest import DRAWN, non_chest_pictures, packages
from cxr_core.imaging import Film, ImageError, decode_film


@pytest.fixture(scope="module")
def pictures():
    return non_chest_pictures()


def test_kinds_are_there_and_none_is_there_twice(pictures):
    kinds = Counter(picture.kind for picture in pictures)
    assert kinds["noise"] == kinds["pages of text"] == DRAWN
    assert {f"pictures of {name}" for name in ("scikit-image", "scikit-learn", "matplotlib")} < set(kinds)
    assert {"DICOM files of pydicom", "DICOM files of pydicom as PNG"} < set(kinds)
    assert len({(picture.kind, picture.data) for picture in pictures}) == len(pictures)


def test_all_but_dicoms_can_be_decoded(pictures):
    def readable(picture):
        try:
            return isinstance(decode_film(picture.data), Film)
        except ImageError:
            return False

    refused = Counter(picture.kind for picture in pictures if not readable(picture))
    assert refused["noise"] == refused["pages of text"] == 0
    assert refused["DICOM files of pydicom"] > 0
    assert sum(count for kind, count in refused.items() if "DICOM" not in kind) <= 3


def test_drawings_depend_on_the_seed_alone(pictures, monkeypatch):
    for collected in ("_shipped", "_measured", "_dicoms"):  # what is not drawn takes long
        monkeypatch.setattr(f"cxr_core.evaluation.non_chest.{collected}", lambda *_: [])
    drawn = [picture for picture in pictures if picture.kind in ("noise", "pages of text")]
    again, other = ([p for p in non_chest_pictures.__wrapped__(seed) if p.kind in ("noise", "pages of text")] for seed in (0, 1))
    assert again == drawn
    assert all(first.data != second.data for first, second in zip(drawn, other, strict=True))


def test_pages_hold_text_on_paper(pictures):
    pages = [np.asarray(Image.open(io.BytesIO(picture.data))) for picture in pictures if picture.kind == "pages of text"]
    assert all((page == np.median(page)).mean() > 0.5 for page in pages)
    assert all(np.ptp(page) > 128 for page in pages)


def test_packages_are_named_with_their_versions():
    assert packages()["pydicom"] == version("pydicom")


def test_pictures_come_from_what_every_installation_has():
    required = re.findall(r"^[\w-]+", (Path(__file__).parents[2] / "requirements.txt").read_text(), flags=re.MULTILINE)
    assert set(packages()) <= set(required)
