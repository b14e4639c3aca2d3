"""What a role or a post gives: rights, how far each reaches, and what of the fields is seen."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from anju.identity.models.organisations import Organisation
from anju.kernel.base import Stamped
from anju.kernel.http import explain
from anju.kernel.scope import Reach


class Duty(models.TextChoices):
    """The three administrations that one person may not unite (三员分立)."""

    NONE = "", "业务"
    SYSTEM = "system", "系统管理"
    SECURITY = "security", "安全管理"
    AUDIT = "audit", "审计管理"


class Permissions(Stamped):
    """Rights with their reach; `reaches` names those that reach otherwise than `reach` says.

    A reach of `chosen` means the rows of `divisions` and of the chosen organisations with all below them. `fields` maps
    registers to fields that are not seen or changed as declared: `hidden`, `masked`, `shown` or `editable`. `duty` is
    set by the database from the rights.
    """

    reach = models.CharField("数据范围", max_length=20, choices=[(r.value, r.value) for r in Reach])
    rights = ArrayField(models.CharField(max_length=100), verbose_name="权限", default=list, blank=True)
    reaches = models.JSONField("单项数据范围", default=dict, blank=True)
    divisions = ArrayField(models.CharField(max_length=6), verbose_name="指定区划", default=list, blank=True)
    fields = models.JSONField("字段权限", default=dict, blank=True)
    duty = models.CharField("管理职责", max_length=10, choices=Duty.choices, default="", blank=True, editable=False)
    organisations: Any = models.ManyToManyField(Organisation, verbose_name="指定机构", related_name="+", blank=True)

    class Meta:
        abstract = True


EXCLUDED = (
    "identity.duties_exclude", "系统管理、安全管理、审计管理的权限不能集中在一个人身上", "请把这三类权限分给不同的人",
)  # fmt: skip
explain("identity_duties_exclude", *EXCLUDED)

FOREVER = Q(until__isnull=True)
