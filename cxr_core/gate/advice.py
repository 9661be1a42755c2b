"""What to try with a film that the input gate refused."""

from collections.abc import Iterable
from typing import Final

WHOLE_FILM: Final = "Load the whole, frontal chest film."
ANOTHER_FILE: Final = "Load the film's own file, as the X-ray machine or the archive gives it, if you can."

TO_TRY: Final = {
    "rotated_90": "Turn the picture upright, save it and load it again.",
    "rotated_180": "Turn the picture upright, save it and load it again.",
    "rotated_270": "Turn the picture upright, save it and load it again.",
    "turned_lungs": "Turn the picture upright, save it and load it again.",
    "inverted": "Invert the picture, save it and load it again, or load the DICOM file, which says what is bright.",
    "not_a_chest": WHOLE_FILM,
    "no_lungs": WHOLE_FILM,
    "out_of_distribution": f"{WHOLE_FILM} If it is one, the model has seen nothing like it: rely on your own read.",
    "low_contrast": ANOTHER_FILE,
    "blurred": ANOTHER_FILE,
    "not_whole": f"Crop black edges away. {WHOLE_FILM}",
    "colour": ANOTHER_FILE,
    "photographed": ANOTHER_FILE,
    "lateral": "Load the frontal film of the same study.",
    "body_part": "Load a chest film.",
    "stored_lateral": "Load the frontal film of the same study.",
}
"""By the code of the finding, for each that can refuse a film."""


def what_to_try(codes: Iterable[str]) -> str:
    """Say what to try with a film that was refused.

    Parameters
    ----------
    codes : iterable of str
        Of the findings that refuse it, the weightiest first.

    Returns
    -------
    str
        Sentences, each once; "" where there is no advice.
    """
    return " ".join(dict.fromkeys(TO_TRY[code] for code in codes if code in TO_TRY))
