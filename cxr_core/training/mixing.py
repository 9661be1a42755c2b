"""Mixing the films of a batch so that nothing but the lungs tells a class: others' spectra, others' surroundings."""

import cv2
import numpy as np

AMPLITUDES = 0.6
SURROUNDINGS = 0.5
"""How many films of a batch are given another's amplitudes, and another's surroundings."""


def mix_amplitudes(films: np.ndarray, rng: np.random.Generator, share: float = AMPLITUDES) -> np.ndarray:
    """Give films the Fourier amplitudes of others in the batch, by a random degree, and keep their phases.

    The amplitudes carry contrast and texture, which belong to the machine; the phases carry what is where (Xu et al. 2021, "A
    Fourier-based framework for domain generalization", arXiv:2105.11120).

    Parameters
    ----------
    films : numpy.ndarray
        float32, shape (n, size, size), values in [0, 1].
    rng : numpy.random.Generator
        Source of every draw.
    share : float
        How many of the films are changed, in [0, 1].

    Returns
    -------
    numpy.ndarray
        New films of the same shape, dtype and range.
    """
    degree = (rng.random(len(films)) * (rng.random(len(films)) < share)).astype(np.float32)[:, np.newaxis, np.newaxis]
    spectra = np.fft.rfft2(films)
    amplitudes = np.abs(spectra)
    mixed = (1 - degree) * amplitudes + degree * amplitudes[rng.permutation(len(films))]
    turned = spectra * (mixed / np.maximum(amplitudes, 1e-9))
    return np.clip(np.fft.irfft2(turned, s=films.shape[1:]), 0, 1).astype(np.float32)


def swap_surroundings(films: np.ndarray, lungs: np.ndarray, rng: np.random.Generator, share: float = SURROUNDINGS) -> np.ndarray:
    """Put other films' surroundings behind these lungs.

    Parameters
    ----------
    films : numpy.ndarray
        float32, shape (n, size, size), values in [0, 1].
    lungs : numpy.ndarray
        float32, the same shape: 1 inside the lungs, 0 outside.
    rng, share
        As in `mix_amplitudes`.

    Returns
    -------
    numpy.ndarray
        New films of the same shape, dtype and range.
    """
    size = films.shape[1]
    reach = max(3, round(size * 0.055) | 1)
    others = films[rng.permutation(len(films))]
    out = films.copy()
    for row in np.flatnonzero(rng.random(len(films)) < share):
        wide = cv2.dilate(lungs[row], np.ones((reach, reach), np.uint8))
        keep = cv2.GaussianBlur(wide, (0, 0), size * 0.015)
        out[row] = keep * films[row] + (1 - keep) * others[row]
    return out
