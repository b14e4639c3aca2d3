"""Registers of those who watch: the call log and the rules that raise alarms (SH-230.5)."""

from __future__ import annotations

from django.db.models import QuerySet

from anju.gateway.models import AlarmRule, Call
from anju.gateway.registers.catalogue import GROUP, NOWHERE, of_the_city
from anju.kernel.registers import (
    Between,
    Choice,
    Column,
    DateBetween,
    Field,
    Register,
    Rights,
    Search,
    Section,
    Text,
    declare,
)
from anju.kernel.scope import Actor


@declare
class CallRegister(Register[Call]):
    """Calls of parties, latest first; nothing of their content."""

    key, title, unit, group, icon = "gateway.calls", "调用日志", "次", GROUP, "scroll-text"
    model = Call
    rights = Rights("gateway.call", owner="key_id")
    columns = (
        Column("at", frozen=True, width=170),
        Column("party.title", "接入方", width=180),
        Column("service.title", "服务", width=160),
        Column("method", width=80),
        Column("path", width=300),
        Column("status", width=80),
        Column("result", dictionary="gateway_result", width=140),
        Column("duration_us", width=120),
        Column("bytes_in", width=100, hidden=True),
        Column("bytes_out", width=100, hidden=True),
        Column("test", width=80, hidden=True),
        Column("address", width=140),
        Column("trace_id", width=270, hidden=True),
        Column("key_id", width=220, hidden=True),
    )
    filters = (
        Choice("party", register="gateway.parties"),
        Choice("service", register="gateway.services"),
        DateBetween("at"),
        Choice("result", dictionary="gateway_result"),
        Between("status", primary=False),
        Between("duration_us", primary=False, unit="微秒"),
        Text("trace_id", primary=False, exact=True),
    )
    order = "-at"
    can_create = can_change = can_delete = False
    heading = ("path", "trace_id")
    badges = ("result",)
    detail = (
        Section("调用", ["at", "party.title", "key_id", "test", "address", "trace_id"]),
        Section("接口", ["service.title", "method", "path"]),
        Section("结果", ["status", "result", "duration_us", "bytes_in", "bytes_out"]),
    )


@declare
class AlarmRegister(Register[AlarmRule]):
    """When those who watch are told."""

    key, title, unit, group, icon = "gateway.alarms", "告警规则", "条", GROUP, "bell-ring"
    model = AlarmRule
    rights = Rights("gateway.alarm", path=NOWHERE)
    columns = (
        Column("title", frozen=True, width=220),
        Column("metric", dictionary="gateway_metric", width=150),
        Column("threshold", width=90),
        Column("minutes", width=100),
        Column("least_calls", width=100),
        Column("party.title", "接入方", width=180),
        Column("service.title", "服务", width=180),
        Column("active", width=80),
        Column("value", width=100),
        Column("raised_at", width=150),
    )
    filters = (
        Choice("metric", dictionary="gateway_metric"),
        Choice("active", options=[("true", "启用"), ("false", "停用")]),
    )
    search = Search(["title"], "名称")
    form = (
        Field("title", "名称", required=True, max_length=60),
        Field("metric", "指标", "choice", required=True, dictionary="gateway_metric"),
        Field("threshold", "阈值", "integer", required=True, min=1, max=10_000_000),
        Field("minutes", "统计分钟", "integer", required=True, min=1, max=1440, default=10),
        Field("least_calls", "最少次数", "integer", min=0, max=1_000_000, default=20, hint="少于这些次数不判断"),
        Field("party", "接入方", "row", register="gateway.parties", hint="不填为全部"),
        Field("service", "服务", "row", register="gateway.services", hint="不填为全部"),
        Field("active", "启用", "boolean", default=True),
    )
    heading = ("title", "metric")
    open_names = True
    detail = (
        Section(
            "规则", ["title", "metric", "threshold", "minutes", "least_calls", "party.title", "service.title", "active"]
        ),
        Section("状态", ["value", "raised_at"]),
    )

    def within(self, rows: QuerySet[AlarmRule], actor: Actor, right: str) -> QuerySet[AlarmRule]:
        return of_the_city(rows, actor, right)
