"""The call log and the rules that watch it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.gateway.models.catalogue import Operation, Service
from anju.gateway.models.parties import Party
from anju.kernel.base import Stamped


class Call(models.Model):
    """One call of a party, or of one who claimed to be one. The table is divided by month of `at`.

    Nothing of the content is kept. Rows outlive what they name, so no key binds them.
    """

    at = models.DateTimeField("时间")
    party = models.ForeignKey(
        Party,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name="接入方",
    )
    service = models.ForeignKey(
        Service,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name="服务",
    )
    operation = models.ForeignKey(
        Operation, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+",
        verbose_name="操作",
    )  # fmt: skip
    key_id = models.CharField("凭证编号", max_length=60, default="")
    test = models.BooleanField("测试", default=False)
    method = models.CharField("方法", max_length=8)
    path = models.CharField("地址", max_length=200)
    status = models.PositiveSmallIntegerField("状态码")
    result = models.CharField("结果", max_length=60)
    bytes_in = models.PositiveIntegerField("请求字节")
    bytes_out = models.PositiveIntegerField("应答字节")
    duration_us = models.PositiveIntegerField("用时（微秒）")
    trace_id = models.CharField("跟踪号", max_length=32)
    address = models.CharField("来源地址", max_length=45, default="")
    org_path = models.CharField("所属机构", max_length=200, default="/")
    division = models.CharField("行政区划", max_length=6, default="")

    class Meta:
        verbose_name = "调用日志"
        indexes = [
            models.Index(fields=["at", "id"], name="gateway_call_at"),
            models.Index(fields=["party", "at"], name="gateway_call_party"),
        ]


class Metric(models.TextChoices):
    """What a rule measures."""

    ERRORS = "errors", "出错比例（%）"
    LATENCY = "latency", "95% 用时（毫秒）"
    SILENCE = "silence", "无调用（分钟）"
    REFUSED = "refused", "被拒次数"


class AlarmRule(Stamped):
    """When those who watch are told (SH-230.5): a measure over the last minutes passes a threshold.

    `raised_at` is set while the alarm lasts, so that one trouble is told once.
    """

    title = models.CharField("名称", max_length=60)
    metric = models.CharField("指标", max_length=12, choices=Metric.choices)
    party = models.ForeignKey(Party, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="接入方")
    service = models.ForeignKey(Service, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="服务")
    threshold = models.PositiveIntegerField("阈值")
    minutes = models.PositiveIntegerField("统计分钟", default=10)
    least_calls = models.PositiveIntegerField("最少次数", default=20)
    active = models.BooleanField("启用", default=True)
    raised_at = models.DateTimeField("告警时间", null=True)
    value = models.DecimalField("最近测值", max_digits=12, decimal_places=2, null=True)

    class Meta:
        verbose_name = "告警规则"
        constraints = [
            models.CheckConstraint(condition=Q(metric__in=Metric.values), name="gateway_alarm_metric"),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=1440), name="gateway_alarm_minutes"),
            models.CheckConstraint(condition=Q(threshold__gte=1), name="gateway_alarm_threshold"),
        ]

    def __str__(self) -> str:
        return self.title
