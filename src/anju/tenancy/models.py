"""Contracts, who lives under them, and what happened to them."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce

from anju.kernel.base import Owned
from anju.kernel.crypto.fields import EncryptedText
from anju.kernel.http import explain
from anju.kernel.registers import search_index
from anju.kernel.scope.branches import branch_indexes
from anju.tenancy.papers.models import Paper, PaperTemplate, PrintRight, TemplateVersion

__all__ = [
    "IN_FORCE", "LIVE", "Contract", "ContractState", "Happening", "Occupant", "OccupantKind", "Paper", "PaperTemplate",
    "PrintRight", "TalentContract", "TemplateVersion", "TerminationKind",
]  # fmt: skip


class ContractState(models.TextChoices):
    """Where a contract stands."""

    SIGNING = "signing", "签约中"
    EFFECTIVE = "effective", "已生效"
    FILED = "filed", "已备案"
    LEAVING = "leaving", "待退"
    TERMINATED = "terminated", "已退租"
    CANCELLED = "cancelled", "已作废"


LIVE = [ContractState.SIGNING, ContractState.EFFECTIVE, ContractState.FILED, ContractState.LEAVING]
IN_FORCE = [ContractState.EFFECTIVE, ContractState.FILED, ContractState.LEAVING]


class TerminationKind(models.TextChoices):
    """How a contract ends (SH-074.1)."""

    EXPIRY = "expiry", "到期退租"
    EARLY = "early", "提前退租"


class Period(Func):
    """daterange(from, until, '[]') over two columns."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Contract(Owned):
    """A contract of lease. No two live ones hold one unit at a time, nor one household: the table forbids both."""

    number = models.CharField("合同编号", max_length=40, unique=True)
    # contracts from before the platform may be taken over without a certificate
    certificate_id = models.BigIntegerField("资格证", null=True)
    certificate_no = models.CharField("资格证号", max_length=40, default="", blank=True)
    unit_id = models.BigIntegerField("房源")
    unit_code = models.CharField("房源编码", max_length=40)
    address = models.CharField("坐落", max_length=260)
    project_name = models.CharField("项目", max_length=100)
    floor_area = models.DecimalField("面积", max_digits=8, decimal_places=2)
    tenant_ref = models.CharField("承租人账号", max_length=64, default="", blank=True)
    tenant_name = models.CharField("承租人", max_length=60)
    tenant_gender = models.CharField("性别", max_length=4, default="", blank=True)
    tenant_number = EncryptedText("证件号码")
    tenant_key = models.BinaryField("证件索引", max_length=32, null=True)
    phone = EncryptedText("手机")
    attribute = models.CharField("合同属性", max_length=20, default="new")
    kind = models.CharField("合同类型", max_length=20, default="individual")
    rent_mode = models.CharField("交租方式", max_length=20, default="monthly")
    starts_on = models.DateField("起始日期")
    ends_on = models.DateField("终止日期")
    rent = models.DecimalField("月租金", max_digits=10, decimal_places=2)
    deposit = models.DecimalField("押金", max_digits=10, decimal_places=2)
    state = models.CharField("状态", max_length=12, choices=ContractState.choices, default=ContractState.SIGNING)
    sent_at = models.DateTimeField("发送签约", null=True)
    signed_at = models.DateTimeField("签约时间", null=True)
    signed_way = models.CharField("签约方式", max_length=10, default="", blank=True)
    effective_at = models.DateTimeField("生效时间", null=True)
    filed_at = models.DateTimeField("备案时间", null=True)
    filing_no = models.CharField("备案号", max_length=40, default="", blank=True)
    leaving_kind = models.CharField("退租类别", max_length=10, default="", blank=True)
    leaving_on = models.DateField("拟退日期", null=True)
    leaving_reason = models.CharField("退租原因", max_length=300, default="", blank=True)
    terminated_at = models.DateTimeField("退租时间", null=True)
    ended_on = models.DateField("实际终止日期", null=True)
    document_id = models.BigIntegerField("合同文件", null=True)
    notice_id = models.BigIntegerField("备案通知书", null=True)
    # as whom the tenant signs, and what the unit was then: a talent's label goes with the filing (SH-018.11, SH-018.12)
    programme = models.CharField("房源性质", max_length=32, default="", db_default="", blank=True)
    talent_level = models.CharField("人才层级", max_length=16, default="", db_default="", blank=True)
    talent_division = models.CharField("人才所属区", max_length=6, default="", db_default="", blank=True)
    talent_unit_division = models.CharField("人才房管理区", max_length=6, default="", db_default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="tenancy_contract_dates"),
            models.CheckConstraint(condition=Q(rent__gte=0, deposit__gte=0), name="tenancy_contract_money"),
            models.CheckConstraint(condition=Q(state__in=ContractState.values), name="tenancy_contract_state"),
            models.CheckConstraint(
                condition=~Q(state__in=IN_FORCE) | Q(effective_at__isnull=False), name="tenancy_contract_effective"
            ),
            models.CheckConstraint(
                condition=(Q(state=ContractState.TERMINATED) & Q(terminated_at__isnull=False))
                | (~Q(state=ContractState.TERMINATED) & Q(terminated_at__isnull=True)),
                name="tenancy_contract_terminated",
            ),
            models.CheckConstraint(
                condition=Q(certificate_id__isnull=False) | ~Q(state=ContractState.SIGNING),
                name="tenancy_contract_certified",
            ),
            models.CheckConstraint(
                condition=~Q(talent_level="district", programme="affordable_rental")
                | Q(talent_unit_division=F("talent_division")),
                name="tenancy_contract_talent",
            ),
            models.UniqueConstraint(
                fields=["certificate_id"], condition=Q(state__in=LIVE), name="tenancy_contract_one_a_household"
            ),
            models.UniqueConstraint(
                fields=["filing_no"], condition=~Q(filing_no=""), name="tenancy_contract_filing_no"
            ),
            ExclusionConstraint(
                name="tenancy_contract_one_a_unit",
                expressions=[
                    ("unit_id", RangeOperators.EQUAL),
                    (
                        Period("starts_on", Coalesce("ended_on", "ends_on"), RangeBoundary(True, True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state__in=LIVE),
            ),
            ExclusionConstraint(
                name="tenancy_contract_one_a_tenant",
                expressions=[
                    ("tenant_key", RangeOperators.EQUAL),
                    (
                        Period("starts_on", Coalesce("ended_on", "ends_on"), RangeBoundary(True, True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state__in=LIVE),
            ),
        ]
        indexes = [
            models.Index(fields=["-id"], name="tenancy_contract_newest"),
            *branch_indexes("tenancy_contract", "id"),
            models.Index(fields=["state", "-id"], name="tenancy_contract_newest_so"),
            models.Index(fields=["division", "-id"], name="tenancy_contract_newest_there"),
            models.Index(fields=["org_path"], name="tenancy_contract_path", opclasses=["text_pattern_ops"]),
            models.Index(fields=["tenant_ref"], name="tenancy_contract_of"),
            search_index("tenancy_contract_search", "number", "tenant_name", "address", "certificate_no"),
            models.Index(fields=["ends_on", "id"], name="tenancy_contract_ends"),
            models.Index(fields=["unit_id", "-id"], name="tenancy_contract_unit"),
        ]

    @property
    def subject(self) -> str:
        return f"contract:{self.pk}"


class OccupantKind(models.TextChoices):
    """Who lives in the unit beside the tenant."""

    CO_RESIDENT = "co_resident", "同住人"
    TEMPORARY = "temporary", "临时人"


class Occupant(models.Model):
    """A co-resident or temporary occupant (SH-063.3)."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="occupants")
    kind = models.CharField("类别", max_length=12, choices=OccupantKind.choices)
    name = models.CharField("姓名", max_length=60)
    number = EncryptedText("证件号码")
    number_key = models.BinaryField("证件索引", max_length=32)
    phone = EncryptedText("手机", default="")
    relation = models.CharField("关系", max_length=30)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "number_key"], name="tenancy_occupant_once"),
        ]


class TalentContract(Owned):
    """A filed contract of a talent that was pushed to the city's talent-housing platform (SH-192.5); each once."""

    contract = models.OneToOneField(Contract, models.PROTECT, verbose_name="合同", related_name="+")
    talent_no = models.CharField("人才认定编号", max_length=40)
    level = models.CharField("人才层级", max_length=16)
    state = models.CharField("推送状态", max_length=10, default="pushing")
    asked_by = models.CharField("推送人", max_length=50, default="", blank=True)
    told_at = models.DateTimeField("平台接收时间", null=True)
    receipt = models.CharField("平台回执", max_length=64, default="", blank=True)
    trouble = models.CharField("推送问题", max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="pushing") | Q(state="pushed", told_at__isnull=False),
                name="tenancy_talentcontract_state",
            ),
        ]
        indexes = [
            models.Index(fields=["org_path"], name="tenancy_talentcontract_path", opclasses=["text_pattern_ops"]),
        ]


class Happening(models.Model):
    """A node of the contract's flow chart that was reached: when, by whom (SH-065.4)."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="happenings")
    node = models.CharField("节点", max_length=30)
    at = models.DateTimeField("时间")
    actor_ref = models.CharField("人员", max_length=64)
    actor_name = models.CharField("姓名", max_length=60)
    text = models.CharField("说明", max_length=300, default="")

    class Meta:
        indexes = [models.Index(fields=["contract", "id"], name="tenancy_happening_of")]


explain(
    "tenancy_contract_one_a_unit",
    "contract.unit_taken",
    "这套房源在这段时间已有合同",
    "请选另一套房源或另一段时间",
    "unit_id",
)
explain(
    "tenancy_contract_one_a_household", "contract.household_has_one", "这个家庭已有一份在办或有效的合同",
    "请先办结原合同", "certificate_no",
)  # fmt: skip
explain(
    "tenancy_contract_one_a_tenant", "contract.tenant_has_one", "承租人在这段租期里已有另一份合同", "请先办结原合同",
    "certificate_no",
)  # fmt: skip
explain(
    "tenancy_contract_certified", "contract.no_certificate", "签订合同要有资格证", "请先查询资格证", "certificate_no"
)
explain(
    "tenancy_contract_talent", "contract.talent_unit", "区级人才只能签约本区人才标识的保租房源",
    "请选择带有他所属区人才标识的房源", "unit_id",
)  # fmt: skip
explain("tenancy_talentcontract_state", "contract.talent_untold", "平台接收后才算已推送", "请重新推送")
explain("tenancy_occupant_once", "contract.occupant_twice", "同一个人填了两次", "请删去重复的居住人", "occupants")
explain("tenancy_contract_dates", "contract.dates", "终止日期要晚于起始日期", "请修改日期", "ends_on")
explain("tenancy_contract_money", "contract.money", "租金、押金不能为负", "请修改金额", "rent")
