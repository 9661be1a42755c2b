"""What can keep a calibration from being fitted."""

from cxr_core.errors import SecondLookError


class CalibrationFitError(SecondLookError):
    """The films do not allow what is to be fitted on them."""
