"""Batches as a function of the step alone."""

from dataclasses import replace

import numpy as np
import pytest

from cxr_core.training import TrainFilms, feature_batches, training_batches
from cxr_core.training.augment import AUGMENTATIONS
from cxr_core.training.batches import class_weights, drawn_oftener, evaluation_batches, sampling_chances
from cxr_core.training.errors import RunError

FILMS, BATCH = 11, 4
CODES = np.array([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2])
WEIGHTS = np.array([1.0, 2.0, 3.0, 4.0])


@pytest.fixture(scope="module")
def films():
    # Each film is of one grey, which is its own and says which film it is.
    return np.repeat(np.arange(FILMS, dtype=np.uint8) * 20, 32 * 32).reshape(FILMS, 32, 32)


def lungs_of(films):
    """Lungs in the upper half of every film."""
    lungs = np.zeros_like(films)
    lungs[:, :16] = 255
    return lungs


def drawn(films, chances=None, infections=None):
    chances = np.full(len(films), 1 / len(films)) if chances is None else chances
    return TrainFilms(films, lungs_of(films), CODES[: len(films)], chances, infections or {})


def read(train, *, first_epoch=0, epochs=3, augmentation="none", seed=7, **how):
    settings = {"epoch_films": FILMS, "amplitudes": 0.0, "surroundings": 0.0, "masks": False} | how
    stream, steps = training_batches(
        train,
        batch_size=BATCH,
        first_epoch=first_epoch,
        epochs=epochs,
        seed=seed,
        augmentation=AUGMENTATIONS[augmentation],
        weights=WEIGHTS,
        **settings,
    )
    return [(x, y.numpy(), weight.numpy()) for x, y, weight in stream], steps


def inputs(batch):
    """What the network takes of a batch, as a list of arrays."""
    return [part.numpy() for part in (batch[0] if isinstance(batch[0], tuple) else (batch[0],))]


def which(x):
    return np.rint(np.asarray(x)[:, 0, 0, 0] * 255 / 20).astype(int)


def test_shapes_and_dtypes(films):
    batches, steps = read(drawn(films))
    assert steps == FILMS // BATCH
    assert len(batches) == 3 * steps
    for x, y, weight in batches:
        assert (x.shape, y.shape, weight.shape) == ((BATCH, 32, 32, 1), (BATCH, 4), (BATCH,))
        assert {x.dtype.as_numpy_dtype, y.dtype.type, weight.dtype.type} == {np.float32}


def test_stream_from_a_later_epoch_is_the_tail_of_the_whole(films):
    textured = drawn(films + np.random.default_rng(0).integers(0, 40, films.shape).astype(np.uint8), infections={3: films[3]})
    for augmentation in AUGMENTATIONS:
        for how in ({}, {"masks": True, "amplitudes": 0.5, "surroundings": 0.5}):
            whole, steps = read(textured, augmentation=augmentation, **how)
            for first_epoch in (1, 2):
                tail, _ = read(textured, augmentation=augmentation, first_epoch=first_epoch, **how)
                assert len(tail) == (3 - first_epoch) * steps
                for expected, actual in zip(whole[first_epoch * steps :], tail, strict=True):
                    for one, other in zip([*inputs(expected), *expected[1:]], [*inputs(actual), *actual[1:]], strict=True):
                        np.testing.assert_array_equal(one, other)


def test_films_are_drawn_as_often_as_their_chances_say(films):
    chances = np.r_[np.full(FILMS - 1, 0.5 / (FILMS - 1)), 0.5]
    batches, steps = read(drawn(films, chances), epochs=1, epoch_films=4000)
    assert steps == 1000
    seen = np.bincount(np.concatenate([which(x) for x, _, _ in batches]), minlength=FILMS) / 4000
    np.testing.assert_allclose(seen, chances, atol=0.03)


def test_draw_changes_with_epoch_and_seed(films):
    batches, steps = read(drawn(films))
    first, second = (np.concatenate([which(x) for x, _, _ in part]) for part in (batches[:steps], batches[steps : 2 * steps]))
    other = np.concatenate([which(x) for x, _, _ in read(drawn(films), seed=8)[0][:steps]])
    assert first.tolist() != second.tolist()
    assert first.tolist() != other.tolist()


def test_augmentation_differs_between_epochs(films):
    one = drawn(films[:1] + np.random.default_rng(0).integers(0, 40, (1, 32, 32)).astype(np.uint8))
    batches, steps = read(one, augmentation="mild")
    means = [np.concatenate([x.numpy().mean((1, 2, 3)) for x, _, _ in part]) for part in (batches[:steps], batches[steps : 2 * steps])]
    assert np.abs(np.subtract(*means)).max() > 1e-3


def test_class_and_weight_belong_to_the_film(films):
    for x, y, weight in read(drawn(films))[0]:
        codes = CODES[which(x)]
        np.testing.assert_array_equal(y, np.eye(4)[codes])
        np.testing.assert_array_equal(weight, WEIGHTS[codes])


