"""Roles and posts: who holds which, and acts on them (SH-226)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from anju.identity.held import held_posts, held_roles, who
from anju.identity.increments import note_change
from anju.identity.models import (
    Account,
    AccountPost,
    AccountRole,
    FunctionPoint,
    Organisation,
    Post,
    Role,
    ShippedRight,
    ShippedState,
)
from anju.identity.passing import ToHimself, check_known, check_last_day, check_passing, check_reach
from anju.kernel import audit, clock
from anju.kernel.errors import DomainError, FieldError, Forbidden, Invalid, NotFound
from anju.kernel.registers.changes import Stale
from anju.kernel.registers.history import record as record_history
from anju.kernel.scope import Actor, Reach, restrict

ASSIGN = "identity.account.assign"
MAX_BATCH = 500
LEVELS = {"hidden", "masked", "shown", "editable"}


def of_everybody(actor: Actor, right: str) -> None:
    """Roles, menus and applications are the whole city's: `NotFound` unless the actor's right reaches everywhere."""
    actor.require(right)
    if actor.reach(right) is not Reach.ALL:
        raise NotFound


def set_permissions(
    holder: Role | Post, version: int, wanted: Mapping[str, Any], actor: Actor, *, word: str = "修改权限"
) -> None:
    """Says anew what a locked role or post gives. Nobody changes what he holds himself.

    Raises `Stale` with what is there now when somebody else was faster, `Invalid` for what does not exist, `TooWide`
    for what the actor's organisation does not hold.
    """
    if holder.version != version:
        raise Stale(details={"current": as_json(holder), "mine": dict(wanted), "version": holder.version})
    mine = held_roles(who(actor)) if isinstance(holder, Role) else held_posts(who(actor))
    if actor.is_staff and ({holder.pk} & mine or {holder.pk} & held_by(actor, holder)):
        raise ToHimself("不能修改自己持有的角色或岗位的权限", details={"id": holder.pk})
    check_named(wanted)
    added = set(wanted["rights"]) - set(holder.rights)
    check_known(actor, added)
    check_reach(wanted["reach"], wanted["reaches"], [*wanted["organisations"], *wanted["divisions"]])
    before = as_json(holder)
    holder.rights, holder.reach = sorted(set(wanted["rights"])), wanted["reach"]
    holder.reaches = {right: reach for right, reach in wanted["reaches"].items() if right in holder.rights}
    holder.divisions, holder.fields = sorted(set(wanted["divisions"])), wanted["fields"]
    holder.version += 1
    holder.save()
    holder.organisations.set(Organisation.objects.filter(pk__in=wanted["organisations"]))
    if isinstance(holder, Post):
        holder.roles.set(Role.objects.filter(pk__in=wanted.get("roles", [])))
    else:
        settle(holder, added, ShippedState.GRANTED, actor)
    told(holder, actor, before, word)


def settle(role: Role, rights: Collection[str], state: ShippedState, actor: Actor) -> None:
    """Notes what became of rights that were offered to a role."""
    ShippedRight.objects.filter(role_key=role.key, right__in=rights, state=ShippedState.OFFERED).update(
        state=state, decided_at=clock.now(), decided_by=actor.ref
    )


def held_by(actor: Actor, holder: Role | Post) -> set[int]:
    """The role or post when the actor holds it with his own account, for one who stands in for somebody else."""
    return held_roles(actor.id) if isinstance(holder, Role) else held_posts(actor.id)


def told(holder: Role | Post, actor: Actor, before: Mapping[str, Any], word: str) -> None:
    """The change in the history of the register, in the audit trail, and to whoever follows the changes."""
    kind = "role" if isinstance(holder, Role) else "post"
    record_history(
        f"identity.{kind}s", holder.pk, actor=actor, action="change", old=before, new=as_json(holder), note=word
    )
    audit.record("change", actor=actor, subject=f"identity.{kind}:{holder.pk}", title=f"{word}：{holder.title}")
    note_change(kind, holder.pk, "change")


def check_named(wanted: Mapping[str, Any]) -> None:
    """Refuses rights, organisations, roles and field levels that do not exist, all at once."""
    errors = []
    known = set(FunctionPoint.objects.filter(right__in=wanted["rights"]).values_list("right", flat=True))
    if unknown := sorted(set(wanted["rights"]) - known):
        errors.append(FieldError("rights", "unknown", f"没有这些权限：{'、'.join(unknown[:5])}"))
    for key, model in (("organisations", Organisation), ("roles", Role)):
        ids = set(wanted.get(key, ()))
        if len(ids) != model.objects.filter(pk__in=[pk for pk in ids if abs(pk) < 2**63]).count():
            errors.append(FieldError(key, "unknown", "有已不存在的选项"))
    if any(not (len(each) == 6 and each.isascii() and each.isdigit()) for each in wanted["divisions"]):
        errors.append(FieldError("divisions", "pattern", "行政区划应为 6 位数字"))
    for base, fields in wanted["fields"].items():
        if not isinstance(fields, dict) or set(fields.values()) - LEVELS:
            errors.append(FieldError(f"fields.{base}", "level", "字段权限应为隐藏、遮盖、只读或可改"))
    if errors:
        raise Invalid(errors)


def as_json(holder: Role | Post) -> dict[str, Any]:
    """What a role or a post gives, as its page shows it."""
    told = {
        "rights": list(holder.rights), "reach": holder.reach, "reaches": holder.reaches,
        "divisions": list(holder.divisions), "fields": holder.fields,
        "organisations": sorted(holder.organisations.values_list("pk", flat=True)),
    }  # fmt: skip
    if isinstance(holder, Post) and holder.pk:
        told["roles"] = sorted(holder.roles.values_list("pk", flat=True))
    return told


def change_many(role_ids: Sequence[int], add: set[str], remove: set[str], actor: Actor) -> int:
    """Gives rights to several roles, or takes them, in one act (SH-226.3); the number of roles that changed."""
    found = Role.objects.select_for_update().filter(pk__in=role_ids).order_by("pk")
    if len(found) != len(set(role_ids)):
        raise NotFound
    changed = 0
    for role in found:
        rights = (set(role.rights) | add) - remove
        if rights != set(role.rights):
            wanted = as_json(role) | {"rights": sorted(rights)}
            set_permissions(role, role.version, wanted, actor)
            changed += 1
    return changed


def copy_role(role: Role, key: str, title: str, actor: Actor) -> Role:
    """A new role that gives the same."""
    made = Role.objects.create(
        key=key, title=title, note=role.note, reach=role.reach, rights=role.rights, reaches=role.reaches,
        divisions=role.divisions, fields=role.fields, created_by=actor.ref,
    )  # fmt: skip
    made.organisations.set(role.organisations.all())
    audit.record("create", actor=actor, subject=f"identity.role:{made.pk}", title=f"复制角色{role.title}为{title}")
    note_change("role", made.pk, "create")
    return made


def in_charge(actor: Actor, account_ids: Sequence[int], right: str) -> list[Account]:
    """The accounts, locked, all of them within the actor's range; else `NotFound` (SH-222.2)."""
    wanted = sorted(set(account_ids))
    if not wanted or len(wanted) > MAX_BATCH:
        raise DomainError(f"一次可选 1 至 {MAX_BATCH} 个账号", code="grant.batch", field="accounts")
    rows = Account.objects.select_related("organisation").select_for_update(of=("self",))
    found = list(restrict(rows.filter(pk__in=wanted), actor, right).order_by("pk"))
    if len(found) != len(wanted):
        raise NotFound
    return found


