"""Registers of supply, one module a part of it."""

from anju.supply.registers import handing, hierarchy, notices, publication, setup, talent, units

__all__ = ["handing", "hierarchy", "notices", "publication", "setup", "talent", "units"]
