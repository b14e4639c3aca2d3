"""Operations over all registers: which there are, and the import log. Each register adds its own (`routes`)."""

from __future__ import annotations

from typing import Any

from anju.kernel.http import STAFF, Request, Routes
from anju.kernel.registers.importing.api import routes as import_routes
from anju.kernel.registers.register import REGISTERS
from anju.kernel.registers.routes import ROUTES

general = Routes("/registers", title="登记册")


@general.read("", right=STAFF, scope="none")
def list_registers(request: Request) -> list[dict[str, Any]]:
    """可用的登记册"""
    return [
        {
            "key": register.key,
            "title": register.title,
            "group": register.group,
            "icon": register.icon,
            "path": f"/registers/{register.key}",
        }
        for register in REGISTERS.values()
        if register.may(request.actor, "view")
    ]


# registers that are declared later append themselves to the same list before the site mounts it
ROUTES[:0] = [general, import_routes]
routes = ROUTES
