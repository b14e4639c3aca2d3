"""建设项目: a project on its way from approval to pre-sale; what the matters of construction are about."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.kernel.base import Owned
from anju.kernel.http import explain
from anju.kernel.registers import search_index


class Stage(models.TextChoices):
    """How far a project is."""

    APPROVED = "approved", "已核定"
    RECOGNISED = "recognised", "已认定"
    BUILDING = "building", "在建"
    PRE_SALE = "pre_sale", "预售"


ORDER = list(Stage.values)


class Project(Owned):
    """A project under construction; its stage follows what stands behind it."""

    name = models.CharField("项目名称", max_length=100)
    base_name = models.CharField("基地名称", max_length=100, default="", blank=True)
    plot_no = models.CharField("地块编号", max_length=60, default="", blank=True)
    developer = models.CharField("建设单位", max_length=100, default="", blank=True)
    stage = models.CharField("阶段", max_length=12, choices=Stage.choices, default=Stage.APPROVED)
    floor_area = models.DecimalField("建筑面积", max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "name"], name="construction_project_name"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="construction_project_stage"),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="cons_project_by_name"),
            search_index("cons_project_found", "name", "base_name", "developer"),
        ]

    def __str__(self) -> str:
        return self.name


explain(
    "construction_project_name", "construction.project_exists", "这个区已有同名的建设项目", "请核对项目名称", "name"
)
explain("construction_project_stage", "construction.stage", "没有这个阶段", "请从列表中选择", "stage")
