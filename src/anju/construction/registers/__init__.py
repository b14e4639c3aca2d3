"""Registers of construction, one module a part of it."""

from anju.construction.registers import archive, estate, permit, project

__all__ = ["archive", "estate", "permit", "project"]
