"""储备: yearly plans of a reserve of units, and which units are held in it (SH-186)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from anju.kernel.base import Owned
from anju.kernel.http import explain
from anju.supply.models.unit import Unit


class ReservePlan(Owned):
    """A year's plan: how many units, and by which quarter how many of them."""

    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("计划名称", max_length=100)
    size = models.PositiveIntegerField("储备规模")
    first = models.PositiveIntegerField("一季度", default=0)
    second = models.PositiveIntegerField("二季度", default=0)
    third = models.PositiveIntegerField("三季度", default=0)
    fourth = models.PositiveIntegerField("四季度", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "year", "title"], name="supply_reserveplan_once"),
            models.CheckConstraint(
                condition=Q(size=F("first") + F("second") + F("third") + F("fourth")),
                name="supply_reserveplan_quarters",
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0, year__gte=2000, year__lte=2100), name="supply_reserveplan_size"
            ),
        ]
        indexes = [models.Index(fields=["-year", "-id"], name="supply_reserveplan_newest")]

    def __str__(self) -> str:
        return self.title


class ReserveHolding(models.Model):
    """A unit in the reserve until it is released."""

    plan = models.ForeignKey(ReservePlan, models.PROTECT, verbose_name="储备计划", related_name="holdings")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="房源", related_name="+", db_index=False)
    since = models.DateTimeField("储备时间")
    released_at = models.DateTimeField("释放时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(released_at__isnull=True), name="supply_reserveholding_once"
            )
        ]


explain("supply_reserveplan_once", "supply.plan_taken", "本区该年度已有同名的储备计划", "请核对计划名称", "title")
explain("supply_reserveplan_quarters", "supply.plan_quarters", "四个季度之和须等于储备规模", "请核对各季度套数", "size")
explain("supply_reserveplan_size", "supply.plan_size", "储备规模应大于 0，年度应在 2000 到 2100 之间", "", "size")
explain("supply_reserveholding_once", "supply.reserved_already", "这套房源已在储备中", "")
