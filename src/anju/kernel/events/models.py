"""What happened, and who has been told."""

from __future__ import annotations

from django.db import models

from anju.kernel import clock


class StoredEvent(models.Model):
    """Something that happened, in the past tense, with what others need to know of it."""

    name = models.CharField("事件", max_length=80)
    payload = models.JSONField("内容", default=dict)
    created_at = models.DateTimeField("发生时间", default=clock.now)


class Delivery(models.Model):
    """One subscriber's share of an event; done exactly once."""

    event = models.ForeignKey(StoredEvent, on_delete=models.PROTECT, related_name="deliveries")
    subscriber = models.CharField("订阅方", max_length=120)
    done_at = models.DateTimeField("处理时间", null=True)
    attempts = models.PositiveIntegerField("次数", default=0)
    error = models.TextField("最近错误", default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "subscriber"], name="events_delivery_once"),
        ]
        indexes = [
            models.Index(fields=["id"], name="events_delivery_open", condition=models.Q(done_at__isnull=True)),
        ]
