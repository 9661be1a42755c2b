"""The film on screen and everything that was done with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Final

import numpy as np

from cxr_core.imaging import Film
from cxr_core.labels import CLASS_NAMES
from cxr_core.site_cards import SiteCard
from pages.read.drawing import Drawing
from pages.viewer import FilmLayer, MapLayers, NativeLayer

if TYPE_CHECKING:  # these bring TensorFlow or the makers of reports, which the page loads when it needs them
    from cxr_core.calibration import Call
    from cxr_core.reading import Read, Reader
    from cxr_core.reporting import Opinion

DEFAULT_METHOD: Final = "Grad-CAM"
"""Its maps come with the read."""


@dataclass(eq=False)
class Desk:
    """One film on screen. Another film gets a desk of its own, so nothing of one is ever shown beside another.

    Attributes
    ----------
    film : Film
        The film.
    layer : FilmLayer
        The film as the viewer takes it.
    read : Read, optional
        Its read, as soon as the model has made one, at the temperature of `site_card`.
    as_shipped : Read, optional
        The same read at the temperature that the model was shipped with.
    site_card : SiteCard, optional
        The one that is used; none for the model card.
    reader : Reader, optional
        The model that made it.
    read_at : datetime, optional
        When, with the offset from UTC.
    forced : bool
        Whether the read is to be shown though the input gate refused the film.
    opinion : Opinion, optional
        The clinician's own.
    call : Call, optional
        What the operating point makes of the film.
    method, compared : str
        The saliency method that is shown, and the one that it is compared with; "" for none.
    drawing : Drawing, optional
        The map that is being drawn.
    failure : str
        A sentence where the last map could not be drawn.
    native_asked : NativeLayer, optional
        All of the film's pixels for the viewer, once the film was zoomed that far.
    similar : object
        What was found that looks like it, with the index that was searched; see `pages.read.similar`.
    label : str
        What the reader called the film; empty if nothing.
    number : int
        Of this desk among those of the server: widgets that follow a desk are named by it, so that the same film dropped again, on a new
        desk, does not find the choices of the one before.
    """

    film: Film
    layer: FilmLayer
    read: "Read | None" = None
    as_shipped: "Read | None" = None
    site_card: SiteCard | None = None
    reader: "Reader | None" = None
    read_at: datetime | None = None
    forced: bool = False
    opinion: "Opinion | None" = None
    call: "Call | None" = None
    method: str = DEFAULT_METHOD
    compared: str = ""
    drawing: Drawing | None = None
    failure: str = ""
    native_asked: NativeLayer | None = None
    similar: object = None
    label: str = ""
    number: int = field(default_factory=count().__next__)
    _maps: dict[str, dict[str, np.ndarray]] = field(default_factory=dict)
    _layers: tuple[object, MapLayers] | None = None

    @classmethod
    def of(cls, film: Film) -> "Desk":
        """Put a film on an empty desk."""
        return cls(film, FilmLayer.of(film))

    @property
    def caption(self) -> dict[str, str]:
        """Which film it is, for the viewer."""
        return {"label": self.label, "fingerprint": self.film.fingerprint}

    @property
    def file_name(self) -> str:
        """Which film it is, for the names of files."""
        from cxr_core.reporting import in_ascii

        label = re.sub(r"[^A-Za-z0-9]+", "-", in_ascii(self.label)).strip("-").lower()
        return f"{self.film.fingerprint}-{label}" if label else self.film.fingerprint

    @property
    def is_phantom(self) -> bool:
        """Whether the film was drawn in code."""
        return self.film.format == "drawing"

    @property
    def refused(self) -> bool:
        """Whether the input gate keeps the read off the screen. A phantom's is shown: it is there to try the page with."""
        return self.beyond_gate and not (self.forced or self.is_phantom)

    @property
    def beyond_gate(self) -> bool:
        """Whether the input gate refused the film, be its read shown all the same: nothing measured is known to hold for it."""
        return self.read is not None and self.read.gate.outcome == "refused"

    @cached_property
    def lungs(self) -> np.ndarray:
        """The lung fields over the film as the viewer has it, bool; only of a film that was read. None of it where they are doubtful."""
        assert self.read is not None
        if self.read.lungs.doubt is not None:
            return np.zeros((self.layer.height, self.layer.width), bool)
        return self.read.lungs.on_film(self.layer.height, self.layer.width)

    def take_read(self, reader: "Reader", read: "Read", read_at: datetime) -> None:
        """Take the film's read from the model that made it."""
        self.reader, self.as_shipped, self.read, self.read_at, self.site_card = reader, read, read, read_at, None

    def use_site_card(self, card: SiteCard | None) -> None:
        """Bring the read to the temperature of a site card, or for none to that of the model."""
        if card == self.site_card or self.as_shipped is None or self.reader is None:
            return
        from cxr_core.reading import at_temperature

        fitted = self.reader.classifier.calibration.temperature
        self.site_card, self.call = card, None
        self.read = self.as_shipped if card is None else at_temperature(self.as_shipped, fitted, card.temperature)

    def maps(self, method: str) -> Mapping[str, np.ndarray]:
        """Return the maps that a method has drawn so far, by class in their order."""
        if method == DEFAULT_METHOD:
            return self.read.maps if self.read is not None else {}
        drawn = self._maps.get(method, {})
        return {name: drawn[name] for name in CLASS_NAMES if name in drawn}

    def method_of(self, class_name: str) -> str:
        """Return the method that has a map of a class: the chosen one, or else the default, which always has."""
        return self.method if class_name in self.maps(self.method) else DEFAULT_METHOD

    def draw(self, method: str, class_name: str) -> None:
        """Start drawing a map, in place of one that is being drawn."""
        assert self.reader is not None
        self.stop()
        reader, film = self.reader, self.film
        self.failure = ""
        self.drawing = Drawing(method, class_name, lambda on_step: reader.explain(film, method, class_name, on_step))

    def stop(self) -> None:
        """Give up the map that is being drawn, if one is."""
        if self.drawing is not None:
            self.drawing.cancel()
            self.drawing = None

    def collect(self) -> None:
        """Take over the map that was being drawn, if it is finished."""
        if self.drawing is None or not self.drawing.finished:
            return
        drawing, self.drawing = self.drawing, None
        saliency = drawing.result()
        if saliency is None:
            self.failure = drawing.failure
        else:
            self._maps.setdefault(drawing.method, {})[drawing.class_name] = saliency

    @property
    def strengths(self) -> dict[str, float]:
        """How strong the map of each class is on the one scale of all; only of a film that was read."""
        from cxr_core.saliency import common_scale

        assert self.read is not None
        return common_scale(self.read.probabilities)

    def layers(self) -> MapLayers:
        """Return the maps of the chosen methods as the viewer takes them; the same object for as long as they are the same."""
        assert self.read is not None
        strengths = self.strengths
        shown = (self.method, tuple(self.maps(self.method)), self.compared, tuple(self.maps(self.compared)), strengths)
        if self._layers is None or self._layers[0] != shown:
            beside = (self.compared, self.maps(self.compared)) if self.compared else None
            maps, top = self.maps(self.method), self.read.top_class
            layers = MapLayers.of(maps, self.read.box, self.layer, top, self.method, beside, self.lungs, strengths)
            self._layers = shown, layers
        return self._layers[1]
