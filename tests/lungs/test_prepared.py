"""A film as the networks see it, by the shipped lung network, on phantoms."""

import numpy as np
import pytest

from cxr_core.imaging import WHOLE_FILM, draw_phantom, model_input
from cxr_core.lungs import LUNG_SIDE, LungFields, Prepared, blanked, find_lungs, prepare
from cxr_core.lungs.prepared import SQUARE_SIDE
from tests.conftest import distinct_phantom

SIZE = 64


class Drawn:
    """A lung network that always finds the same two lungs."""

    def __call__(self, film):
        assert film.shape == (LUNG_SIDE, LUNG_SIDE, 1)
        found = np.zeros((LUNG_SIDE // 2, LUNG_SIDE // 2, 2), np.float32)
        found[16:52, 8:26, 0] = found[16:52, 38:56, 1] = 1
        return found


class Nothing:
    """A lung network that finds none."""

    def __call__(self, film):
        return np.zeros((LUNG_SIDE // 2, LUNG_SIDE // 2, 2), np.float32)


def test_classifier_sees_the_box_around_the_lungs():
    film = distinct_phantom(1)
    prepared = prepare(film, SIZE, "lungs", Drawn())
    assert isinstance(prepared, Prepared)
    assert prepared.box == prepared.lungs.box() != WHOLE_FILM
    assert prepared.square.shape == (SQUARE_SIDE, SQUARE_SIDE, 1)
    np.testing.assert_array_equal(prepared.canonical, model_input(film, SIZE, prepared.box))
    assert 0.3 < prepared.lung_mask.mean() < 0.9


def test_without_a_crop_or_without_lungs_it_sees_the_whole_film():
    film = distinct_phantom(1)
    for prepared in (prepare(film, SIZE, "none", Drawn()), prepare(film, SIZE, "lungs", Nothing())):
        assert prepared.box == WHOLE_FILM
        np.testing.assert_array_equal(prepared.canonical, model_input(film, SIZE))


def test_doubtful_lungs_mask_nothing():
    assert not prepare(distinct_phantom(1), SIZE, "lungs", Nothing()).lung_mask.any()


@pytest.mark.parametrize("part", ["lungs", "surroundings"])
def test_blanked_part_is_one_grey_and_the_rest_stays(part):
    prepared = prepare(distinct_phantom(1), SIZE, "lungs", Drawn())
    found = blanked(prepared, part)
    changed = found != prepared.canonical
    inside = prepared.lung_mask[..., np.newaxis] > 0.9
    gone = inside if part == "lungs" else prepared.lung_mask[..., np.newaxis] == 0
    assert len(np.unique(found[changed])) == 1
    assert changed[gone].mean() > 0.5
    if part == "surroundings":
        np.testing.assert_array_equal(found[inside], prepared.canonical[inside])


@pytest.mark.parametrize(("seed", "side"), [(0, 512), (1, 300), (2, 1024)])
def test_the_shipped_network_finds_both_lungs_of_a_phantom_whole(seed, side):
    film = draw_phantom(side, side, seed, opacity=0.6)
    found = find_lungs(film)
    assert isinstance(found, LungFields)
    assert (found.doubt, found.cut_off) == (None, ())
    assert abs(found.angle) < 10
    right, left = found.sizes
    assert min(right, left) > 0.7 * max(right, left)
    assert found.certainty > 0.85
    box = found.box()
    assert min(box.top, box.left, 1 - box.bottom, 1 - box.right) > 0
    columns = np.flatnonzero(~found.on_film(side, side)[side // 5 : side // 2].any(0)) / side
    assert np.ptp(columns[(columns > 0.3) & (columns < 0.7)]) > 0.08  # well apart
