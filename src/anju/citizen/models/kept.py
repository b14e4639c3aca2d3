"""Projects and homes that a resident marked, looked at last, or compares, the same on each of his devices."""

from __future__ import annotations

from django.db import models

from anju.citizen.models.accounts import Resident


class Shelves(models.Model):
    """What is kept by shelf, the latest first."""

    resident = models.OneToOneField(Resident, on_delete=models.CASCADE, related_name="+", verbose_name="账号")
    favourite = models.JSONField("收藏", default=list)
    seen = models.JSONField("最近看过", default=list)
    compare = models.JSONField("对比", default=list)
    kept_at = models.DateTimeField("保存时间", auto_now=True)

    class Meta:
        abstract = True


class KeptProjects(Shelves):
    """Codes of projects."""


class KeptUnits(Shelves):
    """Numbers of homes."""
