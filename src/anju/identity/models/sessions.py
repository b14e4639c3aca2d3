"""Signed-in browsers, and the pictures to read before signing in."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Session(models.Model):
    """A signed-in browser. Only the digest of its token is kept."""

    digest = models.BinaryField("令牌摘要", max_length=32, unique=True)
    kind = models.CharField("类别", max_length=12)
    account_id = models.BigIntegerField("账号")
    created_at = models.DateTimeField("开始")
    last_seen_at = models.DateTimeField("最近使用")
    expires_at = models.DateTimeField("最迟结束")
    ended_at = models.DateTimeField("结束", null=True)
    address = models.CharField("网络地址", max_length=45, default="")
    agent = models.CharField("浏览器", max_length=200, default="")
    factor = models.CharField("认证方式", max_length=20, default="password")
    demand = models.CharField("须先办理", max_length=40, default="")

    class Meta:
        indexes = [
            models.Index(fields=["kind", "account_id", "-id"], name="identity_session_newest"),
            models.Index(fields=["kind", "account_id"], name="identity_session_of", condition=Q(ended_at__isnull=True)),
        ]


class Captcha(models.Model):
    """A picture to read: its answer is encrypted, it serves once and for five minutes (PR-01.2)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    answer = models.BinaryField("答案")
    expires_at = models.DateTimeField("失效时间", db_index=True)
    used_at = models.DateTimeField("使用时间", null=True)
