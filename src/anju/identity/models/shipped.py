"""Rights that the product gives its roles, and what the city decided of those that came with an upgrade."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.kernel.http import explain


class ShippedState(models.TextChoices):
    """Where a right of the product's role stands in this installation."""

    HELD = "held", "已具备"
    WITHHELD = "withheld", "本市未授予"
    OFFERED = "offered", "待决定"
    GRANTED = "granted", "已采用"
    DECLINED = "declined", "不采用"


class ShippedRight(models.Model):
    """That the product's role of a key holds a right: noted once, when a version first brought it, and never asked again
    once it is decided. Nothing is permitted by it; what a role gives is in `Role`."""

    role_key = models.CharField("角色标识", max_length=60)
    right = models.CharField("权限", max_length=100)
    state = models.CharField("状态", max_length=10, choices=ShippedState.choices)
    version = models.CharField("版本", max_length=20)
    noted_at = models.DateTimeField("登记时间")
    decided_at = models.DateTimeField("决定时间", null=True)
    decided_by = models.CharField("决定人", max_length=64, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role_key", "right"], name="identity_shippedright_once"),
            models.CheckConstraint(condition=Q(state__in=ShippedState.values), name="identity_shippedright_state"),
            models.CheckConstraint(
                condition=~Q(state__in=["granted", "declined"]) | Q(decided_at__isnull=False),
                name="identity_shippedright_decided",
            ),
        ]


explain("identity_shippedright_decided", "role.undecided", "采用或不采用的新权限须有决定时间", "请刷新后重试")
