"""调配单: units of one district that another one may use, from the order to its issue (SH-185)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.identity.models import Organisation
from anju.kernel.base import Owned
from anju.kernel.http import explain
from anju.supply.models.unit import Unit


class RedistributionState(models.TextChoices):
    """From the draft to the issue."""

    DRAFT = "draft", "拟稿"
    SUBMITTED = "submitted", "待核定"
    APPROVED = "approved", "已核定"
    REFUSED = "refused", "核定不通过"
    ISSUED = "issued", "已下达"


class Redistribution(Owned):
    """An order; its list says which units. Only an approved one is issued."""

    number = models.CharField("调配单号", max_length=32)
    title = models.CharField("标题", max_length=100)
    receiver = models.ForeignKey(Organisation, models.PROTECT, verbose_name="调入机构", related_name="+")
    to_division = models.CharField("调入区", max_length=6)
    reason = models.CharField("调配理由", max_length=500)
    state = models.CharField(
        "状态", max_length=16, choices=RedistributionState.choices, default=RedistributionState.DRAFT
    )
    opinion = models.CharField("核定意见", max_length=500, default="", blank=True)
    approved_by = models.CharField("核定人", max_length=50, default="", blank=True)
    approved_at = models.DateTimeField("核定时间", null=True)
    issued_at = models.DateTimeField("下达时间", null=True)
    document_id = models.BigIntegerField("下达单", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="supply_redistribution_number"),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "issued"]) | Q(approved_at__isnull=False),
                name="supply_redistribution_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(issued_at__isnull=False, document_id__isnull=False),
                name="supply_redistribution_issued",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class RedistributionUnit(Owned):
    """A unit on an order, with where it belonged before; `active` until it is recovered or the order refused."""

    redistribution = models.ForeignKey(
        Redistribution, models.PROTECT, verbose_name="调配单", related_name="units", db_index=False
    )
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="房源", related_name="+", db_index=False)
    from_division = models.CharField("原属区划", max_length=6)
    active = models.BooleanField("有效", default=True)
    recovered_at = models.DateTimeField("收回时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["redistribution", "unit"], name="supply_redistributionunit_once"),
            models.UniqueConstraint(fields=["unit"], condition=Q(active=True), name="supply_redistributionunit_active"),
        ]
        indexes = [models.Index(fields=["unit", "id"], name="supply_redistribution_of_unit")]


explain("supply_redistribution_number", "supply.redistribution_number", "调配单号重复", "请重试", "number")
explain("supply_redistribution_approved", "supply.not_approved", "没有核定的调配单不能下达", "请先提交核定")
explain("supply_redistribution_issued", "supply.not_approved", "下达须有下达单", "请从“下达”办理")
explain("supply_redistributionunit_once", "supply.on_order", "这套房源已在这张调配单里", "")
explain("supply_redistributionunit_active", "supply.on_order", "这套房源已在另一张有效的调配单里", "请先收回")
explain("supply_redistribution_attribute", "supply.not_transferable", "没有调配属性的房源不能调配", "请先登记调配属性")
