"""Operations that show decision tables."""

from __future__ import annotations

from datetime import date
from typing import Any

from anju.kernel import definitions
from anju.kernel.errors import NotFound
from anju.kernel.http import STAFF, Request, Routes
from anju.kernel.rules.decisions import tables
from anju.kernel.rules.tables import Column, Table

routes = Routes("/rules", title="规则")
SCOPE = "规则不分机构，工作人员都可查看"


@routes.read("", right=STAFF, scope=SCOPE)
def list_rules(request: Request) -> list[dict[str, Any]]:
    """Every rule with the number of its versions."""
    return [
        {"key": key, "title": tables(key)[0].title, "policy": tables(key)[0].policy, "versions": len(tables(key))}
        for key in definitions.files("rules")
    ]


@routes.read("/{key}", right=STAFF, scope=SCOPE)
def show_rule(request: Request, key: str) -> dict[str, Any]:
    """A rule's versions as tables, and the file as it is."""
    path = definitions.find("rules", key)
    if path is None:
        raise NotFound
    return {"key": key, "tables": [_shown(table) for table in tables(key)], "xml": path.read_text("utf-8")}


def _shown(table: Table) -> dict[str, Any]:
    return {
        "id": table.id,
        "title": table.title,
        "policy": table.policy,
        "valid_from": None if table.valid_from == date.min else table.valid_from,
        "valid_to": None if table.valid_to == date.max else table.valid_to,
        "divisions": table.divisions,
        "inputs": [_column(column) for column in table.inputs],
        "outputs": [_column(column) for column in table.outputs],
        "rows": [{"cells": line.cells, "note": line.note} for line in table.lines],
    }


def _column(column: Column) -> dict[str, str]:
    return {"name": column.name, "label": column.label, "type": column.type}