def test_an_epoch_has_so_many_films_as_were_asked_for_and_at_least_a_batch(films):
    assert read(drawn(films), epoch_films=40)[1] == 10
    batches, steps = read(drawn(films[:3]), epoch_films=3, epochs=1)
    assert steps == 1
    assert [len(x) for x, _, _ in batches] == [BATCH]


def test_masks_are_the_lungs_and_the_infection_where_one_is_outlined(films):
    outlined = np.zeros((32, 32), np.uint8)
    outlined[4:8, 4:8] = 255
    seen = set()
    for batch in read(drawn(films, infections={2: outlined}), masks=True)[0]:
        x, masks, classes = inputs(batch)
        np.testing.assert_array_equal(classes, batch[1])
        for row, mask in zip(which(x), masks, strict=True):
            seen.add(int(row))
            np.testing.assert_array_equal(mask[..., 0], lungs_of(films)[0] / 255)
            np.testing.assert_array_equal(mask[..., 1], outlined / 255 if row == 2 else np.ones((32, 32)))
    assert {2} < seen


def test_doubtful_lungs_supervise_nothing(films):
    train = replace(drawn(films, infections={2: films[2]}), lungs=np.zeros_like(films))
    for batch in read(train, masks=True)[0]:
        assert inputs(batch)[1].min() == 1


def test_masks_move_with_their_film():
    square = np.zeros((1, 32, 32), np.uint8)
    square[0, 6:18, 6:14] = 255
    train = TrainFilms(square, square, CODES[:1], np.ones(1), {0: square[0]})
    moved = 0
    for batch in read(train, masks=True, augmentation="strong")[0]:
        for film, mask in zip(*inputs(batch)[:2], strict=True):
            np.testing.assert_array_equal(mask[..., 0], mask[..., 1])
            inside, outside = film[mask[..., 0] > 0.99, 0], film[mask[..., 0] < 0.01, 0]
            assert np.median(inside) > np.median(outside) + 0.3
            moved += np.abs(mask[..., 0] - square[0] / 255).max() > 0.5
    assert moved > 10


def test_only_what_is_outside_the_lungs_comes_from_another_film(films):
    halves = films.copy()
    halves[:, 16:] += 10  # the lower half of a film says which it is too
    swapped = 0
    for x, _, _ in read(drawn(halves), surroundings=1.0)[0]:
        below = np.rint((x.numpy()[:, -1, 0, 0] * 255 - 10) / 20).astype(int)
        swapped += (below != which(x)).sum()
        assert set(below) <= set(which(x))
    assert swapped > 5


def test_amplitudes_are_mixed_where_they_are_asked_for():
    films = np.random.default_rng(1).integers(0, 256, (FILMS, 32, 32)).astype(np.uint8)
    for share, expected in ((0.0, True), (1.0, False)):
        batches, _ = read(drawn(films), amplitudes=share, epochs=1)
        known = [any(np.allclose(film[..., 0] * 255, one, atol=0.01) for one in films) for x, _, _ in batches for film in x.numpy()]
        assert all(known) is expected


FEATURES = np.arange(FILMS, dtype=np.float16)[:, np.newaxis]


def feature_epochs(*, first_epoch=0, epochs=3, seed=7, count=FILMS):
    views = [[FEATURES[:count], 100 + FEATURES[:count]], [1000 + FEATURES[:count], 1100 + FEATURES[:count]]]
    stream, steps = feature_batches(
        views, codes=CODES[:count], batch_size=BATCH, first_epoch=first_epoch, epochs=epochs, seed=seed, weights=WEIGHTS
    )
    return [([part.numpy() for part in x], y.numpy(), weight.numpy()) for x, y, weight in stream], steps


