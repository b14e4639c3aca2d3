"""The registers of contract templates and of print rights (SH-066.3, SH-066.5)."""

from __future__ import annotations

from anju.kernel.registers import Choice, Column, Field, Guard, Register, Rights, Search, Section, declare
from anju.kernel.scope import Actor
from anju.tenancy.papers.models import PaperTemplate, PrintRight, TemplateVersion

GROUP = "租赁与使用"


def versions_of(template: PaperTemplate) -> str:
    """Why a template cannot be deleted."""
    count = TemplateVersion.objects.filter(template=template).count()
    return f"{template.name}已有 {count} 个版本，不能删除" if count else ""


@declare
class TemplateRegister(Register[PaperTemplate]):
    """Contract templates of offices, a programme and perhaps an estate each."""

    key, title, unit, group, icon = "tenancy.templates", "合同模板", "份", GROUP, "file-text"
    model = PaperTemplate
    rights = Rights("tenancy.template")
    columns = (
        Column("name", frozen=True, width=240),
        Column("programme", dictionary="programme", width=130),
        Column("estate.name", "小区", width=220),
        Column("division", dictionary="division", width=110),
        Column("active", width=80),
        Column("updated_at", "修改时间", width=150),
    )
    filters = (
        Choice("programme", dictionary="programme"),
        Choice("division", dictionary="division", tree=True),
    )
    search = Search(["name"], "模板名称")
    order = "name"
    form = (
        Field("name", "模板名称", required=True, max_length=80, example="江湾家园公租房合同"),
        Field("programme", "保障类别", "choice", required=True, dictionary="programme", fixed=True),
        Field(
            "estate", "小区", "row", register="supply.estates", fixed=True,
            hint="不选则用于本机构这一类别的全部小区；选了小区的优先",
        ),
        Field("active", "启用", "boolean", default=True),
    )  # fmt: skip
    heading = ("name", "estate.name")
    open_names = True
    subjects = ("template",)
    badges = ("programme",)
    detail = (Section("合同模板", ["name", "programme", "estate.name", "division", "active", "updated_at"]),)
    guards = (Guard(versions_of, "template.in_use", "不再使用的模板请改为停用，已签的合同以它为据"),)

    def fill(self, row: PaperTemplate, actor: Actor) -> None:
        if row.pk is None:
            row.org_path, row.division = actor.org_path or "/", actor.division


@declare
class PrintRightRegister(Register[PrintRight]):
    """Who may print which paper; counts from the next request."""

    key, title, unit, group, icon = "tenancy.print_rights", "打印权限", "条", "配置", "stamp"
    model = PrintRight
    rights = Rights("tenancy.print_right")
    columns = (
        Column("paper", dictionary="contract_paper", frozen=True, width=150),
        Column("organisation.name", "机构", width=260),
        Column("organisation_kind", dictionary="organisation_kind", width=120),
        Column("programme", dictionary="programme", width=140),
        Column("note", width=240),
        Column("updated_at", "修改时间", width=150),
    )
    filters = (Choice("paper", dictionary="contract_paper"), Choice("programme", dictionary="programme"))
    search = Search(["organisation__name", "note"], "机构、说明")
    order = "paper"
    form = (
        Field(
            "paper", "文书", "choice", required=True, dictionary="contract_paper",
            hint="某种文书一条都没有配置时，有打印权的岗位都可打印；配置后只有列出的可打印",
        ),
        Field("organisation", "机构", "row", register="identity.organisations", hint="含其下级；不选为不限"),
        Field("organisation_kind", "机构类别", "choice", dictionary="organisation_kind", hint="不选为不限"),
        Field("programme", "保障类别", "choice", dictionary="programme", hint="不选为不限"),
        Field("note", "说明", max_length=200),
    )  # fmt: skip
    heading = ("organisation.name", "note")
    badges = ("paper",)
    detail = (
        Section("打印权限", ["paper", "organisation.name", "organisation_kind", "programme", "note", "updated_at"]),
    )

    def fill(self, row: PrintRight, actor: Actor) -> None:
        if row.pk is None:
            row.org_path, row.division = actor.org_path or "/", actor.division
