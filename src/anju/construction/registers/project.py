"""建设项目 as a list: from the approval to pre-sale."""

from __future__ import annotations

from anju.construction.models import Project
from anju.construction.registers.common import GROUP
from anju.kernel.registers import Choice, Column, Register, Related, Rights, Search, Section, declare


@declare
class ProjectRegister(Register[Project]):
    """Projects under construction; matters bring them in and move them on."""

    key, title, unit, group, icon = "construction.projects", "建设项目", "个", GROUP, "building-2"
    model = Project
    empty = "大居项目核定、项目认定等事项办理后列在这里"
    rights = Rights("construction.project")
    columns = (
        Column("name", frozen=True, width=220),
        Column("stage", dictionary="project_stage", width=100),
        Column("base_name", width=160),
        Column("plot_no", width=120),
        Column("developer", width=220),
        Column("floor_area", unit="㎡", width=130),
        Column("division", dictionary="division", width=110),
        Column("updated_at", "更新时间", width=150, hidden=True),
    )
    filters = (Choice("stage", dictionary="project_stage"), Choice("division", dictionary="division", tree=True))
    search = Search(["name", "base_name", "developer"], "项目、基地、建设单位")
    order = "name"
    can_create = can_change = can_delete = False
    heading = ("name", "base_name")
    open_names = True
    badges = ("stage",)
    related = (Related("archive", "项目档案", "construction.archives", "project_id", same=["project_name"]),)
    detail = (Section("项目", ["name", "base_name", "plot_no", "developer", "floor_area", "division", "updated_at"]),)
