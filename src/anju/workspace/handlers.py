"""What the kernel contributes to the search, and the rooms of the workspace that work in the background."""

from __future__ import annotations

from django.db.models import Q

from anju.identity.menu import menu_of
from anju.kernel.cases.models import Case, CaseState
from anju.kernel.cases.types import all_types
from anju.kernel.registers import REGISTERS
from anju.kernel.scope import Actor, reach_filter
from anju.workspace import doors, pushing, reminders, views
from anju.workspace.search import Hit, searchable

__all__ = ["doors", "find_cases", "find_functions", "pushing", "reminders", "views"]


@searchable("cases", title="案件", order=10)
def find_cases(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Cases whose number or household begins with the text, within the actor's reach for their type."""
    reach = Q(pk__in=[])
    for kind in all_types():
        condition = reach_filter(actor, kind.view_right)
        if condition is not None:
            reach |= Q(type_key=kind.key) & condition
    found = (
        Case.objects.filter(reach)
        .filter(Q(number__startswith=text.upper()) | Q(household__startswith=text))
        .exclude(state=CaseState.DELETED)
        .order_by("-submitted_at", "-id")[:limit]
    )
    return [Hit(case.pk, case.title, f"{case.number} · {case.node_title}", f"/cases/{case.pk}") for case in found]


OWN_PAGES = {"/tasks": "任务中心", "/messages": "消息中心", "/notices": "通知公告", "/applications": "应用中心"}


@searchable("functions", title="功能", order=90)
def find_functions(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Pages of the menu and registers whose title holds the text, as far as the actor may open them."""
    wanted = text.lower()
    pages = {path: Hit(path, title, "工作台", path) for path, title in OWN_PAGES.items() if wanted in title.lower()}
    for group in menu_of(actor):
        for item in group["items"]:
            if wanted in item["title"].lower():
                pages[item["path"]] = Hit(item["key"], item["title"], group["title"], item["path"])
    for register in REGISTERS.values():
        path = f"/registers/{register.key}"
        if wanted in register.title.lower() and register.may(actor, "view"):
            pages.setdefault(path, Hit(register.key, register.title, register.group or "登记册", path))
    return list(pages.values())[:limit]
