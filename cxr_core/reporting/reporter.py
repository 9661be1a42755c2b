"""Reads and reports of films that nobody looks at meanwhile, with the model's own choices wherever a page would ask."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_core.artifacts import read_card, read_reads
from cxr_core.calibration import MeasuredFilms, call_film, elsewhere_sentence
from cxr_core.imaging import Film
from cxr_core.reading import Read
from cxr_core.reporting.document import Coverage
from cxr_core.reporting.report import MapShown, ReadReport, coverage_of, report_of

if TYPE_CHECKING:  # it loads TensorFlow
    from cxr_core.reading import Reader

METHOD = "Grad-CAM"
"""The saliency method whose maps come with a read."""


@dataclass(frozen=True, eq=False)
class Reporter:
    """A reader with what its reports tell beside a read.

    Attributes
    ----------
    reader : Reader
        The model.
    elsewhere : str
        How often it is right on films that no training saw, a sentence.
    coverage : Coverage
        Of its prediction sets.
    films : MeasuredFilms
        What the figures of its operating point are measured on.
    """

    reader: "Reader"
    elsewhere: str
    coverage: Coverage
    films: MeasuredFilms

    @classmethod
    def load(cls, folder: Path, reader: "Reader") -> "Reporter":
        """Read a model folder's card and the films behind it, for a reader of the same folder.

        Raises
        ------
        WeightsMissingError, WeightsDamagedError
            One of them is missing or is not what it should be.
        """
        card = read_card(folder)
        films = MeasuredFilms.of(read_reads(folder, card), card.data.split)
        return cls(reader, elsewhere_sentence(card), coverage_of(reader.classifier.calibration, card), films)

    def report(self, film: Film, *, refused_too: bool = False) -> tuple[Read, ReadReport]:
        """Read a film and put its report together: with the map of the most probable class, and the call at the model's own threshold.

        Parameters
        ----------
        film : Film
            The film.
        refused_too : bool
            As in `report_of`.

        Returns
        -------
        Read, ReadReport
        """
        read, read_at = self.reader.read(film), datetime.now().astimezone()
        shown = MapShown(METHOD, read.top_class, read.maps[read.top_class])  # its map has the full strength
        call = call_film(read.probabilities, self.reader.classifier.calibration.operating_point, self.films)
        return read, report_of(
            film, read, read_at, shown, elsewhere=self.elsewhere, coverage=self.coverage, call=call, refused_too=refused_too
        )
