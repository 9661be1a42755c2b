"""Why an archive is not read. Each message says what is wrong and what to do."""

from cxr_core.errors import SecondLookError


class ArchiveError(SecondLookError):
    """An archive cannot be read, or what was read of it cannot be gone on with."""


class NoFilmsError(ArchiveError):
    """Nothing that looks like a film is there."""


class OtherArchiveError(ArchiveError):
    """The folder holds the reads of other films, or of another model."""


class ShardDamagedError(ArchiveError):
    """A shard is no Parquet file of this layout."""


class EngineError(ArchiveError):
    """The engine is not installed, or cannot go on."""
