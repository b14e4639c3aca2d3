"""The case types of construction, one module a kind."""

from anju.construction.cases import estate

__all__ = ["estate"]
