"""Roles: what their holders may do, and how far that reaches."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from anju.kernel.base import Stamped
from anju.kernel.scope import Reach


class Role(Stamped):
    """A set of rights with their reach."""

    key = models.CharField("标识", max_length=60, unique=True)
    title = models.CharField("名称", max_length=60)
    reach = models.CharField("数据范围", max_length=20, choices=[(r.value, r.value) for r in Reach])
    rights = ArrayField(models.CharField(max_length=100), verbose_name="权限", default=list)
