"""Acts on the lines of the menu: added, renamed, moved, ordered, hidden, limited to roles and posts (PR-21, SH-225)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from anju.identity.models import FunctionPoint, MenuItem, Post, Role
from anju.kernel import audit
from anju.kernel.errors import Conflict, FieldError, Invalid, NotFound
from anju.kernel.http.constraints import explained
from anju.kernel.registers.changes import Stale
from anju.kernel.registers.history import record as record_history
from anju.kernel.scope import Actor

DEEPEST = 4


def tree() -> list[dict[str, Any]]:
    """Every line with its place, in order; the page builds the tree."""
    lines = MenuItem.objects.order_by("position", "id").prefetch_related("roles", "posts")
    return [as_json(line) for line in lines]


def as_json(line: MenuItem) -> dict[str, Any]:
    """A line as its page shows it."""
    return {
        "id": line.pk, "version": line.version, "key": line.key, "parent": line.parent_id, "title": line.title,
        "icon": line.icon, "path": line.path, "right": line.right, "position": line.position, "hidden": line.hidden,
        "shipped": line.shipped, "roles": sorted(role.pk for role in line.roles.all()),
        "posts": sorted(post.pk for post in line.posts.all()),
    }  # fmt: skip


def add(actor: Actor, wanted: Mapping[str, Any]) -> MenuItem:
    """A new line, last of its level."""
    check(wanted)
    last = (
        MenuItem.objects.filter(parent_id=wanted["parent"])
        .order_by("-position")
        .values_list("position", flat=True)
        .first()
    )
    line = MenuItem(key=f"own.{secrets.token_hex(6)}", position=(last or 0) + 10, created_by=actor.ref)
    write(line, wanted)
    note(actor, line, "create", {})
    return line


def change(actor: Actor, line: MenuItem, version: int, wanted: Mapping[str, Any]) -> None:
    """A line said anew. A shipped page keeps its address and its right."""
    if line.version != version:
        raise Stale(details={"current": as_json(line), "mine": dict(wanted), "version": line.version})
    if line.shipped and (wanted["path"], wanted["right"]) != (line.path, line.right):
        raise Conflict(
            "随产品提供的菜单不能改地址和所需权限", code="menu.shipped", field="path", advice="可以改名、移动或隐藏"
        )
    check(wanted)
    before = as_json(line)
    line.version += 1
    write(line, wanted)
    note(actor, line, "change", before)


def write(line: MenuItem, wanted: Mapping[str, Any]) -> None:
    """Saves; a circle is refused by the database."""
    line.title, line.icon, line.path = wanted["title"].strip(), wanted["icon"], wanted["path"]
    line.right, line.hidden, line.parent_id = wanted["right"], wanted["hidden"], wanted["parent"]
    try:
        with transaction.atomic():
            line.save()
    except IntegrityError as error:
        raise explained(error) from error
    if depth(line) > DEEPEST:
        raise Conflict(
            f"菜单最多 {DEEPEST} 级", code="menu.too_deep", field="parent", advice="请选择更高一级的上级菜单"
        )
    line.roles.set(wanted["roles"])
    line.posts.set(wanted["posts"])


def depth(line: MenuItem) -> int:
    """On which level a line stands, counting the levels below it."""
    above, found = line.parent, 1
    while above is not None:
        above, found = above.parent, found + 1

    def under(ids: list[int]) -> int:
        children = list(MenuItem.objects.filter(parent__in=ids).values_list("pk", flat=True))
        return 1 + under(children) if children else 0

    return found + under([line.pk])


def check(wanted: Mapping[str, Any]) -> None:
    """Refuses what does not exist."""
    errors = []
    if wanted["parent"] is not None and not MenuItem.objects.filter(pk=wanted["parent"]).exists():
        errors.append(FieldError("parent", "not_found", "没有这个上级菜单"))
    if wanted["right"] and not FunctionPoint.objects.filter(right=wanted["right"]).exists():
        errors.append(FieldError("right", "not_found", "没有这个功能点"))
    for key, model in (("roles", Role), ("posts", Post)):
        ids = {pk for pk in wanted[key] if abs(pk) < 2**63}
        if model.objects.filter(pk__in=ids).count() != len(set(wanted[key])):
            errors.append(FieldError(key, "not_found", "有已不存在的选项"))
    if errors:
        raise Invalid(errors)


def order(actor: Actor, ids: Sequence[int]) -> None:
    """Puts the lines of one level into the given order."""
    lines = {line.pk: line for line in MenuItem.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    if len(lines) != len(ids):
        raise NotFound
    if len({line.parent_id for line in lines.values()}) > 1:
        raise Conflict("只能排同一级菜单的顺序", code="menu.levels", field="items")
    for place, pk in enumerate(ids, start=1):
        MenuItem.objects.filter(pk=pk).update(position=place * 10, version=lines[pk].version + 1)
    audit.record("change", actor=actor, subject="identity.menu:*", title="调整菜单顺序", detail={"items": list(ids)})


def remove(actor: Actor, line: MenuItem, version: int) -> None:
    """Deletes a line of the city's own; shipped ones are hidden instead."""
    if line.version != version:
        raise Stale(details={"current": as_json(line), "version": line.version})
    if line.shipped:
        raise Conflict("随产品提供的菜单不能删除", code="menu.shipped", advice="不需要时请隐藏")
    if line.children.exists():
        raise Conflict("还有下级菜单，不能删除", code="menu.has_children", advice="请先移走或删除下级菜单")
    if hasattr(line, "application"):
        raise Conflict("它同时是一个应用，不能删除", code="menu.is_application", advice="请先停用应用，再隐藏菜单")
    before = as_json(line)
    pk, title = line.pk, line.title
    line.delete()
    record_history("identity.menus", pk, actor=actor, action="delete", old=before)
    audit.record("delete", actor=actor, subject=f"identity.menu:{pk}", title=f"删除菜单{title}")


def note(actor: Actor, line: MenuItem, action: str, before: Mapping[str, Any]) -> None:
    """The change in history and audit trail."""
    record_history("identity.menus", line.pk, actor=actor, action=action, old=before, new=as_json(line))
    audit.record(action, actor=actor, subject=f"identity.menu:{line.pk}", title=f"菜单{line.title}")
