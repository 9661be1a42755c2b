"""Samples packed for the browser, and unpacked here as it does."""

import zlib
from itertools import pairwise

import numpy as np
import pytest

from cxr_core.imaging import pack_samples, png_bytes
from tests.drawing import phantom_levels


def unpacked(packed, shape):
    """Undo `pack_samples`, sample by sample."""
    ends = np.cumsum((0, *packed.parts))
    planes = [zlib.decompress(packed.data[start:end]) for start, end in pairwise(ends)]
    low, high = (np.frombuffer(b"".join(part), np.uint8).astype(int) for part in (planes[:4], planes[4:]))
    folded = (low + 256 * high if len(high) else low).reshape(shape)
    distance = np.where(folded % 2, -(folded + 1) // 2, folded // 2)
    samples = np.zeros((shape[0] + 1, shape[1] + 1), int)
    top = 65536 if len(planes) == 5 else 256
    for y in range(shape[0]):
        for x in range(shape[1]):
            samples[y + 1, x + 1] = ((samples[y + 1, x] + samples[y, x + 1]) // 2 + distance[y, x]) % top
    return samples[1:, 1:]


@pytest.mark.parametrize(("kind", "top"), [(np.uint8, 255), (np.uint16, 4095), (np.uint16, 65535)])
def test_nothing_is_lost(kind, top):
    rng = np.random.default_rng(0)
    for samples in (rng.integers(0, top + 1, (13, 7)).astype(kind), np.full((1, 5), top, kind), np.array([[0], [top], [0]], kind)):
        np.testing.assert_array_equal(unpacked(pack_samples(samples), samples.shape), samples)


def test_deep_film_takes_at_most_twice_the_bytes_of_its_8_bit_picture():
    levels = phantom_levels(600, 500, 12)
    assert len(pack_samples(levels).data) < 2 * len(png_bytes((levels >> 4).astype(np.uint8)))
