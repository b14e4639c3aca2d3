"""The register of those who watch: the audit trail."""

from __future__ import annotations

from anju.kernel.audit.models import AuditEntry
from anju.kernel.registers import Choice, Column, DateBetween, Register, Rights, Search, Section, Text, declare


@declare
class AuditRegister(Register[AuditEntry]):
    """The audit trail: who did what, when, from where (NF-05.3)."""

    key, title, unit, group, icon = "audit.entries", "审计记录", "条", "统计与监督", "shield-check"
    model = AuditEntry
    rights = Rights("audit.entry", owner="actor")
    columns = (
        Column("at", frozen=True, width=160),
        Column("actor_name", frozen=True, width=110),
        Column("action", dictionary="audit_action", width=110),
        Column("title", width=280),
        Column("subject", width=180),
        Column("address", width=140),
        Column("actor", width=120, hidden=True),
    )
    filters = (
        Choice("action", dictionary="audit_action"),
        DateBetween("at"),
        Text("actor_name"),
        Text("subject", primary=False),
    )
    search = Search(["subject", "actor_name"], "对象、人员")
    order = "-id"
    can_create = can_change = can_delete = False
    heading = ("title", "subject")
    detail = (Section("记录", ["at", "actor_name", "actor", "action", "title", "subject", "address"]),)
