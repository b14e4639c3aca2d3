"""The summary from which the big screen reads: one row an estate, replaced as a whole every minute (PR-02)."""

from __future__ import annotations

from django.db import models


class ScreenEstate(models.Model):
    """What one estate holds, as of the last count; a project without an estate has one row without an estate's name."""

    project_id = models.BigIntegerField("项目")
    estate_id = models.BigIntegerField("小区", null=True)
    estate = models.CharField("小区名称", max_length=100, default="", blank=True)
    programme = models.CharField("保障类别", max_length=32)
    units = models.PositiveIntegerField("房源")
    rooms = models.PositiveIntegerField("房间")
    occupied = models.PositiveIntegerField("已入住")
    vacant = models.PositiveIntegerField("可供应")
    org_path = models.CharField("所属机构", max_length=200)
    division = models.CharField("行政区划", max_length=6)
    created_by = models.CharField("创建人", max_length=64, default="system:0")
    counted_at = models.DateTimeField("统计时间")

    class Meta:
        indexes = [models.Index(fields=["division"], name="workspace_screen_division")]
