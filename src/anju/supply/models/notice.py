"""预告: what a company announces of a project that comes to market; reviewed by district and city (SH-182)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from anju.kernel.base import Owned
from anju.kernel.http import explain
from anju.supply.models.operator import Operator
from anju.supply.models.project import Project


class NoticeState(models.TextChoices):
    """Where an advance notice stands; a return goes one step back."""

    DRAFT = "draft", "待提交"
    DISTRICT = "district", "待区级审核"
    CITY = "city", "待市级审核"
    PUBLISHED = "published", "已发布"
    INVALID = "invalid", "无效"


class AdvanceNotice(Owned):
    """An advance notice; what it says is fixed while it is reviewed. Rents in yuan a square metre and month."""

    number = models.CharField("预告编号", max_length=32)
    operator = models.ForeignKey(Operator, models.PROTECT, verbose_name="出租单位", related_name="+")
    project = models.ForeignKey(
        Project, models.PROTECT, verbose_name="对应项目", related_name="+", null=True, blank=True
    )
    name = models.CharField("项目名称", max_length=100)
    address = models.CharField("项目地址", max_length=200)
    planned_on = models.DateField("计划供应时间")
    scope = models.CharField("供应范围", max_length=300)
    units = models.PositiveIntegerField("套数")
    rent_from = models.DecimalField("预计租金下限", max_digits=8, decimal_places=2)
    rent_to = models.DecimalField("预计租金上限", max_digits=8, decimal_places=2)
    note = models.CharField("说明", max_length=500, default="", blank=True)
    state = models.CharField("状态", max_length=10, choices=NoticeState.choices, default=NoticeState.DRAFT)
    opinion = models.CharField("最近意见", max_length=300, default="", blank=True)
    published_at = models.DateTimeField("发布时间", null=True)
    ended_at = models.DateTimeField("下架时间", null=True)
    told_version = models.PositiveIntegerField("已推送的版本", default=0)
    told_at = models.DateTimeField("推送时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="supply_notice_number"),
            models.CheckConstraint(condition=Q(state__in=NoticeState.values), name="supply_notice_state"),
            models.CheckConstraint(condition=Q(units__gt=0), name="supply_notice_units"),
            models.CheckConstraint(
                condition=Q(rent_from__gte=0) & Q(rent_to__gte=F("rent_from")), name="supply_notice_rents"
            ),
            models.CheckConstraint(
                condition=(Q(state__in=[NoticeState.PUBLISHED, NoticeState.INVALID]) & Q(published_at__isnull=False))
                | (~Q(state__in=[NoticeState.PUBLISHED, NoticeState.INVALID]) & Q(published_at__isnull=True)),
                name="supply_notice_published",
            ),
            models.CheckConstraint(
                condition=(Q(state=NoticeState.INVALID) & Q(ended_at__isnull=False))
                | (~Q(state=NoticeState.INVALID) & Q(ended_at__isnull=True)),
                name="supply_notice_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["planned_on", "id"], name="supply_notice_by_day"),
            models.Index(fields=["state", "planned_on"], name="supply_notice_by_state"),
            models.Index(fields=["org_path"], name="supply_notice_path", opclasses=["text_pattern_ops"]),
        ]


explain("supply_notice_number", "supply.notice_number_taken", "已有相同编号的预告", "请核对预告编号", "number")
explain("supply_notice_units", "supply.notice_units", "套数应大于 0", "", "units")
explain("supply_notice_rents", "supply.rent_range", "租金不能为负数，上限不能低于下限", "请核对预计租金", "rent_to")