def assign(actor: Actor, account_ids: Sequence[int], role_ids: Sequence[int], until: date | None = None) -> int:
    """Gives roles to accounts, to the end of a day where one is named; how many were given anew.

    Nobody gives himself a role, or more than he may pass on. Raises `ToHimself`, `TooWide`, `PastEnd`, `NotFound`.
    """
    accounts, roles = in_charge(actor, account_ids, ASSIGN), list(Role.objects.filter(pk__in=set(role_ids)))
    if not roles or len(roles) != len(set(role_ids)):
        raise NotFound("没有这个角色", code="role.unknown")
    if actor.id in {account.pk for account in accounts} and actor.is_staff:
        raise ToHimself
    check_last_day(actor, ASSIGN, until)
    given = 0
    for account in accounts:
        check_passing(actor, ASSIGN, roles, account)
        for role in roles:
            _, made = AccountRole.objects.update_or_create(
                account=account, role=role, defaults={"until": until, "granted_by": actor.ref}
            )
            given += made
        record_history(
            "identity.accounts", account.pk, actor=actor, action="赋予角色",
            new={"role": "、".join(role.title for role in roles), "until": until},
        )  # fmt: skip
        audit.record(
            "grant", actor=actor, subject=f"identity.account:{account.pk}", title=f"赋予{account.name}角色",
            detail={"roles": [role.key for role in roles], "until": until.isoformat() if until else None},
        )  # fmt: skip
    for account in accounts:
        note_change("account", account.pk, "change")
    return given


