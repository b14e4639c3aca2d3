"""Putting a register into service."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured

from anju.kernel.registers.register import REGISTERS, Register
from anju.kernel.registers.routes import routes_of

R = TypeVar("R", bound=Register[Any])


def declare(register: type[R]) -> type[R]:
    """Puts a register into service: its operations, its page, its jobs."""
    instance = register()
    if instance.key in REGISTERS:
        raise ImproperlyConfigured(f"{instance.key} is declared twice")
    REGISTERS[instance.key] = instance
    routes_of(instance)
    return register
