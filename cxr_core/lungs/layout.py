"""What the lung network's training and its running in NumPy share."""

from typing import Final, NamedTuple


class LungLayout(NamedTuple):
    """The layout of the lung network.

    Attributes
    ----------
    side : int
        Of its input in pixels; its outputs have half of it.
    widths : tuple of int
        Channels at a half, a quarter, an eighth and a sixteenth of the input's side.
    outputs : tuple of str
        The patient's lungs, in the order of the outputs.
    epsilon : float
        Of the batch normalisations.
    """

    side: int = 128
    widths: tuple[int, ...] = (16, 24, 40, 64)
    outputs: tuple[str, ...] = ("right", "left")
    epsilon: float = 1e-3


LUNG_LAYOUT: Final = LungLayout()
LUNG_SIDE: Final = LUNG_LAYOUT.side
