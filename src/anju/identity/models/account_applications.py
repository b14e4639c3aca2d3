"""Applications for accounts (账号申请) and the flows by which they are decided, class by class, version by version."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from anju.identity.models.accounts import Account
from anju.identity.models.organisations import Organisation
from anju.kernel.base import Owned
from anju.kernel.crypto import EncryptedText
from anju.kernel.http import explain


class AccountClass(models.TextChoices):
    """For whom an account is applied for (SH-219.1)."""

    CITY = "city", "市级住房保障机构用户"
    DISTRICT = "district", "区级住房保障机构用户"
    OPERATOR = "operator", "住保运营机构用户"


class AccountApplicationState(models.TextChoices):
    """Where an application stands; the exact step is its case's."""

    OPEN = "open", "审核中"
    CORRECTION = "correction", "待补正"
    APPROVED = "approved", "已开通"
    REFUSED = "refused", "未通过"


WAITING = (AccountApplicationState.OPEN, AccountApplicationState.CORRECTION)


class AccountApplication(Owned):
    """Somebody's wish for an account at a unit; its steps are those of its case. It belongs to the unit (territory)."""

    klass = models.CharField("账号类别", max_length=10, choices=AccountClass.choices)
    number = models.CharField("申请编号", max_length=40, unique=True)
    case_id = models.BigIntegerField("案件", unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, verbose_name="单位")
    name = models.CharField("姓名", max_length=60)
    username = models.CharField("账号", max_length=60)
    post = models.CharField("岗位", max_length=60, default="", blank=True)
    roles = ArrayField(models.CharField(max_length=60), verbose_name="申请的角色", default=list)
    id_number = EncryptedText("证件号码")
    person_key = models.BinaryField("证件索引", max_length=32)
    phone = EncryptedText("手机")
    phone_key = models.BinaryField("手机索引", max_length=32)
    file_id = models.BigIntegerField("单位盖章文件")
    state = models.CharField(
        "状态", max_length=12, choices=AccountApplicationState.choices, default=AccountApplicationState.OPEN
    )
    remark = models.CharField("审核意见", max_length=500, default="", blank=True)
    account = models.OneToOneField(
        Account, on_delete=models.PROTECT, null=True, related_name="application", verbose_name="开通的账号"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(klass__in=AccountClass.values), name="identity_application_class"),
            models.CheckConstraint(
                condition=Q(state="approved", account__isnull=False)
                | (Q(state__in=["open", "correction", "refused"]) & Q(account__isnull=True)),
                name="identity_application_account",
            ),
            models.UniqueConstraint(
                fields=["organisation", "person_key"],
                condition=Q(state__in=["open", "correction"]),
                name="identity_application_one_open",
            ),
        ]
        indexes = [
            models.Index(fields=["created_at", "id"], name="identity_application_newest"),
            models.Index(fields=["org_path"], name="identity_application_path", opclasses=["text_pattern_ops"]),
            models.Index(fields=["division"], name="identity_application_division", opclasses=["text_pattern_ops"]),
        ]


class AccountFlow(models.Model):
    """One version of a class's flow: who decides in which order, and which roles may be asked for (SH-220.1)."""

    klass = models.CharField("账号类别", max_length=10, choices=AccountClass.choices)
    version = models.PositiveIntegerField("版本")
    steps = models.JSONField("步骤")
    roles = ArrayField(models.CharField(max_length=60), verbose_name="可申请的角色", default=list)
    process_version = models.PositiveIntegerField("流程版本")
    made_at = models.DateTimeField("发布时间")
    made_by = models.CharField("发布人", max_length=64)
    made_name = models.CharField("发布人姓名", max_length=60, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["klass", "version"], name="identity_flow_version"),
            models.CheckConstraint(condition=Q(klass__in=AccountClass.values), name="identity_flow_class"),
        ]


explain(
    "identity_application_one_open",
    "application.person_waiting",
    "这个人在该单位已有一份账号申请在审核",
    "请用申请编号查询进度，等它办结",
    "id_number",
)
explain("identity_flow_version", "flow.changed", "别人刚发布了新的审批流程", "请刷新后再修改")
