"""Which contexts this process serves: all of them, or those named in ANJU_CONTEXTS (`anju serve --contexts ...`).

Every process holds the whole code, for one context calls another's services and reads its declarations; what a process
serves is another matter. The kernel and the foundation are always served. An operation belongs to the context whose
package declares it, a register's operations to the register's context. What residents and the public may call belongs
beside that to `citizen`, for the residents' face needs it; the face itself goes with `citizen`, the office's with any
other context. The kernel's desks for cases and reports are there when a served context declares cases or reports.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec

from django.apps import apps
from django.conf import settings

from anju.kernel.http import PUBLIC, RESIDENT, Routes
from anju.kernel.registers import REGISTERS

CITIZEN = "citizen"
# the kernel's blocks whose operations are desks for what contexts declare, with the room in which they declare it
DESKS = {"anju.kernel.cases": "cases", "anju.kernel.reports": "reports"}


class UnknownContext(ValueError):
    """A name that is no context's."""


def chosen(named: str) -> frozenset[str]:
    """The contexts that `all` or names with commas between them mean. Raises `UnknownContext`."""
    wanted = {name.strip() for name in named.split(",") if name.strip()}
    if not wanted or wanted == {"all"}:
        return frozenset(settings.CONTEXTS)
    if unknown := sorted(wanted - set(settings.CONTEXTS)):
        raise UnknownContext(f"没有这些上下文：{'、'.join(unknown)}；可选：all、{'、'.join(settings.CONTEXTS)}")
    return frozenset(wanted)


def served() -> frozenset[str]:
    """The contexts that this process serves."""
    return chosen(settings.ANJU_CONTEXTS)


def serves_residents() -> bool:
    """Whether the residents' pages are here."""
    return CITIZEN in served()


def serves_staff() -> bool:
    """Whether the office's pages are here."""
    return bool(served() - {CITIZEN})


def context_of(module: str) -> str:
    """The context to which a module belongs; empty for the kernel and the foundation."""
    name = module.split(".")[1] if module.startswith("anju.") else ""
    return name if name in settings.CONTEXTS else ""


def narrow(package: str, router: Routes) -> Routes | None:
    """A package's router without the operations that this process does not serve; None when none is left."""
    here = served()
    if package in DESKS and not declares(DESKS[package], here):
        return None
    register = REGISTERS.get(router.prefix.removeprefix("/registers/"))
    owner = context_of(type(register).__module__ if register else package)
    if not owner or owner in here:
        return router
    if CITIZEN not in here:
        return None
    for path, view in list(router.path_operations.items()):
        view.operations = [one for one in view.operations if right_of(one) in {PUBLIC, RESIDENT}]
        if not view.operations:
            del router.path_operations[path]
    return router if router.path_operations else None


def declares(room: str, contexts: Iterable[str]) -> bool:
    """Whether a context of these has such a room."""
    homes = {app.name for app in apps.get_app_configs()}
    return any(f"anju.{name}" in homes and find_spec(f"anju.{name}.{room}") for name in contexts)


def right_of(operation: object) -> str:
    """The right that an operation declares."""
    return str((getattr(operation, "openapi_extra", None) or {}).get("x-right", ""))
