"""The register of advance notices (SH-182): the company's, with the acts of district and city."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from anju.kernel import clock
from anju.kernel.errors import Conflict, FieldError, Invalid
from anju.kernel.numbering import next_number
from anju.kernel.registers import (
    Action,
    Choice,
    Column,
    DateBetween,
    Field,
    Guard,
    Link,
    Register,
    Rights,
    Search,
    Section,
    View,
    declare,
)
from anju.kernel.scope import Actor
from anju.supply import notices
from anju.supply.models import AdvanceNotice, NoticeState
from anju.supply.registers.hierarchy import GROUP


def run(step: str) -> Callable[[Actor, Any, dict[str, Any]], None]:
    """The act of a step, as a register calls it."""

    def take(actor: Actor, row: AdvanceNotice, values: dict[str, Any]) -> None:
        notices.act(actor=actor, notice=row, step=step, opinion=values.get("opinion") or "")

    return take


def acts() -> tuple[Action, ...]:
    """One action a step; whoever sends something back or takes it down says why."""
    made = []
    for key, step in notices.STEPS.items():
        back = key.startswith("return") or key == "take_down"
        title = "原因" if back else "审核意见"
        made.append(
            Action(
                key, step.title, run(key), right=step.right, tone="danger" if back else "primary",
                fields=() if key == "submit" else (Field("opinion", title, "textarea", required=True, max_length=300),),
                when=Q(state=step.before),
            )
        )  # fmt: skip
    return tuple(made)


def why_notice_stays(notice: AdvanceNotice) -> str:
    """Why a notice cannot be deleted."""
    return "" if notice.state == NoticeState.DRAFT else "已提交的预告不能删除"


@declare
class NoticeRegister(Register[AdvanceNotice]):
    """Advance notices of projects that come to market."""

    key, title, unit, group, icon = "supply.notices", "项目预告", "条", GROUP, "megaphone"
    model = AdvanceNotice
    rights = Rights("supply.notice")
    columns = (
        Column("number", frozen=True, width=150),
        Column("name", frozen=True, width=200),
        Column("state", dictionary="advance_notice_state", width=120),
        Column("operator.name", "出租单位", link=Link("supply.operators", "operator_id"), width=220),
        Column("division", dictionary="division", width=100),
        Column("address", width=240),
        Column("planned_on", width=130),
        Column("units", unit="套", width=90),
        Column("rent_from", money=True, unit="元/㎡·月", width=130),
        Column("rent_to", money=True, unit="元/㎡·月", width=130),
        Column("scope", width=240, hidden=True),
        Column("opinion", width=240, hidden=True),
        Column("published_at", width=160, hidden=True),
        Column("ended_at", width=160, hidden=True),
        Column("told_at", width=160, hidden=True),
        Column("note", listed=False),
        Column("project.name", "对应项目", link=Link("supply.projects", "project_id"), listed=False),
    )
    filters = (
        Choice("state", dictionary="advance_notice_state"),
        Choice("division", dictionary="division", tree=True),
        Choice("operator", register="supply.operators"),
        DateBetween("planned_on"),
    )
    search = Search(["number", "name", "address"], "编号、项目名称、地址")
    order = "-planned_on"
    form = (
        Field("operator", "出租单位", "row", required=True, register="supply.operators", hint="须是已登记的运营机构"),
        Field("name", "项目名称", required=True, max_length=100, example="江湾家园二期"),
        Field("address", "项目地址", required=True, max_length=200, example="江湾路 400 弄"),
        Field("division", "行政区划", "choice", required=True, dictionary="division", example="江湾区"),
        Field("planned_on", "计划供应时间", "date", required=True, example="2027-03-01"),
        Field("scope", "供应范围", "textarea", required=True, max_length=300, example="本市户籍住房困难家庭"),
        Field("units", "套数", "integer", required=True, min=1, max=100000, example="240"),
        Field("rent_from", "预计租金下限", "money", required=True, min=0, max=9999, hint="元/㎡·月", example="24.00"),
        Field("rent_to", "预计租金上限", "money", required=True, min=0, max=9999, hint="元/㎡·月", example="28.00"),
        Field("project", "对应项目", "row", register="supply.projects", hint="已登记的项目，可以不填"),
        Field("note", "说明", "textarea", max_length=500),
    )
    actions = acts()
    views = (
        View("district", "待区级审核", {"state": ["district"]}),
        View("city", "待市级审核", {"state": ["city"]}),
        View("published", "已发布", {"state": ["published"]}),
    )
    heading = ("name", "number")
    open_names = True
    badges = ("state",)
    detail = (
        Section("预告", ["operator.name", "project.name", "division", "address", "planned_on", "scope", "units", "rent_from",
                       "rent_to", "note"]),
        Section("办理", ["state", "opinion", "published_at", "ended_at", "told_at"]),
    )  # fmt: skip
    guards = (Guard(why_notice_stays, "supply.notice_submitted", "可由市级置为无效"),)
    changes_when = deletes_when = Q(state=NoticeState.DRAFT)

    def fill(self, row: AdvanceNotice, actor: Actor) -> None:
        row.org_path = row.operator.org_path
        if not row.number:
            year = clock.today().year
            row.number = f"YG{year}{next_number('advance_notice', year=year):05d}"

    def check(self, values: dict[str, Any], actor: Actor, old: AdvanceNotice | None) -> None:
        if old is not None and old.state != NoticeState.DRAFT:
            raise Conflict(
                "预告已提交，不能修改", code="supply.notice_submitted", advice="请先请审核人逐级退回，再修改"
            )
        if str(values.get("division") or "").endswith("00"):
            raise Invalid([FieldError("division", "supply.district_needed", "请选到区县")])
