"""Registers of construction, one module a part of it."""

from anju.construction.registers import archive, estate, filings, permit, project

__all__ = ["archive", "estate", "filings", "permit", "project"]
