"""Organisations, accounts, roles, sessions and captchas."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from anju.kernel.base import Owned, Stamped
from anju.kernel.http import explain
from anju.kernel.scope import Reach


class OrganisationKind(models.TextChoices):
    """What an organisation is."""

    CITY = "city", "市级机构"
    DISTRICT = "district", "区级机构"
    STREET = "street", "街道"
    OPERATOR = "operator", "运营机构"


class Organisation(Stamped):
    """A node of the tree of offices. `path` holds the ids from the root, such as `/1/4/17/`, its own included."""

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="children", verbose_name="上级"
    )
    name = models.CharField("名称", max_length=100)
    kind = models.CharField("类别", max_length=12, choices=OrganisationKind.choices)
    code = models.CharField("代码", max_length=30, unique=True)
    division = models.CharField("行政区划", max_length=6)
    phone = models.CharField("电话", max_length=30, default="", blank=True)
    path = models.CharField("路径", max_length=200, default="/")
    active = models.BooleanField("启用", default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="identity_organisation_not_own_parent"),
            models.CheckConstraint(condition=Q(division__regex=r"^\d{6}$"), name="identity_organisation_division"),
        ]
        indexes = [models.Index(fields=["path"], name="identity_organisation_path", opclasses=["text_pattern_ops"])]


class Role(Stamped):
    """A set of rights with their reach."""

    key = models.CharField("标识", max_length=60, unique=True)
    title = models.CharField("名称", max_length=60)
    reach = models.CharField("数据范围", max_length=20, choices=[(r.value, r.value) for r in Reach])
    rights = ArrayField(models.CharField(max_length=100), verbose_name="权限", default=list)


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


class Session(models.Model):
    """A signed-in browser. Only the digest of its token is kept."""

    digest = models.BinaryField("令牌摘要", max_length=32, unique=True)
    kind = models.CharField("类别", max_length=12)
    account_id = models.BigIntegerField("账号")
    created_at = models.DateTimeField("开始")
    last_seen_at = models.DateTimeField("最近使用")
    expires_at = models.DateTimeField("最迟结束")
    ended_at = models.DateTimeField("结束", null=True)
    address = models.CharField("网络地址", max_length=45, default="")
    agent = models.CharField("浏览器", max_length=200, default="")

    class Meta:
        indexes = [
            models.Index(fields=["kind", "account_id"], name="identity_session_of", condition=Q(ended_at__isnull=True)),
        ]


class Captcha(models.Model):
    """A picture to read: its answer is encrypted, it serves once and for five minutes (PR-01.2)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    answer = models.BinaryField("答案")
    expires_at = models.DateTimeField("失效时间", db_index=True)
    used_at = models.DateTimeField("使用时间", null=True)


explain("identity_account_username_key", "account.exists", "这个账号已被使用", "请换一个账号名", "username")
explain("identity_organisation_code_key", "organisation.exists", "机构代码已存在", "请换一个代码", "code")
