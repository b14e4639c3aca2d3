"""The applications of the housing systems: registered centrally, opened by those within their range (SH-224)."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from anju.identity.models.menus import MenuItem
from anju.identity.models.organisations import Organisation
from anju.identity.models.roles import Role
from anju.kernel.base import Stamped
from anju.kernel.http import explain


class ApplicationState(models.TextChoices):
    """Where an application stands; only a published one can be opened."""

    REGISTERED = "registered", "已注册"
    PUBLISHED = "published", "已发布"
    SUSPENDED = "suspended", "已停用"


class Application(Stamped):
    """An application. With a `menu` line, its title, icon and address are that line's, entered once (SH-002.2).

    It is open to holders of its roles (to all when it names none) in its organisations and below (in all when it names
    none). `rights` are what it works with: while it is suspended, nobody has them.
    """

    key = models.CharField("标识", max_length=60, unique=True)
    title = models.CharField("名称", max_length=60)
    icon = models.CharField("图标", max_length=40, default="app-window", blank=True)
    path = models.CharField("地址", max_length=300, default="", blank=True)
    summary = models.CharField("说明", max_length=200, default="", blank=True)
    system = models.CharField("所属系统", max_length=60, default="", blank=True)
    state = models.CharField(
        "状态", max_length=12, choices=ApplicationState.choices, default=ApplicationState.REGISTERED
    )
    release = models.CharField("版本", max_length=20, default="1.0", blank=True)
    position = models.IntegerField("顺序", default=0)
    menu: Any = models.OneToOneField(
        MenuItem, on_delete=models.PROTECT, null=True, blank=True, related_name="application", verbose_name="菜单"
    )
    rights = ArrayField(models.CharField(max_length=100), verbose_name="所用权限", default=list, blank=True)
    roles: Any = models.ManyToManyField(Role, verbose_name="可用角色", related_name="applications", blank=True)
    organisations: Any = models.ManyToManyField(Organisation, verbose_name="可用机构", related_name="+", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ApplicationState.values), name="identity_application_state"),
        ]
        indexes = [
            models.Index(fields=["position", "id"], name="identity_application_order"),
            models.Index(fields=["state"], name="identity_application_suspended", condition=Q(state="suspended")),
        ]

    def __str__(self) -> str:
        return self.title


explain("identity_application_key_key", "application.exists", "应用标识已存在", "请换一个标识", "key")
explain(
    "identity_application_menu_id_key", "application.menu_taken", "这个菜单已经登记为应用", "请选择其他菜单", "menu"
)
