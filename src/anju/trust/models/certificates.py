"""User certificates bound to accounts, and the challenges their keys sign."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from anju.kernel.base import Owned
from anju.kernel.http import explain


class UserCertificate(Owned):
    """A certificate that stands for one account (绑定应用用户数字证书和应用用户ID); it serves no other."""

    account_id = models.BigIntegerField("账号")
    account_name = models.CharField("账号名", max_length=60)
    holder = models.CharField("持有人", max_length=80)
    subject = models.CharField("证书主题", max_length=200)
    issuer = models.CharField("签发者", max_length=200)
    serial = models.CharField("序列号", max_length=64)
    fingerprint = models.CharField("SM3 指纹", max_length=64, unique=True)
    not_before = models.DateTimeField("生效时间")
    not_after = models.DateTimeField("失效时间")
    content = models.BinaryField("证书")
    revoked_at = models.DateTimeField("吊销时间", null=True)
    reason = models.CharField("吊销原因", max_length=200, default="", blank=True)

    class Meta:
        verbose_name = "用户证书"
        constraints = [
            models.UniqueConstraint(fields=["issuer", "serial"], name="trust_certificate_serial"),
            models.CheckConstraint(condition=Q(not_after__gt=F("not_before")), name="trust_certificate_period"),
        ]
        indexes = [
            models.Index(fields=["account_id"], name="trust_certificate_account"),
            models.Index(fields=["org_path"], name="trust_certificate_path", opclasses=["text_pattern_ops"]),
        ]


explain("trust_certificate_serial", "certificate.bound", "这张证书已绑定账号", "一张证书只能绑定一个账号")
explain("trust_usercertificate_fingerprint_key", "certificate.bound", "这张证书已绑定账号", "一张证书只能绑定一个账号")


class CertificateChallenge(models.Model):
    """What a user's key signs at sign-in: random, good for two minutes and one use."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    value = models.BinaryField("随机数", max_length=32)
    expires_at = models.DateTimeField("失效时间", db_index=True)
    used_at = models.DateTimeField("使用时间", null=True)


class RevocationList(models.Model):
    """The last list that an authority published at an address: the serial numbers (hexadecimal) it revoked."""

    url = models.CharField("地址", max_length=300, unique=True)
    issuer = models.CharField("签发者", max_length=200, db_index=True)
    issued_at = models.DateTimeField("签发时间")
    valid_until = models.DateTimeField("有效期至")
    serials = ArrayField(models.CharField(max_length=64), verbose_name="吊销的序列号")
    fetched_at = models.DateTimeField("取得时间")
