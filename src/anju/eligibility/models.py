"""Certificates, publicity periods and requests to delete a case."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from anju.kernel.base import Owned
from anju.kernel.crypto.fields import EncryptedText
from anju.kernel.http import explain
from anju.kernel.registers import search_index


class CertificateState(models.TextChoices):
    """Whether a certificate still opens doors; its dates decide beside this."""

    VALID = "valid", "有效"
    REVOKED = "revoked", "已注销"


class DateRange(Func):
    """daterange(from, until, '[]') over two columns."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Certificate(Owned):
    """《公共租赁住房准入资格证》: issued on admission, valid for two years from that day (SH-046.1)."""

    number = models.CharField("资格证号", max_length=40, unique=True)
    case_id = models.BigIntegerField("案件", unique=True)
    case_number = models.CharField("案件编号", max_length=40)
    programme = models.CharField("保障类别", max_length=30, default="public_rental")
    holder_ref = models.CharField("持证人账号", max_length=64)
    holder_name = models.CharField("持证人", max_length=60)
    holder_gender = models.CharField("性别", max_length=4, default="")
    holder_number = EncryptedText("证件号码")
    holder_key = models.BinaryField("证件索引", max_length=32)
    phone = EncryptedText("手机")
    household_size = models.PositiveSmallIntegerField("人数")
    sealed_members = EncryptedText("家庭成员")
    priority_group = models.CharField("优先组", max_length=40, default="", blank=True)
    conditions = models.CharField("准入条件", max_length=200, default="", blank=True)
    accepted_at = models.DateTimeField("受理时间")
    valid_from = models.DateField("发证日期")
    valid_until = models.DateField("有效期至")
    state = models.CharField("状态", max_length=10, choices=CertificateState.choices, default=CertificateState.VALID)
    revoked_reason = models.CharField("注销原因", max_length=200, default="", blank=True)
    document_id = models.BigIntegerField("证书文件", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="eligibility_certificate_dates"),
            models.CheckConstraint(
                condition=Q(state__in=CertificateState.values), name="eligibility_certificate_state"
            ),
            ExclusionConstraint(
                name="eligibility_certificate_one_at_a_time",
                expressions=[
                    ("holder_key", RangeOperators.EQUAL),
                    ("programme", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_until", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                ],
                condition=Q(state=CertificateState.VALID),
            ),
        ]
        indexes = [
            models.Index(fields=["-valid_from", "-id"], name="eligibility_certificate_newest"),
            models.Index(fields=["holder_ref"], name="eligibility_certificate_of"),
            search_index("eligibility_certificate_search", "number", "holder_name", "case_number"),
            models.Index(fields=["division", "-id"], name="eligibility_certificate_div"),
            models.Index(fields=["org_path"], name="eligibility_certificate_path", opclasses=["text_pattern_ops"]),
        ]

    @property
    def members(self) -> list[dict[str, Any]]:
        """The household as admitted, the holder first."""
        loaded: list[dict[str, Any]] = json.loads(self.sealed_members)
        return loaded


class Agency(Owned):
    """What an accepting office tells applicants of itself (受理机构): code, name and telephone, in each SMS (SH-047.1)."""

    code = models.CharField("运营公司代码", max_length=30)
    name = models.CharField("运营公司名称", max_length=100)
    phone = models.CharField("运营公司电话", max_length=30)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_path"], name="eligibility_agency_one_an_office"),
            models.UniqueConstraint(fields=["code"], name="eligibility_agency_code"),
        ]


class PublicityKind(models.TextChoices):
    """Which of the two publicity periods."""

    PRELIMINARY = "preliminary", "初审公示"
    ONLINE = "online", "网上公示"


class Objection(models.TextChoices):
    """What came of a publicity period."""

    PENDING = "pending", "公示中"
    NONE = "none", "无异议"
    UPHELD = "upheld", "异议成立"
    REJECTED = "rejected", "异议不成立"


class Publicity(Owned):
    """A publicity period of a case (公示): from when to when and where shown, and its result (SH-043, SH-044)."""

    case_id = models.BigIntegerField("案件")
    case_number = models.CharField("案件编号", max_length=40)
    kind = models.CharField("类别", max_length=12, choices=PublicityKind.choices)
    holder_masked = models.CharField("申请人", max_length=60)
    id_masked = models.CharField("证件号码", max_length=40)
    household_size = models.PositiveSmallIntegerField("人数")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    place = models.CharField("公示地址", max_length=200)
    objection = models.CharField("异议", max_length=10, choices=Objection.choices, default=Objection.PENDING)
    opinion = models.CharField("公示意见", max_length=500, default="", blank=True)
    finding = models.CharField("核实结果", max_length=500, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="eligibility_publicity_dates"),
            models.UniqueConstraint(
                fields=["case_id", "kind"], condition=Q(objection=Objection.PENDING),
                name="eligibility_publicity_one_running",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["division", "ends_on"], name="eligibility_publicity_running"),
            models.Index(fields=["case_id", "id"], name="eligibility_publicity_of_case"),
            models.Index(fields=["org_path"], name="eligibility_publicity_path", opclasses=["text_pattern_ops"]),
        ]


