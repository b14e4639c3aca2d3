"""What the registers of matters have in common: a row follows its case, and leads to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from anju.construction.models import Matter
from anju.kernel import clock
from anju.kernel.registers import Choice, Column, DateBetween, Register, Search, Section, View
from anju.kernel.registers.filters import Filter

M = TypeVar("M", bound=Matter)
GROUP = "项目建设"
FILTERS = (
    Choice("state", dictionary="matter_state"),
    Choice("division", dictionary="division", tree=True),
    DateBetween("filed_on"),
)
ENDING = (
    Column("state", dictionary="matter_state", width=100),
    Column("division", dictionary="division", width=110),
    Column("filed_on", width=120),
    Column("decided_on", width=120, hidden=True),
    Column("archive_no", width=180, hidden=True),
)


def recent_years() -> list[tuple[str, str]]:
    """The years to choose from in a filter: five ahead, thirty back, the latest first."""
    now = clock.today().year
    return [(str(year), f"{year} 年") for year in range(now + 5, now - 31, -1)]


def columns(*own: Column) -> tuple[Column, ...]:
    """Number and project, the kind's own, then how the matter stands."""
    return (
        Column("number", frozen=True, width=180),
        Column("project_name", frozen=True, width=220),
        *own,
        Column("filer", width=220),
        *ENDING,
    )


def detail(*own: str) -> tuple[Section, ...]:
    """The side panel: the kind's own facts, then how the matter stands."""
    return (
        Section("项目", ["project_name", *own]),
        Section("办理", ["number", "filer", "division", "state", "filed_on", "decided_on", "archive_no"]),
    )


class MatterRegister(Register[M]):
    """A list of matters of one kind; what it shows is changed through their cases."""

    group = GROUP
    unit = "件"
    empty = "填报单位在“我的填报”里提交后列在这里"
    filters: ClassVar[Sequence[Filter]] = FILTERS
    search = Search(["number", "project_name", "filer"], "编号、项目、填报单位")
    order = "-filed_on"
    views: ClassVar[Sequence[View]] = (
        View("filed", "办理中", {"state": ["filed"]}),
        View("confirmed", "已确认", {"state": ["confirmed"]}),
    )
    can_create = can_change = can_delete = False
    heading = ("project_name", "number")
    badges = ("state",)
    page = ("/cases/{}", "case_id")
