"""Registers of eligibility: cases, certificates, publicity periods, requests to delete."""

from __future__ import annotations

from django.db.models import QuerySet

from anju.eligibility.models import Agency, Certificate, DeletionRequest, Publicity
from anju.kernel.cases.models import Case, CaseState
from anju.kernel.cases.types import all_types
from anju.kernel.crypto import mask_id_number, mask_phone
from anju.kernel.registers import (
    Choice,
    Column,
    DateBetween,
    Field,
    Register,
    Rights,
    Search,
    Section,
    View,
    declare,
)
from anju.kernel.scope import Actor

GROUP = "资格审核"


@declare
class CaseRegister(Register[Case]):
    """All cases within reach, open and closed; deleted ones are kept out of the working lists (SH-045.8)."""

    key, title, unit, group, icon = "cases.cases", "案件", "件", GROUP, "folder-open"
    model = Case
    rights = Rights("cases.case")
    columns = (
        Column("number", frozen=True, width=190),
        Column("household", frozen=True, width=110),
        Column("household_size", width=70),
        Column("state", dictionary="case_state", width=110),
        Column("node_title", "当前环节", width=120),
        Column("division", dictionary="division", width=110),
        Column("submitted_at", width=150),
        Column("due_on", width=120),
        Column("closed_at", width=150),
        Column("source", dictionary="case_source", width=110, hidden=True),
        Column("fail_type", dictionary="fail_type", width=140, hidden=True),
        Column("phone", "手机", masked=mask_phone, listed=False),
    )
    filters = (
        Choice("state", dictionary="case_state"),
        Choice("division", dictionary="division", tree=True),
        DateBetween("submitted_at"),
        DateBetween("due_on", primary=False),
        Choice("fail_type", dictionary="fail_type", primary=False),
    )
    search = Search(["number", "household"], "案件编号、申请人")
    order = "-submitted_at"
    views = (
        View("open", "在办", {"state": ["open", "supplement"]}),
        View("supplement", "待补件", {"state": ["supplement"]}),
        View("passed", "已通过", {"state": ["passed"]}),
    )
    can_create = can_change = can_delete = False
    heading = ("household", "number")
    badges = ("state",)
    detail = (
        Section("申请", ["number", "household", "household_size", "phone", "division", "source", "submitted_at"]),
        Section("办理", ["state", "node_title", "due_on", "closed_at", "fail_type"]),
    )

    def base(self) -> QuerySet[Case]:
        # matters that offices file have registers of their own
        filed = [kind.key for kind in all_types() if kind.filing]
        return Case.objects.exclude(state=CaseState.DELETED).exclude(type_key__in=filed)


@declare
class CertificateRegister(Register[Certificate]):
    """Admission certificates (SH-046)."""

    key, title, unit, group, icon = "eligibility.certificates", "资格证", "张", GROUP, "award"
    model = Certificate
    rights = Rights("eligibility.certificate")
    columns = (
        Column("number", frozen=True, width=190),
        Column("holder_name", frozen=True, width=110),
        Column("holder_number", masked=mask_id_number, width=180),
        Column("household_size", width=70),
        Column("priority_group", dictionary="priority_group", width=130),
        Column("division", dictionary="division", width=110),
        Column("valid_from", width=120),
        Column("valid_until", width=120),
        Column("state", dictionary="certificate_state", width=100),
        Column("case_number", width=190, hidden=True),
        Column("phone", masked=mask_phone, listed=False),
    )
    filters = (
        Choice("state", dictionary="certificate_state"),
        Choice("division", dictionary="division", tree=True),
        DateBetween("valid_from"),
        DateBetween("valid_until", primary=False),
    )
    search = Search(["number", "holder_name", "case_number"], "资格证号、持证人、案件编号")
    order = "-valid_from"
    can_create = can_change = can_delete = False
    heading = ("holder_name", "number")
    called = "number"
    subjects = ("certificate",)
    badges = ("state",)
    detail = (
        Section("资格证", ["number", "holder_name", "holder_number", "phone", "household_size", "priority_group"]),
        Section("有效期", ["valid_from", "valid_until", "state", "case_number"]),
    )


@declare
class AgencyRegister(Register[Agency]):
    """Code, name and telephone that an accepting office tells its applicants (SH-047.1)."""

    key, title, unit, group, icon = "eligibility.agencies", "受理机构信息", "条", GROUP, "phone"
    model = Agency
    rights = Rights("eligibility.agency")
    columns = (
        Column("code", frozen=True, width=150),
        Column("name", frozen=True, width=260),
        Column("phone", width=160),
        Column("division", dictionary="division", width=110),
        Column("updated_at", "修改时间", width=150, hidden=True),
    )
    search = Search(["code", "name"], "代码、名称")
    order = "code"
    form = (
        Field("code", "运营公司代码", required=True, max_length=30, pattern=r"[A-Za-z0-9-]{2,30}", example="LZ-OP-01"),
        Field("name", "运营公司名称", required=True, max_length=100),
        Field(
            "phone", "运营公司电话", required=True, max_length=30, pattern=r"[0-9+\-() ]{5,30}",
            hint="申请人会在短信里看到",
        ),
    )  # fmt: skip
    can_delete = False
    heading = ("name", "code")
    open_names = True
    detail = (Section("受理机构", ["code", "name", "phone", "division"]),)

    def fill(self, row: Agency, actor: Actor) -> None:
        if row.pk is None:
            row.org_path, row.division = actor.org_path, actor.division


@declare
class PublicityRegister(Register[Publicity]):
    """Publicity periods with their results."""

    key, title, unit, group, icon = "eligibility.publicity", "公示", "条", GROUP, "megaphone"
    model = Publicity
    rights = Rights("eligibility.publicity")
    columns = (
        Column("case_number", frozen=True, width=190),
        Column("holder_masked", width=110),
        Column("kind", dictionary="publicity_kind", width=110),
        Column("starts_on", width=120),
        Column("ends_on", width=120),
        Column("place", width=240),
        Column("objection", dictionary="objection", width=110),
        Column("finding", width=220, hidden=True),
    )
    filters = (Choice("kind", dictionary="publicity_kind"), Choice("objection", dictionary="objection"))
    search = Search(["case_number"], "案件编号")
    order = "-id"
    can_create = can_change = can_delete = False
    heading = ("holder_masked", "case_number")
    called = "case_number"


@declare
class DeletionRegister(Register[DeletionRequest]):
    """Requests to delete a case, for the city to decide (SH-045.7)."""

    key, title, unit, group, icon = "eligibility.deletions", "删除审批", "件", GROUP, "trash-2"
    model = DeletionRequest
    rights = Rights("eligibility.deletion")
    columns = (
        Column("case_number", frozen=True, width=190),
        Column("reason", width=300),
        Column("state", dictionary="deletion_state", width=120),
        Column("created_at", "申请时间", width=150),
        Column("decided_at", width=150),
        Column("decision_note", width=240),
    )
    filters = (Choice("state", dictionary="deletion_state"),)
    order = "-id"
    can_create = can_change = can_delete = False
    heading = ("case_number", "")
