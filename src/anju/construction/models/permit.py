"""预售许可: the application, and the permit with its units that a passed review makes (SH-170)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.construction.models.matter import Matter, explain_matter
from anju.kernel.base import Owned
from anju.kernel.http import explain
from anju.kernel.registers import search_index


class PreSale(Matter):
    """An application for a pre-sale permit, as corrected so far; areas in square metres, price in yuan each."""

    reservation_no = models.CharField("预约号", max_length=40, default="", blank=True)
    developer = models.CharField("建设单位", max_length=100)
    address = models.CharField("项目坐落", max_length=200)
    floor_area = models.DecimalField("预售建筑面积", max_digits=14, decimal_places=2)
    price = models.DecimalField("拟售均价", max_digits=12, decimal_places=2)


class PermitState(models.TextChoices):
    """Where a permit stands."""

    DRAWN = "drawn", "待文印"
    RETURNED = "returned", "退回审核"
    ISSUED = "issued", "已发证"
    REGISTERED = "registered", "已推送登记"
    VOID = "void", "已作废"


class Permit(Owned):
    """预售许可证. `receipt` is what the real-estate registration answered to the push."""

    case_id = models.BigIntegerField("案件", unique=True)
    case_number = models.CharField("受理编号", max_length=40)
    number = models.CharField("许可证号", max_length=60, unique=True)
    project_name = models.CharField("项目名称", max_length=100)
    developer = models.CharField("建设单位", max_length=100)
    address = models.CharField("项目坐落", max_length=200)
    state = models.CharField("状态", max_length=12, choices=PermitState.choices, default=PermitState.DRAWN)
    unit_count = models.PositiveIntegerField("套数")
    floor_area = models.DecimalField("预售建筑面积", max_digits=14, decimal_places=2)
    issued_on = models.DateField("发证日期", null=True)
    registered_at = models.DateTimeField("登记推送时间", null=True)
    receipt = models.CharField("登记回执", max_length=40, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PermitState.values), name="construction_permit_state"),
            models.CheckConstraint(
                condition=~Q(state__in=("issued", "registered")) | Q(issued_on__isnull=False),
                name="construction_permit_issued",
            ),
            models.CheckConstraint(
                condition=~Q(state="registered") | ~Q(receipt=""), name="construction_permit_registered"
            ),
            models.CheckConstraint(condition=Q(unit_count__gt=0), name="construction_permit_units"),
        ]
        indexes = [
            models.Index(fields=["issued_on", "id"], name="cons_permit_by_issue"),
            search_index("cons_permit_found", "number", "project_name", "developer"),
        ]

    def __str__(self) -> str:
        return self.number


class PermitUnit(Owned):
    """A unit that a permit lets be sold before it is built, as surveyed."""

    permit = models.ForeignKey(Permit, models.CASCADE, verbose_name="预售许可证", related_name="units")
    unit_number = models.CharField("房屋编号", max_length=60)
    location = models.CharField("坐落", max_length=200)
    layout = models.CharField("户型", max_length=40, default="", blank=True)
    floor_area = models.DecimalField("建筑面积", max_digits=10, decimal_places=2)
    planned_use = models.CharField("规划用途", max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["permit", "unit_number"], name="construction_unit_once"),
            models.CheckConstraint(condition=Q(floor_area__gt=0), name="construction_unit_area"),
        ]
        indexes = [models.Index(fields=["unit_number", "id"], name="cons_unit_by_number")]

    def __str__(self) -> str:
        return self.unit_number


explain_matter("presale")
explain("construction_permit_state", "construction.state", "没有这种状态", "请刷新页面后重试")
explain("construction_permit_issued", "construction.permit_issued", "已发的许可证须有发证日期", "请从案件办理")
explain("construction_permit_registered", "construction.permit_receipt", "没有回执的不能记为已登记", "等推送完成")
explain("construction_permit_units", "construction.permit_units", "许可证至少要有一套房屋", "先读取成果系统的房屋信息")
explain(
    "construction_unit_once", "construction.unit_twice", "同一许可证里房屋编号重复", "请核对房屋信息", "unit_number"
)
explain("construction_unit_area", "construction.area", "建筑面积应大于 0", "请核对房屋信息", "floor_area")
