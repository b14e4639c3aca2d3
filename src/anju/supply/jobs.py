"""Background work of supply: folding the differences in the counts of units."""

from __future__ import annotations

from django.db import connection

from anju.kernel.jobs import background, every

FOLD = """
    WITH taken AS (DELETE FROM supply_unitcount RETURNING project_id, status, units, floor_area, rent)
    INSERT INTO supply_unitcount (project_id, status, units, floor_area, rent)
    SELECT project_id, status, sum(units), sum(floor_area), sum(rent) FROM taken
    GROUP BY project_id, status HAVING sum(units) <> 0 OR sum(floor_area) <> 0 OR sum(rent) <> 0
"""


@background("supply.fold_counts")
def fold_counts() -> None:
    """Makes one row a project and state out of many; readers see the sums before or after, never between."""
    with connection.cursor() as cursor:
        cursor.execute(FOLD)


every(minutes=5)("supply.fold_counts")
