"""Masks hide what they should and nothing else, and audits measure what is left."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import recall_score

from cxr_core.evaluation.audits import MASKS, mask_audits, results_by_copy
from cxr_core.imaging import WHOLE_FILM, placement
from cxr_core.labels import CLASS_NAMES
from cxr_core.lungs import LungFields, Prepared
from cxr_core.stats import share
from tests.cards import drawn_films, drawn_probabilities

SURROUNDINGS, LUNGS, BORDER = MASKS
SIZES = [64, 96, 191, 224]


def film(size, seed=0):
    return np.random.default_rng(seed).uniform(0, 1, (size, size, 1)).astype(np.float32)


def fields(lungs=True):
    """Two lungs that were found with certainty, or none."""
    probabilities = np.zeros((64, 64, 2), np.float32)
    if lungs:
        probabilities[16:48, 10:28, 0] = 1
        probabilities[16:48, 36:54, 1] = 1
    return LungFields(probabilities, placement(64, 64, 64))


def blanked(mask, canonical, lungs=True):
    """What a mask makes of a film."""
    return mask.blank(Prepared(canonical, fields(lungs), WHOLE_FILM, canonical))


def kept(mask, size):
    """Which pixels a mask lets through: those of a film of noise that come out as they went in."""
    whole = film(size)
    return blanked(mask, whole) == whole


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mask", MASKS, ids=lambda mask: mask.name)
def test_what_is_kept_is_untouched_and_the_rest_is_one_grey(mask, size):
    whole = film(size)
    masked = blanked(mask, whole)
    keep = kept(mask, size)
    assert masked.shape == whole.shape
    assert masked.dtype == np.float32
    assert 0 < keep.sum() < keep.size
    assert len(np.unique(masked[~keep])) == 1
    assert masked[~keep][0] == pytest.approx(whole[keep].mean(), abs=1e-6)


@given(seeds=st.tuples(st.integers(0, 1000), st.integers(1001, 2000)), number=st.integers(0, len(MASKS) - 1), size=st.sampled_from(SIZES))
def test_what_is_blanked_carries_no_information(seeds, number, size):
    mask = MASKS[number]
    keep = kept(mask, size)
    one, other = film(size, seeds[0]), film(size, seeds[1])
    np.testing.assert_array_equal(blanked(mask, one), blanked(mask, np.where(keep, one, other)))
    assert (blanked(mask, one) != blanked(mask, other)).any()


@pytest.mark.parametrize("mask", MASKS, ids=lambda mask: mask.name)
def test_the_film_given_is_left_alone(mask):
    whole = film(96)
    before = whole.copy()
    blanked(mask, whole)
    np.testing.assert_array_equal(whole, before)


@pytest.mark.parametrize("size", SIZES)
def test_lungs_and_surroundings_are_complements(size):
    np.testing.assert_array_equal(kept(SURROUNDINGS, size), ~kept(LUNGS, size))
    lung, outside = (slice(round(0.4 * size), round(0.6 * size)), slice(round(0.2 * size), round(0.3 * size))), (slice(0, 5), slice(0, 5))
    assert kept(SURROUNDINGS, size)[lung].all()
    assert kept(LUNGS, size)[outside].all()


def test_film_whose_lungs_are_doubtful_has_nothing_but_surroundings():
    whole = film(96)
    np.testing.assert_array_equal(blanked(LUNGS, whole, lungs=False), whole)
    assert np.ptp(blanked(SURROUNDINGS, whole, lungs=False)) == 0


@pytest.mark.parametrize("size", SIZES)
def test_border_is_the_outer_tenth_at_each_side(size):
    keep = kept(BORDER, size)[..., 0]
    tenth = round(0.1 * size)
    assert keep[:tenth].all()
    assert keep[:, :tenth].all()
    assert keep[round(0.9 * size) :].all()
    assert not keep[tenth : round(0.9 * size), tenth : round(0.9 * size)].any()


@pytest.fixture(scope="module")
def films():
    y_true, groups = drawn_films(300)
    return y_true, drawn_probabilities(y_true, 3), groups


def test_audits_measure_the_films_as_changed(films):
    y_true, whole, groups = films
    changed = {mask.name: drawn_probabilities(y_true, skill, seed=7) for mask, skill in zip(MASKS, (2, 1, 0), strict=True)}
    found = mask_audits(y_true, whole, groups, lambda mask: changed[mask.name])
    assert [one.name for one in found] == [mask.name for mask in MASKS]
    for one in found:
        top = changed[one.name].argmax(1)
        assert one.films == len(y_true)
        assert one.accuracy == share(top == y_true, groups)
        assert one.agreement == share(top == whole.argmax(1), groups)
        assert one.macro_recall.value == pytest.approx(recall_score(y_true, top, average="macro"))
        assert one.macro_recall.low < one.macro_recall.value < one.macro_recall.high
        assert one.chance_accuracy == np.bincount(y_true).max() / len(y_true)
        assert one.chance_macro_recall == 0.25


def test_reader_who_names_one_class_always_is_at_chance(films):
    y_true, whole, groups = films
    largest = np.bincount(y_true).argmax()
    for one in mask_audits(y_true, whole, groups, lambda mask: np.eye(4)[np.full(len(y_true), largest)]):
        assert one.accuracy.value == pytest.approx(one.chance_accuracy)
        assert one.macro_recall.value == one.macro_recall.high == pytest.approx(one.chance_macro_recall)


def test_chance_is_among_the_classes_that_occur(films):
    _, _, groups = films
    y_true = np.array([0, 0, 3])
    found = mask_audits(y_true, np.eye(4)[y_true], groups[:3], lambda mask: np.eye(4)[y_true])
    assert {(one.chance_accuracy, one.chance_macro_recall) for one in found} == {(2 / 3, 0.5)}
    assert {one.macro_recall.value for one in found} == {1}


def test_macro_recall_of_resamples_that_miss_a_class_is_of_the_others():
    y_true = np.array([0] * 12 + [3])
    found = mask_audits(y_true, np.eye(4)[y_true], np.arange(13), lambda mask: np.eye(4)[np.zeros(13, int)])
    assert [(one.macro_recall.value, one.macro_recall.high) for one in found] == [(0.5, 1.0)] * len(MASKS)


def test_results_are_told_apart_by_copy(films):
    y_true, probabilities, groups = films
    copies = np.where(np.arange(len(y_true)) % 2, "b", "a")
    copies[y_true == 1] = "a"
    found = results_by_copy(y_true, probabilities, groups, copies)
    assert list(found) == ["a", "b"]
    assert sum(one.films for one in found.values()) == len(y_true)
    assert list(found["a"].recall) == list(CLASS_NAMES)
    assert list(found["b"].recall) == [name for name in CLASS_NAMES if name != "Lung_Opacity"]
    hits = probabilities.argmax(1) == y_true
    assert found["b"].accuracy == share(hits[copies == "b"], groups[copies == "b"])
    rows = (copies == "a") & (y_true == 0)
    assert found["a"].recall["COVID"] == share(hits[rows], groups[rows])
