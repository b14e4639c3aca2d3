"""What other systems are told of units: what is still to be told, what each was told last, and who may use a unit."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.kernel.http import explain
from anju.supply.models.unit import Unit


class System(models.TextChoices):
    """The systems that follow units."""

    DATA_HUB = "data_hub", "大数据中台（我要租房）"
    RESETTLEMENT = "resettlement_system", "征收安置系统"
    LAND = "land_expropriation", "国有土地征收系统"
    EXCHANGE = "agreement_exchange", "协议置换系统"
    TALENT = "talent_platform", "市人才安居平台"


class UnitDue(models.Model):
    """A change of a unit that a system has not been told; written by trigger, its number grows with each change.

    Rows are only added and, once told, deleted, so that writers never wait for the push. For one unit the numbers have
    the order of its changes, for they are taken while its row is locked.
    """

    system = models.CharField("系统", max_length=24, choices=System.choices)
    unit_id = models.BigIntegerField("房源")
    code = models.CharField("房源编码", max_length=40)

    class Meta:
        indexes = [models.Index(fields=["system", "id"], name="supply_unitdue_of_system")]


class UnitPush(models.Model):
    """What a system was told last of a unit; `active` while it follows the unit.

    `use` is what the system says it does with the unit: received, or used since `used_on`.
    """

    system = models.CharField("系统", max_length=24, choices=System.choices)
    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name="房源", related_name="+", db_index=False)
    active = models.BooleanField("跟随", default=True)
    revision = models.BigIntegerField("变更号", default=0)
    content = models.JSONField("已告知的内容", default=dict)
    told_at = models.DateTimeField("告知时间", null=True)
    use = models.CharField("使用状态", max_length=16, default="", db_default="", blank=True)
    used_on = models.DateField("使用日期", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "system"], name="supply_unitpush_once"),
            # one unit is used by one of these systems at a time (SH-188.5)
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(active=True, system__in=[System.LAND, System.EXCHANGE, System.RESETTLEMENT]),
                name="supply_unitpush_one_user",
            ),
        ]
        indexes = [models.Index(fields=["system", "-told_at"], name="supply_unitpush_told")]


explain("supply_unitpush_one_user", "supply.used_elsewhere", "这套房源正由另一个系统使用", "请先从那个系统收回")
explain("supply_unitpush_once", "supply.followed_already", "这套房源已推送到该系统", "")
