"""Background work of supply: counts of units folded, and what units lack that came without triggers or before them."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.db.models import Q

from anju.kernel import clock
from anju.kernel.jobs import background, every
from anju.supply import in_use, market, pushing, scene, setup, talent_pushing
from anju.supply.models import DayCount, UnitCount

__all__ = [
    "complete_units",
    "fold_counts",
    "in_use",
    "keep_day_counts",
    "market",
    "pushing",
    "scene",
    "setup",
    "talent_pushing",
]

FOLD = """
    WITH taken AS (
        DELETE FROM supply_unitcount RETURNING project_id, status, programme, division, layout, org_path, units, floor_area, rent
    )
    INSERT INTO supply_unitcount (project_id, status, programme, division, layout, org_path, units, floor_area, rent)
    SELECT project_id, status, programme, division, layout, org_path, sum(units), sum(floor_area), sum(rent) FROM taken
    GROUP BY project_id, status, programme, division, layout, org_path
    HAVING sum(units) <> 0 OR sum(floor_area) <> 0 OR sum(rent) <> 0
"""
# in one statement, so that what commits meanwhile is in neither side and keeps its differences
RECOUNT = """
    WITH gone AS (DELETE FROM supply_unitcount)
    INSERT INTO supply_unitcount (project_id, status, programme, division, layout, org_path, units, floor_area, rent)
    SELECT project_id, status, programme, division, layout, org_path, count(*), sum(floor_area), sum(rent) FROM supply_unit
     WHERE status NOT IN ('split', 'merged') GROUP BY 1, 2, 3, 4, 5, 6
"""
CODES = """
    UPDATE supply_unit SET public_code = supply_public_code(nextval('supply_public_code'))
     WHERE id IN (SELECT id FROM supply_unit WHERE public_code IS NULL LIMIT 20000)
"""
HISTORY = """
    UPDATE supply_daycount AS kept SET org_path = project.org_path FROM supply_project AS project
     WHERE project.id = kept.project_id AND kept.id IN (SELECT id FROM supply_daycount WHERE org_path = '' LIMIT 200000)
"""
OCCUPANCIES = """
    INSERT INTO supply_occupancy (unit_id, contract_id, who, starts_on, lease_end, rent)
    SELECT id, contract_id, occupant_name_masked, coalesce(status_since, created_at::date), lease_end, rent
      FROM supply_unit AS unit WHERE status IN ('let', 'leaving') AND NOT EXISTS
           (SELECT 1 FROM supply_occupancy AS lived WHERE lived.unit_id = unit.id AND lived.ended_on IS NULL)
     LIMIT 20000
    ON CONFLICT DO NOTHING
"""
PUSHES = """
    INSERT INTO supply_unitdue (system, unit_id, code)
    SELECT 'data_hub', id, code FROM supply_unit AS unit
     WHERE NOT EXISTS (SELECT 1 FROM supply_unitpush AS told WHERE told.unit_id = unit.id AND told.system = 'data_hub')
       AND NOT EXISTS (SELECT 1 FROM supply_unitdue AS due WHERE due.unit_id = unit.id AND due.system = 'data_hub')
     LIMIT 20000
"""


KEEP = """
    INSERT INTO supply_daycount ("on", project_id, status, programme, division, layout, org_path, units, floor_area, rent)
    SELECT %s, project_id, status, programme, division, layout, org_path, sum(units), sum(floor_area), sum(rent)
      FROM supply_unitcount GROUP BY project_id, status, programme, division, layout, org_path HAVING sum(units) <> 0
    ON CONFLICT DO NOTHING
"""
FORGET = """
    DELETE FROM supply_daycount WHERE "on" < %s AND extract(month FROM "on") = extract(month FROM "on" + 1)
"""
DAYS = 62


LACKING = Q(programme="") | Q(org_path=None)
"""Counted by former triggers, which did not ask for all that is asked now."""


@background("supply.fold_counts")
def fold_counts() -> None:
    """Makes one row a project and kind out of many; readers see the sums before or after, never between."""
    lacking = UnitCount.objects.filter(LACKING).exists()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL anju.folding = 'on'")  # nothing changes, so nothing is added to what can be let
        cursor.execute(RECOUNT if lacking else FOLD)


@background("supply.keep_day_counts")
def keep_day_counts() -> None:
    """Keeps the counts as they stand as those of yesterday's end; a repeat on the same day keeps nothing more.

    Run soon after midnight. Days older than two months go, the ends of months stay.
    """
    today = clock.today()
    if DayCount.objects.filter(on=today - timedelta(days=1)).exists():
        return
    if UnitCount.objects.filter(LACKING).exists():
        fold_counts()
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [today - timedelta(days=1)])
        cursor.execute(FORGET, [today - timedelta(days=DAYS)])


@background("supply.complete_units")
def complete_units() -> None:
    """Gives units a code, an occupancy, a first push, and days of old their office, where they lack them; a repeat finds
    none left.
    """
    with connection.cursor() as cursor:
        for lacking in (CODES, OCCUPANCIES, PUSHES, HISTORY):
            cursor.execute(lacking)


every(minutes=5)("supply.fold_counts")
every(minutes=10)("supply.keep_day_counts")
every(minutes=60)("supply.complete_units")
