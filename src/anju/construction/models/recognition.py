"""项目认定: what was read from the administrative approval system, and what the rules found wrong with it (SH-172)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.kernel.base import Owned
from anju.kernel.http import explain
from anju.kernel.registers import search_index


class Recognition(Owned):
    """A recognised project: its data passed every rule."""

    number = models.CharField("认定编号", max_length=40, unique=True)
    project_name = models.CharField("项目名称", max_length=100)
    developer = models.CharField("建设单位", max_length=100)
    base_name = models.CharField("基地名称", max_length=100, default="", blank=True)
    plot_no = models.CharField("地块编号", max_length=60)
    housing_type = models.CharField("保障房类型", max_length=32)
    land_area = models.DecimalField("用地面积", max_digits=12, decimal_places=2)
    floor_area = models.DecimalField("建筑面积", max_digits=14, decimal_places=2)
    units = models.PositiveIntegerField("套数")
    recognised_on = models.DateField("认定日期")
    read_at = models.DateTimeField("读取时间")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(land_area__gt=0, floor_area__gt=0, units__gt=0), name="construction_recognition_amounts"
            ),
        ]
        indexes = [
            models.Index(fields=["-recognised_on", "-id"], name="cons_recognition_new"),
            search_index("cons_recognition_found", "number", "project_name", "developer"),
        ]

    def __str__(self) -> str:
        return self.project_name


class RecognitionFault(Owned):
    """A rule that a read recognition broke; settled once the same number passes."""

    number = models.CharField("认定编号", max_length=40)
    project_name = models.CharField("项目名称", max_length=100, default="", blank=True)
    rule = models.CharField("未通过规则", max_length=40)
    message = models.CharField("说明", max_length=200)
    read_at = models.DateTimeField("最近读取时间")
    settled_at = models.DateTimeField("通过时间", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number", "rule"], name="construction_fault_once")]
        indexes = [models.Index(fields=["-read_at", "-id"], name="cons_fault_new")]

    def __str__(self) -> str:
        return self.number


explain("construction_recognition_amounts", "construction.area", "面积和套数应大于 0", "请核对认定数据")
explain("construction_fault_once", "construction.fault_twice", "这条未通过记录已在册", "刷新后查看")
