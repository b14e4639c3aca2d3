"""Accounts of staff."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.identity.models.organisations import Organisation
from anju.identity.models.roles import Role
from anju.kernel.base import Owned
from anju.kernel.http import explain


class AccountState(models.TextChoices):
    """Whether an account may be used."""

    ACTIVE = "active", "正常"
    SUSPENDED = "suspended", "停用"


class Account(Owned):
    """A member of staff's account; one a person and organisation."""

    username = models.CharField("账号", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    post = models.CharField("岗位", max_length=60, default="", blank=True)
    password = models.CharField("密码", max_length=200)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, verbose_name="机构")
    roles = models.ManyToManyField(Role, verbose_name="角色")
    state = models.CharField("状态", max_length=12, choices=AccountState.choices, default=AccountState.ACTIVE)
    failures = models.PositiveIntegerField("连续失败次数", default=0)
    locked_until = models.DateTimeField("锁定至", null=True)
    must_change_password = models.BooleanField("须改密码", default=False)
    last_signed_in_at = models.DateTimeField("上次登录", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AccountState.values), name="identity_account_state"),
        ]
        indexes = [
            models.Index(fields=["org_path"], name="identity_account_path", opclasses=["text_pattern_ops"]),
            models.Index(fields=["division"], name="identity_account_division", opclasses=["text_pattern_ops"]),
        ]


explain("identity_account_username_key", "account.exists", "这个账号已被使用", "请换一个账号名", "username")
