"""Posts (岗位) along the organisation structure, and who stands on them."""

from __future__ import annotations

from typing import Any

from django.db import models

from anju.identity.models.organisations import Organisation
from anju.identity.models.permissions import Permissions
from anju.identity.models.roles import Role
from anju.kernel.http import explain


class Post(Permissions):
    """A post of an organisation. It gives the rights of its roles and rights of its own (SH-226.4, SH-226.5)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, verbose_name="机构")
    org_path = models.CharField("所属机构", max_length=200, default="/")
    division = models.CharField("行政区划", max_length=6, default="")
    title = models.CharField("岗位", max_length=60)
    note = models.CharField("岗位职责", max_length=300, default="", blank=True)
    roles: Any = models.ManyToManyField(Role, verbose_name="角色", related_name="posts", blank=True)
    accounts: Any = models.ManyToManyField(
        "identity.Account", through="identity.AccountPost", verbose_name="在岗账号", related_name="posts"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "title"], name="identity_post_once")]
        indexes = [
            models.Index(
                fields=["org_path", "id"], name="identity_post_path", opclasses=["text_pattern_ops", "int8_ops"]
            )
        ]

    def __str__(self) -> str:
        return self.title


class AccountPost(models.Model):
    """An account on a post, to the end of the day `until` where one is set (SH-226.6)."""

    account = models.ForeignKey("identity.Account", on_delete=models.CASCADE)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, verbose_name="岗位")
    until = models.DateField("有效至", null=True)
    bound_by = models.CharField("办理人", max_length=64, default="system:0")
    bound_at = models.DateTimeField("上岗时间", auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "post"], name="identity_accountpost_once")]


explain("identity_post_once", "post.exists", "这个机构已有同名岗位", "请换一个岗位名称", "title")
explain("identity_accountpost_once", "post.bound", "这个账号已在这个岗位上")