def test_features_of_a_film_stay_together_with_its_class_and_weight():
    batches, steps = feature_epochs()
    assert steps == FILMS // BATCH
    for number, ((one, other), y, weight) in enumerate(batches):
        rows = one[:, 0].astype(int) - 1000 * (number // steps % 2)  # an epoch takes the next view
        np.testing.assert_array_equal(other, one + 100)
        np.testing.assert_array_equal(y, np.eye(4)[CODES[rows]])
        np.testing.assert_array_equal(weight, WEIGHTS[CODES[rows]])


def test_features_of_no_film_come_twice_in_an_epoch_and_the_order_changes():
    batches, steps = feature_epochs()
    orders = [np.concatenate([x[0][:, 0] for x, _, _ in batches[epoch * steps : (epoch + 1) * steps]]) % 1000 for epoch in range(3)]
    assert all(len(np.unique(order)) == steps * BATCH for order in orders)
    assert orders[0].tolist() != orders[1].tolist()
    assert orders[0].tolist() != np.concatenate([x[0][:, 0] for x, _, _ in feature_epochs(seed=8)[0][:steps]]).tolist()


def test_features_from_a_later_epoch_are_the_tail_of_the_whole():
    whole, steps = feature_epochs()
    for expected, actual in zip(whole[steps:], feature_epochs(first_epoch=1)[0], strict=True):
        np.testing.assert_array_equal(expected[0], actual[0])


def test_features_of_fewer_films_than_a_batch_make_one_batch():
    batches, steps = feature_epochs(count=3, epochs=1)
    assert steps == 1
    assert [sorted(x[0][:, 0]) for x, _, _ in batches] == [[0, 1, 2]]


def test_chances_follow_class_and_source():
    codes = np.repeat([0, 1], [12, 4])
    sources = np.array(["a"] * 9 + ["b"] * 3 + ["a"] * 4)

    def shares(class_balance, source_balance):
        chances = sampling_chances(codes, sources, class_balance, source_balance)
        assert chances.sum() == pytest.approx(1)
        return [chances[(codes == code) & (sources == source)].sum() for code, source in ((0, "a"), (0, "b"), (1, "a"))]

    assert shares(0, 0) == pytest.approx([9 / 16, 3 / 16, 4 / 16])  # every film alike
    assert shares(1, 0) == pytest.approx([0.5 * 9 / 12, 0.5 * 3 / 12, 0.5])
    assert shares(0, 1) == pytest.approx([0.75 / 2, 0.75 / 2, 0.25])
    assert shares(1, 1) == pytest.approx([0.25, 0.25, 0.5])
    root = np.sqrt([9, 3])
    halves = np.sqrt([12, 4]) / np.sqrt([12, 4]).sum()
    assert shares(0.5, 0.5) == pytest.approx([*(halves[0] * root / root.sum()), halves[1]])


def test_films_of_one_class_and_source_are_drawn_alike():
    chances = sampling_chances(CODES, np.full(FILMS, ""), 0.5, 0.5)
    for code in range(4):
        assert len(set(chances[code == CODES])) == 1


def test_some_films_are_drawn_oftener_and_no_class_is():
    codes = np.array([0, 0, 0, 1, 1, 1])
    chances = sampling_chances(codes, np.full(6, ""), 0.5, 0.5)
    raised = drawn_oftener(chances, codes, {1: "outlined", 4: "outlined"}, 3)
    np.testing.assert_allclose(raised, np.array([1, 3, 1, 1, 3, 1]) / 10)
    np.testing.assert_allclose(drawn_oftener(chances, codes, {}, 3), chances)


@pytest.mark.parametrize(("power", "expected"), [(0, [1, 1, 1, 1]), (0.5, [2, 1, 2, 4]), (1, [4, 1, 4, 16])])
def test_class_weights(power, expected):
    codes = np.repeat([0, 1, 2, 3], [4, 16, 4, 1])
    np.testing.assert_allclose(class_weights(codes, power), expected)


def test_absent_class_has_a_finite_weight():
    assert np.isfinite(class_weights(np.array([0, 0, 1, 2]), 1)).all()


def test_evaluation_batches_keep_the_order_and_the_short_last_one(films):
    batches = [[part.numpy() for part in batch] for batch in evaluation_batches(films, CODES, BATCH)]
    assert [len(x) for x, _, _ in batches] == [4, 4, 3]
    np.testing.assert_array_equal(np.concatenate([x for x, _, _ in batches]), films[..., np.newaxis].astype(np.float32) / 255)
    np.testing.assert_array_equal(np.concatenate([y for _, y, _ in batches]), np.eye(4)[CODES])
    np.testing.assert_array_equal(np.concatenate([weight for _, _, weight in batches]), np.ones(FILMS))


def test_films_are_drawn_as_often_as_is_told_by_class_and_by_source():
    codes = np.array([0] * 6 + [2] * 8 + [1] * 3 + [3] * 3)
    sources = np.array(["a"] * 4 + ["b"] * 2 + ["rsna"] * 6 + ["kermany"] * 2 + ["rsna"] * 3 + ["kermany"] * 3)
    draws = {"COVID": 3, "Normal/rsna": 2, "Normal/kermany": 1, "Lung_Opacity": 1, "Viral Pneumonia": 1}
    chances = sampling_chances(codes, sources, 0.5, 0.5, draws)
    shares = [chances[rows].sum() for rows in (slice(0, 6), slice(6, 12), slice(12, 14), slice(14, 17), slice(17, 20))]
    np.testing.assert_allclose(shares, np.array([3, 2, 1, 1, 1]) / 8)
    np.testing.assert_allclose(chances[:4].sum() / chances[4:6].sum(), np.sqrt(2))  # the sources within a class as ever
    with pytest.raises(RunError, match="Normal/kermany, Viral Pneumonia/kermany is drawn"):
        sampling_chances(codes, sources, 0.5, 0.5, {"COVID": 1, "Normal/rsna": 1, "Lung_Opacity": 1})
    for nobody in ("Normal/web", "Healthy"):
        with pytest.raises(RunError, match=f"no films of '{nobody}'"):
            sampling_chances(codes, sources, 0.5, 0.5, draws | {nobody: 1})
