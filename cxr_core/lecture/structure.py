"""What a network is built of, as far as the lecture counts it. Plain numbers: `insides` reads them off the loaded network."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Block:
    """Layers of which each sees the output of all before it.

    Attributes
    ----------
    channels_in : int
        What comes into the block.
    added : tuple of int
        How many channels each layer adds.
    """

    channels_in: int
    added: tuple[int, ...]

    def seen_by(self, layer: int) -> int:
        """Return how many channels a layer sees, counted from 0; for one past the last, what leaves the block."""
        return self.channels_in + sum(self.added[:layer])

    @property
    def connections(self) -> int:
        """Connections between any two of its layers, what comes in counted as one."""
        return len(self.added) * (len(self.added) + 1) // 2

    def sentence(self, layer: int) -> str:
        """Say what a layer, counted from 0, sees."""
        before = self.added[:layer]
        many = f" + {len(before)} · {before[0]}" if before and len(set(before)) == 1 else "".join(f" + {added}" for added in before)
        return (
            f"Layer {layer + 1} of {len(self.added)} sees {self.channels_in}{many} = {self.seen_by(layer):,} channels and adds "
            f"{self.added[layer]}: nothing that an earlier layer found is lost."
        )


@dataclass(frozen=True)
class Structure:
    """The parts of a classifier that training may freeze.

    Attributes
    ----------
    layers : tuple of int
        Weights of each layer of the backbone that can be trained, from the film to the last activation; 0 for those without any.
    head : int
        Weights of the head that can be trained.
    blocks : tuple of Block
        Densely connected blocks; none where the backbone has no such connections.
    """

    layers: tuple[int, ...]
    head: int
    blocks: tuple[Block, ...]

    @property
    def weights(self) -> int:
        """All weights that can be trained."""
        return sum(self.layers) + self.head

    def trained(self, last: int) -> int:
        """Return how many weights are trained with the last so many layers of the backbone; the head always is."""
        return sum(self.layers[max(0, len(self.layers) - last) :]) + self.head

    def sentence(self, last: int) -> str:
        """Say what is trained."""
        part = {0: "The head alone", len(self.layers): "The whole network"}.get(last, f"The head and the last {last} layers")
        trained = self.trained(last)
        rest = "nothing is frozen" if trained == self.weights else f"the other {self.weights - trained:,} stay as they came"
        return f"{part} of {len(self.layers)} learn: {trained:,} of {self.weights:,} weights ({trained / self.weights:.1%}); {rest}."


def strongest(activation: np.ndarray) -> Sequence[int]:
    """Order the channels of an activation, shape (h, w, channels), by their mean over all places, the largest first."""
    return np.argsort(-activation.mean((0, 1)), kind="stable").tolist()
