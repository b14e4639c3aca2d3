"""Versions of the published specification."""

from __future__ import annotations

from django.db import models


class Specification(models.Model):
    """A version of the OpenAPI document for parties; kept as it was published."""

    number = models.PositiveIntegerField("版本", primary_key=True)
    product = models.CharField("产品版本", max_length=20)
    digest = models.CharField("摘要", max_length=64)
    content = models.JSONField("内容")
    published_at = models.DateTimeField("发布时间")

    class Meta:
        verbose_name = "接口规范"
