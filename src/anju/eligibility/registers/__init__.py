"""Registers of eligibility, one module a part of it."""

from anju.eligibility.registers import matters, talents

__all__ = ["matters", "talents"]
