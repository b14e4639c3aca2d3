"""The office's menu as rows, and the function points that roles and posts are given."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from anju.identity.models.permissions import Duty
from anju.identity.models.posts import Post
from anju.identity.models.roles import Role
from anju.kernel.base import Stamped
from anju.kernel.http import explain


class MenuItem(Stamped):
    """A line of the menu: a heading when it has no path, else a page shown to those who hold `right` (PR-21, SH-225).

    Lines that ship with the product are `shipped`; they can be renamed, moved and hidden, not deleted. A line with
    roles or posts is shown to their holders only.
    """

    key = models.CharField("标识", max_length=60, unique=True)
    parent: Any = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级菜单"
    )
    title = models.CharField("名称", max_length=40)
    icon = models.CharField("图标", max_length=40, default="table-2", blank=True)
    path = models.CharField("地址", max_length=200, default="", blank=True)
    right = models.CharField("所需权限", max_length=100, default="", blank=True)
    position = models.IntegerField("顺序", default=0)
    hidden = models.BooleanField("隐藏", default=False)
    shipped = models.BooleanField("随产品提供", default=False)
    roles: Any = models.ManyToManyField(Role, verbose_name="限定角色", related_name="+", blank=True)
    posts: Any = models.ManyToManyField(Post, verbose_name="限定岗位", related_name="+", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="identity_menuitem_not_own_parent"),
        ]
        indexes = [models.Index(fields=["position", "id"], name="identity_menuitem_order")]

    def __str__(self) -> str:
        return self.title


class FunctionKind(models.TextChoices):
    """What a function point opens."""

    MENU = "menu", "菜单"
    OPERATION = "operation", "操作"
    DATA = "data", "数据"


class FunctionPoint(Stamped):
    """Something that can be permitted. Those that operations of the product ask for are `shipped` (SH-225.2)."""

    right = models.CharField("权限标识", max_length=100, unique=True)
    title = models.CharField("名称", max_length=100)
    group = models.CharField("分组", max_length=60, default="")
    kind = models.CharField("类别", max_length=10, choices=FunctionKind.choices, default=FunctionKind.OPERATION)
    duty = models.CharField("管理职责", max_length=10, choices=Duty.choices, default="", blank=True)
    menu: Any = models.ForeignKey(
        MenuItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="functions", verbose_name="所属菜单"
    )
    shipped = models.BooleanField("随产品提供", default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(right__regex=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$"), name="identity_function_right"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["group", "id"], name="identity_function_group")]

    def __str__(self) -> str:
        return self.title


explain("identity_menuitem_key_key", "menu.exists", "菜单标识已存在", "请换一个标识", "key")
explain("identity_menuitem_not_own_parent", "menu.circle", "菜单不能放在自己下面", "请选择其他上级菜单", "parent")
explain("identity_menu_circle", "menu.circle", "菜单不能放在自己的下级里", "请选择其他上级菜单", "parent")
explain("identity_functionpoint_right_key", "function.exists", "权限标识已存在", "请换一个标识", "right")
explain("identity_function_right", "function.right", "权限标识格式不对", "例如 loan.case.approve", "right")
