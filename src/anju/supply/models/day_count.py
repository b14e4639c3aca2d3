"""The counts of units as they stood at the end of days, so that a report can be read as of an earlier day."""

from __future__ import annotations

from django.db import models

from anju.supply.models.project import Project


class DayCount(models.Model):
    """Units of one kind at the end of a day; the last two months day by day, before that the ends of months."""

    on = models.DateField("日期")
    project = models.ForeignKey(
        Project, models.DO_NOTHING, verbose_name="项目", related_name="+", db_constraint=False, db_index=False
    )
    status = models.CharField("状态", max_length=16)
    programme = models.CharField("保障类别", max_length=32)
    division = models.CharField("行政区划", max_length=6)
    layout = models.CharField("户型", max_length=32)
    org_path = models.CharField("管理机构", max_length=200, default="", db_default="")
    units = models.IntegerField("套数")
    floor_area = models.DecimalField("建筑面积", max_digits=14, decimal_places=2)
    rent = models.DecimalField("月租金合计", max_digits=16, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["on", "project", "status", "programme", "division", "layout", "org_path"],
                name="supply_daycount_of_day",
            )
        ]
