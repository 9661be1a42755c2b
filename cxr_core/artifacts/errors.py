"""What can be wrong with a model on disk."""

from cxr_core.errors import SecondLookError


class ModelError(SecondLookError):
    """A classifier cannot be built or loaded."""


class WeightsMissingError(ModelError):
    """A weights file or its model card is not there."""


class WeightsDamagedError(ModelError):
    """A weights file is not the one that its model card describes, or does not fit the architecture."""


class CalibrationMissingError(ModelError):
    """These weights have no calibration yet."""


class CalibrationDamagedError(ModelError):
    """The file that calibrates the probabilities cannot be read, or does not fit its schema."""


class CalibrationOfOtherWeightsError(ModelError):
    """The file that calibrates the probabilities was fitted for other weights."""


class StudyDamagedError(ModelError):
    """A file of the study cannot be read, or does not fit its schema."""
