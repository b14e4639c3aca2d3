"""Messages inside the platform and text messages to phones."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from anju.kernel.base import Owned
from anju.kernel.crypto import EncryptedText


class Message(models.Model):
    """Something a person should know, on his own list; `recipient_ref` is an actor's, such as `resident:5`."""

    recipient_ref = models.CharField("收件人", max_length=64)
    title = models.CharField("标题", max_length=100)
    text = models.TextField("内容")
    kind = models.CharField("种类", max_length=30, default="notice")
    link = models.CharField("链接", max_length=200, default="", blank=True)
    subject = models.CharField("所属事项", max_length=64, default="", blank=True)
    key = models.CharField("防重标识", max_length=120)
    read_at = models.DateTimeField("阅读时间", null=True)
    org_path = models.CharField("所属机构", max_length=200, default="/")
    division = models.CharField("行政区划", max_length=6, default="", blank=True)
    created_at = models.DateTimeField("时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient_ref", "key"], name="workspace_message_once"),
        ]
        indexes = [
            models.Index(fields=["recipient_ref", "-id"], name="workspace_message_list"),
            models.Index(fields=["-created_at", "-id"], name="workspace_message_latest"),
            models.Index(fields=["org_path"], name="workspace_message_path", opclasses=["text_pattern_ops"]),
            models.Index(fields=["recipient_ref"], name="workspace_message_unread", condition=Q(read_at__isnull=True)),
        ]


class SmsState(models.TextChoices):
    """How far a text message is."""

    WAITING = "waiting", "待发送"
    SENT = "sent", "已发送"
    FAILED = "failed", "发送失败"


class Sms(Owned):
    """A text message. `shown` is what the log shows: codes in it are blotted out; `text` is erased once it has gone."""

    phone = EncryptedText("手机号")
    phone_blind = models.BinaryField("手机号索引", max_length=32)
    phone_masked = models.CharField("手机号", max_length=20)
    text = EncryptedText("发送内容", null=True)
    shown = models.CharField("内容", max_length=500)
    subject = models.CharField("所属事项", max_length=64, default="", blank=True)
    purpose = models.CharField("用途", max_length=30)
    state = models.CharField("状态", max_length=10, choices=SmsState.choices, default=SmsState.WAITING)
    tries = models.PositiveSmallIntegerField("尝试次数", default=0)
    idempotency_id = models.UUIDField("网关防重编号", unique=True, default=uuid.uuid4)
    key = models.CharField("防重标识", max_length=120)
    expires_at = models.DateTimeField("过时不发", null=True)
    not_before = models.DateTimeField("最早发送", null=True)
    sent_at = models.DateTimeField("发送时间", null=True)
    answer = models.CharField("网关答复", max_length=300, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["phone_blind", "key"], name="workspace_sms_once"),
            models.CheckConstraint(condition=Q(state__in=SmsState.values), name="workspace_sms_state"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent"), name="workspace_sms_sent_when"
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="workspace_sms_latest"),
            models.Index(fields=["phone_blind", "-id"], name="workspace_sms_phone"),
            models.Index(fields=["subject"], name="workspace_sms_subject"),
            models.Index(fields=["id"], condition=Q(state="waiting"), name="workspace_sms_waiting"),
            models.Index(fields=["org_path"], name="workspace_sms_path", opclasses=["text_pattern_ops"]),
        ]
