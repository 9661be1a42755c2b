"""Training of the lung network, from masks; it runs without TensorFlow in `cxr_core.lungs`."""

from typing import TYPE_CHECKING

from cxr_core.lazy import lazily

if TYPE_CHECKING:
    from cxr_core.training.lungs.fit import fit_lungs

__all__ = ["fit_lungs"]

__getattr__ = lazily(__name__, {"fit_lungs": "fit"})
