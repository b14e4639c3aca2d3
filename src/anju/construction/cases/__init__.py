"""The case types of construction, one module a kind."""

from anju.construction.cases import estate, permit

__all__ = ["estate", "permit"]
