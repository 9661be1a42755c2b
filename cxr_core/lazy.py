"""Public names that cost too much to import before somebody asks for one."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazily(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """Make the `__getattr__` of a sub-package (PEP 562) whose public names are imported when they are first used.

    Parameters
    ----------
    package : str
        Its `__name__`.
    homes : mapping of str to str
        By public name: the module of the package that has it. No module may bear the name itself, for it would stand in its place.

    Returns
    -------
    callable
    """

    def get(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{homes[name]}"), name)

    return get
