"""How many units of which state each project has, without counting 450,000 rows; and how many can be let (可租套数).

Statement triggers append a row of differences (never update one, so that writers do not wait for each other); readers
sum, and a job folds the rows of a project and state into one. Units that were split or merged away are not counted.
A unit lent to another district counts where it is managed, as in the register of units (`OFFICE`).

What can be let is kept as one number a project and layout besides, brought up to date when a transaction commits: a
number below 0 is refused there, whoever made it.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Case, F, Q, When

from anju.kernel.http import explain
from anju.supply.models.project import Project

OFFICE = Case(When(Q(lent_path="") | Q(lent_path=None), F("project__org_path")), default=F("lent_path"))
"""The office that manages the counted units: the one they were lent to, else their project's."""


class UnitCount(models.Model):
    """A difference in the number and floor area of a project's units in one state; the sum is the truth."""

    project = models.ForeignKey(
        Project, models.DO_NOTHING, verbose_name="项目", related_name="+", db_constraint=False, db_index=False
    )
    status = models.CharField("状态", max_length=16)
    programme = models.CharField("保障类别", max_length=32, default="", db_default="")
    division = models.CharField("行政区划", max_length=6, default="", db_default="")
    layout = models.CharField("户型", max_length=32, default="", db_default="")
    lent_path = models.CharField("调入机构", max_length=200, null=True, default="")
    """The office that units of the project were lent to; empty: none; null: counted before this was asked."""
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
