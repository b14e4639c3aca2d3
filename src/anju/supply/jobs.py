"""Background work of supply: folding the differences in the counts of units, codes for units that came without one."""

from __future__ import annotations

from django.db import connection

from anju.kernel.jobs import background, every
from anju.supply import market, pushing

__all__ = ["fold_counts", "give_codes", "market", "pushing"]

FOLD = """
    WITH taken AS (
        DELETE FROM supply_unitcount RETURNING project_id, status, programme, division, layout, units, floor_area, rent
    )
    INSERT INTO supply_unitcount (project_id, status, programme, division, layout, units, floor_area, rent)
    SELECT project_id, status, programme, division, layout, sum(units), sum(floor_area), sum(rent) FROM taken
    GROUP BY project_id, status, programme, division, layout
    HAVING sum(units) <> 0 OR sum(floor_area) <> 0 OR sum(rent) <> 0
"""
CODES = """
    UPDATE supply_unit SET public_code = supply_public_code(nextval('supply_public_code'))
     WHERE id IN (SELECT id FROM supply_unit WHERE public_code IS NULL LIMIT 20000)
"""


@background("supply.fold_counts")
def fold_counts() -> None:
    """Makes one row a project and kind out of many; readers see the sums before or after, never between."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL anju.folding = 'on'")  # nothing changes, so nothing is added to what can be let
        cursor.execute(FOLD)


@background("supply.give_codes")
def give_codes() -> None:
    """Gives a code to units that were loaded without triggers; a repeat finds none left."""
    with connection.cursor() as cursor:
        cursor.execute(CODES)


every(minutes=5)("supply.fold_counts")
every(minutes=5)("supply.give_codes")
