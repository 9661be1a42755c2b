"""The input gate of one classifier: what it learned of the films that the classifier was trained on, and its thresholds."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from cxr_core.artifacts import read_identity
from cxr_core.files import replace_file
from cxr_core.gate import rules
from cxr_core.gate.descriptors import describe, spectrum
from cxr_core.gate.distance import Distance
from cxr_core.gate.errors import GateDamagedError, GateMissingError
from cxr_core.gate.lungs import lung_findings
from cxr_core.gate.mirror import REASON as MIRRORED
from cxr_core.gate.mirror import Mirror
from cxr_core.gate.orientation import NOT_A_CHEST, ORIENTATIONS, REASONS, Orientation
from cxr_core.gate.outcome import Finding, GateOutcome, Severity
from cxr_core.gate.photograph import REASON as PHOTOGRAPHED
from cxr_core.gate.photograph import Photograph
from cxr_core.imaging import Film
from cxr_core.lungs import Prepared

GATE_FILE = "gate.npz"
_LAYOUT = 4
"""Of the file. Raise it with every change of what the arrays mean."""


class Measures(NamedTuple):
    """What the gate measures of a film's model input. Of the first three, less is worse; of the others, more is.

    Attributes
    ----------
    contrast, sharpness, filled : float
        As `cxr_core.gate.rules` has them.
    orientation : float
        Minus the logarithm of the probability of a chest in standard orientation.
    photograph : float
        Logarithm of the odds of a photograph of a screen.
    mirrored : float
        Logarithm of the odds that the patient's sides are swapped.
    edges : float
        Distance of the edges' vector from those of the training films.
    features : float
        Distance of the network's features from those of the training films; 0 where they are not looked at.
    """

    contrast: float
    sharpness: float
    filled: float
    orientation: float
    photograph: float
    mirrored: float
    edges: float
    features: float


ELSEWHERE: Final = "elsewhere"
"""Code of the finding that a film's features lie far from those of the training."""

RISING = ("orientation", "photograph", "mirrored", "edges", "features")
"""Measures of which more is worse."""


