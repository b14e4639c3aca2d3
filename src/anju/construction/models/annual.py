"""年度建设计划: plans of a year, their targets by project, monthly progress, and yearly indicators (PR-26, PR-27)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.construction.models.project import Project
from anju.kernel.base import Owned
from anju.kernel.http import explain
from anju.kernel.registers import search_index


class AnnualPlan(Owned):
    """A plan of a year; what is bound to it keeps it."""

    name = models.CharField("计划名称", max_length=100)
    year = models.PositiveSmallIntegerField("年度")
    note = models.CharField("说明", max_length=500, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_path", "year", "name"], name="construction_annual_once"),
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2100), name="construction_annual_year"),
        ]
        indexes = [
            models.Index(fields=["-year", "-id"], name="cons_annual_new"),
            search_index("cons_annual_found", "name"),
        ]

    def __str__(self) -> str:
        return self.name


class OfPlan(Owned):
    """What is bound to a plan and a project."""

    plan = models.ForeignKey(AnnualPlan, models.PROTECT, verbose_name="年度计划", related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.plan} {self.project}"


class ProjectTarget(OfPlan):
    """年度计划项目指标: what a project is to reach in the year; money in 10,000 yuan, areas in square metres."""

    investment = models.DecimalField("计划投资（万元）", max_digits=14, decimal_places=2)
    floor_area = models.DecimalField("计划施工面积", max_digits=14, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "project"], name="construction_target_once"),
            models.CheckConstraint(
                condition=Q(investment__gt=0, floor_area__gte=0), name="construction_target_amounts"
            ),
        ]


class HousingTarget(OfPlan):
    """年度计划房屋指标: how many homes of which kind, and how many of them are finished; areas in square metres."""

    housing_type = models.CharField("房屋类型", max_length=32)
    units = models.PositiveIntegerField("计划套数")
    floor_area = models.DecimalField("计划建筑面积", max_digits=14, decimal_places=2)
    finished = models.IntegerField("已完成套数", default=0, db_default=0)
    finished_area = models.DecimalField("已完成面积", max_digits=14, decimal_places=2, default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "project", "housing_type"], name="construction_housing_once"),
            models.CheckConstraint(condition=Q(units__gt=0, floor_area__gt=0), name="construction_housing_amounts"),
            models.CheckConstraint(
                condition=Q(finished__gte=0, finished_area__gte=0), name="construction_housing_finished"
            ),
        ]


class MonthlyProgress(OfPlan):
    """项目月进度: what a month added; a month is entered once."""

    month = models.CharField("月份", max_length=7)
    investment = models.DecimalField("本月完成投资（万元）", max_digits=14, decimal_places=2)
    floor_area = models.DecimalField("本月完成面积", max_digits=14, decimal_places=2)
    note = models.CharField("进展说明", max_length=500, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "project", "month"], name="construction_month_once"),
            models.CheckConstraint(condition=Q(month__regex=r"^[0-9]{4}-(0[1-9]|1[0-2])$"), name="construction_month"),
            models.CheckConstraint(
                condition=Q(investment__gte=0, floor_area__gte=0), name="construction_month_amounts"
            ),
        ]
        indexes = [models.Index(fields=["-month", "-id"], name="cons_month_new")]


class Indicator(Owned):
    """其他经济社会指标: a figure of a year."""

    year = models.PositiveSmallIntegerField("年度")
    name = models.CharField("指标名称", max_length=100)
    value = models.DecimalField("数值", max_digits=18, decimal_places=4)
    unit = models.CharField("单位", max_length=20)
    source = models.CharField("数据来源", max_length=100, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "year", "name"], name="construction_indicator_once"),
            models.CheckConstraint(condition=Q(year__gte=1949, year__lte=2100), name="construction_indicator_year"),
        ]
        indexes = [
            models.Index(fields=["-year", "-id"], name="cons_indicator_new"),
            search_index("cons_indicator_found", "name", "source"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.name}"


explain("construction_annual_once", "construction.annual_exists", "这个年度已有同名计划", "请核对名称和年度", "name")
explain("construction_annual_year", "construction.year", "年度应在 2000 到 2100 之间", "", "year")
explain(
    "construction_target_once", "construction.target_exists", "这个项目在计划里已有指标", "请修改已有的指标", "project"
)
explain("construction_target_amounts", "construction.amounts", "计划投资应大于 0", "", "investment")
explain(
    "construction_housing_once", "construction.housing_exists", "这类房屋已有指标", "请修改已有的指标", "housing_type"
)
explain("construction_housing_amounts", "construction.amounts", "套数和面积应大于 0", "", "units")
explain("construction_housing_finished", "construction.amounts", "已完成的套数和面积不能为负数", "", "finished")
explain("construction_month_once", "construction.month_exists", "这个月的进度已经填过", "请修改已有的月进度", "month")
explain("construction_month", "construction.month", "月份写成 2027-03 这样", "", "month")
explain("construction_month_amounts", "construction.amounts", "完成投资和面积不能为负数", "", "investment")
explain(
    "construction_indicator_once", "construction.indicator_exists", "这一年已有同名指标", "请修改已有的指标", "name"
)
explain("construction_indicator_year", "construction.year", "年度应在 1949 到 2100 之间", "", "year")
