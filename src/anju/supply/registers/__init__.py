"""Registers of supply, one module a part of it."""

from anju.supply.registers import hierarchy, publication, units

__all__ = ["hierarchy", "publication", "units"]
