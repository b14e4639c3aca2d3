"""Registers of the catalogue: classes, services, operations (SH-229)."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.db.models import QuerySet

from anju.gateway.models import UNSORTED, Operation, Service, ServiceClass
from anju.kernel.errors import FieldError, Invalid
from anju.kernel.registers import (
    Choice,
    Column,
    Field,
    Guard,
    Register,
    Related,
    Rights,
    Search,
    Section,
    Text,
    declare,
)
from anju.kernel.scope import Actor, Reach

M = TypeVar("M", bound=models.Model)
GROUP = "网关"
# Rows of the whole city's: they know no office.
NOWHERE = "none"


def of_the_city(rows: QuerySet[M], actor: Actor, right: str) -> QuerySet[M]:
    """All rows for whom a right reaches the whole city, none for others."""
    return rows if actor.reach(right) is Reach.ALL else rows.none()


def limits_fields(*, required: bool) -> tuple[Field, ...]:
    """How often a service may be called."""
    return (
        Field("rate_calls", "频率上限", "integer", required=required, min=1, max=1_000_000, hint="每个周期的次数"),
        Field("rate_seconds", "频率周期", "integer", required=True, min=1, max=3600, default=60, hint="秒"),
        Field("quota_calls", "配额", "integer", min=0, max=2_000_000_000, hint="不填为不限"),
        Field("quota_period", "配额周期", "choice", required=True, dictionary="gateway_period", default="day"),
    )


@declare
class ClassRegister(Register[ServiceClass]):
    """Classes of services, by nature, function and business flow (SH-229.1)."""

    key, title, unit, group, icon = "gateway.classes", "服务分类", "个", GROUP, "layers"
    model = ServiceClass
    rights = Rights("gateway.catalogue", path=NOWHERE)
    columns = (
        Column("title", frozen=True, width=180),
        Column("dimension", dictionary="gateway_dimension", width=110),
        Column("key", width=180),
        Column("position", width=80),
        Column("note", width=280),
    )
    filters = (Choice("dimension", dictionary="gateway_dimension"),)
    search = Search(["title", "key"], "名称、标识")
    order = "position"
    form = (
        Field("dimension", "分类方式", "choice", required=True, dictionary="gateway_dimension", fixed=True),
        Field(
            "key",
            "标识",
            required=True,
            max_length=60,
            pattern=r"[a-z][a-z0-9_.]{1,59}",
            fixed=True,
            hint="小写字母开头",
        ),
        Field("title", "名称", required=True, max_length=60),
        Field("position", "次序", "integer", min=0, max=9999, default=100),
        Field("note", "说明", max_length=300),
    )
    guards = (
        Guard(
            lambda row: (
                "这个分类下还有服务，不能删除"
                if (row.by_nature.exists() or row.by_function.exists() or row.by_flow.exists())
                else ""
            ),
            "gateway.class_in_use",
            "请先把服务改到其他分类",
        ),
        Guard(lambda row: "“未分类”不能删除" if row.key.endswith(f".{UNSORTED}") else "", "gateway.class_shipped"),
    )
    heading = ("title", "key")
    open_names = True
    badges = ("dimension",)
    detail = (Section("分类", ["title", "dimension", "key", "position", "note"]),)
    related = (
        Related("by_nature", "此性质的服务", "gateway.services", "nature"),
        Related("by_function", "此功能的服务", "gateway.services", "function"),
        Related("by_flow", "此流程的服务", "gateway.services", "flow"),
    )

    def within(self, rows: QuerySet[ServiceClass], actor: Actor, right: str) -> QuerySet[ServiceClass]:
        return of_the_city(rows, actor, right)


@declare
class ServiceRegister(Register[Service]):
    """Services, found through their classes (SH-229.2) and kept up here (SH-229.3)."""

    key, title, unit, group, icon = "gateway.services", "服务", "个", GROUP, "boxes"
    model = Service
    rights = Rights("gateway.catalogue", path=NOWHERE)
    columns = (
        Column("title", frozen=True, width=200),
        Column("nature.title", "性质", width=110),
        Column("function.title", "功能", width=150),
        Column("flow.title", "业务流程", width=120),
        Column("open", width=80),
        Column("rate_calls", width=90),
        Column("rate_seconds", width=90),
        Column("quota_calls", width=90),
        Column("quota_period", dictionary="gateway_period", width=90),
        Column("note", width=300),
        Column("key", width=150, hidden=True),
    )
    filters = (
        Choice("nature", "性质", register="gateway.classes"),
        Choice("function", "功能", register="gateway.classes"),
        Choice("flow", "业务流程", register="gateway.classes"),
        Choice("open", options=[("true", "可授权"), ("false", "仅平台内部")], primary=False),
    )
    search = Search(["title", "key"], "名称、标识")
    order = "key"
    form = (
        Field(
            "key",
            "标识",
            required=True,
            max_length=60,
            pattern=r"[a-z][a-z0-9_]{1,59}",
            fixed=True,
            hint="小写字母开头",
        ),
        Field("title", "名称", required=True, max_length=60),
        Field("nature", "性质", "row", required=True, register="gateway.classes"),
        Field("function", "功能", "row", required=True, register="gateway.classes"),
        Field("flow", "业务流程", "row", required=True, register="gateway.classes"),
        Field("open", "可授权", "boolean", default=True),
        *limits_fields(required=True),
        Field("note", "说明", max_length=300),
    )
    guards = (
        Guard(
            lambda row: "这个服务里还有接口操作，不能删除" if row.operations.filter(gone=False).exists() else "",
            "gateway.service_in_use",
            "请先把接口操作改到其他服务",
        ),
    )
    heading = ("title", "key")
    open_names = True
    badges = ("open",)
    detail = (
        Section("服务", ["title", "key", "note", "open"]),
        Section("分类", ["nature.title", "function.title", "flow.title"]),
        Section("默认限流", ["rate_calls", "rate_seconds", "quota_calls", "quota_period"]),
    )
    related = (
        Related("operations", "接口操作", "gateway.operations", "service"),
        Related("grants", "授权", "gateway.grants", "service"),
    )

    def within(self, rows: QuerySet[Service], actor: Actor, right: str) -> QuerySet[Service]:
        return of_the_city(rows, actor, right)

    def check(self, values: dict[str, Any], actor: Actor, old: Service | None) -> None:
        wrong = [
            FieldError(name, "dimension", "这个分类属于另一种分类方式")
            for name in ("nature", "function", "flow")
            if name in values and values[name].dimension != name
        ]
        if wrong:
            raise Invalid(wrong)


@declare
class OperationRegister(Register[Operation]):
    """The operations of the API, entered by the program; which service holds one is decided here."""

    key, title, unit, group, icon = "gateway.operations", "接口操作", "个", GROUP, "plug"
    model = Operation
    rights = Rights("gateway.catalogue", path=NOWHERE)
    columns = (
        Column("path", frozen=True, width=340),
        Column("method", width=80),
        Column("summary", width=220),
        Column("service.title", "所属服务", width=180),
        Column("level", dictionary="gateway_level", width=90),
        Column("right", width=220),
        Column("reach", width=110, hidden=True),
        Column("placed", width=90, hidden=True),
        Column("gone", width=90, hidden=True),
    )
    filters = (
        Choice("service", "所属服务", register="gateway.services"),
        Choice("service.function", "功能", register="gateway.classes"),
        Choice("level", dictionary="gateway_level"),
        Text("path", primary=False),
        Choice("gone", options=[("false", "在用"), ("true", "已下线")], primary=False),
    )
    search = Search(["path", "summary"], "地址、名称")
    order = "path"
    form = (Field("service", "所属服务", "row", required=True, register="gateway.services"),)
    can_create = can_delete = False
    heading = ("summary", "path")
    open_names = True
    badges = ("level",)
    detail = (
        Section("操作", ["method", "path", "summary", "right", "reach", "level"]),
        Section("目录", ["service.title", "placed", "gone"]),
    )

    def within(self, rows: QuerySet[Operation], actor: Actor, right: str) -> QuerySet[Operation]:
        return of_the_city(rows, actor, right)

    def fill(self, row: Operation, actor: Actor) -> None:
        row.placed = True
