"""What can be wrong with a model on disk."""

from cxr_core.errors import SecondLookError


class ModelError(SecondLookError):
    """A classifier cannot be built or loaded."""


class WeightsMissingError(ModelError):
    """A weights file or its model card is not there."""


class WeightsDamagedError(ModelError):
    """A weights file is not the one that its model card describes, or does not fit the architecture."""


class DoubtMissingError(ModelError):
    """Nothing was fitted yet that calibrates the probabilities of these weights."""


class DoubtDamagedError(ModelError):
    """The file that calibrates the probabilities cannot be read, or does not fit its schema."""


class DoubtOfOtherWeightsError(ModelError):
    """The file that calibrates the probabilities was fitted for other weights."""


class StudyDamagedError(ModelError):
    """A file of the study cannot be read, or does not fit its schema."""
