"""Rules of how long data of a kind are kept and what happens then, and the record of what was done."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.kernel.base import Stamped
from anju.kernel.http import explain


class Ending(models.TextChoices):
    """What happens when the time is over."""

    ERASE = "erase", "清除"
    ANONYMISE = "anonymise", "匿名化"


class RetentionRule(Stamped):
    """How long data of a kind are kept. The kinds are declared in code, the time and the switch are the city's."""

    kind = models.CharField("数据种类", max_length=60, unique=True)
    title = models.CharField("名称", max_length=100)
    basis = models.CharField("依据", max_length=200, default="", blank=True)
    ending = models.CharField("到期处理", max_length=12, choices=Ending.choices)
    least_months = models.PositiveSmallIntegerField("最短保存月数")
    months = models.PositiveSmallIntegerField("保存月数")
    active = models.BooleanField("启用", default=False)
    last_run_at = models.DateTimeField("上次执行", null=True, editable=False)
    last_rows = models.BigIntegerField("上次处理条数", default=0, editable=False)

    class Meta:
        verbose_name = "保存期限"
        constraints = [
            models.CheckConstraint(condition=Q(months__gte=models.F("least_months")), name="trust_retention_least"),
        ]


explain(
    "trust_retention_least",
    "retention.too_short",
    "保存月数少于规定的最短期限",
    "请填写不少于最短保存月数的值",
    "months",
)


class RetentionRun(models.Model):
    """What a run did, or would have done."""

    rule = models.ForeignKey(RetentionRule, on_delete=models.PROTECT, related_name="runs", verbose_name="规则")
    at = models.DateTimeField("时间")
    actor = models.CharField("执行人", max_length=64)
    preview = models.BooleanField("预演")
    before = models.DateTimeField("早于")
    rows = models.BigIntegerField("到期条数")
    held = models.BigIntegerField("因决定所依据而保留")

    class Meta:
        verbose_name = "保存期限执行记录"
        indexes = [models.Index(fields=["rule", "-at"], name="trust_retention_run")]
