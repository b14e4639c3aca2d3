"""Moves and mergers of organisations: the tree, the accounts and every row of an office go along, history stays (SH-222, PR-25)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from anju.identity.increments import note_change
from anju.identity.models import Account, ChangeKind, Grant, Organisation, OrganisationChange, Post
from anju.kernel import audit, clock
from anju.kernel.errors import Conflict, DomainError, NotFound
from anju.kernel.http.constraints import explained
from anju.kernel.jobs import Context, start, work
from anju.kernel.registers.history import record as record_history
from anju.kernel.scope import Actor, restrict

MOVE = "identity.organisation.move"
# What was done stays where it was done: entries of the audit trail are never rewritten.
FROZEN = {"audit_auditentry"}
Told = Callable[[int, int], None]
_ALSO: set[tuple[str, str]] = set()
_BY_TRIGGER: set[str] = set()


def moves_along(model: str, column: str) -> None:
    """Declares a further column of a model (`app.Model`) that names an office by its path, beside `org_path`."""
    _ALSO.add((model, column))


class Circle(Conflict):
    """An organisation cannot come under itself or under one of its own."""

    code, message, advice = "organisation.circle", "机构不能移到自己的下级", "请选择其他上级机构"


def moves_by_trigger(model: str) -> None:
    """Declares a model (`app.Model`) whose rows are kept after others by a trigger: a move leaves them to it."""
    _BY_TRIGGER.add(model)


def tables() -> Iterator[tuple[type[models.Model], str]]:
    """Every table whose rows say by a path to which office they belong, with the column that does."""
    for model in apps.get_models():
        if model._meta.managed and model._meta.db_table not in FROZEN and model._meta.label not in _BY_TRIGGER:
            names = {field.name for field in model._meta.concrete_fields}
            if "org_path" in names:
                yield model, "org_path"
    for label, column in sorted(_ALSO):
        yield apps.get_model(label), column


def begin(kind: str, actor: Actor, organisation_id: int, target_id: int, reason: str) -> dict[str, Any]:
    """Checks a move or a merger and starts it in the background. Raises `Circle`, `NotFound`."""
    organisation, target = reachable(actor, organisation_id), reachable(actor, target_id)
    check(kind, organisation, target, reason)
    word = "移动" if kind == ChangeKind.MOVE else "撤并"
    job = start(
        "identity.change_organisation", actor, title=f"{word}{organisation.name}", change=kind,
        organisation_id=organisation.pk, target_id=target.pk, reason=reason.strip(),
    )  # fmt: skip
    return {"id": job.pk, "kind": job.kind, "title": job.title, "state": job.state}


def reachable(actor: Actor, organisation_id: int) -> Organisation:
    """An organisation within the actor's right to move, or `NotFound`."""
    found = restrict(Organisation.objects.filter(pk=organisation_id), actor, MOVE, path="path").first()
    if found is None:
        raise NotFound
    return found


def check(kind: str, organisation: Organisation, target: Organisation, reason: str) -> None:
    """Refuses what would make a circle, change nothing, or come under a closed organisation."""
    if target.path.startswith(organisation.path):
        raise Circle(
            "机构不能移到自己或自己的下级" if kind == ChangeKind.MOVE else "机构不能并入自己或自己的下级",
            field="target",
        )
    if organisation.parent_id is None:
        raise Conflict("最上级机构不能移动或撤并", code="organisation.root")
    if organisation.ended_on is not None or not target.active:
        raise Conflict("机构已撤并或已停用", code="organisation.closed", advice="请选择在用的机构")
    if kind == ChangeKind.MOVE and organisation.parent_id == target.pk:
        raise Conflict("机构已在这个上级之下", code="organisation.same_parent", field="target")
    if len(reason.strip()) < 4:
        raise DomainError("请写明原因，至少 4 个字", code="organisation.reason", field="reason")


@work("identity.change_organisation", title="机构调整")
def change(context: Context, change: str, organisation_id: int, target_id: int, reason: str) -> None:
    """One transaction: either all of it went along, or nothing did. Run again, it finds itself done."""
    run = move if change == ChangeKind.MOVE else merge
    try:
        with transaction.atomic():
            made = run(context.actor, organisation_id, target_id, reason, context.tell)
    except IntegrityError as error:
        raise explained(error) from error
    if made is not None:
        context.finish({"rows": made.rows})


