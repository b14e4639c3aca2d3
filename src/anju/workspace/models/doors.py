"""Door events as the big screen shows them (PR-02.3); the devices and cards themselves come with the operations module."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class DoorWay(models.TextChoices):
    """How somebody came in, or tried to."""

    FACE = "face", "人脸"
    CARD = "card", "刷卡"
    CODE = "code", "临时码"
    PHONE = "phone", "手机"


class DoorEvent(models.Model):
    """One passage or refusal at one door; `key` is the number that the source gave it, so that a repeat is one event.

    The name of the person is masked before it is stored.
    """

    source = models.CharField("来源", max_length=64)
    key = models.CharField("来源编号", max_length=100)
    at = models.DateTimeField("时间")
    place = models.CharField("位置", max_length=100)
    division = models.CharField("行政区划", max_length=6)
    org_path = models.CharField("所属机构", max_length=200, default="/")
    person_masked = models.CharField("人员", max_length=30, default="", blank=True)
    way = models.CharField("方式", max_length=10, choices=DoorWay.choices)
    passed = models.BooleanField("通过", default=True)
    received_at = models.DateTimeField("收到时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="workspace_doorevent_once"),
            models.CheckConstraint(condition=Q(way__in=DoorWay.values), name="workspace_doorevent_way"),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="workspace_doorevent_latest"),
            models.Index(fields=["-received_at"], name="workspace_doorevent_received"),
        ]
