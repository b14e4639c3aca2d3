"""Registers of supply, one module a part of it."""

from anju.supply.registers import handing, hierarchy, notices, publication, setup, units

__all__ = ["handing", "hierarchy", "notices", "publication", "setup", "units"]
