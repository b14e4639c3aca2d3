"""Real-name verification by photographs or by a bank (ZB-04)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.citizen.models.accounts import Resident
from anju.kernel.base import Owned
from anju.kernel.crypto import EncryptedText
from anju.kernel.http import explain


class VerificationWay(models.TextChoices):
    """The two ways of ZB-04.1."""

    PHOTOS = "photos", "证件照片"
    BANK = "bank", "银行用户"


class VerificationState(models.TextChoices):
    """How far a verification is."""

    WAITING = "waiting", "待审核"
    APPROVED = "approved", "已通过"
    REFUSED = "refused", "未通过"


class IdentityVerification(Owned):
    """One attempt of a resident to prove who he is; `division` is the city that checks it."""

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="verifications", verbose_name="账号")
    way = models.CharField("方式", max_length=8, choices=VerificationWay.choices)
    name = models.CharField("姓名", max_length=60)
    document_type = models.CharField("证件类型", max_length=20)
    document_number = EncryptedText("证件号码")
    number_blind = models.BinaryField("证件号码索引", max_length=32)
    number_masked = models.CharField("证件号码", max_length=30)
    front = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    back = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    holder = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    card_tail = models.CharField("银行卡尾号", max_length=4, default="", blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=VerificationState.choices, default=VerificationState.WAITING
    )
    reason = models.CharField("原因", max_length=300, default="", blank=True)
    due_on = models.DateField("应办结日")
    decided_by = models.CharField("审核人", max_length=64, default="", blank=True)
    decided_name = models.CharField("审核人姓名", max_length=80, default="", blank=True)
    decided_at = models.DateTimeField("审核时间", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(way__in=VerificationWay.values), name="citizen_verification_way"),
            models.CheckConstraint(condition=Q(state__in=VerificationState.values), name="citizen_verification_state"),
            models.UniqueConstraint(
                fields=["resident"], condition=Q(state="waiting"), name="citizen_verification_one_waiting"
            ),
            models.UniqueConstraint(
                fields=["resident"], condition=Q(state="approved"), name="citizen_verification_one_approved"
            ),
            models.UniqueConstraint(
                fields=["number_blind"], condition=Q(state="approved"), name="citizen_verification_one_account"
            ),
            models.CheckConstraint(
                condition=Q(way="bank") | Q(front__isnull=False, back__isnull=False, holder__isnull=False),
                name="citizen_verification_photos",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(decided_at__isnull=False), name="citizen_verification_decided"
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="citizen_verification_reason"),
        ]
        indexes = [
            models.Index(fields=["state", "-created_at", "-id"], name="citizen_verification_list"),
            models.Index(fields=["division"], name="citizen_verification_division", opclasses=["text_pattern_ops"]),
        ]


explain(
    "citizen_verification_one_waiting",
    "identity.waiting",
    "你已经交过一份实名认证，还在审核",
    "审核要 1 到 3 个工作日，结果会发消息和短信告诉你",
)
explain("citizen_verification_one_approved", "identity.verified", "你已经通过实名认证", "不用再交")
explain(
    "citizen_verification_one_account",
    "identity.taken",
    "这个证件号码已在另一个账号通过实名认证",
    "请用原来的手机号登录；手机号不用了，请到住房保障窗口办理",
)
