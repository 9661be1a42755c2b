"""What every part of a card is: plain, unchangeable, and without anything that the schema does not know."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter

from cxr_core.labels import ClassName

KnownClass = Annotated[str, AfterValidator(TypeAdapter(ClassName).validate_python)]
"""Name of one of the classes."""


class CardPart(BaseModel):
    """A part of a model card."""

    model_config = ConfigDict(frozen=True, extra="forbid")
