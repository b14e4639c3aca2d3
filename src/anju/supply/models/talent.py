"""人才房: batches of a project for talents, and the units that carry a talent mark under one (SH-190 to SH-192)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.kernel.base import Owned
from anju.kernel.http import explain
from anju.supply.models.project import Project
from anju.supply.models.unit import Unit


class TalentBatchState(models.TextChoices):
    """Whether a batch still supplies."""

    OPEN = "open", "供应中"
    ENDED = "ended", "已结束"


class TalentPushState(models.TextChoices):
    """Whether the city's talent-housing platform has a unit."""

    NONE = "none", "未推送"
    PUSHING = "pushing", "推送中"
    PUSHED = "pushed", "已推送"
    ROLLED_BACK = "rolled_back", "已回退"


AT_PLATFORM = [TalentPushState.PUSHING, TalentPushState.PUSHED]


class TalentBatch(Owned):
    """A batch (人才项目批次) of a project in a year; `managing_division` is the district in charge of it (批次管理区)."""

    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField("年份")
    number = models.PositiveSmallIntegerField("批次")
    managing_division = models.CharField("批次管理区", max_length=6)
    state = models.CharField("状态", max_length=8, choices=TalentBatchState.choices, default=TalentBatchState.OPEN)
    ended_at = models.DateTimeField("结束时间", null=True)
    ended_by = models.CharField("结束人", max_length=50, default="", blank=True)
    told_at = models.DateTimeField("平台获知结束", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "year", "number"], name="supply_talentbatch_once"),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100, number__gte=1), name="supply_talentbatch_number"
            ),
            models.CheckConstraint(
                condition=Q(state=TalentBatchState.OPEN, ended_at__isnull=True)
                | Q(state=TalentBatchState.ENDED, ended_at__isnull=False),
                name="supply_talentbatch_ended",
            ),
        ]
        indexes = [models.Index(fields=["-year", "-id"], name="supply_talentbatch_newest")]

    def __str__(self) -> str:
        return f"{self.project.name}{self.year}年第{self.number}批"


class TalentUnit(Owned):
    """A unit's talent mark (人才房标识) under a batch, with its special attributes (特殊属性词) and where its push stands.

    A mark that was cancelled stays as a record; a unit carries one that is in force at a time.
    """

    batch = models.ForeignKey(TalentBatch, models.PROTECT, verbose_name="人才批次", related_name="units")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="房源", related_name="+", db_index=False)
    level = models.CharField("人才层级", max_length=16)
    category = models.CharField("人才房类别", max_length=16)
    word = models.CharField("特殊属性词", max_length=32, default="", blank=True)
    managing_division = models.CharField("房源管理区", max_length=6)
    active = models.BooleanField("标识有效", default=True)
    cancelled_at = models.DateTimeField("注销时间", null=True)
    push_state = models.CharField(
        "推送状态", max_length=16, choices=TalentPushState.choices, default=TalentPushState.NONE
    )
    told_at = models.DateTimeField("平台接收时间", null=True)
    receipt = models.CharField("平台回执", max_length=64, default="", blank=True)
    trouble = models.CharField("推送问题", max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit"], condition=Q(active=True), name="supply_talentunit_once"),
            models.CheckConstraint(
                condition=Q(active=True) | ~Q(push_state__in=AT_PLATFORM), name="supply_talentunit_cancelled"
            ),
            models.CheckConstraint(
                condition=~Q(push_state=TalentPushState.PUSHED) | Q(told_at__isnull=False),
                name="supply_talentunit_told",
            ),
        ]
        indexes = [models.Index(fields=["unit", "id"], name="supply_talentunit_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit.code} {self.batch}"


explain(
    "supply_talentbatch_once", "supply.talent_batch_taken", "这个项目在该年份已有相同批次", "请核对年份和批次", "number"
)
explain("supply_talentbatch_number", "supply.talent_batch_number", "年份应在 2000 至 2100，批次从 1 起", "", "number")
explain("supply_talentbatch_ended", "supply.talent_batch_ended", "结束的批次须有结束时间", "请从“结束批次”办理")
explain(
    "supply_talentbatch_linked", "supply.talent_batch_in_use", "批次已关联房源，不能删除",
    "未推送过的房源可先移除；供应结束后请“结束批次”",
)  # fmt: skip
explain(
    "supply_talentbatch_marks", "supply.talent_marks_left", "批次还有有效的人才房标识，不能结束", "请从“结束批次”办理"
)
explain("supply_talentunit_once", "supply.talent_marked", "这套房源已有人才房标识", "请在“人才房源”里修改", "unit")
explain(
    "supply_talentunit_project", "supply.talent_other_project", "房源不属于批次的项目", "请选择本项目的批次", "batch"
)
explain(
    "supply_talentunit_ended", "supply.talent_batch_over", "批次已结束，不能再关联房源", "请选择供应中的批次", "batch"
)
explain("supply_talentunit_gone", "supply.talent_unit_gone", "已拆套或合并的房源不能作人才房", "请选择拆并后的房源")
explain("supply_talentunit_cancelled", "supply.talent_pushed", "已推送的房源不能注销标识", "请先回退房源")
explain("supply_talentunit_told", "supply.talent_untold", "平台接收后才算已推送", "请从“锁定并推送”办理")
explain("supply_talentunit_pushed", "supply.talent_pushed", "房源已推送市人才安居平台，不能移除", "请先回退房源")
explain(
    "supply_unit_talent_pushed", "supply.talent_pushed", "房源已推送市人才安居平台，不能拆套或合并",
    "请先在“人才房源”里回退房源，拆并后再重新推送",
)  # fmt: skip
explain(
    "supply_unit_talent_locked", "supply.talent_pushed", "房源已推送市人才安居平台，须保持锁定",
    "请先在“人才房源”里回退房源",
)  # fmt: skip
