"""What supply shows on work views, and its count of estates for the big screen (SH-001, PR-02)."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Q, Sum

from anju.kernel import clock
from anju.kernel.jobs import background, every
from anju.kernel.scope import Actor, restrict
from anju.supply.models import UnitCount, UnitStatus
from anju.workspace.cards import figure
from anju.workspace.screen import EstateCount, keep_estates

RIGHT = "supply.unit.view"
OCCUPIED = (UnitStatus.LET, UnitStatus.LEAVING)


def counts(actor: Actor) -> dict[str, int]:
    """Units within the actor's reach: all, occupied, vacant; from the counts that triggers keep."""
    rows = restrict(
        UnitCount.objects.all(), actor, RIGHT, owner="project__created_by"
    )  # fmt: skip
    found = rows.aggregate(
        vacant=Sum("units", filter=Q(status=UnitStatus.VACANT)),
        occupied=Sum("units", filter=Q(status__in=OCCUPIED)),
        whole=Sum("units"),
    )
    return {key: value or 0 for key, value in found.items()}


@figure("vacant_units", "可供应房源", right=RIGHT, order=32)
def vacant_units(actor: Actor) -> dict[str, Any]:
    """Units that can be let now."""
    found = counts(actor)
    return {
        "value": found["vacant"], "unit": "套", "note": f"共 {found['whole']} 套",
        "link": "/registers/supply.units?f.status=vacant",
    }  # fmt: skip


@figure("occupancy", "出租率", right=RIGHT, order=34)
def occupancy(actor: Actor) -> dict[str, Any]:
    """The share of units that are let."""
    found = counts(actor)
    rate = round(100 * found["occupied"] / found["whole"], 1) if found["whole"] else None
    return {
        "value": rate,
        "unit": "%",
        "note": f"在租 {found['occupied']} 套",
        "link": "/reports/supply.units_by_project",
    }


# Units and rooms are counted apart: a join of both would count a unit once a room.
ESTATES = """
    WITH unit AS (
        SELECT estate_id, count(*) AS units, count(*) FILTER (WHERE status = ANY(%(occupied)s)) AS occupied,
               count(*) FILTER (WHERE status = %(vacant)s) AS vacant
          FROM supply_unit WHERE status NOT IN ('split', 'merged') GROUP BY estate_id
    ), room AS (
        SELECT unit.estate_id, count(*) AS rooms
          FROM supply_room AS room JOIN supply_unit AS unit ON unit.id = room.unit_id GROUP BY unit.estate_id
    )
    SELECT project.id, estate.id, coalesce(estate.name, ''), project.programme, coalesce(unit.units, 0),
           coalesce(room.rooms, 0), coalesce(unit.occupied, 0), coalesce(unit.vacant, 0), project.org_path,
           project.division
      FROM supply_project AS project
      LEFT JOIN supply_estate AS estate ON estate.project_id = project.id
      LEFT JOIN unit ON unit.estate_id = estate.id
      LEFT JOIN room ON room.estate_id = estate.id
     ORDER BY project.id, estate.id
"""


@background("supply.count_estates")
def count_estates() -> None:
    """Counts what each estate holds for the big screen, from one snapshot; a repeat replaces the count."""
    at = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(ESTATES, {"occupied": [str(each) for each in OCCUPIED], "vacant": str(UnitStatus.VACANT)})
        rows = [EstateCount(*row) for row in cursor.fetchall()]
    keep_estates(rows, at)


every(minutes=1)("supply.count_estates")
