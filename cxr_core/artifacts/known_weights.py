"""What is known of weights files that runs have started from: a card or a chart should name an origin, not a file."""

from dataclasses import dataclass


@dataclass(frozen=True)
class KnownWeights:
    """Where a weights file comes from: in a phrase for a card, and in two words for a chart; and whether it learned on other pictures."""

    origin: str
    short: str
    learned_elsewhere: bool


KNOWN_WEIGHTS = {
    "289ef89a1b878ef242d46a5ee68bd33dbc5a2e504abb2da5345539e7d057ccc0": KnownWeights(
        "a DenseNet121 trained from random weights on this data set's train split alone (9 epochs at 96 px, 7 at 128 px)",
        "radiograph weights",
        learned_elsewhere=False,
    ),
    "7a306b2768fadf723985c14847da11230e3510b65842389d3ccc76dd139a20ee": KnownWeights(
        "the public ImageNet weights of MobileNetV2, batch norms unfolded on radiographs",
        "ImageNet weights (file)",
        learned_elsewhere=True,
    ),
}
"""By SHA-256."""
