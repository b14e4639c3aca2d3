"""Residents' accounts and the codes sent to their phones."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.kernel.base import Stamped
from anju.kernel.crypto import EncryptedText
from anju.kernel.http import explain


class VerifiedState(models.TextChoices):
    """How far a resident's real-name verification is."""

    NONE = "none", "未认证"
    WAITING = "waiting", "审核中"
    VERIFIED = "verified", "已认证"
    REFUSED = "refused", "未通过"


class Resident(Stamped):
    """A resident's account: one a telephone number (ZB-03.2). The number is encrypted; `phone_blind` finds it."""

    phone = EncryptedText("手机号")
    phone_blind = models.BinaryField("手机号索引", max_length=32)
    phone_masked = models.CharField("手机号", max_length=20)
    password = models.CharField("密码", max_length=200)
    name = models.CharField("姓名", max_length=60, default="", blank=True)
    verified = models.CharField("实名状态", max_length=10, choices=VerifiedState.choices, default=VerifiedState.NONE)
    person_id = models.BigIntegerField("人员", null=True)
    city = models.CharField("城市", max_length=6, default="", blank=True)
    large_type = models.BooleanField("大字", default=False)
    active = models.BooleanField("可用", default=True)
    failures = models.PositiveIntegerField("连续失败次数", default=0)
    locked_until = models.DateTimeField("锁定至", null=True)
    last_signed_in_at = models.DateTimeField("上次登录", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["phone_blind"], name="citizen_resident_phone_once"),
            models.CheckConstraint(condition=Q(verified__in=VerifiedState.values), name="citizen_resident_verified"),
            models.CheckConstraint(
                condition=~Q(verified="verified") | Q(person_id__isnull=False), name="citizen_resident_verified_who"
            ),
        ]
        indexes = [models.Index(fields=["person_id"], name="citizen_resident_person")]

    @property
    def ref(self) -> str:
        """The recipient's ref under which messages reach the resident."""
        return f"resident:{self.pk}"


class CodePurpose(models.TextChoices):
    """What a text-message code is for; a code for one purpose serves no other."""

    REGISTER = "register", "注册"
    RESET = "reset", "重设密码"
    SIGN = "sign", "签约"
    BIND = "bind", "绑定统一身份"
    ACCOUNT = "account", "账号申请"


class PhoneCode(models.Model):
    """A code sent to a phone: only its keyed digest is kept; it serves once, for ten minutes, with few tries."""

    phone_blind = models.BinaryField("手机号索引", max_length=32)
    purpose = models.CharField("用途", max_length=10, choices=CodePurpose.choices)
    subject = models.CharField("所属事项", max_length=64, default="", blank=True)
    digest = models.BinaryField("验证码摘要", max_length=32)
    created_at = models.DateTimeField("发出时间")
    expires_at = models.DateTimeField("失效时间")
    address = models.CharField("来源地址", max_length=45, default="")
    tries = models.PositiveSmallIntegerField("核对次数", default=0)
    used_at = models.DateTimeField("使用时间", null=True)
    ticket_digest = models.BinaryField("凭条摘要", max_length=32, null=True)
    ticket_expires_at = models.DateTimeField("凭条失效时间", null=True)
    ticket_used_at = models.DateTimeField("凭条使用时间", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=CodePurpose.values), name="citizen_code_purpose"),
            models.UniqueConstraint(fields=["ticket_digest"], name="citizen_code_ticket"),
        ]
        indexes = [
            models.Index(fields=["phone_blind", "-created_at"], name="citizen_code_phone"),
            models.Index(fields=["address", "-created_at"], name="citizen_code_address"),
        ]


explain(
    "citizen_resident_phone_once",
    "citizen.phone_registered",
    "这个手机号已经注册过",
    "请直接登录；忘了密码可以用短信验证码重设",
    "phone",
)
