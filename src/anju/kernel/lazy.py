"""Names that a package offers but loads only when first used, and what stands behind an object that is found when needed.

Django imports every package before its models may be loaded; a package that re-exports functions standing on its
models therefore hands them out lazily.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, TypeVar

from django.utils.functional import LazyObject, empty

T = TypeVar("T")


def lazily(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """A module `__getattr__` that finds each name in the submodule where it lives."""

    def find(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{homes[name]}"), name)

    return find


def plainly(found: T) -> T:
    """What stands behind a lazy object, found now if it was not: looking through one costs more than what is looked at."""
    if not isinstance(found, LazyObject):
        return found
    if found._wrapped is empty:
        found._setup()
    plain: T = found._wrapped
    return plain
