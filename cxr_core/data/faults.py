"""What is found wrong with a data set: gathered first, then told all at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from cxr_core.data.errors import DataSetError

NAMED = 20
"""So many are named in one sentence; `check-data` lists all."""

TOLD = 3
"""So many films, beside that which a fault is about, its reason names."""


@dataclass(frozen=True)
class Fault:
    """Something wrong with a data set.

    Attributes
    ----------
    where : str
        The file, with the line where it is a table's; or the group or collection; nothing where the reason says it.
    reason : str
        What is wrong with it, as the end of a sentence without its full stop.
    stops : bool
        Whether nothing trains or is measured before it is mended. What does not stop is left out or only worth knowing.
    broken : bool
        Whether it is of one film that is not there or cannot be read, which may be left out on request.
    line : int
        Line of the table that it is about; 0 if there is none.
    paths : tuple of str
        All films that it is about, where it is about several: the reason names the first ones.
    """

    where: str
    reason: str
    stops: bool = True
    broken: bool = False
    line: int = 0
    paths: tuple[str, ...] = ()

    @property
    def untold(self) -> bool:
        """Whether it is about more films than its reason names."""
        return len(self.paths) > TOLD

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}" if self.where else self.reason


def refuse(faults: Sequence[Fault]) -> None:
    """Raise an error that names the faults that stop; none, and nothing happens.

    Raises
    ------
    DataSetError
        With the first `NAMED` of them, and how many more there are.
    """
    stopping = [fault for fault in faults if fault.stops]
    if not stopping:
        return
    named = "; ".join(str(fault) for fault in stopping[:NAMED])
    more = f"; and {len(stopping) - NAMED:,} more, which 'python -m cxr_core check-data' lists" if len(stopping) > NAMED else ""
    hint = " Films that cannot be read are left out with --skip-broken." if any(fault.broken for fault in stopping) else ""
    raise DataSetError(f"{named}{more}.{hint}", stopping)
