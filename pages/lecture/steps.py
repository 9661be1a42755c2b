"""The steps of the lecture, in their order: the names that the address has, titles, and what each is about."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes
    ----------
    chapter, title : str
        What it belongs to, and what it is called.
    about : str
        One sentence: what is seen, and what to move.
    """

    chapter: str
    title: str
    about: str


NEURON = "A neuron and its training"
CONVOLUTION = "A convolution"
NETWORK = "Through the network"
TRANSFER = "Transfer learning"
CHEATS = "When it cheats"

STEPS: Final = {
    "neuron": Step(
        NEURON,
        "A neuron learns",
        "The neuron draws a line between two classes; gradient descent walks down its loss. Move the learning rate: too small crawls, too "
        "large overshoots.",
    ),
    "loss": Step(
        NEURON,
        "What a mistake costs",
        "Cross-entropy asks one thing: how probable was the true class called? Move the confidence, and see right and wrong part.",
    ),
    "convolution": Step(
        CONVOLUTION,
        "A window moves over the film",
        "The greys in the window times the kernel, added up, are one place of the result. Choose a kernel and move its window.",
    ),
    "pooling": Step(
        CONVOLUTION,
        "ReLU and pooling",
        "ReLU puts 0 in the place of what is negative; pooling keeps the largest of each square. Choose how large the squares are.",
    ),
    "depths": Step(
        NETWORK,
        "The film at several depths",
        "Deeper layers have fewer places and more channels. Channels are ordered by how strongly the film excites them: go down that list.",
    ),
    "dense": Step(
        NETWORK,
        "Dense connections",
        "In a dense block each layer sees what all layers before it found. Choose a block and a layer, and count.",
    ),
    "gradcam": Step(
        NETWORK,
        "From the last activation to Grad-CAM",
        "At each place every channel counts by its weight for the class; the sum, after ReLU, is the map. Choose a class and a place.",
    ),
    "transfer": Step(
        TRANSFER,
        "Freeze and unfreeze",
        "A network that learned elsewhere keeps its first layers and learns only with its last ones. Choose how many learn.",
    ),
    "cheats": Step(
        CHEATS,
        "The same film, changed",
        "None of these changes makes anybody ill or well. Choose one, and see what it does to the answer.",
    ),
}

CHAPTERS: Final = {
    chapter: {name: step for name, step in STEPS.items() if step.chapter == chapter}
    for chapter in dict.fromkeys(step.chapter for step in STEPS.values())
}
"""The steps of each chapter, by their names."""
