"""在租记录: who lived in a unit from when to when; written when a unit is let and when it is vacated."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from anju.kernel.http import explain
from anju.supply.models.unit import Unit


class Occupancy(models.Model):
    """One household's time in a unit, from the first day to the day of leaving, which is not counted in."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="房源", related_name="+", db_index=False)
    contract_id = models.BigIntegerField("合同", null=True)
    who = models.CharField("承租人", max_length=50)
    starts_on = models.DateField("起租日")
    ended_on = models.DateField("退租日", null=True)
    lease_end = models.DateField("合同到期日", null=True)
    rent = models.DecimalField("月租金", max_digits=10, decimal_places=2)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("starts_on")), name="supply_occupancy_order"
            ),
            ExclusionConstraint(
                name="supply_occupancy_alone",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    (
                        Func("starts_on", "ended_on", function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [models.Index(fields=["unit", "-starts_on"], name="supply_occupancy_of_unit")]


explain("supply_occupancy_alone", "supply.occupied_twice", "这套房源在这段时间已有承租人", "请先办理前一份合同的退租")
explain("supply_occupancy_order", "supply.occupancy_order", "退租日早于起租日", "请核对日期")
