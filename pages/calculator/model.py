"""The model of this installation, as far as the calculator asks for it: its card, its operating points, and the films behind them."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cxr_core.card import ModelCard, ModelError, read_card
from cxr_core.decision import ModelOffer, model_offer


@dataclass(frozen=True)
class ShippedModel:
    """A model's folder, whose card is read when it is first asked for. A run of the page makes one, so a new card is seen by the next.

    Attributes
    ----------
    folder : pathlib.Path
        Where the card lies.
    """

    folder: Path

    @cached_property
    def _read(self) -> tuple[ModelCard | None, str]:
        try:
            return read_card(self.folder), ""
        except ModelError as error:
            return None, str(error)

    @property
    def card(self) -> ModelCard | None:
        """The card; None where there is none that can be used."""
        return self._read[0]

    @property
    def complaint(self) -> str:
        """A sentence that says why there is no card, else empty."""
        return self._read[1]

    @cached_property
    def offer(self) -> ModelOffer:
        """The model's operating points."""
        return model_offer(self.card)
