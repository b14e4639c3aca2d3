"""How many units of which state each project has, without counting 450,000 rows.

Statement triggers append a row of differences (never update one, so that writers do not wait for each other); readers
sum, and a job folds the rows of a project and state into one.
"""

from __future__ import annotations

from django.db import models


class UnitCount(models.Model):
    """A difference in the number and floor area of a project's units in one state; the sum is the truth."""

    project_id = models.BigIntegerField("项目")
    status = models.CharField("状态", max_length=16)
    units = models.IntegerField("套数")
    floor_area = models.DecimalField("建筑面积", max_digits=14, decimal_places=2)
    rent = models.DecimalField("月租金合计", max_digits=16, decimal_places=2)

    class Meta:
        indexes = [models.Index(fields=["project_id", "status"], name="supply_unitcount_of_project")]
