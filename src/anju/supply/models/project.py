"""项目, 小区, 楼栋: where units stand.

Triggers (migration 0002) keep what is denormalised: a project takes its organisation from its operator, everything
below takes organisation and division from its parent, and a change above goes down in the same transaction.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.kernel.base import Owned
from anju.kernel.http import explain
from anju.supply.models.operator import Operator


class Project(Owned):
    """A project of one programme under an administrative district (PR-04.1)."""

    code = models.CharField("项目编码", max_length=32)
    name = models.CharField("项目名称", max_length=100)
    name_pinyin = models.CharField("名称拼音", max_length=400, default="")
    programme = models.CharField("保障类别", max_length=32)
    operator = models.ForeignKey(Operator, models.PROTECT, verbose_name="运营机构", related_name="+")
    street = models.CharField("街道（镇）", max_length=50, default="", blank=True)
    address = models.CharField("地址", max_length=200, default="", blank=True)
    supply_on = models.DateField("供应日期", null=True, blank=True)
    rent_standard = models.DecimalField("租金标准（元/㎡·月）", max_digits=8, decimal_places=2, null=True, blank=True)
    sector = models.CharField("板块", max_length=50, default="", db_default="", blank=True)
    longitude = models.DecimalField("经度", max_digits=9, decimal_places=6, null=True, blank=True)
    latitude = models.DecimalField("纬度", max_digits=9, decimal_places=6, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="supply_project_code"),
            models.CheckConstraint(condition=Q(rent_standard__gte=0), name="supply_project_rent_standard"),
            models.CheckConstraint(condition=Q(division__regex=r"^[0-9]{6}$"), name="supply_project_division"),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(
                    longitude__isnull=False,
                    latitude__isnull=False,
                    longitude__gte=-180,
                    longitude__lte=180,
                    latitude__gte=-90,
                    latitude__lte=90,
                ),
                name="supply_project_place",
            ),
        ]
        indexes = [
            models.Index(fields=["name_pinyin", "id"], name="supply_project_by_name"),
            models.Index(fields=["division", "code"], name="supply_project_by_division"),
        ]

    def __str__(self) -> str:
        return self.name


class Estate(Owned):
    """A residential estate of a project."""

    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="+")
    name = models.CharField("小区名称", max_length=100)
    name_pinyin = models.CharField("名称拼音", max_length=400, default="")
    address = models.CharField("地址", max_length=200, default="", blank=True)
    property_company = models.CharField("物业公司", max_length=100, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="supply_estate_name")]
        indexes = [models.Index(fields=["name_pinyin", "id"], name="supply_estate_by_name")]

    def __str__(self) -> str:
        return self.name


class Building(Owned):
    """A building of an estate; `project` is the estate's, kept by trigger."""

    estate = models.ForeignKey(Estate, models.PROTECT, verbose_name="小区", related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="+", editable=False)
    name = models.CharField("楼栋", max_length=50)
    floors = models.PositiveSmallIntegerField("地上层数")
    has_lift = models.BooleanField("有电梯", default=True)
    completed_on = models.DateField("竣工日期", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "name"], name="supply_building_name"),
            models.CheckConstraint(condition=Q(floors__gte=1, floors__lte=120), name="supply_building_floors"),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="supply_building_by_name"),
            models.Index(fields=["project", "id"], name="supply_building_of_project"),
        ]

    def __str__(self) -> str:
        return self.name


explain("supply_project_code", "supply.project_code_taken", "已有相同编码的项目", "请核对项目编码", "code")
explain("supply_project_rent_standard", "supply.rent_negative", "租金标准不能为负数", "", "rent_standard")
explain("supply_project_division", "supply.division_malformed", "行政区划应为六位代码", "", "division")
explain(
    "supply_project_place", "supply.place_malformed", "经度和纬度要一起填，经度在 ±180、纬度在 ±90 以内",
    "请在地图上核对位置", "longitude",
)  # fmt: skip
explain("supply_estate_name", "supply.estate_name_taken", "该项目下已有同名小区", "请核对小区名称", "name")
explain("supply_building_name", "supply.building_name_taken", "该小区下已有同名楼栋", "请核对楼栋名称", "name")
explain("supply_building_floors", "supply.building_floors", "地上层数应在 1 到 120 之间", "", "floors")
