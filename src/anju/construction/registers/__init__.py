"""Registers of construction, one module a part of it."""

from anju.construction.registers import annual, archive, estate, filings, permit, project, recognition

__all__ = ["annual", "archive", "estate", "filings", "permit", "project", "recognition"]
