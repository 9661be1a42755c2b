"""What can be wrong with what is asked of the decision analysis."""

from cxr_core.errors import SecondLookError


class InvalidParameterError(SecondLookError, ValueError):
    """A parameter has a value that the formulas are not defined for.

    Attributes
    ----------
    parameter : str
        Name of the parameter, as it is spelt in the call.
    """

    def __init__(self, parameter: str, complaint: str) -> None:
        super().__init__(f"The parameter {parameter} {complaint}.")
        self.parameter = parameter
