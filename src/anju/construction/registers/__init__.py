"""Registers of construction, one module a part of it."""

from anju.construction.registers import archive, estate

__all__ = ["archive", "estate"]
