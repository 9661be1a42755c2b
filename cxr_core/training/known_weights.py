"""What is known of weights files that runs have started from, by SHA-256: a card should name an origin, not a file."""

KNOWN_WEIGHTS = {
    "289ef89a1b878ef242d46a5ee68bd33dbc5a2e504abb2da5345539e7d057ccc0": (
        "a DenseNet121 trained from random weights on this data set's train split alone (9 epochs at 96 px, 7 at 128 px)"
    ),
    "7a306b2768fadf723985c14847da11230e3510b65842389d3ccc76dd139a20ee": (
        "the public ImageNet weights of MobileNetV2, batch norms unfolded on radiographs"
    ),
}
