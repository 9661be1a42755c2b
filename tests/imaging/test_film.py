"""What a film knows of itself."""

from dataclasses import replace

import numpy as np

from cxr_core.imaging import Film, draw_phantom


def test_fingerprint_is_of_the_pixels_alone():
    film = draw_phantom(80, 64)
    assert film.fingerprint == draw_phantom(80, 64).fingerprint
    assert film.fingerprint == replace(film, view="PA", body_part="chest", pixel_spacing=(0.1, 0.1), format="DICOM").fingerprint
    assert len(film.fingerprint) == 12
    assert set(film.fingerprint) <= set("0123456789abcdef")


def test_fingerprint_tells_films_apart():
    samples = np.arange(96 * 64, dtype=np.uint16).reshape(96, 64)
    greys = np.linspace(0, 1, 65536, dtype=np.float32)
    film = Film(samples, 16, "DICOM", greys=greys)
    others = [
        draw_phantom(96, 64),
        replace(film, samples=samples + 1),
        replace(film, samples=samples.reshape(64, 96)),
        replace(film, samples=np.asfortranarray(samples.T)),
        replace(film, greys=greys[::-1].copy()),
        replace(film, greys=None),
    ]
    assert len({one.fingerprint for one in (film, *others)}) == 1 + len(others)
