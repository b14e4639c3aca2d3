"""Rights that an upgrade brings to the product's roles: told to whoever grants rights, granted or declined by him.

Nothing is given silently. After each upgrade `sync` notes which rights the product's roles hold now; those that a role
of this installation lacks are offered once, except what the city took away on purpose: what the role held before (its
history tells), and, where nothing was noted yet, what the first release gave it. A role that the city changed keeps its
changes; only what the product newly brings is offered. A role that the city deleted is not made again. Our choice: the
sources ask for roles that a city may change (SH-226) and say nothing of upgrades.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Count

from anju import __version__
from anju.identity.held import held_roles, who
from anju.identity.models import FunctionPoint, Role, ShippedRight, ShippedState
from anju.identity.roles import as_json, set_permissions, settle
from anju.kernel import audit, clock
from anju.kernel.errors import Conflict, FieldError, Invalid
from anju.kernel.registers.changes import Stale
from anju.kernel.registers.models import RegisterHistory
from anju.kernel.scope import Actor

_SHIPPED: dict[str, tuple[str, ...]] = {}
_FIRST: dict[str, tuple[str, ...]] = {}


class Decided(Conflict):
    """The right is not offered to the role, or not any more."""

    code, message, advice = "role.not_offered", "这些权限没有待决定的，可能已由别人决定", "请刷新后再看"


def ships(roles: Mapping[str, Iterable[str]], first: Mapping[str, Iterable[str]]) -> None:
    """Declares the product's roles with their rights by key, and those of the first release."""
    _SHIPPED.update({key: tuple(rights) for key, rights in roles.items()})
    _FIRST.update({key: tuple(rights) for key, rights in first.items()})


def sync() -> None:
    """Notes the rights that are new in the product's roles; a repeat finds nothing new. What the product took back and
    nobody decided is forgotten."""
    noted: dict[str, dict[str, str]] = {}
    for each in ShippedRight.objects.filter(role_key__in=_SHIPPED):
        noted.setdefault(each.role_key, {})[each.right] = each.state
    made = []
    for role in Role.objects.filter(key__in=_SHIPPED).order_by("key"):
        rights, known = set(_SHIPPED[role.key]), noted.get(role.key, {})
        fresh = sorted(rights - known.keys())
        withheld = once_held(role) if fresh else set()
        if not known:
            withheld |= set(_FIRST.get(role.key, ()))
        for right in fresh:
            state = ShippedState.WITHHELD if right in withheld else ShippedState.OFFERED
            state = ShippedState.HELD if right in role.rights else state
            made.append(
                ShippedRight(role_key=role.key, right=right, state=state, version=__version__, noted_at=clock.now())
            )
        gone = [right for right, state in known.items() if state == ShippedState.OFFERED and right not in rights]
        ShippedRight.objects.filter(role_key=role.key, right__in=gone).delete()
    ShippedRight.objects.bulk_create(made, ignore_conflicts=True)


def once_held(role: Role) -> set[str]:
    """The rights that a role gave at some time, as its history tells."""
    found: set[str] = set()
    for changes in RegisterHistory.objects.filter(register="identity.roles", row_id=role.pk).values_list(
        "changes", flat=True
    ):
        for change in changes:
            if change["field"] == "rights":
                found.update(change["old"] or (), change["new"] or ())
    return found


def was_here(key: str) -> bool:
    """Whether the installation had the product's role of a key before: one that is gone was deleted by the city."""
    return ShippedRight.objects.filter(role_key=key).exists()


def offered(role: Role | None = None) -> list[ShippedRight]:
    """What waits for a decision, of one role or of all; what a role was given meanwhile does not."""
    rows = ShippedRight.objects.filter(state=ShippedState.OFFERED)
    if role is not None:
        rows = rows.filter(role_key=role.key)
    held = {each.key: set(each.rights) for each in Role.objects.filter(key__in=rows.values("role_key"))}
    return [
        each for each in rows.order_by("role_key", "right") if each.right not in held.get(each.role_key, {each.right})
    ]


def page(actor: Actor) -> list[dict[str, Any]]:
    """The roles with rights to be decided, each right with its words and the version that brought it."""
    by_role: dict[str, list[ShippedRight]] = {}
    for each in offered():
        by_role.setdefault(each.role_key, []).append(each)
    points = {
        point.right: point
        for point in FunctionPoint.objects.filter(right__in={e.right for w in by_role.values() for e in w})
    }
    own = held_roles(actor.id) | held_roles(who(actor))
    return [
        {
            "id": role.pk, "key": role.key, "title": role.title, "version": role.version, "own": role.pk in own,
            "holders": role.holders,
            "rights": [
                {
                    "right": each.right, "title": points[each.right].title if each.right in points else each.right,
                    "group": points[each.right].group if each.right in points else "", "since": each.version,
                }
                for each in by_role[role.key]
            ],
        }
        for role in Role.objects.filter(key__in=by_role).annotate(holders=Count("account")).order_by("title")
    ]  # fmt: skip


def decide(role: Role, version: int, grant: Collection[str], decline: Collection[str], actor: Actor) -> None:
    """Grants some of the rights offered to a locked role by the ordinary act, and puts others aside for good.

    Raises `Decided` for what is not offered, `Stale` when the role was changed meanwhile, and what `set_permissions`
    raises.
    """
    if role.version != version:
        raise Stale(details={"current": as_json(role), "version": role.version})
    wanted = {*grant, *decline}
    if not wanted or set(grant) & set(decline):
        raise Invalid([FieldError("grant", "choice", "请选择采用或不采用的权限，同一项不能两者都选")])
    if wanted - {each.right for each in offered(role)}:
        raise Decided
    with transaction.atomic():
        if decline:
            settle(role, decline, ShippedState.DECLINED, actor)
            audit.record(
                "change", actor=actor, subject=f"identity.role:{role.pk}", title=f"不采用新版权限：{role.title}",
                detail={"rights": sorted(decline)},
            )  # fmt: skip
        if grant:
            given = as_json(role) | {"rights": sorted({*role.rights, *grant})}
            set_permissions(role, version, given, actor, word="采用新版权限")
