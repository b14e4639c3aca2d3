"""The registers of those who watch: the audit trail, and the calls of outside departments."""

from __future__ import annotations

from anju.kernel.audit.models import AuditEntry
from anju.kernel.connectors.models import ConnectorCall
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


@declare
class CallRegister(Register[ConnectorCall]):
    """Calls of outside departments, latest first: what for, how long it took, how it ended. No personal data."""

    key, title, unit, group, icon = "connectors.calls", "接口日志", "次", "统计与监督", "plug"
    model = ConnectorCall
    rights = Rights("connectors.call", path="connector", owner="actor")
    columns = (
        Column("asked_at", frozen=True, width=160),
        Column("connector", width=180),
        Column("result", dictionary="call_result", width=110),
        Column("duration_ms", width=110),
        Column("tries", width=90),
        Column("error", width=320),
        Column("subject", width=140),
        Column("actor", width=120, hidden=True),
        Column("call_id", width=200, hidden=True),
    )
    filters = (
        Choice("result", dictionary="call_result"),
        Text("connector", exact=True),
        DateBetween("asked_at"),
        Text("subject", primary=False, exact=True),
    )
    search = Search(["subject", "connector"], "事由、接口")
    order = "-id"
    can_create = can_change = can_delete = False
    heading = ("connector", "call_id")
    badges = ("result",)
    detail = (
        Section("调用", ["connector", "subject", "actor", "asked_at", "call_id"]),
        Section("结果", ["result", "duration_ms", "tries", "error"]),
    )
