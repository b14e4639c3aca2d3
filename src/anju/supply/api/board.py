"""The unit-status board (SH-077)."""

from __future__ import annotations

from typing import Any

from anju.kernel.http import Request, Routes
from anju.supply import board as boards

board = Routes("/supply/board", title="房态图")


@board.read("/projects", right=boards.RIGHT, scope="org_path")
def list_projects(request: Request, programme: str = "") -> list[dict[str, Any]]:
    """有房源的项目及其楼栋"""
    return boards.projects(request.actor, programme)


@board.read("", right=boards.RIGHT, scope="org_path")
def read_board(request: Request, project: int, building: int | None = None) -> dict[str, Any]:
    """一栋楼的房态"""
    return boards.board(request.actor, project, building)
