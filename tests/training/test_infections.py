"""Outlines of infections over what the classifier sees."""

import cv2
import numpy as np
import pandas as pd
import pytest

from cxr_core.data import DataSetError
from cxr_core.imaging import decode_film, read_film_file
from cxr_core.lungs import prepare
from cxr_core.training import Recipe
from cxr_core.training.infections import outlined_infections
from tests.conftest import distinct_phantom

WHOLE = Recipe(init="none", size=64, crop="none")
CUT = Recipe(init="none", size=64, crop="lungs")


def write(path, pixels):
    cv2.imwrite(str(path), np.rint(pixels * 255).astype(np.uint8))


@pytest.fixture
def data(tmp_path):
    """Three films of 200 x 160 pixels; the second and the third have an outline, of half the size, around a box."""
    for number in range(3):
        film = distinct_phantom(number, side=200).pixels[:, 20:180]
        write(tmp_path / f"{number}.png", film)
        outline = np.zeros((100, 80), np.float32)
        outline[40 + 5 * number : 60 + 5 * number, 20:40] = 1
        write(tmp_path / f"outline-{number}.png", outline)
    table = pd.DataFrame({"path": ["1.png", "2.png", "0.png"], "infection": ["outline-1.png", "outline-2.png", None]})
    table.to_csv(tmp_path / "masks.csv", index=False)
    return tmp_path


@pytest.fixture
def rows(data):
    return pd.DataFrame({"path": ["0.png", "2.png", "1.png"]})


def test_outlines_are_found_by_row(data, rows):
    found = outlined_infections(data, rows, WHOLE)
    assert sorted(found) == [1, 2]
    for number, mask in found.items():
        outline = 2 if number == 1 else 1
        assert mask.shape == (64, 64)
        assert mask.dtype == np.uint8
        top, bottom = (40 + 5 * outline) * 0.64, (60 + 5 * outline) * 0.64
        expected = cv2.resize(
            cv2.imread(str(data / f"outline-{outline}.png"), cv2.IMREAD_GRAYSCALE), (64, 64), interpolation=cv2.INTER_AREA
        )
        np.testing.assert_array_equal(mask, expected)
        rows_in, columns_in = np.nonzero(mask > 127)
        assert rows_in.min() == pytest.approx(top, abs=1)
        assert rows_in.max() + 1 == pytest.approx(bottom, abs=1)
        assert columns_in.min() == pytest.approx(16, abs=1)


def test_outlines_are_cut_as_their_film_is(data, rows):
    found = outlined_infections(data, rows, CUT)
    for number, outline in ((1, 2), (2, 1)):
        box = prepare(decode_film(read_film_file(data / f"{outline}.png")), 64, "lungs").box
        assert (box.top, box.left, box.bottom, box.right) != (0, 0, 1, 1)
        top = ((40 + 5 * outline) / 100 - box.top) / box.height * 64
        left = (0.25 - box.left) / box.width * 64
        inside = np.nonzero(found[number] > 127)
        assert inside[0].min() == pytest.approx(top, abs=1.5)
        assert inside[1].min() == pytest.approx(left, abs=1.5)


def test_data_without_outlines_has_none(data, rows):
    pd.DataFrame({"path": ["0.png"], "lungs": ["x.png"]}).to_csv(data / "masks.csv", index=False)
    assert outlined_infections(data, rows, WHOLE) == {}
    (data / "masks.csv").unlink()
    assert outlined_infections(data, rows, WHOLE) == {}


@pytest.mark.parametrize("name", ["outline-1.png", "1.png"])
def test_outline_or_film_that_cannot_be_read_is_named(data, rows, name):
    (data / name).write_bytes(b"no picture")
    with pytest.raises(DataSetError, match=name.replace(".", r"\.")):
        outlined_infections(data, rows, WHOLE)


def test_paths_with_backslashes_and_rows_that_come_again_are_the_same_films(data, rows):
    expected = outlined_infections(data, rows, WHOLE)
    (data / "films").mkdir()
    for name in ("1.png", "2.png"):
        (data / name).rename(data / "films" / name)
    table = pd.DataFrame(
        {"path": ["films\\1.png", "./films/2.png", "films/1.png"], "infection": ["outline-1.png", "./outline-2.png", "0.png"]}
    )
    table.to_csv(data / "masks.csv", index=False)
    found = outlined_infections(data, pd.DataFrame({"path": ["0.png", "films/2.png", "films/1.png"]}), WHOLE)
    assert list(found) == list(expected)
    assert all((found[number] == expected[number]).all() for number in found)


def test_an_empty_outline_is_none(data, rows):
    write(data / "outline-2.png", np.zeros((100, 80), np.float32))
    assert sorted(outlined_infections(data, rows, WHOLE)) == [2]
