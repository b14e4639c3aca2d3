"""项目认定 as a list, and what the rules kept out of it (SH-172)."""

from __future__ import annotations

from anju.construction.models import Recognition, RecognitionFault
from anju.construction.recognitions import read_all
from anju.construction.registers.common import GROUP
from anju.kernel.registers import (
    Choice,
    Column,
    Command,
    DateBetween,
    Register,
    Rights,
    Search,
    Section,
    declare,
)


@declare
class RecognitionRegister(Register[Recognition]):
    """Projects recognised by the administrative approval system, whose data passed the rules."""

    key, title, unit, group, icon = "construction.recognitions", "项目认定", "个", GROUP, "badge-check"
    model = Recognition
    empty = "从审批系统读取、校验通过的项目列在这里"
    rights = Rights("construction.recognition")
    columns = (
        Column("number", frozen=True, width=150),
        Column("project_name", frozen=True, width=220),
        Column("developer", width=220),
        Column("division", dictionary="division", width=110),
        Column("housing_type", dictionary="planned_housing", width=160),
        Column("base_name", width=150),
        Column("plot_no", width=120),
        Column("land_area", unit="㎡", width=130, hidden=True),
        Column("floor_area", unit="㎡", width=130),
        Column("units", unit="套", width=90),
        Column("recognised_on", width=120),
        Column("read_at", width=150, hidden=True),
    )
    filters = (
        Choice("housing_type", dictionary="planned_housing"),
        Choice("division", dictionary="division", tree=True),
        DateBetween("recognised_on"),
    )
    search = Search(["number", "project_name", "developer"], "认定编号、项目、建设单位")
    order = "-recognised_on"
    can_create = can_change = can_delete = False
    commands = (Command("read", "从审批系统读取", read_all, right="read"),)
    heading = ("project_name", "number")
    badges = ("housing_type",)
    detail = (
        Section("项目", ["project_name", "developer", "division", "base_name", "plot_no", "housing_type"]),
        Section("指标", ["land_area", "floor_area", "units"]),
        Section("认定", ["number", "recognised_on", "read_at"]),
    )


@declare
class FaultRegister(Register[RecognitionFault]):
    """Recognitions that were read and failed a rule, until they pass."""

    key, title, unit, group, icon = "construction.recognition_faults", "认定校验记录", "条", GROUP, "triangle-alert"
    model = RecognitionFault
    empty = "从审批系统读取、没有通过校验的项目列在这里"
    rights = Rights("construction.recognition")
    columns = (
        Column("number", frozen=True, width=150),
        Column("project_name", width=220),
        Column("rule", dictionary="recognition_rule", width=120),
        Column("message", width=300),
        Column("division", dictionary="division", width=110),
        Column("read_at", width=150),
        Column("settled_at", width=150),
    )
    filters = (Choice("rule", dictionary="recognition_rule"), DateBetween("read_at"))
    search = Search(["number", "project_name"], "认定编号、项目")
    order = "-read_at"
    can_create = can_change = can_delete = False
    heading = ("number", "project_name")
    badges = ("rule",)
    detail = (Section("校验", ["number", "project_name", "rule", "message", "read_at", "settled_at"]),)
