"""What every part of a card is: plain, unchangeable, and without anything that the schema does not know."""

from pydantic import BaseModel, ConfigDict


class CardPart(BaseModel):
    """A part of a model card."""

    model_config = ConfigDict(frozen=True, extra="forbid")
