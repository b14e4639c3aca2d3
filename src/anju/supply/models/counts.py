"""How many units of which state each project has, without counting 450,000 rows; and how many can be let (可租套数).

Statement triggers append a row of differences (never update one, so that writers do not wait for each other); readers
sum, and a job folds the rows of a project and state into one. Units that were split or merged away are not counted.
A unit counts for the office that manages it, as in the register of units: a lent one for the one it was lent to.

What can be let is kept as one number a project and layout besides, brought up to date when a transaction commits: a
number below 0 is refused there, whoever made it.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.kernel.http import explain
from anju.supply.models.project import Project


class UnitCount(models.Model):
    """A difference in the number and floor area of a project's units in one state; the sum is the truth."""

    project = models.ForeignKey(
        Project, models.DO_NOTHING, verbose_name="项目", related_name="+", db_constraint=False, db_index=False
    )
    status = models.CharField("状态", max_length=16)
    programme = models.CharField("保障类别", max_length=32, default="", db_default="")
    division = models.CharField("行政区划", max_length=6, default="", db_default="")
    layout = models.CharField("户型", max_length=32, default="", db_default="")
    org_path = models.CharField("管理机构", max_length=200, null=True)
    """The office that manages the units; null: counted before this was asked. Moves of offices follow by trigger."""
    units = models.IntegerField("套数")
    floor_area = models.DecimalField("建筑面积", max_digits=14, decimal_places=2)
    rent = models.DecimalField("月租金合计", max_digits=16, decimal_places=2)

    class Meta:
        indexes = [models.Index(fields=["project", "status"], name="supply_unitcount_of_project")]


class Rentable(models.Model):
    """How many vacant, published units of a layout a project has; written by trigger only."""

    project = models.ForeignKey(Project, models.CASCADE, verbose_name="项目", related_name="+", db_index=False)
    layout = models.CharField("户型", max_length=32)
    units = models.IntegerField("可租套数", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "layout"], name="supply_rentable_once"),
            models.CheckConstraint(condition=Q(units__gte=0), name="supply_rentable_not_negative"),
        ]


explain("supply_rentable_not_negative", "supply.no_unit_left", "这个户型没有可租的房源了", "请刷新后再试")
