"""Registers of talents: who said that he is one, and what the talent-housing platform was told of qualifications (SH-192.4)."""

from __future__ import annotations

from typing import Any

from anju.eligibility import talents
from anju.eligibility.models import QualificationPush, Talent
from anju.kernel.crypto import mask_id_number
from anju.kernel.registers import (
    Action,
    Choice,
    Column,
    DateBetween,
    Link,
    Register,
    Rights,
    Search,
    Section,
    View,
    declare,
)
from anju.kernel.scope import Actor

GROUP = "人才安居"


def ask(actor: Actor, held: Talent, values: dict[str, Any]) -> str:
    """Register act."""
    talents.ask(held)
    return "已向市人才安居平台核对，稍后刷新查看"


def again(actor: Actor, push: QualificationPush, values: dict[str, Any]) -> str:
    """Register act."""
    return talents.again(push)


@declare
class TalentRegister(Register[Talent]):
    """Applicants who said that they are talents, with what the platform knows of them."""

    key, title, unit, group, icon = "eligibility.talents", "人才名单", "人", GROUP, "users"
    model = Talent
    rights = Rights("eligibility.talent")
    columns = (
        Column("name", frozen=True, width=110),
        Column("number", masked=mask_id_number, width=190),
        Column("state", dictionary="talent_state", width=110),
        Column("level", dictionary="talent_level", width=110),
        Column("talent_division", dictionary="division", width=110),
        Column("certificate_no", width=160),
        Column("valid_until", width=130),
        Column("wish_division", dictionary="division", width=130),
        Column("wish_layout", dictionary="layout", width=110),
        Column("case_number", width=190),
        Column("asked_at", width=150),
        Column("trouble", width=220),
        Column("division", dictionary="division", width=110, hidden=True),
    )
    filters = (
        Choice("state", dictionary="talent_state"),
        Choice("level", dictionary="talent_level"),
        Choice("wish_division", dictionary="division"),
        Choice("division", dictionary="division", tree=True, primary=False),
    )
    search = Search(["name", "case_number"], "姓名、案件编号")
    order = "-id"
    can_create = can_change = can_delete = False
    actions = (Action("ask", "重新核对", ask, right="push", batch=True),)
    heading = ("name", "case_number")
    subjects = ("talent",)
    badges = ("state",)
    detail = (
        Section("申请人", ["name", "number", "case_number", "wish_division", "wish_layout"]),
        Section(
            "人才认定",
            ["state", "level", "talent_division", "certificate_no", "valid_until", "asked_at", "trouble"],
        ),
    )


@declare
class QualificationPushRegister(Register[QualificationPush]):
    """Qualifications of talents as the platform was told of them."""

    key, title, unit, group, icon = "eligibility.qualification_pushes", "人才资格推送", "条", GROUP, "send"
    model = QualificationPush
    rights = Rights("eligibility.talent")
    columns = (
        Column(
            "certificate.number",
            "资格证号",
            link=Link("eligibility.certificates", "certificate_id"),
            frozen=True,
            width=190,
        ),
        Column("certificate.holder_name", "持证人", width=110),
        Column("talent.certificate_no", "人才认定编号", width=160),
        Column("talent.level", "人才层级", dictionary="talent_level", width=110),
        Column("state", dictionary="talent_push_state", width=110),
        Column("standing", dictionary="qualification_standing", width=120),
        Column("certificate.valid_until", "有效期至", width=120),
        Column("told_at", width=150),
        Column("receipt", width=160),
        Column("trouble", width=220),
    )
    filters = (
        Choice("state", dictionary="talent_push_state"),
        Choice("standing", dictionary="qualification_standing"),
        DateBetween("told_at", primary=False),
    )
    order = "-id"
    can_create = can_change = can_delete = False
    actions = (Action("retry", "重新推送", again, right="push"),)
    views = (View("pushing", "推送中", {"state": ["pushing"]}),)
    heading = ("certificate.holder_name", "certificate.number")
    badges = ("state",)
    detail = (
        Section("资格", ["certificate.number", "certificate.holder_name", "certificate.valid_until", "standing"]),
        Section("推送", ["talent.certificate_no", "talent.level", "state", "told_at", "receipt", "trouble"]),
    )
