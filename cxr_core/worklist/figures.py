"""By which figures a worklist is told: the model card's, or those of a site card."""

from dataclasses import dataclass

from cxr_core.artifacts import Calibration, OperatingPoint
from cxr_core.calibration import Call, MeasuredFilms, call_film
from cxr_core.labels import DISEASE
from cxr_core.reading import Read, at_temperature
from cxr_core.reporting import Coverage
from cxr_core.site_cards import SiteCard


@dataclass(frozen=True, eq=False)
class Figures:
    """What a read is told with.

    Attributes
    ----------
    calibration : Calibration
        The model's.
    site : SiteCard, optional
        The one that is used; none for the model card.
    threshold : float
        Probability of COVID from which a film is called positive.
    films : MeasuredFilms, optional
        What the figures of the operating point are measured on; none where the model's card cannot be read.
    elsewhere : str
        How often the model is right on films from elsewhere, a sentence.
    coverage : Coverage, optional
        Of its prediction sets.
    """

    calibration: Calibration
    site: SiteCard | None
    threshold: float
    films: MeasuredFilms | None = None
    elsewhere: str = ""
    coverage: Coverage | None = None

    def read(self, read: Read) -> Read:
        """Bring a read, as the model was shipped, to the temperature of the site card."""
        return read if self.site is None else at_temperature(read, self.calibration.temperature, self.site.temperature)

    @property
    def site_text(self) -> str | None:
        """Names the site card, a sentence."""
        return None if self.site is None else f"{self.site.source_text}."

    @property
    def operating_point(self) -> OperatingPoint:
        """As the model card, or the site card, has it."""
        return self.calibration.operating_point if self.site is None else self.site.operating_point

    def called(self, read: Read) -> bool | None:
        """Whether a film is called positive for COVID; None for one that the input gate refused. `read` is at their temperature."""
        return None if read.gate.outcome == "refused" else read.probabilities[DISEASE] >= self.threshold

    def call(self, read: Read) -> Call | None:
        """Return the call with its figures, where there are any; `read` is at their temperature."""
        if self.films is None or read.gate.outcome == "refused":
            return None
        return call_film(read.probabilities, self.operating_point, self.films, self.threshold)
