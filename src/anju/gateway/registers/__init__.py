"""Registers of the gateway: the catalogue, the parties and what they may do, the call log and its rules."""

from anju.gateway.registers import catalogue, parties, watch

__all__ = ["catalogue", "parties", "watch"]
