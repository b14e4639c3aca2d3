"""Small supplies for tests: an operator with one of everything, under an organisation of its own."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from anju.supply.models import Building, Estate, Operator, Project, Room, Unit


@dataclass(frozen=True)
class Supply:
    """One branch of the hierarchy, from operator to room."""

    operator: Operator
    project: Project
    estate: Estate
    building: Building
    unit: Unit
    room: Room


def make_supply(mark: str, org_path: str = "/1/", division: str = "339901", programme: str = "public_rental") -> Supply:
    """A branch whose codes begin with the mark; its rows belong to the given organisation and district."""
    operator = Operator.objects.create(code=f"{mark}-OP", name=f"{mark}机构", org_path=org_path, division=division)
    project = Project.objects.create(
        code=f"{mark}01", name=f"{mark}家园", programme=programme, operator=operator, division=division
    )
    estate = Estate.objects.create(project=project, name=f"{mark}小区")
    building = Building.objects.create(estate=estate, name="1号楼", floors=12)
    unit = make_unit(building, f"{mark}-0101", "101")
    room = Room.objects.create(unit=unit, number="A")
    for row in (project, estate, building, unit, room):
        row.refresh_from_db()
    return Supply(operator, project, estate, building, unit, room)


def make_unit(building: Building, code: str, room_no: str, **values: Any) -> Unit:
    """A unit of a building, vacant unless said otherwise."""
    usual: dict[str, Any] = {
        "floor": 1,
        "layout": "one_one",
        "floor_area": Decimal("46.35"),
        "rent": Decimal("1205.10"),
        "status": "vacant",
    }
    return Unit.objects.create(building=building, code=code, room_no=room_no, **(usual | values))
