"""What can be wrong with a site card."""

from cxr_core.errors import SecondLookError


class SiteCardError(SecondLookError):
    """A site card cannot be kept, read or removed."""


class SiteCardNameError(SiteCardError):
    """A site card's name cannot be the name of a file."""


class SiteCardExistsError(SiteCardError):
    """There is a site card of this name already."""


class SiteCardMissingError(SiteCardError):
    """There is no site card of this name."""


class SiteCardDamagedError(SiteCardError):
    """A site card cannot be read, or does not fit its schema."""
