"""The pointing game counts peaks inside outlines, and shares inside lungs."""

from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pandas as pd
import pytest

from cxr_core.evaluation import pointing
from cxr_core.evaluation.inputs import Inputs
from cxr_core.evaluation.pointing import pointing_result, points_into, share_ratio
from cxr_core.imaging import WHOLE_FILM, Box

SIDE = 64
LEFT = np.zeros((SIDE, SIDE), bool)
LEFT[:, : SIDE // 2] = True


def test_a_map_points_where_it_is_highest():
    saliency = np.zeros((SIDE, SIDE), np.float32)
    saliency[:, 40:] = 0.5
    saliency[10, 5] = 1
    assert points_into(saliency, LEFT)
    assert not points_into(saliency, ~LEFT)


def test_a_flat_peak_points_at_its_middle():
    saliency = np.zeros((SIDE, SIDE), np.float32)
    saliency[10:20, 28:50] = 1
    assert not points_into(saliency, LEFT)


def test_an_empty_map_points_nowhere():
    assert not points_into(np.zeros((SIDE, SIDE), np.float32), np.ones((SIDE, SIDE), bool))
    assert np.isnan(share_ratio(np.zeros((SIDE, SIDE), np.float32), LEFT))
    assert np.isnan(share_ratio(np.ones((SIDE, SIDE), np.float32), np.zeros_like(LEFT)))


def test_ratio_is_1_for_a_map_that_knows_nothing_and_rises_with_what_lies_inside():
    assert share_ratio(np.ones((SIDE, SIDE), np.float32), LEFT) == pytest.approx(1)
    assert share_ratio(LEFT.astype(np.float32), LEFT) == pytest.approx(2)
    assert share_ratio((~LEFT).astype(np.float32), LEFT) == 0


@pytest.fixture
def game(tmp_path, monkeypatch):
    """Six films, four of COVID; their maps are set by the test."""
    labels = ["COVID", "Normal", "COVID", "COVID", "Normal", "COVID"]
    chosen = pd.DataFrame({"path": [f"{row}.png" for row in range(6)], "label": labels, "group": list("abcdef")})
    cv2.imwrite(str(tmp_path / "left.png"), LEFT.astype(np.uint8) * 255)
    cv2.imwrite(str(tmp_path / "right.png"), (~LEFT).astype(np.uint8) * 255)
    rows = [
        (0, "left.png", "left.png"),
        (2, "left.png", "right.png"),
        (3, "left.png", ""),
        (4, "left.png", "left.png"),
        (1, "left.png", ""),
    ]
    masks = pd.DataFrame(rows, columns=["row", "lungs", "infection"])
    monkeypatch.setattr(pointing, "GradCAM", lambda network: None)
    classifier = SimpleNamespace(network=None, identity=SimpleNamespace(size=32, crop="lungs"))

    def play(maps, box=WHOLE_FILM, top=(0, 2, 0, 0, 2, 0), table=masks):
        canonical = [np.full((32, 32, 1), row / 10, np.float32) for row in range(6)]
        loaded = lambda paths, *_: [SimpleNamespace(canonical=canonical[int(Path(path).stem)], box=box) for path in paths]  # noqa: E731
        monkeypatch.setattr(pointing, "load_films", loaded)
        monkeypatch.setattr(pointing, "all_maps", lambda _, films: np.stack([maps[round(film[0, 0, 0] * 10)] for film in films]))
        calls = []
        found = pointing_result(
            classifier, Inputs(tmp_path, chosen, chosen, chosen, (), None, table), np.array(top), lambda *call: calls.append(call)
        )
        return found, calls

    return play


def maps_of(where):
    """Maps (film, class, 8, 8) with all saliency at one place."""
    maps = np.zeros((6, 4, 8, 8), np.float32)
    maps[(..., *where)] = 1
    return maps


def test_peaks_of_covid_are_counted_on_outlined_covid_films(game):
    maps = maps_of((4, 1))
    maps[:, 2] = 0
    maps[:, 2, 4, 6] = 1
    found, calls = game(maps)
    assert (found.outlined, found.masked) == (2, 5)
    assert found.inside.value == 0.5
    assert found.chance == pytest.approx(0.5)
    # The map of each film's own class: in three films to the left, where the lungs are, in two to the right.
    assert found.lung_ratio.value == pytest.approx(6 / 5, abs=0.02)
    assert found.empty == 0
    assert (found.even_ratio, found.chance_in_box) == pytest.approx((1, found.chance))  # it sees the whole film
    assert calls == [(5, 5)]


def test_maps_are_brought_onto_the_film(game):
    maps = maps_of((4, 1))
    right_half = Box(0.0, 0.5, 1.0, 1.0)
    found, _ = game(maps, box=right_half)
    assert found.inside.value == 0.5  # now the other of the two
    assert found.lung_ratio.value == pytest.approx(0, abs=1e-6)
    assert found.even_ratio == pytest.approx(0, abs=1e-6)  # the lungs are to the left
    assert found.chance_in_box == pytest.approx(0.5)


def test_maps_that_are_zero_everywhere_are_counted_and_hit_nothing(game):
    found, _ = game(np.zeros((6, 4, 8, 8), np.float32))
    assert (found.empty, found.masked, found.inside.value, found.lung_ratio.value) == (5, 5, 0, None)


def test_without_masks_there_is_no_game(game):
    assert game(maps_of((0, 0)), table=None) == (None, [])


def test_without_outlines_the_lungs_are_measured_alone(game):
    masks = pd.DataFrame([(1, "left.png", "")], columns=["row", "lungs", "infection"])
    found, _ = game(maps_of((4, 1)), table=masks)
    assert (found.outlined, found.inside.value, found.masked) == (0, None, 1)
    assert found.lung_ratio.value == pytest.approx(2, abs=0.05)


def test_an_empty_outline_is_none(game, tmp_path):
    cv2.imwrite(str(tmp_path / "empty.png"), np.zeros((SIDE, SIDE), np.uint8))
    masks = pd.DataFrame([(0, "left.png", "left.png"), (2, "left.png", "empty.png")], columns=["row", "lungs", "infection"])
    found, _ = game(maps_of((4, 1)), table=masks)
    assert (found.outlined, found.inside.value, found.masked) == (1, 1, 2)
