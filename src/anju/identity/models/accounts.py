"""Accounts of staff."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.identity.models.organisations import Organisation
from anju.identity.models.roles import Role
from anju.kernel.base import Owned
from anju.kernel.crypto import EncryptedText
from anju.kernel.http import explain


class AccountState(models.TextChoices):
    """Whether an account may be used."""

    ACTIVE = "active", "正常"
    LOCKED = "locked", "锁定"
    SUSPENDED = "suspended", "停用"


class Account(Owned):
    """A member of staff's account; one a person and organisation, told by the blind index of his document (NF-05.1).

    `restored_at` is when it was last let back: idle time counts from there. `password_changed_at` is empty while
    nobody has set a password of his own.
    """

    username = models.CharField("账号", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    post = models.CharField("岗位", max_length=60, default="", blank=True)
    password = models.CharField("密码", max_length=200)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, verbose_name="机构")
    roles = models.ManyToManyField(Role, through="identity.AccountRole", verbose_name="角色")
    state = models.CharField("状态", max_length=12, choices=AccountState.choices, default=AccountState.ACTIVE)
    failures = models.PositiveIntegerField("连续失败次数", default=0)
    locked_until = models.DateTimeField("锁定至", null=True)
    must_change_password = models.BooleanField("须改密码", default=False)
    last_signed_in_at = models.DateTimeField("上次登录", null=True)
    password_changed_at = models.DateTimeField("密码修改时间", null=True)
    id_number = EncryptedText("证件号码", default="")
    person_key = models.BinaryField("证件索引", max_length=32, null=True)
    phone = EncryptedText("手机", default="")
    state_reason = models.CharField("锁停原因", max_length=200, default="", blank=True)
    state_at = models.DateTimeField("锁停时间", null=True)
    restored_at = models.DateTimeField("恢复时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person_key"],
                condition=Q(person_key__isnull=False),
                name="identity_account_person_once",
            ),
            models.CheckConstraint(condition=Q(state__in=AccountState.values), name="identity_account_state"),
        ]
        indexes = [
            models.Index(fields=["org_path"], name="identity_account_path", opclasses=["text_pattern_ops"]),
            models.Index(fields=["division"], name="identity_account_division", opclasses=["text_pattern_ops"]),
        ]


explain("identity_account_username_key", "account.exists", "这个账号已被使用", "请换一个账号名", "username")
explain(
    "identity_account_person_once",
    "account.person_exists",
    "这个人在本单位已有账号",
    "一个人在一个单位只有一个账号，请使用或恢复原账号",
    "id_number",
)
