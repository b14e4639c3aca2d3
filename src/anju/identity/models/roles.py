"""Roles: what their holders may do, and how far that reaches; and who holds which until when."""

from __future__ import annotations

from django.db import models

from anju.identity.models.permissions import Permissions
from anju.kernel.http import explain


class Role(Permissions):
    """A set of rights with their reach (SH-226.1, SH-226.2)."""

    key = models.CharField("标识", max_length=60, unique=True)
    title = models.CharField("名称", max_length=60)
    note = models.CharField("说明", max_length=200, default="", blank=True)

    def __str__(self) -> str:
        return self.title


class AccountRole(models.Model):
    """A role held by an account, to the end of the day `until` where one is set."""

    account = models.ForeignKey("identity.Account", on_delete=models.CASCADE)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, verbose_name="角色")
    until = models.DateField("有效至", null=True)
    granted_by = models.CharField("授予人", max_length=64, default="system:0")
    granted_at = models.DateTimeField("授予时间", auto_now_add=True, null=True)

    class Meta:
        db_table = "identity_account_roles"
        unique_together = (("account", "role"),)


explain("identity_role_key_key", "role.exists", "角色标识已存在", "请换一个标识", "key")
explain("identity_no_self_grant", "grant.self", "不能给自己授权", "请由另一位管理员操作")
