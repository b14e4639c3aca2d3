"""E-mail, the words of each kind of message, and what a person wants to be told where and when (SH-004)."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from anju.kernel.base import Owned
from anju.kernel.crypto import EncryptedText
from anju.kernel.http import explain


class Channel(models.TextChoices):
    """The ways a message can take."""

    IN_APP = "in_app", "站内消息"
    EMAIL = "email", "电子邮件"
    SMS = "sms", "短信"


class MailState(models.TextChoices):
    """How far an e-mail is."""

    WAITING = "waiting", "待发送"
    SENT = "sent", "已发送"
    FAILED = "failed", "发送失败"


class Mail(Owned):
    """An e-mail to one address; its text is erased once it has gone, as with text messages."""

    person_ref = models.CharField("收件人标识", max_length=64, default="", blank=True)
    address = EncryptedText("邮箱")
    address_blind = models.BinaryField("邮箱索引", max_length=32)
    address_masked = models.CharField("邮箱", max_length=80)
    title = models.CharField("主题", max_length=150)
    text = EncryptedText("正文", null=True)
    kind = models.CharField("种类", max_length=40)
    subject = models.CharField("所属事项", max_length=64, default="", blank=True)
    state = models.CharField("状态", max_length=10, choices=MailState.choices, default=MailState.WAITING)
    tries = models.PositiveSmallIntegerField("尝试次数", default=0)
    message_uid = models.UUIDField("邮件编号", unique=True, default=uuid.uuid4)
    key = models.CharField("防重标识", max_length=120)
    not_before = models.DateTimeField("最早发送", null=True)
    sent_at = models.DateTimeField("发送时间", null=True)
    answer = models.CharField("邮件系统答复", max_length=300, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address_blind", "key"], name="workspace_mail_once"),
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="workspace_mail_state"),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="workspace_mail_sent_when"
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="workspace_mail_latest"),
            models.Index(fields=["id"], condition=Q(state="waiting"), name="workspace_mail_waiting"),
            models.Index(fields=["org_path"], name="workspace_mail_path", opclasses=["text_pattern_ops"]),
        ]


class Template(Owned):
    """The words of one kind of message on one channel; `{name}` stands for what the kind offers."""

    kind = models.CharField("种类", max_length=40)
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices)
    title = models.CharField("标题", max_length=100)
    text = models.TextField("内容", max_length=1000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "channel"], name="workspace_template_once"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="workspace_template_channel"),
        ]
        indexes = [models.Index(fields=["kind", "id"], name="workspace_template_list")]


explain("workspace_template_once", "template.exists", "这种消息在这个渠道已有模板", "请修改已有的模板", "channel")


class Contact(models.Model):
    """Where a person of staff is reached outside of the platform, and when he does not want to be (quiet hours)."""

    person_ref = models.CharField("人员", max_length=64, unique=True)
    email = EncryptedText("邮箱", default="")
    phone = EncryptedText("手机", default="")
    quiet_from = models.TimeField("免打扰开始", null=True)
    quiet_to = models.TimeField("免打扰结束", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="workspace_contact_quiet_whole",
            ),
        ]


class Preference(models.Model):
    """The channels a person chose for one kind of message; without a row the kind's own hold."""

    person_ref = models.CharField("人员", max_length=64)
    kind = models.CharField("种类", max_length=40)
    channels = ArrayField(models.CharField(max_length=10), verbose_name="渠道", default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_ref", "kind"], name="workspace_preference_once")]


class SeenStep(models.Model):
    """Steps of cases whose arrival was told to those who may do them; so that each is told once."""

    token_id = models.BigIntegerField("环节", primary_key=True)
    at = models.DateTimeField("时间")
