"""How many units of which state each project has, without counting 450,000 rows.

Statement triggers append a row of differences (never update one, so that writers do not wait for each other); readers
sum, and a job folds the rows of a project and state into one.
"""

from __future__ import annotations

from django.db import models

from anju.supply.models.project import Project


class UnitCount(models.Model):
    """A difference in the number and floor area of a project's units in one state; the sum is the truth."""

    project = models.ForeignKey(
        Project, models.DO_NOTHING, verbose_name="项目", related_name="+", db_constraint=False, db_index=False
    )
    status = models.CharField("状态", max_length=16)
    units = models.IntegerField("套数")
    floor_area = models.DecimalField("建筑面积", max_digits=14, decimal_places=2)
    rent = models.DecimalField("月租金合计", max_digits=16, decimal_places=2)

    class Meta:
        indexes = [models.Index(fields=["project", "status"], name="supply_unitcount_of_project")]