@dataclass(frozen=True, eq=False)
class InputGate:
    """Says whether a film should be read by a classifier.

    Attributes
    ----------
    weights_sha256 : str
        Hash of the weights file of that classifier.
    orientation : Orientation
        Tells films in standard orientation from others.
    photograph : Photograph
        Tells films from photographs of films.
    mirror : Mirror
        Tells films from their mirror images.
    edges, features : Distance
        From the training films, of the edges' vector of `describe` and of the network's pooled features.
    limits : dict of str to tuple of float
        By field of `Measures`: beyond the first value a film is read with a warning, beyond the second it is refused.
    """

    weights_sha256: str
    orientation: Orientation
    photograph: Photograph
    mirror: Mirror
    edges: Distance
    features: Distance
    limits: dict[str, tuple[float, float]]

    def judge(self, film: Film, prepared: Prepared, features: np.ndarray | None) -> GateOutcome:
        """Judge a film.

        Parameters
        ----------
        film : Film
            The film; what its file says counts here, not its pixels.
        prepared : Prepared
            The film as the networks see it.
        features : numpy.ndarray or None
            float32, shape (channels,): what `Classifier.outputs` gives for it; None leaves them out of the judgement.

        Returns
        -------
        GateOutcome
        """
        return self.judge_input(prepared, features, findings_of_file(film))

    def judge_input(self, prepared: Prepared, features: np.ndarray | None, of_file: tuple[Finding, ...] = ()) -> GateOutcome:
        """Judge a film whose file was judged before by `findings_of_file`; parameters as in `judge`."""
        measures, likeliest = self.measure(prepared.square, features)
        orientation = self._orientation(measures.orientation, likeliest)
        # The edges of a film that lies wrong are odd, and no photograph need be to blame.
        lies_wrong = orientation is not None and orientation.severity == "refused" and orientation.code != NOT_A_CHEST
        of_lungs = lung_findings(prepared.lungs, lies_wrong=lies_wrong)
        lies_otherwise = orientation is not None or any(finding.severity == "refused" for finding in of_lungs)
        findings = [
            *of_file,
            orientation,
            *of_lungs,
            None if lies_otherwise else self._mirrored(measures.mirrored, of_lungs),
            None if lies_wrong else self._photographed(measures.photograph),
            self._unlike(measures),
            rules.flat(measures.contrast, *self.limits["contrast"]),
            rules.blurred(measures.sharpness, *self.limits["sharpness"]),
            rules.partial(measures.filled, *self.limits["filled"]),
        ]
        return GateOutcome.of(findings)

    def measure(self, square: np.ndarray, features: np.ndarray | None) -> tuple[Measures, str]:
        """Measure a film's square, and name the likeliest orientation but the standard one; parameters as in `judge`."""
        greys, edges = describe(square)
        orientation, likeliest = self.orientation(greys, edges)
        measures = Measures(
            contrast=rules.contrast(square),
            sharpness=rules.sharpness(square),
            filled=rules.filled(square),
            orientation=orientation,
            photograph=self.photograph(edges, spectrum(square)),
            mirrored=self.mirror(edges),
            edges=self.edges(edges),
            features=0.0 if features is None else self.features(features),
        )
        return measures, likeliest

    def _severity(self, name: str, value: float) -> Severity | None:
        """Say what a measure of which more is worse comes to."""
        warning, refused = self.limits[name]
        return None if value <= warning else "refused" if value > refused else "warning"

    def _orientation(self, value: float, likeliest: str) -> Finding | None:
        severity = self._severity("orientation", value)
        return None if severity is None else Finding(likeliest, severity, REASONS[likeliest])

    def _photographed(self, value: float) -> Finding | None:
        severity = self._severity("photograph", value)
        return None if severity is None else Finding("photographed", severity, PHOTOGRAPHED)

    def _mirrored(self, value: float, of_lungs: tuple[Finding, ...]) -> Finding | None:
        """Judge whether the sides are swapped, unless the lungs said so."""
        severity = self._severity("mirrored", value)
        known = any(finding.code == "mirrored" for finding in of_lungs)
        return None if severity is None or known else Finding("mirrored", severity, MIRRORED)

    def _unlike(self, measures: Measures) -> Finding | None:
        """Judge both distances; they say nearly the same to a user, so the weightier one speaks for both."""
        edges, features = self._severity("edges", measures.edges), self._severity("features", measures.features)
        reason = "The picture is unlike the films that the classifier learned from."
        if "refused" in (edges, features):
            return Finding("out_of_distribution", "refused", reason)
        if features == "warning":
            return Finding(ELSEWHERE, "warning", "The film is unlike those that the classifier learned from: it may come from elsewhere.")
        return Finding("out_of_distribution", "warning", reason) if edges == "warning" else None

    def save(self, folder: Path) -> None:
        """Write the gate into a model folder, in place of one that was there."""
        arrays: dict[str, Any] = {"layout": _LAYOUT, "weights_sha256": self.weights_sha256, "orientations": ORIENTATIONS}
        arrays |= {"orientation_weights": self.orientation.weights, "orientation_bias": self.orientation.bias}
        arrays |= {"photograph_weights": self.photograph.weights, "photograph_bias": self.photograph.bias}
        arrays |= {"mirror_weights": self.mirror.weights}
        for name in ("edges", "features"):
            distance: Distance = getattr(self, name)
            arrays |= {f"{name}_means": distance.means, f"{name}_directions": distance.directions, f"{name}_spread": distance.spread}
        arrays |= {f"limits_{name}": pair for name, pair in self.limits.items()}

        def write(path: Path) -> None:
            with path.open("wb") as file:
                np.savez_compressed(file, allow_pickle=False, **arrays)

        replace_file(folder / GATE_FILE, write)

    @classmethod
    def load(cls, folder: Path) -> "InputGate":
        """Read the gate of a model folder.

        Raises
        ------
        GateMissingError
            The folder has none.
        GateDamagedError
            The file cannot be read, or is of other weights than those that the folder's card names.
        WeightsMissingError, WeightsDamagedError
            The folder's card cannot be read.
        """
        identity = read_identity(folder)
        path = folder / GATE_FILE
        if not path.is_file():
            raise GateMissingError(f"The input gate {path} is missing. Restore it, or write it anew with 'evaluate'.")
        try:
            with np.load(path, allow_pickle=False) as arrays:
                if int(arrays["layout"]) != _LAYOUT or tuple(arrays["orientations"]) != ORIENTATIONS:
                    raise ValueError("another layout")
                gate = cls(
                    str(arrays["weights_sha256"]),
                    Orientation(arrays["orientation_weights"], arrays["orientation_bias"]),
                    Photograph(arrays["photograph_weights"], float(arrays["photograph_bias"])),
                    Mirror(arrays["mirror_weights"]),
                    _distance(arrays, "edges"),
                    _distance(arrays, "features"),
                    {name: (float(arrays[f"limits_{name}"][0]), float(arrays[f"limits_{name}"][1])) for name in Measures._fields},
                )
        except Exception as error:  # zipfile, zlib and NumPy raise a dozen kinds on a damaged file
            raise GateDamagedError(f"The input gate {path} is damaged or of another version. Write it anew with 'evaluate'.") from error
        if gate.weights_sha256 != identity.sha256:
            raise GateDamagedError(
                f"The input gate {path} was fitted for other weights than those beside it. Write it anew with 'evaluate'."
            )
        return gate


def findings_of_file(film: Film) -> tuple[Finding, ...]:
    """Judge what a film's file says of it: its view, its body part, how it is stored, its colours, and what its pixels mean."""
    judged = (
        rules.not_frontal(film.view),
        rules.other_body_part(film.body_part),
        rules.misplaced(film.orientation),
        rules.coloured(film.colour),
        rules.guessed(film.doubts),
    )
    return tuple(finding for finding in judged if finding is not None)


def _distance(arrays: Any, name: str) -> Distance:
    return Distance(arrays[f"{name}_means"], arrays[f"{name}_directions"], float(arrays[f"{name}_spread"]))
