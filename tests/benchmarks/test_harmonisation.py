"""The detector of how a film was resampled finds what is there, and nothing where nothing is."""

import importlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from cxr_core.imaging import draw_phantom

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
PAIRS = 40


@pytest.fixture
def harmonisation(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("harmonisation")


def pairs(*ways):
    """Phantoms, each reduced in two ways: pictures, the names of the ways, and the number of the phantom."""
    pictures, copies, groups = [], [], []
    for seed in range(PAIRS):
        large = draw_phantom(512, 512, seed, opacity=seed / PAIRS).pixels
        for name, way in zip("ab", ways, strict=True):
            pictures.append(cv2.resize(large, (128, 128), interpolation=way))
            copies.append(name)
            groups.append(seed)
    return pictures, copies, groups


def test_another_way_of_resampling_is_found(harmonisation):
    assert harmonisation.told_apart(*pairs(cv2.INTER_AREA, cv2.INTER_CUBIC)) > 0.95


def test_the_same_way_is_not(harmonisation):
    assert harmonisation.told_apart(*pairs(cv2.INTER_AREA, cv2.INTER_AREA)) == pytest.approx(0.5, abs=0.01)


def test_names_dealt_at_random_are_not_found(harmonisation):
    pictures, _, groups = pairs(cv2.INTER_AREA, cv2.INTER_CUBIC)
    rng = np.random.default_rng(0)
    dealt = [name for _ in range(PAIRS) for name in rng.permutation(["a", "b"])]
    assert harmonisation.told_apart(pictures, dealt, groups) < 0.65


@pytest.mark.parametrize("side", [96, 100, 101])
def test_brightness_and_contrast_are_no_texture(harmonisation, side):
    film = draw_phantom(side, side).pixels
    features = harmonisation.texture(film)
    assert np.isfinite(features).all()
    np.testing.assert_allclose(harmonisation.texture(0.5 * film + 0.2), features, atol=0.01)


@pytest.mark.parametrize("cycles", [8, 20, 40])
def test_a_wave_has_its_power_at_its_frequency(harmonisation, cycles):
    wave = np.tile(np.sin(2 * np.pi * cycles * np.arange(128) / 128), (128, 1))
    assert abs(int(harmonisation.radial_power(wave).argmax()) - cycles) <= 1


def test_block_energy_sees_the_grid_of_jpeg(harmonisation):
    film = np.rint(draw_phantom(256, 256).pixels * 255).astype(np.uint8)
    coded = cv2.imdecode(cv2.imencode(".jpg", film, [cv2.IMWRITE_JPEG_QUALITY, 40])[1], cv2.IMREAD_GRAYSCALE).astype(float)
    on, off = (harmonisation.block_energy(coded[start:, start:]) for start in (0, 4))
    assert off.mean() > on.mean() + 1  # on the grid most coefficients were rounded to 0


@pytest.mark.slow
@pytest.mark.films
def test_the_public_copies_are_told_apart_as_well_as_is_known(harmonisation, data):
    films, copies, groups = harmonisation.paired_films(data)
    assert len(films) == 2 * len(set(groups))
    assert harmonisation.told_apart([film.pixels for film in films], copies, groups) > 0.82