def withdraw(actor: Actor, account_ids: Sequence[int], role_ids: Sequence[int]) -> int:
    """Takes roles back; it counts from the next request. How many were taken."""
    accounts = in_charge(actor, account_ids, ASSIGN)
    held = AccountRole.objects.filter(account__in=accounts, role_id__in=set(role_ids))
    titles = dict(held.values_list("role__key", "role__title"))
    taken = held.delete()[0]
    for account in accounts:
        record_history(
            "identity.accounts", account.pk, actor=actor, action="收回角色", old={"role": "、".join(titles.values())}
        )
        audit.record(
            "grant", actor=actor, subject=f"identity.account:{account.pk}", title=f"收回{account.name}角色",
            detail={"roles": sorted(titles)},
        )  # fmt: skip
    for account in accounts:
        note_change("account", account.pk, "change")
    return taken


def bind(actor: Actor, post: Post, account_id: int, until: date | None = None) -> None:
    """Puts an account on a post of its organisation or of one above it (SH-226.6); nobody puts himself there."""
    account = in_charge(actor, [account_id], "identity.post.change")[0]
    if account.pk == actor.id:
        raise ToHimself("不能给自己安排岗位")
    if not account.org_path.startswith(post.org_path):
        raise DomainError(
            "这个账号不属于岗位所在的机构",
            code="post.elsewhere",
            field="account",
            advice="请选择本机构及下级机构的账号",
        )
    check_last_day(actor, "identity.post.change", until)
    check_passing(actor, "identity.post.change", [post, *post.roles.all()], account)
    AccountPost.objects.update_or_create(account=account, post=post, defaults={"until": until, "bound_by": actor.ref})
    moved(actor, post, account, "上岗")


def unbind(actor: Actor, post: Post, account_id: int) -> None:
    """Takes an account off a post; its rights are gone at the next request."""
    account = in_charge(actor, [account_id], "identity.post.change")[0]
    if not AccountPost.objects.filter(account=account, post=post).delete()[0]:
        raise Forbidden("这个账号不在这个岗位上", code="post.not_bound", advice="请刷新后再看")
    moved(actor, post, account, "离岗")


def moved(actor: Actor, post: Post, account: Account, word: str) -> None:
    """Who came to a post or left it."""
    record_history("identity.posts", post.pk, actor=actor, action=word, new={"account": account.name})
    audit.record(
        "grant", actor=actor, subject=f"identity.account:{account.pk}", title=f"{account.name}{word}：{post.title}"
    )
    note_change("account", account.pk, "change")
