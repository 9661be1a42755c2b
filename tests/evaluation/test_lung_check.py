"""The lung fields are measured on films that somebody outlined and nobody fitted them on."""

import json

import numpy as np
import pandas as pd
import pytest

from cxr_core.batch import load_films
from cxr_core.evaluation.lung_check import OUTLINES, check_lung_fields, dice, drawn_mask
from cxr_core.labels import CLASS_NAMES


@pytest.fixture(scope="module")
def outlined():
    return json.loads(OUTLINES.read_text(encoding="utf-8"))["films"]


def test_dice_of_known_overlaps():
    left, top = np.zeros((4, 4), bool), np.zeros((4, 4), bool)
    left[:, :2], top[:2] = True, True
    assert dice(left, left) == 1
    assert dice(left, ~left) == 0
    assert dice(left, top) == 0.5
    assert dice(left, np.zeros_like(left)) == 0
    assert dice(np.zeros_like(left), np.zeros_like(left)) == 1


def test_polygon_is_filled_where_it_lies():
    mask = drawn_mask([[[0.25, 0.5], [0.75, 0.5], [0.75, 1.0], [0.25, 1.0]]], 40)
    expected = np.zeros((40, 40), bool)
    expected[20:, 10:30] = True
    assert (mask != expected).mean() < 0.05


def test_each_film_has_two_lungs_of_plausible_size(outlined):
    for film in outlined:
        assert len(film["polygons"]) == 2
        points = np.concatenate([np.array(polygon) for polygon in film["polygons"]])
        assert points.min() >= 0
        assert points.max() <= 1
        right, left = (np.array(polygon) for polygon in film["polygons"])
        assert right[:, 0].max() < left[:, 0].min()  # the patient's right is on the image's left
        assert 0.15 < drawn_mask(film["polygons"], 192).mean() < 0.5


def test_every_class_is_fitted_on_and_checked_on(outlined):
    for use, count in (("fit", 1), ("check", 2)):
        labels = [film["path"].split("/")[1] for film in outlined if film["use"] == use]
        assert sorted(labels) == sorted(list(CLASS_NAMES) * count)


def test_without_the_outlined_films_there_is_no_result(tmp_path):
    assert check_lung_fields(tmp_path, lambda paths: pytest.fail("nothing to load")) is None


@pytest.mark.films
def test_lung_fields_fit_films_that_they_were_not_fitted_on(data, outlined):
    found = check_lung_fields(data, lambda paths: load_films(paths, 192))
    assert len(found.dice) == 8
    assert found.fitted_on == 4
    assert found.mean == pytest.approx(np.mean(list(found.dice.values())), abs=1e-4)
    # What the card reports must not get worse unnoticed, and fitting must be worth it.
    assert found.mean > 0.82
    assert found.mean > found.unfitted_mean + 0.05
    assert min(found.dice.values()) > 0.7


@pytest.mark.films
def test_outlined_films_are_of_the_val_split(data, outlined):
    split = pd.read_csv(data / "manifest.csv").set_index("path")["split"]
    assert {split[film["path"]] for film in outlined} == {"val"}
