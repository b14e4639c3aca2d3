"""房屋测绘成果系统: the units of a building as they were surveyed, forwarded by the real-estate registration centre.

A project's number decides what is answered, so that the same one always gets the same. Most give two buildings of six
floors with four units each. `...-GAP` has records in which fields are missing, `...-ZERO` a unit of area 0, `...-TOWER`
a building of 1,000 floors, `...-LARGE` buildings of thirty floors, `...-TALL` of 150 (1,200 units), `...-HUGE` of 300
(2,400 units), `...-NONE` nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sandbox import people
from sandbox.departments.common import Operation, Refused, text
from sandbox.store import Store

KEY, TITLE, OFFICE = "surveying_results", "房屋测绘成果", "澜州市不动产登记中心"
_LARGEST_PAGE = 500
# layout, floor area in ㎡
_HOMES = (("一室一厅", "46.35"), ("一室户", "38.72"), ("两室一厅", "62.18"), ("三室一厅", "78.23"))
_FLOORS = {"LARGE": 30, "TALL": 150, "HUGE": 300}


def units(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """The surveyed units of a project, or of one of its buildings, by number after the given one."""
    project = text(request, "project_number", 40)
    building, after, limit = request.get("building_number", ""), request.get("after", ""), request.get("limit", 200)
    if not isinstance(building, str) or not isinstance(after, str):
        raise Refused("bad_request", "参数不符：building_number")
    if not isinstance(limit, int) or not 1 <= limit <= _LARGEST_PAGE:
        raise Refused("bad_request", "参数不符：limit")
    found = [unit for unit in _surveyed(project) if building in ("", unit["building_number"])]
    rest = sorted((unit for unit in found if unit["unit_number"] > after), key=lambda unit: str(unit["unit_number"]))
    return {
        "source": OFFICE,
        "project_number": project,
        "as_of": datetime.now(UTC).date().isoformat(),
        "units": rest[:limit],
        "more": len(rest) > limit,
    }


def _surveyed(project: str) -> list[dict[str, Any]]:
    if project.endswith("-NONE"):
        return []
    tower, floors = project.endswith("-TOWER"), _FLOORS.get(project.rpartition("-")[2], 6)
    found = [
        _unit(project, building, 1000 if tower else floors, floor, place)
        for building in ("1号楼", "2号楼")
        for floor in ((1, 999) if tower else range(1, floors + 1))
        for place in range(len(_HOMES))
    ]
    if project.endswith("-ZERO"):
        found[0]["floor_area"] = "0"
    if project.endswith("-GAP"):
        found[0]["layout"] = None
        found[1]["floor_area"] = None
        found[2]["room_no"] = ""
    return found


def _unit(project: str, building: str, floors: int, floor: int, place: int) -> dict[str, Any]:
    layout, area = _HOMES[place]
    street = people.number(project, "street") % 900 + 10
    room = f"{floor}{place + 1:02d}"
    return {
        "unit_number": f"{project}-{building.removesuffix('号楼')}-{int(room):06d}",
        "building_number": building,
        "floors": floors,
        "room_no": room,
        "floor": floor,
        "location": f"澜州市测绘路 {street} 号 {building} {room} 室",
        "layout": layout,
        "floor_area": str(Decimal(area)),
        "planned_use": "住宅",
    }


OPERATIONS: dict[str, Operation] = {"units": units}
