"""The model of this installation, as far as the calculator asks for it: its card, its operating points, and the films behind them."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cxr_core.artifacts import ModelCard, ModelError, read_card, read_identity
from cxr_core.calculator import ModelOffer, model_offer, site_offer
from cxr_core.site_cards import SiteCard
from pages.site import MODEL_CARD, chosen_site_card


@dataclass(frozen=True)
class ShippedModel:
    """A model's folder, whose card is read when it is first asked for. A run of the page makes one, so a new card is seen by the next.

    Attributes
    ----------
    folder : pathlib.Path
        Where the card lies.
    site_card : SiteCard, optional
        The one whose figures are used in place of the card's.
    """

    folder: Path
    site_card: SiteCard | None = None

    @classmethod
    def with_chosen_figures(cls, folder: Path) -> "ShippedModel":
        """Take a model's folder, and the site card of its weights that the session uses."""
        try:
            return cls(folder, chosen_site_card(read_identity(folder).sha256))
        except ModelError:
            return cls(folder)

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
        """The operating points of the figures that are used."""
        return model_offer(self.card) if self.site_card is None else site_offer(self.site_card)

    @property
    def figures(self) -> str:
        """Which figures are used: the name of the site card, `MODEL_CARD` for the card's."""
        return MODEL_CARD if self.site_card is None else self.site_card.name