def locked(organisation_id: int, target_id: int) -> tuple[Organisation, Organisation]:
    """Both, with the tree locked against other moves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('identity_organisation'))")
    found = {
        each.pk: each
        for each in Organisation.objects.select_for_update().filter(pk__in=[organisation_id, target_id]).order_by("pk")
    }
    if len(found) != 2:
        raise NotFound
    return found[organisation_id], found[target_id]


def move(actor: Actor, organisation_id: int, target_id: int, reason: str, tell: Told) -> OrganisationChange | None:
    """Puts an organisation, with all below it, under another superior."""
    organisation, target = locked(organisation_id, target_id)
    if organisation.parent_id == target.pk:
        return None
    check(ChangeKind.MOVE, organisation, target, reason)
    before, old = organisation.parent, organisation.path
    new = f"{target.path}{organisation.pk}/"
    Organisation.objects.filter(pk=organisation.pk).update(parent=target, version=organisation.version + 1)
    below(old, new)
    rows = rewrite(old, new, tell)
    loosened(actor, new)
    return kept(actor, organisation, ChangeKind.MOVE, before, target, old, new, reason, rows)


def merge(actor: Actor, organisation_id: int, target_id: int, reason: str, tell: Told) -> OrganisationChange | None:
    """Ends an organisation with day and reason; its accounts, posts, organisations below and rows go to another one."""
    organisation, target = locked(organisation_id, target_id)
    if organisation.merged_into_id == target.pk:
        return None
    check(ChangeKind.MERGE, organisation, target, reason)
    old, new = organisation.path, target.path
    for child in Organisation.objects.filter(parent=organisation).order_by("pk"):
        Organisation.objects.filter(pk=child.pk).update(parent=target, version=child.version + 1)
        below(child.path, f"{new}{child.pk}/")
    Account.objects.filter(organisation=organisation).update(organisation=target, division=target.division)
    same = set(Post.objects.filter(organisation=target).values_list("title", flat=True))
    for post in Post.objects.filter(organisation=organisation):
        post.title = f"{post.title[:40]}（原{organisation.name[:16]}）" if post.title in same else post.title
        post.organisation, post.division = target, target.division
        post.save()
    rows = rewrite(old, new, tell)
    Grant.objects.filter(organisation=organisation, revoked_at=None).update(
        revoked_at=clock.now(), revoked_by=actor.ref, reason="机构撤并"
    )
    Organisation.objects.filter(pk=organisation.pk).update(
        active=False, ended_on=clock.today(), ended_reason=reason.strip()[:200], merged_into=target,
        version=organisation.version + 1,
    )  # fmt: skip
    loosened(actor, new)
    return kept(actor, organisation, ChangeKind.MERGE, organisation.parent, target, old, new, reason, rows)


def below(old: str, new: str) -> None:
    """The paths of an organisation and of all below it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE identity_organisation SET path = %s || substr(path, %s) WHERE path LIKE %s",
            [new, len(old) + 1, old + "%"],
        )


def rewrite(old: str, new: str, tell: Told) -> int:
    """The paths of all rows of the organisation and of those below it, table by table; how many there were."""
    found = list(tables())
    rows = 0
    for number, (model, column) in enumerate(found, start=1):
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET {column} = %s || substr({column}, %s) WHERE {column} LIKE %s",
                [new, len(old) + 1, old + "%"],
            )
            rows += max(cursor.rowcount, 0)
        tell(number, len(found))
    return rows


def loosened(actor: Actor, path: str) -> None:
    """Grants whose giver no longer stands above the organisation end: a new superior grants anew."""
    for grant in Grant.objects.select_related("giver", "organisation").filter(
        org_path__startswith=path, revoked_at=None
    ):
        if not grant.organisation.path.startswith(grant.giver.path):
            Grant.objects.filter(pk=grant.pk).update(revoked_at=clock.now(), revoked_by=actor.ref, reason="机构调整")


def kept(
    actor: Actor, organisation: Organisation, kind: ChangeKind, before: Organisation | None, after: Organisation, old: str,
    new: str, reason: str, rows: int,
) -> OrganisationChange:  # fmt: skip
    """What happened, for good: in the register of changes, in the organisation's history, in the audit trail."""
    made = OrganisationChange.objects.create(
        organisation=organisation, kind=kind, before=before, after=after, old_path=old, new_path=new,
        reason=reason.strip()[:200], rows=rows, at=clock.now(), actor=actor.ref, actor_name=actor.name[:60],
    )  # fmt: skip
    record_history(
        "identity.organisations", organisation.pk, actor=actor, action=kind.label,
        old={"parent": before.name if before else ""}, new={"parent": after.name}, note=reason,
    )  # fmt: skip
    audit.record(
        "change", actor=actor, subject=f"identity.organisation:{organisation.pk}",
        title=f"{organisation.name}{kind.label}{after.name}", detail={"rows": rows, "reason": reason.strip()[:200]},
    )  # fmt: skip
    note_change("organisation", organisation.pk, "change")
    return made
