"""项目档案: what was archived of a project, whichever procedure it came from."""

from __future__ import annotations

from anju.construction.models import ArchiveItem
from anju.construction.registers.common import GROUP
from anju.kernel.registers import Choice, Column, DateBetween, Register, Rights, Search, Section, declare


@declare
class ArchiveRegister(Register[ArchiveItem]):
    """The archive of projects; an item leads to its case with data, materials, opinions and papers."""

    key, title, unit, group, icon = "construction.archives", "项目档案", "份", GROUP, "archive"
    model = ArchiveItem
    empty = "项目建设各事项办结归档后列在这里"
    rights = Rights("construction.archive")
    columns = (
        Column("archive_no", frozen=True, width=180),
        Column("project_name", frozen=True, width=220),
        Column("kind", dictionary="archive_kind", width=150),
        Column("base_name", width=160),
        Column("plot_no", width=120),
        Column("filer", width=220),
        Column("number", width=180),
        Column("division", dictionary="division", width=110),
        Column("archived_on", width=120),
        Column("materials", width=100),
    )
    filters = (
        Choice("kind", dictionary="archive_kind"),
        Choice("division", dictionary="division", tree=True),
        DateBetween("archived_on"),
        Choice("project_id", title="建设项目", register="construction.projects", primary=False),
    )
    search = Search(["archive_no", "project_name", "number"], "档案号、项目、编号")
    order = "-archived_on"
    can_create = can_change = can_delete = False
    heading = ("project_name", "archive_no")
    badges = ("kind",)
    detail = (
        Section("档案", ["archive_no", "kind", "project_name", "base_name", "plot_no", "archived_on", "materials"]),
        Section("来源", ["number", "filer", "division"]),
    )
    page = ("/cases/{}", "case_id")
