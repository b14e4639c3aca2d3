"""Registers of supply, one module a part of it."""

from anju.supply.registers import hierarchy, notices, publication, units

__all__ = ["hierarchy", "notices", "publication", "units"]
