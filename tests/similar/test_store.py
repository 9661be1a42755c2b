"""An index on disk: written in parts, read back, put together, and built anew where it is damaged."""

import numpy as np
import pytest

from cxr_core.similar import store as storing
from cxr_core.similar.store import Computed, Store
from tests.similar.films import computed, identity, sketches

KEYS = [f"{number:016x}" for number in range(100)]


@pytest.fixture
def store(tmp_path):
    return Store([tmp_path / "films"], identity(), tmp_path / "cache")


def part(first, last, channels=6, value=1.0):
    return computed(np.full((last - first, channels), value), sketches(last - first, first), KEYS[first:last])


def same(one, other):
    return all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in ("keys", "features", "sketches", "fingerprints", "unreadable")
    )


def test_what_is_added_is_read_back(store):
    assert not len(store.load().keys)
    store.add(part(0, 5))
    store.add(part(5, 9))
    assert same(store.load(), Computed.joined([part(0, 5), part(5, 9)]))
    assert len(list(store.folder.iterdir())) == 2


def test_of_a_film_that_was_computed_twice_the_last_counts(store):
    store.add(part(0, 5))
    store.add(part(3, 8, value=2.0))
    found = store.load()
    assert found.keys.tolist() == KEYS[:8]
    assert found.features[:, 0].tolist() == [1, 1, 1, 2, 2, 2, 2, 2]


def test_parts_are_put_together_without_films_that_are_gone(store):
    for first in range(0, 12, 3):
        store.add(part(first, first + 3))
    whole = store.load()
    store.compact(KEYS[2:40])
    assert len(list(store.folder.iterdir())) == 1
    assert same(store.load(), whole.only(KEYS[2:12]))
    stamp = store.stamp
    store.compact(KEYS[2:40])
    assert store.stamp == stamp


def test_unreadable_films_are_remembered(store):
    nothing = Computed.nothing()
    store.add(Computed(nothing.keys, nothing.features, nothing.sketches, nothing.fingerprints, np.array(KEYS[:2], "U16")))
    store.add(part(2, 4))
    found = store.load()
    assert (found.unreadable.tolist(), found.keys.tolist()) == (KEYS[:2], KEYS[2:4])
    assert found.lacking(np.array(KEYS[:6])).tolist() == [4, 5]


@pytest.mark.parametrize("kept", [0, 1, 40, 0.5, 0.9, 0.999])
def test_a_part_that_was_cut_counts_as_absent_and_the_others_stay(store, kept):
    store.add(part(0, 5))
    store.add(part(5, 9))
    damaged = store.folder / "part-000001.npz"
    content = damaged.read_bytes()
    damaged.write_bytes(content[: kept if isinstance(kept, int) else int(kept * len(content))])
    assert store.load().keys.tolist() == KEYS[5:9]
    store.compact(KEYS)
    assert (store.load().keys.tolist(), len(list(store.folder.iterdir()))) == (KEYS[5:9], 1)


def test_a_part_with_a_flipped_bit_gives_right_numbers_or_none(store):
    store.add(part(0, 5))
    path, true = store.folder / "part-000001.npz", part(0, 5)
    content = path.read_bytes()
    rng = np.random.default_rng(0)
    for place in rng.integers(0, len(content), 200):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1 << int(rng.integers(8))]) + content[place + 1 :])
        found = store.load()
        assert not len(found.keys) or same(found, true)


@pytest.mark.parametrize("change", ["layout", "shape", "type", "nan", "missing"])
def test_a_part_of_another_layout_or_with_other_arrays_counts_as_absent(store, change, monkeypatch):
    if change == "layout":
        with monkeypatch.context() as patch:
            patch.setattr(storing, "LAYOUT", storing.LAYOUT + 1)
            store.add(part(0, 5))
    else:
        store.folder.mkdir(parents=True)
        whole = part(0, 5)
        arrays = {"layout": storing.LAYOUT, "keys": whole.keys.astype("S16"), "features": whole.features, "sketches": whole.sketches}
        arrays |= {"fingerprints": whole.fingerprints.astype("S12"), "unreadable": whole.unreadable.astype("S16")}
        features = {"shape": whole.features[:4], "type": whole.features.astype(np.float64), "nan": np.full((5, 6), np.nan, np.float16)}
        arrays |= {"features": features.get(change, whole.features)}
        if change == "missing":
            del arrays["sketches"]
        np.savez(store.folder / "part-000001.npz", **arrays)
    assert not len(store.load().keys)


def test_parts_of_other_channels_are_left_out(store):
    store.add(part(0, 5, channels=4))
    store.add(part(5, 9, channels=6))
    assert store.load().keys.tolist() == KEYS[5:9]


def test_other_weights_and_other_folders_have_another_index_and_it_names_no_film(tmp_path):
    cache, films = tmp_path / "cache", tmp_path / "secret-films"
    one = Store([films], identity(), cache)
    others = [
        Store([films], identity("f" * 64), cache),
        Store([tmp_path / "b"], identity(), cache),
        Store([films, tmp_path], identity(), cache),
    ]
    assert len({one.folder, *(other.folder for other in others)}) == 4
    assert Store([films / ".." / "secret-films"], identity(), cache).folder == one.folder
    one.add(part(0, 5))
    assert not len(others[0].load().keys)
    written = [path for path in cache.rglob("*") if path.is_file()]
    assert len(written) == 1
    assert b"secret" not in str(written[0].relative_to(cache)).encode() + written[0].read_bytes()


def test_it_is_forgotten_on_request(store):
    assert not store.forget()
    store.add(part(0, 5))
    assert store.forget()
    assert not store.folder.exists()


def test_the_user_has_a_cache_of_his_own(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert Store([tmp_path], identity()).folder.is_relative_to(tmp_path / "second-look" / "similar")
