"""The second factor of staff: one-time codes (TOTP), passkeys (WebAuthn), recovery codes, and the tickets between steps."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.identity.models.accounts import Account
from anju.kernel.crypto import EncryptedText
from anju.kernel.http import explain


class Totp(models.Model):
    """The secret of an authenticator app (RFC 6238). A time step serves once: `last_step` is the last one used."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="totp", verbose_name="账号")
    secret = EncryptedText("密钥")
    created_at = models.DateTimeField("绑定时间")
    confirmed_at = models.DateTimeField("启用时间", null=True)
    last_step = models.BigIntegerField("最近用过的时段", default=0)


class Passkey(models.Model):
    """A passkey or security key: its public key, and the counter that betrays a copied one."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="passkeys", verbose_name="账号")
    credential_id = models.BinaryField("凭据编号", max_length=1024)
    public_key = models.BinaryField("公钥")
    sign_count = models.BigIntegerField("使用计数", default=0)
    name = models.CharField("名称", max_length=60)
    created_at = models.DateTimeField("绑定时间")
    last_used_at = models.DateTimeField("上次使用", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["credential_id"], name="identity_passkey_once")]


class RecoveryCode(models.Model):
    """A code for the day the phone is lost: only its keyed digest is kept, and it serves once."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="recovery_codes", verbose_name="账号")
    digest = models.BinaryField("摘要", max_length=32)
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "digest"], name="identity_recovery_once")]


class TicketPurpose(models.TextChoices):
    """What a ticket leads to."""

    SIGN_IN = "sign_in", "登录第二步"
    ADD_PASSKEY = "add_passkey", "绑定通行密钥"


class Ticket(models.Model):
    """Between two steps: who proved his password (or asked to add a passkey) and what his key must sign; serves once."""

    digest = models.BinaryField("凭条摘要", max_length=32, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, verbose_name="账号")
    purpose = models.CharField("用途", max_length=20, choices=TicketPurpose.choices)
    challenge = models.BinaryField("待签内容", max_length=64)
    factor = models.CharField("第一步", max_length=20, default="password")
    expires_at = models.DateTimeField("失效时间", db_index=True)
    tries = models.PositiveSmallIntegerField("次数", default=0)
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=TicketPurpose.values), name="identity_ticket_purpose")
        ]


explain("identity_passkey_once", "second_factor.passkey_exists", "这个通行密钥已经绑定过", "请换一个通行密钥")
