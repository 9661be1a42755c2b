"""What can be wrong with a data set."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cxr_core.errors import SecondLookError

if TYPE_CHECKING:
    from cxr_core.data.faults import Fault


class DataSetError(SecondLookError):
    """A data folder cannot be used for training or evaluation; `faults` are what its sentence was made of, where that was a list."""

    def __init__(self, sentence: str, faults: "Sequence[Fault]" = ()) -> None:
        super().__init__(sentence)
        self.faults = tuple(faults)