class DeletionState(models.TextChoices):
    """Whether the city allowed a deletion."""

    ASKED = "asked", "待市级审批"
    APPROVED = "approved", "已删除"
    REFUSED = "refused", "未同意"


class DeletionRequest(Owned):
    """A clerk's request to delete a case under review; the city decides (SH-045.7)."""

    case_id = models.BigIntegerField("案件")
    case_number = models.CharField("案件编号", max_length=40)
    reason = models.CharField("理由", max_length=500)
    state = models.CharField("状态", max_length=10, choices=DeletionState.choices, default=DeletionState.ASKED)
    decided_by = models.CharField("审批人", max_length=64, default="", blank=True)
    decided_at = models.DateTimeField("审批时间", null=True)
    decision_note = models.CharField("审批意见", max_length=500, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_id"], condition=Q(state=DeletionState.ASKED), name="eligibility_deletion_one_open"
            ),
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=F("created_by")), name="eligibility_deletion_two_people"
            ),
        ]


class TalentState(models.TextChoices):
    """What the city's talent-housing platform says of a person who calls himself a talent."""

    ASKED = "asked", "待核对"
    CONFIRMED = "confirmed", "已认定"
    UNKNOWN = "unknown", "平台无认定"


class Talent(Owned):
    """An applicant who said that he is a talent (是否人才), with what he wishes for and what the platform knows (SH-018)."""

    holder_key = models.BinaryField("证件索引", max_length=32, unique=True)
    name = models.CharField("姓名", max_length=60)
    document_type = models.CharField("证件类型", max_length=20)
    number = EncryptedText("证件号码")
    case_number = models.CharField("案件编号", max_length=40, default="", blank=True)
    wish_division = models.CharField("意向项目所在区", max_length=6, default="", blank=True)
    wish_layout = models.CharField("意向户型", max_length=32, default="", blank=True)
    state = models.CharField("认定", max_length=10, choices=TalentState.choices, default=TalentState.ASKED)
    level = models.CharField("人才层级", max_length=16, default="", blank=True)
    talent_division = models.CharField("人才所属区", max_length=6, default="", blank=True)
    certificate_no = models.CharField("人才认定编号", max_length=40, default="", blank=True)
    valid_until = models.DateField("认定有效期至", null=True)
    asked_at = models.DateTimeField("核对时间", null=True)
    trouble = models.CharField("核对问题", max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=TalentState.CONFIRMED)
                | (~Q(level="") & ~Q(certificate_no="") & Q(valid_until__isnull=False)),
                name="eligibility_talent_confirmed",
            ),
        ]
        indexes = [
            models.Index(fields=["org_path"], name="eligibility_talent_path", opclasses=["text_pattern_ops"]),
            search_index("eligibility_talent_search", "name", "case_number"),
        ]


class Standing(models.TextChoices):
    """What a qualification is worth on a day."""

    VALID = "valid", "有效"
    EXPIRED = "expired", "已到期"
    REVOKED = "revoked", "已注销"


class QualificationPush(Owned):
    """What the talent-housing platform was told last of a talent's certificate (SH-192.4)."""

    certificate = models.OneToOneField(Certificate, models.PROTECT, verbose_name="资格证", related_name="+")
    talent = models.ForeignKey(Talent, models.PROTECT, verbose_name="人才", related_name="+")
    state = models.CharField("推送状态", max_length=10, default="pushing")
    standing = models.CharField("告知的资格", max_length=10, choices=Standing.choices, default="", blank=True)
    certificate_version = models.PositiveIntegerField("资格证版本", default=0)
    digest = models.CharField("内容摘要", max_length=40, default="")
    told_at = models.DateTimeField("平台接收时间", null=True)
    receipt = models.CharField("平台回执", max_length=64, default="", blank=True)
    trouble = models.CharField("推送问题", max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="pushing") | Q(state="pushed", told_at__isnull=False),
                name="eligibility_qualificationpush_state",
            ),
        ]
        indexes = [
            models.Index(fields=["org_path"], name="eligibility_qualipush_path", opclasses=["text_pattern_ops"]),
        ]


explain("eligibility_talent_confirmed", "talent.unconfirmed", "认定的人才须有层级、编号和有效期", "请重新向平台核对")
explain("eligibility_qualificationpush_state", "talent.untold", "平台接收后才算已推送", "请重新推送")
explain("eligibility_agency_one_an_office", "agency.exists", "本机构的受理信息已经登记过", "请直接修改原有一条")
explain("eligibility_agency_code", "agency.code_taken", "这个运营公司代码已被使用", "请核对代码", "code")
explain("eligibility_deletion_one_open", "deletion.open_exists", "这件案子已经申请过删除", "请等市级审批")
explain("eligibility_deletion_two_people", "deletion.same_person", "申请人不能审批自己的申请", "请由另一人审批")
explain("eligibility_publicity_one_running", "publicity.running", "公示已经录入", "请等公示期满")
explain(
    "eligibility_certificate_one_at_a_time", "certificate.exists", "持证人已有一张有效的资格证", "请先核对已有资格证"
)
