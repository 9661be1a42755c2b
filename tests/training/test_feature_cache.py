"""Features of frozen layers on disk: whole, found again, and rebuilt when stale or damaged."""

import os

import keras
import numpy as np
import pytest

from cxr_core.data import DataSetError
from cxr_core.training import frozen_features

FILMS = np.random.default_rng(0).integers(0, 256, (70, 32, 32), dtype=np.uint8)


def network(seed=0, scale=None):
    keras.utils.set_random_seed(seed)
    film = keras.Input((32, 32, 1))
    grey = film if scale is None else keras.layers.Rescaling(scale)(film)
    first = keras.layers.Conv2D(3, 3, strides=4, name="first")(grey)
    second = keras.layers.Conv2D(2, 3, strides=2, name="second")(first)
    return keras.Model(film, [first, second])


class Uses:
    """Run the cache and count the films that were really computed."""

    def __init__(self, cache):
        self.cache, self.computed, self.said = cache, 0, []

    def __call__(self, prefix=None, films=FILMS, view_name="as is"):
        def view(row):
            self.computed += 1
            return films[row] / np.float32(255)

        before = self.computed
        features = frozen_features(
            prefix or network(), films, view, view_name, self.cache, progress=lambda *_: None, announce=self.said.append
        )
        return features, self.computed - before


@pytest.fixture
def use(tmp_path):
    return Uses(tmp_path / "cache")


def test_features_are_those_of_the_network(use):
    features, _ = use()
    expected = network()(FILMS[..., np.newaxis] / np.float32(255))
    assert [array.dtype for array in features] == [np.float16] * 2
    for array, output in zip(features, expected, strict=True):
        np.testing.assert_allclose(array, output, atol=2e-3)


def test_other_outputs_of_the_same_network_are_kept_apart(use):
    whole = network()
    use(whole)
    features, computed = use(keras.Model(whole.input, whole.outputs[::-1]))
    assert computed == len(FILMS)
    expected = whole(FILMS[..., np.newaxis] / np.float32(255))[::-1]
    for array, output in zip(features, expected, strict=True):
        np.testing.assert_allclose(array, output, atol=2e-3)


def test_second_use_computes_nothing_and_reads_from_disk(use):
    assert use()[1] == len(FILMS)
    features, computed = use()
    assert computed == 0
    assert all(isinstance(array, np.memmap) for array in features)
    assert len(use.said) == 1
    assert "MB in" in use.said[0]


@pytest.mark.parametrize(
    "other", [{"prefix": "other weights"}, {"films": FILMS[::-1]}, {"films": FILMS[1:]}, {"view_name": "mild 0 of seed 0"}]
)
def test_other_weights_films_or_views_are_another_cache(use, other):
    use()
    if "prefix" in other:
        other = {"prefix": network(seed=1)}
    assert use(**other)[1] > 0
    assert use()[1] == 0


def test_another_preprocessing_is_another_cache(use):
    use(network(scale=1.0))
    assert use(network(scale=2.0))[1] == len(FILMS)
    assert use(network(scale=2.0))[1] == 0


@pytest.mark.parametrize("damage", ["flipped", "cut", "gone", "no sums", "other sums", "bad header"])
def test_damage_is_noticed_and_mended(use, damage):
    whole = [np.array(array) for array in use()[0]]
    (folder,) = use.cache.iterdir()
    file, sums = folder / "0.npy", folder / "checksums.json"
    content = bytearray(file.read_bytes())
    if damage == "flipped":
        content[-100] ^= 1
        file.write_bytes(content)
    elif damage == "cut":
        file.write_bytes(content[:-2])
    elif damage == "bad header":
        file.write_bytes(b"nonsense")
    elif damage == "gone":
        file.unlink()
    elif damage == "no sums":
        sums.unlink()
    else:
        sums.write_text("[1]")
    features, computed = use()
    assert computed == len(FILMS)
    for array, before in zip(features, whole, strict=True):
        np.testing.assert_array_equal(array, before)
    assert use()[1] == 0


def test_killed_in_the_middle_leaves_nothing_that_is_taken_for_whole(use, monkeypatch):
    calls = []

    def die(*_):
        calls.append(1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        frozen_features(network(), FILMS, lambda row: FILMS[row] / np.float32(255), "as is", use.cache, progress=die, announce=print)
    assert calls
    assert not list(use.cache.iterdir())
    assert use()[1] == len(FILMS)


def test_what_a_dead_run_with_our_number_left_is_no_hindrance(use):
    use()
    (whole,) = use.cache.iterdir()
    left = whole.rename(f"{whole}.{os.getpid()}.partial")
    (left / "1.npy").unlink()
    assert use()[1] == len(FILMS)
    assert list(use.cache.iterdir()) == [whole]


def test_too_little_room_is_said_before_anything_is_computed(use, monkeypatch):
    monkeypatch.setattr("cxr_core.training.feature_cache.shutil.disk_usage", lambda path: type("Usage", (), {"free": 10})())
    with pytest.raises(DataSetError, match="has no room for"):
        use()
    assert use.computed == 0


def test_disk_that_fills_up_is_a_sentence_and_leaves_nothing(use, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cxr_core.training.feature_cache.os.fsync", full)
    with pytest.raises(DataSetError, match="No space left on device"):
        use()
    assert not list(use.cache.iterdir())


def test_what_float16_cannot_hold_is_held_at_its_largest(use):
    film = keras.Input((32, 32, 1))
    huge = keras.Model(film, [keras.layers.Rescaling(1e9)(film)])
    features, _ = use(prefix=huge)
    assert np.isfinite(features[0]).all()
    assert features[0].max() == 65504
