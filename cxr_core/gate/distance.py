"""How far a vector lies from those that were seen in training."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

COMPONENTS = 128
"""Directions whose variance is kept; that of all others is taken as one, their mean."""


@dataclass(frozen=True, eq=False)
class Distance:
    """Mahalanobis distance to the nearest class mean under one covariance for all classes.

    After Lee et al. (2018, arXiv:1807.03888, section 2.1). The covariance is that of probabilistic principal components (Tipping and
    Bishop 1999, J. R. Stat. Soc. B 61, section 3): it needs fewer vectors than dimensions, and a fraction of the room.

    Attributes
    ----------
    means : numpy.ndarray
        float32, shape (classes, d).
    directions : numpy.ndarray
        float32, shape (d, r): the components, each divided by its standard deviation.
    spread : float
        Standard deviation along every other direction.
    """

    means: np.ndarray
    directions: np.ndarray
    spread: float

    @classmethod
    def fit(cls, vectors: np.ndarray, codes: np.ndarray, components: int = COMPONENTS) -> "Distance":
        """Fit to vectors.

        Parameters
        ----------
        vectors : numpy.ndarray
            float, shape (n, d).
        codes : numpy.ndarray
            int, shape (n,): the class of each. Classes that do not occur have no mean.
        components : int
            How many directions get a variance of their own, at most.
        """
        present, member = np.unique(codes, return_inverse=True)
        means = np.stack([vectors[member == number].mean(0) for number in range(len(present))])
        rest = vectors - means[member]
        count, dimensions = rest.shape
        kept = max(1, min(components, count // 4, dimensions - 1))
        variances, axes = np.linalg.eigh(np.cov(rest, rowvar=False, bias=True))
        variances, axes = variances[::-1], axes[:, ::-1]
        floor = max(float(variances.clip(0).mean()) * 1e-3, 1e-12)
        noise = max(float(variances[kept:].clip(0).mean()), floor)
        scales = np.sqrt(variances[:kept].clip(noise))
        return cls(means.astype(np.float32), (axes[:, :kept] / scales).astype(np.float32), float(np.sqrt(noise)))

    @cached_property
    def _lengths(self) -> np.ndarray:
        """The standard deviations that the components were divided by."""
        lengths: np.ndarray = 1 / np.linalg.norm(self.directions, axis=0)
        return lengths

    def __call__(self, vector: np.ndarray) -> float:
        """Return the distance of a vector, shape (d,), in standard deviations a dimension: about 1 for those like the fitted ones."""
        rest = vector - self.means
        along = rest @ self.directions
        outside = (rest**2).sum(1) - ((along * self._lengths) ** 2).sum(1)
        squares = (along**2).sum(1) + outside.clip(0) / self.spread**2
        return float(np.sqrt(squares.min() / rest.shape[1]))
