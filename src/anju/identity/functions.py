"""The function points that can be permitted: found in what operations, registers, the menu and roles declare (SH-225.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.apps import apps

from anju.identity import menu
from anju.identity.duties import RESERVED
from anju.identity.models import Duty, FunctionKind, FunctionPoint, MenuItem
from anju.kernel.http import DECLARED, PUBLIC, RESIDENT, SIGNED_IN, STAFF
from anju.kernel.registers import REGISTERS

WORDS = {
    "view": "查看", "create": "新增", "change": "修改", "delete": "删除", "import": "导入", "export": "导出",
    "reveal": "查看遮盖内容", "manage": "办理", "reset": "重置",
}  # fmt: skip
DATA = {"import", "export", "reveal"}
# Beginnings of rights that are no package of their own.
NO_PACKAGE = {"definitions": "流程、表单与规则", "open": "开放接口"}
OPEN = {PUBLIC, RESIDENT, SIGNED_IN, STAFF, ""}


_ALSO: set[str] = set()


def also(rights: Iterable[str]) -> None:
    """Rights that the product's roles hold and no operation names: steps of processes, guards of papers."""
    _ALSO.update(rights)


def declared() -> dict[str, FunctionPoint]:
    """Every right that an operation, a register or a page of the menu asks for, as a function point."""
    named: dict[str, str] = {}
    groups: dict[str, str] = {}
    for register in REGISTERS.values():
        for verb in ("view", "create", "change", "delete", "import", "export", "reveal"):
            named.setdefault(register.rights.of(verb), f"{register.title}：{WORDS[verb]}")
            groups.setdefault(register.rights.base, register.title)
        for action in register.actions:
            named.setdefault(register.rights.of(action.right), f"{register.title}：{action.title}")
    pages = {item.right: item for group in menu.declared() for item in group.items}
    named |= {right: item.title for right, item in pages.items() if right not in named}
    asked: dict[str, str] = {}
    for each in DECLARED:
        asked.setdefault(each.right, each.summary or each.path)
    wanted = {right for right in {*asked, *pages, *_ALSO} if right not in OPEN}
    return {
        right: FunctionPoint(
            right=right, title=(named.get(right) or asked.get(right) or worded(right))[:100], kind=kind_of(right, pages),
            group=groups.get(right.rpartition(".")[0]) or group_of(right), duty=RESERVED.get(right, Duty.NONE), shipped=True,
        )
        for right in sorted(wanted)
    }  # fmt: skip


def worded(right: str) -> str:
    """A name for a right that nothing names."""
    verb = right.rpartition(".")[2]
    return f"{group_of(right)}：{WORDS.get(verb, verb)}"


def kind_of(right: str, pages: Collection[str]) -> FunctionKind:
    """A page or list that is looked at, something done with data as a whole, or an operation."""
    verb = right.rpartition(".")[2]
    if verb == "view" or right in pages:
        return FunctionKind.MENU
    return FunctionKind.DATA if verb in DATA else FunctionKind.OPERATION


def group_of(right: str) -> str:
    """The name of the package to which a right belongs."""
    label = right.partition(".")[0]
    if label in NO_PACKAGE:
        return NO_PACKAGE[label]
    try:
        return str(apps.get_app_config(label).verbose_name)
    except LookupError:
        return label


def sync() -> None:
    """Adds function points that an upgrade brought, and takes away those that it took; names that a city gave stay."""
    wanted, present = declared(), set(FunctionPoint.objects.values_list("right", flat=True))
    of_right = dict(MenuItem.objects.filter(shipped=True).values_list("right", "pk"))
    for point in wanted.values():
        point.menu_id = of_right.get(point.right)
    FunctionPoint.objects.filter(shipped=True).exclude(right__in=wanted).delete()
    FunctionPoint.objects.bulk_create(point for right, point in wanted.items() if right not in present)
    # those that nobody touched follow the product
    untouched = list(FunctionPoint.objects.filter(shipped=True, version=1, right__in=present))
    for point in untouched:
        point.title, point.group, point.kind = (
            getattr(wanted[point.right], name) for name in ("title", "group", "kind")
        )
    FunctionPoint.objects.bulk_update(untouched, ["title", "group", "kind"])
    for duty in Duty.values:
        rights = [right for right, reserved in RESERVED.items() if reserved == duty]
        FunctionPoint.objects.filter(right__in=rights).exclude(duty=duty).update(duty=duty)
