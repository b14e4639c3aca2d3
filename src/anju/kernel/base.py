"""What every row that belongs to an office has in common."""

from __future__ import annotations

from django.db import models


class Stamped(models.Model):
    """Moments and authors of a row; `version` grows by one with each change and guards against lost updates."""

    created_at = models.DateTimeField("创建时间", auto_now_add=True)
    created_by = models.CharField("创建人", max_length=64, default="system:0")
    updated_at = models.DateTimeField("修改时间", auto_now=True)
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        abstract = True


class Owned(Stamped):
    """A row that belongs to an office: the organisation's path in the tree and the division's code (GB/T 2260)."""

    org_path = models.CharField("所属机构", max_length=200, default="/", db_index=False)
    division = models.CharField("行政区划", max_length=6, default="")
    extra = models.JSONField("扩展属性", default=dict, blank=True)

    class Meta:
        abstract = True
