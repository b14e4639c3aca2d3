"""What the matters of construction have in common: who filed what, about which project, and how it ended."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.kernel.base import Owned
from anju.kernel.http import explain
from anju.kernel.registers import search_index


class MatterState(models.TextChoices):
    """Where a matter stands; the exact step is the case's."""

    FILED = "filed", "办理中"
    CONFIRMED = "confirmed", "已确认"
    REFUSED = "refused", "未通过"


class Matter(Owned):
    """The typed row of a case of construction: its declared data, and its place in the archive once it is confirmed."""

    case_id = models.BigIntegerField("案件", unique=True)
    number = models.CharField("编号", max_length=40, unique=True)
    filer = models.CharField("填报单位", max_length=100)
    project_name = models.CharField("项目名称", max_length=100)
    base_name = models.CharField("基地名称", max_length=100, default="", blank=True)
    plot_no = models.CharField("地块编号", max_length=60, default="", blank=True)
    state = models.CharField("状态", max_length=10, choices=MatterState.choices, default=MatterState.FILED)
    filed_on = models.DateField("填报日期")
    decided_on = models.DateField("办结日期", null=True)
    archive_no = models.CharField("档案号", max_length=40, default="", blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MatterState.values), name="construction_%(class)s_state"),
            models.CheckConstraint(
                condition=Q(state=MatterState.FILED, decided_on__isnull=True)
                | (~Q(state=MatterState.FILED) & Q(decided_on__isnull=False)),
                name="construction_%(class)s_decided",
            ),
            models.CheckConstraint(
                condition=Q(archive_no="") | Q(state=MatterState.CONFIRMED), name="construction_%(class)s_archived"
            ),
        ]
        indexes = [
            models.Index(fields=["-filed_on", "-id"], name="cons_%(class)s_new"),
            search_index("cons_%(class)s_found", "number", "project_name", "filer"),
        ]

    def __str__(self) -> str:
        return self.project_name


def explain_matter(name: str) -> None:
    """The sentences of the constraints that a matter's table brings; `name` is the model's in small letters."""
    explain(f"construction_{name}_state", "construction.state", "没有这种状态", "请刷新页面后重试")
    explain(f"construction_{name}_decided", "construction.decided", "办结的事项须有办结日期", "请从案件办理")
    explain(f"construction_{name}_archived", "construction.archived", "没有通过确认的事项不能归档", "确认后自动归档")
