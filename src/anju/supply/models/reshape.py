"""拆套与合并: which units became which, and that area and rent stayed the same."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from anju.kernel.base import Owned
from anju.kernel.http import explain
from anju.supply.models.project import Building
from anju.supply.models.unit import Unit


class ReshapeKind(models.TextChoices):
    """Apart or together."""

    SPLIT = "split", "拆套"
    MERGE = "merge", "合并"


class Reshape(Owned):
    """One splitting or merging of units of a building; sums of both sides are kept, equal to the cent and 0.01 ㎡."""

    kind = models.CharField("方式", max_length=8, choices=ReshapeKind.choices)
    building = models.ForeignKey(Building, models.PROTECT, verbose_name="楼栋", related_name="+")
    at = models.DateTimeField("时间")
    by_name = models.CharField("经办人", max_length=50, default="")
    note = models.CharField("原因", max_length=200, default="", blank=True)
    area_before = models.DecimalField("原建筑面积", max_digits=12, decimal_places=2)
    area_after = models.DecimalField("现建筑面积", max_digits=12, decimal_places=2)
    rent_before = models.DecimalField("原月租金", max_digits=12, decimal_places=2)
    rent_after = models.DecimalField("现月租金", max_digits=12, decimal_places=2)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(area_before=F("area_after")), name="supply_reshape_area"),
            models.CheckConstraint(condition=Q(rent_before=F("rent_after")), name="supply_reshape_rent"),
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="supply_reshape_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"


class ReshapePart(models.Model):
    """A unit on one side of it, as it was then."""

    reshape = models.ForeignKey(Reshape, models.CASCADE, verbose_name="拆并", related_name="parts", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="房源", related_name="+")
    after = models.BooleanField("拆并之后")
    floor_area = models.DecimalField("建筑面积", max_digits=8, decimal_places=2)
    rent = models.DecimalField("月租金", max_digits=10, decimal_places=2)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reshape", "unit"], name="supply_reshapepart_once")]


explain("supply_reshape_area", "supply.split_sum", "拆并前后的建筑面积不一致", "请核对各套面积", "parts")
explain("supply_reshape_rent", "supply.split_sum", "拆并前后的月租金不一致", "请核对各套租金", "parts")
explain("supply_reshapepart_once", "supply.split_twice", "同一套房源不能在一次拆并中出现两次", "请核对所选房源")
