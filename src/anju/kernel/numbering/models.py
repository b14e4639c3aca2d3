"""The last number given for each kind, area and year."""

from __future__ import annotations

from django.db import models


class Counter(models.Model):
    """One row a series of numbers; its lock keeps the series without gaps."""

    kind = models.CharField("号码种类", max_length=60)
    area = models.CharField("区划", max_length=20, blank=True, default="")
    year = models.PositiveIntegerField("年份")
    last = models.PositiveBigIntegerField("最后号码", default=0)

    class Meta:
        verbose_name = "编号"
        constraints = [models.UniqueConstraint(fields=["kind", "area", "year"], name="numbering_counter_series")]
