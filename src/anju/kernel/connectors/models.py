"""Tables of the outside interfaces: the breaker of each, and the log of every call."""

from __future__ import annotations

from django.db import models


class ConnectorState(models.Model):
    """The circuit breaker of one interface, shared by all processes; a missing row means closed, no failure."""

    key = models.CharField("接口", max_length=60, primary_key=True)
    failures = models.PositiveIntegerField("连续失败次数", default=0)
    opened_until = models.DateTimeField("暂停至", null=True)
    probe_until = models.DateTimeField("试探占用至", null=True)
    failed_at = models.DateTimeField("最近失败", null=True)
    error = models.CharField("最近失败原因", max_length=300, default="")

    class Meta:
        db_table = "connectors_state"


class Result(models.TextChoices):
    """How a call ended."""

    OK = "ok", "成功"
    TIMEOUT = "timeout", "超时"
    REFUSED = "refused", "被退回"
    GARBAGE = "garbage", "应答无法采用"
    OPEN = "open", "暂停访问"
    FAILED = "failed", "出错"
    INVALID = "invalid", "未发出：格式不符"


class ConnectorCall(models.Model):
    """One call of an outside interface: who, when, about what, how long, how it ended. Holds no personal data.

    `subject` names the row it was made for (such as `check:12`); `digest` is a keyed digest of the query, so that the
    same question can be recognised but not guessed.
    """

    connector = models.CharField("接口", max_length=60)
    call_id = models.CharField("报文编号", max_length=64)
    subject = models.CharField("事由", max_length=100, default="")
    actor = models.CharField("调用人", max_length=64, default="system:0")
    asked_at = models.DateTimeField("调用时间")
    duration_ms = models.PositiveIntegerField("耗时（毫秒）")
    result = models.CharField("结果", max_length=10, choices=Result)
    tries = models.PositiveSmallIntegerField("尝试次数", default=0)
    error = models.CharField("错误", max_length=300, default="")
    digest = models.CharField("查询摘要", max_length=32, default="")

    class Meta:
        db_table = "connectors_call"
        indexes = [
            models.Index(fields=["connector", "-id"], name="connector_call_recent"),
            models.Index(fields=["subject"], name="connector_call_subject", condition=~models.Q(subject="")),
            models.Index(fields=["call_id"], name="connector_call_id"),
        ]
