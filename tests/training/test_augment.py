"""Random changes to training films."""

from dataclasses import replace

import numpy as np
import pytest

from cxr_core.imaging import model_input
from cxr_core.training.augment import AUGMENTATIONS, Augmentation, augment, augment_with_masks, augmentation_code, augmentation_of
from tests.conftest import distinct_phantom

STILL = Augmentation(
    rotation=0,
    scale=(1, 1),
    aspect=0,
    shift=0,
    flip=0,
    gamma=0,
    contrast=(1, 1),
    brightness=0,
    sharpness=0,
    noise=0,
    erase=0,
    resample=0,
    jpeg=0,
)
TURNED = {
    "rotation": 10,
    "scale": (0.8, 0.9),
    "aspect": 0.2,
    "shift": 0.1,
    "flip": 1,
    "gamma": 0.5,
    "contrast": (0.5, 0.7),
    "brightness": 0.2,
    "sharpness": 1,
    "noise": 0.1,
    "erase": 1,
    "resample": 1,
    "jpeg": 1,
    "machines": 1.0,
}


@pytest.fixture(scope="module")
def film():
    return model_input(distinct_phantom(1), 64)[..., 0]


@pytest.mark.parametrize("name", ["mild", "strong", "machines"])
def test_keeps_shape_range_and_dtype_and_the_film_itself(film, name):
    before = film.copy()
    for seed in range(50):
        changed = augment(film, AUGMENTATIONS[name], np.random.default_rng(seed))
        assert changed.shape == film.shape
        assert changed.dtype == np.float32
        assert changed.min() >= 0
        assert changed.max() <= 1
    np.testing.assert_array_equal(film, before)


def test_same_generator_gives_the_same_film(film):
    first, second, other = (augment(film, AUGMENTATIONS["mild"], np.random.default_rng(seed)) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first, second)
    assert np.abs(first - other).max() > 0.01


def test_zero_ranges_change_nothing(film):
    for seed in range(10):
        np.testing.assert_allclose(augment(film, STILL, np.random.default_rng(seed)), film, atol=1e-5)


@pytest.mark.parametrize("knob", list(TURNED))
def test_every_knob_does_something(film, knob):
    changed = [augment(film, replace(STILL, **{knob: TURNED[knob]}), np.random.default_rng(seed)) for seed in range(8)]
    assert max(np.abs(one - film).max() for one in changed) > 0.02


def test_a_certain_flip_is_the_mirror_image(film):
    np.testing.assert_allclose(augment(film, replace(STILL, flip=1), np.random.default_rng(0)), film[:, ::-1], atol=1e-5)


@pytest.mark.parametrize("name", ["mild", "strong", "machines"])
def test_masks_move_with_the_film_and_keep_their_greys(film, name):
    bright = np.where(film > 0.5, np.float32(1), np.float32(0))
    masks = np.dstack([bright, np.ones_like(film)])
    for seed in range(10):
        rng, other = np.random.default_rng(seed), np.random.default_rng(seed)
        changed, moved = augment_with_masks(bright, masks, replace(AUGMENTATIONS[name], machines=0.0, erase=0), rng)
        assert moved.shape == masks.shape
        assert moved.dtype == np.float32
        assert moved.min() >= 0
        assert moved.max() <= 1
        inside, outside = changed[moved[..., 0] == 1], changed[(moved[..., 0] == 0) & (moved[..., 1] == 1)]
        assert np.median(inside) > np.median(outside) + 0.2
        # The same draws, with masks or without.
        np.testing.assert_array_equal(changed, augment(bright, replace(AUGMENTATIONS[name], machines=0.0, erase=0), other))


def test_film_without_masks_gets_none(film):
    assert augment_with_masks(film, None, STILL, np.random.default_rng(0))[1] is None


def test_other_machines_are_the_only_change_of_greys_of_that_augmentation():
    ranges = AUGMENTATIONS["machines"]
    still = replace(ranges, rotation=0, scale=(1, 1), aspect=0, shift=0, flip=0, machines=0.0)
    film = np.random.default_rng(0).random((64, 64), np.float32)
    np.testing.assert_allclose(augment(film, still, np.random.default_rng(0)), film, atol=1e-5)


