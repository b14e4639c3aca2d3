"""The running numbers under which changes of accounts, organisations and roles are told to others (SH-223)."""

from __future__ import annotations

from django.db import models


class Increment(models.Model):
    """One change. Numbers become visible in their order, so a reader who remembers the last one misses none."""

    number = models.BigAutoField("序号", primary_key=True)
    kind = models.CharField("对象", max_length=20)
    object_id = models.BigIntegerField("标识")
    action = models.CharField("变更", max_length=20)
    at = models.DateTimeField("时间", auto_now_add=True)
