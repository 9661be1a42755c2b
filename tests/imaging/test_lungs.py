"""Lung fields of phantoms, whose lungs are known, and of what has none."""

import time

import cv2
import numpy as np
import pytest

from cxr_core.imaging import Film, draw_phantom, lung_fields, model_input


def phantom_input(seed, size=192, **phantom):
    return model_input(draw_phantom(512, 512, seed, **phantom), size)


@pytest.mark.parametrize("size", [64, 192, 224])
@pytest.mark.parametrize("seed", [0, 1])
def test_phantoms_lungs_are_found(size, seed):
    film = phantom_input(seed, size)
    mask = lung_fields(film)
    assert mask.shape == (size, size)
    assert mask.dtype == bool
    assert 0.15 < mask.mean() < 0.45
    # Lungs are the dark part of the body: much darker inside than in the band around them.
    around = cv2.dilate(mask.astype(np.uint8), np.ones((size // 8, size // 8), np.uint8)).astype(bool) & ~mask
    assert film[mask].mean() < film[around].mean() - 0.15


def test_two_lungs_lie_beside_each_other():
    count, _, stats, centres = cv2.connectedComponentsWithStats(lung_fields(phantom_input(0)).astype(np.uint8))
    assert count == 3
    assert stats[1:, cv2.CC_STAT_AREA].min() > 0.04 * 192**2
    assert abs(centres[1, 0] - centres[2, 0]) > 0.3 * 192


@pytest.mark.parametrize("shift", [-16, 16])
def test_they_move_with_the_film(shift):
    film = phantom_input(0)
    (down, across), (moved_down, _), (_, moved_across) = (
        (np.flatnonzero(mask.any(1)).mean(), np.flatnonzero(mask.any(0)).mean())
        for mask in map(lung_fields, (film, np.roll(film, shift, axis=0), np.roll(film, shift, axis=1)))
    )
    assert moved_across - across == pytest.approx(shift, abs=6)
    # Up and down the usual place holds them back, and ribs look alike one after the other.
    assert (moved_down - down) * np.sign(shift) > 2


def test_brightness_and_contrast_change_little():
    film = phantom_input(0)
    mask, other = lung_fields(film), lung_fields(0.3 + 0.5 * film)
    assert (mask != other).mean() < 0.04


def test_padding_is_not_taken_for_lung():
    pixels = draw_phantom(512, 512).pixels
    film = model_input(Film(pixels[:, 80:-80], 8, "drawing"), 192)
    mask = lung_fields(film)
    assert film[:, :20].max() == 0
    assert not mask[:, :20].any()


@pytest.mark.parametrize("level", [0.0, 0.5, 1.0])
def test_blank_film_gets_the_usual_outline(level):
    assert 0.15 < lung_fields(np.full((192, 192, 1), level, np.float32)).mean() < 0.45


def test_it_takes_a_few_milliseconds():
    film = phantom_input(0)
    lung_fields(film)  # builds the outlines that are tried
    spent = []
    for _ in range(20):
        started = time.thread_time()
        lung_fields(film)
        spent.append(time.thread_time() - started)
    assert min(spent) < 0.005