def test_code_of_an_augmentation_is_its_own():
    codes = {augmentation_code(name) for name in AUGMENTATIONS}
    assert len(codes) == len(AUGMENTATIONS)
    assert all(len(code) == 6 for code in codes)


def test_an_erased_box_is_uniform_and_the_rest_stays(film):
    textured = (film + np.random.default_rng(0).uniform(0, 0.1, film.shape).astype(np.float32)).clip(0, 1)
    changed = augment(textured, replace(STILL, erase=1), np.random.default_rng(0))
    rows, columns = np.nonzero(np.abs(changed - textured) > 1e-5)
    box = changed[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    assert np.ptp(box) < 1e-6
    assert 36 <= box.size <= (0.3 * 64) ** 2


@pytest.mark.parametrize("size", [64, 65, 224])
@pytest.mark.parametrize("knob", ["resample", "jpeg"])
class TestOtherSource:
    """A film that looks as if it had come by another way: resampled, or compressed."""

    @pytest.fixture
    def film(self, size):
        return model_input(distinct_phantom(2, side=300), size)[..., 0]

    @staticmethod
    def changed(film, knob, seed):
        return augment(film, replace(STILL, **{knob: 1}), np.random.default_rng(seed))

    def test_keeps_shape_range_and_dtype_and_the_film_itself(self, film, knob):
        before = film.copy()
        for seed in range(20):
            changed = self.changed(film, knob, seed)
            assert changed.shape == film.shape
            assert changed.dtype == np.float32
            assert changed.min() >= 0
            assert changed.max() <= 1
        np.testing.assert_array_equal(film, before)

    def test_same_seed_gives_the_same_film_and_another_seed_another(self, film, knob):
        np.testing.assert_array_equal(self.changed(film, knob, 3), self.changed(film, knob, 3))
        assert len({self.changed(film, knob, seed).tobytes() for seed in range(8)}) > 4

    def test_really_changes_the_film_and_keeps_its_grey(self, film, knob):
        for seed in range(20):
            changed = self.changed(film, knob, seed)
            assert np.abs(changed - film).max() > 0.004
            assert np.abs(changed - film).mean() < 0.05
            assert changed.mean() == pytest.approx(film.mean(), abs=0.01)

    def test_hits_the_share_of_films_that_it_is_set_to(self, film, knob):
        ranges = replace(STILL, **{knob: 0.25})
        hit = [np.abs(augment(film, ranges, np.random.default_rng(seed)) - film).max() > 1e-3 for seed in range(200)]
        assert 0.15 < np.mean(hit) < 0.35


def test_resampling_takes_fine_detail_away():
    film = np.random.default_rng(0).random((128, 128), np.float32)
    spreads = [augment(film, replace(STILL, resample=1), np.random.default_rng(seed)).std() for seed in range(20)]
    assert np.mean(spreads) < 0.9 * film.std()
    assert max(spreads) < 1.1 * film.std()


def test_compression_leaves_whole_grey_levels():
    film = model_input(distinct_phantom(2), 64)[..., 0]
    changed = augment(film, replace(STILL, jpeg=1), np.random.default_rng(0)) * 255
    np.testing.assert_allclose(changed, np.rint(changed), atol=1e-4)


def test_so_many_films_are_given_the_looks_of_another_machine_as_is_asked(film):
    assert augmentation_of("none", 0.4) is None
    assert augmentation_of("mild", 0.4) == AUGMENTATIONS["mild"]
    assert augmentation_of("machines", 1.0) == AUGMENTATIONS["machines"]
    still = {"rotation": 0, "scale": (1, 1), "aspect": 0, "shift": 0, "flip": 0}
    some = replace(augmentation_of("machines", 0.4), **still)
    rng = np.random.default_rng(0)
    changed = [np.abs(augment(film, some, rng) - film).max() > 0.02 for _ in range(100)]
    assert 0.25 < np.mean(changed) < 0.55
