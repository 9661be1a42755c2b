"""Random changes to a film and its lungs."""

import numpy as np
import pytest

from cxr_core.training.lungs import augment
from cxr_core.training.lungs.augment import augment_pair

LOTS = ("QUARTER_TURNS", "MIRRORED", "EMPTY", "COLLIMATED", "INVERTED")


@pytest.fixture(scope="module")
def pair():
    """A film that is bright in the right lung, grey in the left, and black elsewhere."""
    lungs = np.zeros((64, 64, 2), np.float32)
    lungs[20:44, 16:28, 0] = 1
    lungs[20:44, 36:48, 1] = 1
    return 0.9 * lungs[..., 0] + 0.5 * lungs[..., 1], lungs


@pytest.fixture
def only(monkeypatch):
    """Let these lots fall for every film, and the others for none."""

    def choose(*names):
        for name in LOTS:
            monkeypatch.setattr(augment, name, float(name in names))

    return choose


def changed(pair, seed):
    return augment_pair(*pair, np.random.default_rng(seed))


def test_keeps_shapes_ranges_and_dtypes_and_the_pair_itself(pair):
    before = [part.copy() for part in pair]
    for seed in range(60):
        film, lungs = changed(pair, seed)
        assert film.shape == (64, 64)
        assert lungs.shape == (64, 64, 2)
        for part in (film, lungs):
            assert part.dtype == np.float32
            assert part.min() >= 0
            assert part.max() <= 1
    for part, old in zip(pair, before, strict=True):
        np.testing.assert_array_equal(part, old)


def test_same_generator_gives_the_same_pair(pair):
    for one, other in zip(changed(pair, 4), changed(pair, 4), strict=True):
        np.testing.assert_array_equal(one, other)
    assert np.abs(changed(pair, 4)[0] - changed(pair, 5)[0]).max() > 0.05


@pytest.mark.parametrize("lots", [(), ("QUARTER_TURNS",), ("MIRRORED",), ("QUARTER_TURNS", "MIRRORED")], ids=str)
def test_lungs_move_with_their_film_and_change_names_in_a_mirror(pair, only, lots):
    only(*lots)
    names = (1, 0) if "MIRRORED" in lots else (0, 1)
    for seed in range(20):
        film, lungs = changed(pair, seed)
        bright, grey = (film[lungs[..., name] > 0.99] for name in names)
        black = film[lungs.max(-1) < 0.01]
        if min(len(bright), len(grey)) > 20:  # else a lung was moved off the film
            assert np.median(bright) > np.median(grey) > np.median(black)


def test_upright_film_keeps_the_right_lung_at_its_left(pair, only):
    for lots in ((), ("MIRRORED",)):
        only(*lots)
        for seed in range(20):
            _, lungs = changed(pair, seed)
            if min(lungs[..., 0].sum(), lungs[..., 1].sum()) > 20:
                assert np.nonzero(lungs[..., 0])[1].mean() < np.nonzero(lungs[..., 1])[1].mean()


def test_some_films_lie_on_a_side_or_on_their_head(pair, only):
    only("QUARTER_TURNS")
    directions = set()
    for seed in range(40):
        _, lungs = changed(pair, seed)
        if min(lungs[..., 0].sum(), lungs[..., 1].sum()) > 20:
            (y0, x0), (y1, x1) = (np.argwhere(lungs[..., side] > 0.5).mean(0) for side in (0, 1))
            directions.add(int(np.rint(np.rad2deg(np.arctan2(y1 - y0, x1 - x0)) / 90)) % 4)
    assert directions == {1, 2, 3}


def test_picture_without_lungs_has_none_and_is_no_film(pair, only):
    only("EMPTY")
    textured = np.random.default_rng(0).random((64, 64), np.float32) * pair[0], pair[1]
    spreads = []
    for seed in range(30):
        film, lungs = changed(textured, seed)
        assert not lungs.any()
        assert film.shape == (64, 64)
        spreads.append(film.std())
    assert np.mean(np.array(spreads) > 0.02) > 0.6


def test_inverted_film_is_bright_where_it_was_black(pair, only):
    only("INVERTED")
    for seed in range(10):
        film, lungs = changed(pair, seed)
        if (lungs[..., 0] > 0.99).sum() > 20:
            assert np.median(film[lungs.max(-1) < 0.01]) > np.median(film[lungs[..., 0] > 0.99])


def test_borders_cover_film_and_not_masks(pair, only):
    only("COLLIMATED")
    bordered = 0
    for seed in range(10):
        film, lungs = changed((np.full((64, 64), 0.5, np.float32), pair[1]), seed)
        middle = np.median(film[16:48, 16:48])
        edge = np.r_[film[0], film[-1], film[:, 0], film[:, -1]]
        bordered += (np.abs(edge - middle) > 0.2).mean() > 0.2
        assert lungs.max() > 0.9
    assert bordered > 5
