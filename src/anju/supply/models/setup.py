"""房源搭建: units on their way into the register, from the survey and from the company's table, until they are reviewed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.kernel.base import Owned
from anju.kernel.http import explain
from anju.supply.models.project import Project
from anju.supply.models.unit import Unit


class SetupBatch(Owned):
    """A set-up of units of a project. `survey_number` names the project in the surveying-results system."""

    number = models.CharField("搭建批次号", max_length=32)
    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="+")
    estate = models.CharField("小区名称", max_length=100)
    survey_number = models.CharField("测绘项目号", max_length=40, default="", blank=True)
    fetched_at = models.DateTimeField("读取时间", null=True)
    trouble = models.CharField("读取问题", max_length=200, default="", blank=True)
    reviewed_at = models.DateTimeField("审核时间", null=True)
    reviewed_by = models.CharField("审核人", max_length=50, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number"], name="supply_setupbatch_number")]

    def __str__(self) -> str:
        return self.number


class SetupState(models.TextChoices):
    """Whether a unit got into the register."""

    STAGED = "staged", "待审核"
    ADMITTED = "admitted", "已入库"
    REFUSED = "refused", "未通过"


class SetupUnit(Owned):
    """A unit to be, as it was told: anything may be missing or wrong. One row a room, whichever ways told of it.

    What was measured is kept beside what is declared, so that the company's table and the form cannot hide it.
    """

    batch = models.ForeignKey(SetupBatch, models.PROTECT, verbose_name="搭建批次", related_name="units", db_index=False)
    surveyed = models.BooleanField("成果系统", default=False)
    from_company = models.BooleanField("企业表格", default=False)
    estate = models.CharField("小区名称", max_length=100)
    building = models.CharField("楼栋", max_length=50)
    room_no = models.CharField("室号", max_length=20)
    floors = models.IntegerField("地上层数", null=True)
    floor = models.IntegerField("楼层", null=True)
    layout = models.CharField("户型", max_length=32, default="", blank=True)
    floor_area = models.DecimalField("建筑面积", max_digits=10, decimal_places=2, null=True)
    orientation = models.CharField("朝向", max_length=16, default="", blank=True)
    rent = models.DecimalField("月租金", max_digits=12, decimal_places=2, null=True)
    planned_use = models.CharField("规划用途", max_length=50, default="", blank=True)
    location = models.CharField("测绘坐落", max_length=300, default="", blank=True)
    measured_floor = models.IntegerField("测绘楼层", null=True)
    measured_layout = models.CharField("测绘户型", max_length=32, default="", db_default="", blank=True)
    measured_area = models.DecimalField("测绘面积", max_digits=10, decimal_places=2, null=True)
    state = models.CharField("审核结果", max_length=16, choices=SetupState.choices, default=SetupState.STAGED)
    problems = models.CharField("未通过原因", max_length=500, default="", blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="房源", related_name="+", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "estate", "building", "room_no"], name="supply_setupunit_once"),
            models.CheckConstraint(
                condition=(Q(state=SetupState.ADMITTED) & Q(unit__isnull=False))
                | (~Q(state=SetupState.ADMITTED) & Q(unit__isnull=True)),
                name="supply_setupunit_admitted",
            ),
            models.CheckConstraint(
                condition=~Q(state=SetupState.REFUSED) | ~Q(problems=""), name="supply_setupunit_reason"
            ),
        ]
        indexes = [models.Index(fields=["room_no", "id"], name="supply_setupunit_by_room")]

    def __str__(self) -> str:
        return f"{self.estate} {self.building} {self.room_no}"


explain("supply_setupbatch_number", "supply.setup_number", "搭建批次号重复", "请重试", "number")
explain("supply_setupunit_once", "supply.setup_twice", "这个批次里已有同一室号", "请核对楼栋和室号", "room_no")
explain("supply_setupunit_admitted", "supply.setup_state", "入库的记录须对应一套房源", "请从“审核”办理")
explain("supply_setupunit_reason", "supply.setup_reason", "未通过须写明原因", "请从“审核”办理")
explain("supply_setupunit_kept", "supply.setup_admitted", "已入库的房源不能从清单移除", "请在“房源”登记册里办理")
