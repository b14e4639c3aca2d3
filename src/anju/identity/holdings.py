"""What hangs on an organisation: contexts declare what they keep under one, and nothing of it is left without an office.

A context declares in its room `holdings.py`: `keeps("supply.Project", "个", "项目")`. Whoever deletes an organisation is
told the numbers of everything declared (PR-25.1). Identity itself knows of accounts, of the organisations below and of
what the kernel's blocks keep. A table of an office's rows (`Owned`) that nobody declared counts too, without a name.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model

from anju.identity.models import Organisation
from anju.kernel.base import Owned


@dataclass(frozen=True)
class Holding:
    """Rows of one kind that belong to organisations. `column` holds the organisation's path or refers to it."""

    model: str
    measure: str
    name: str
    column: str

    @property
    def table(self) -> type[Model]:
        return apps.get_model(self.model)

    def count(self, organisation: Organisation) -> int:
        """How many rows belong to the organisation itself."""
        refers = self.table._meta.get_field(self.column).is_relation
        value: Organisation | str = organisation if refers else organisation.path
        return self.table._default_manager.filter(**{self.column: value}).count()


_HOLDINGS: dict[tuple[str, str], Holding] = {}


def keeps(model: str, measure: str, name: str, *, column: str = "org_path") -> None:
    """Declares that rows of a model (`app.Model`) belong to organisations; `measure` is the Chinese measure word."""
    _HOLDINGS[model, column] = Holding(model, measure, name, column)


def holdings() -> list[Holding]:
    """Everything declared, in the order of declaration."""
    return list(_HOLDINGS.values())


def unnamed(organisation: Organisation) -> int:
    """How many rows of tables that nobody declared belong to an organisation."""
    declared = {holding.model for holding in holdings()}
    tables = [model for model in apps.get_models() if issubclass(model, Owned) and model._meta.label not in declared]
    return sum(table._default_manager.filter(org_path=organisation.path).count() for table in tables)


def held_by(organisation: Organisation) -> list[str]:
    """What hangs on an organisation, in words: `3 个账号`, `2 个项目`; an empty list when nothing does."""
    found = [(holding, holding.count(organisation)) for holding in holdings()]
    named = [f"{count} {holding.measure}{holding.name}" for holding, count in found if count]
    others = unnamed(organisation)
    return [*named, f"{others} 条其他数据"] if others else named


def why_kept(organisation: Organisation) -> str:
    """Why an organisation cannot be deleted, or an empty text (PR-25.1)."""
    if held := held_by(organisation):
        return f"{organisation.name}下还有 {'、'.join(held)}，不能删除"
    return ""


keeps("identity.Account", "个", "账号", column="organisation")
keeps("identity.Organisation", "个", "下级机构", column="parent")
keeps("identity.AccountApplication", "份", "账号申请")
keeps("cases.Case", "件", "案件")
keeps("documents.Document", "份", "文书")
keeps("registers.Import", "次", "批量导入")
