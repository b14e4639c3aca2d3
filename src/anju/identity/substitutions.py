"""Substitution while absent: within the days, with the rights of the absent, both names on the record."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from anju.identity.models import Account, Substitution
from anju.identity.passing import PastEnd
from anju.kernel import audit, clock
from anju.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from anju.kernel.http.constraints import explained
from anju.kernel.registers.history import record as record_history
from anju.kernel.scope import Actor

LONGEST = 92


def ask(actor: Actor, *, substitute_id: int, starts_on: date, ends_on: date, reason: str) -> Substitution:
    """One who will be absent names a colleague of his organisation; an administrator has to agree."""
    if ends_on < clock.today():
        raise PastEnd(field="ends_on")
    if (ends_on - starts_on).days > LONGEST:
        raise DomainError(f"一次代班最长 {LONGEST} 天", code="substitution.too_long", field="ends_on")
    absent = Account.objects.select_related("organisation").get(pk=actor.id)
    colleague = Account.objects.filter(pk=substitute_id, organisation=absent.organisation, state="active").first()
    if colleague is None:
        raise NotFound("本机构没有这位同事", code="substitution.stranger")
    made = Substitution(
        absent=absent, substitute=colleague, org_path=absent.org_path, division=absent.division, starts_on=starts_on,
        ends_on=ends_on, reason=reason.strip(), created_by=f"staff:{actor.id}",
    )  # fmt: skip
    save(made)
    note(actor, made, "提出代班")
    return made


def approve(actor: Actor, row: Substitution) -> None:
    """An administrator agrees. Nobody agrees to a substitution of his own, neither as the absent nor as the substitute."""
    if row.approved_at is not None or row.ended_at is not None:
        raise Conflict("这项代班已经处理", code="substitution.decided", advice="请刷新后再看")
    if actor.id in {row.absent_id, row.substitute_id} or row.created_by == actor.ref:
        raise Forbidden("不能批准与自己有关的代班", code="substitution.own", advice="请由另一位管理员批准")
    row.approved_by, row.approved_name, row.approved_at = actor.ref, actor.name[:60], clock.now()
    save(row)
    note(actor, row, "批准代班")


def end(actor: Actor, row: Substitution) -> None:
    """Ends a substitution before its last day; who acts by it acts for himself again at the next request."""
    if row.ended_at is not None:
        raise Conflict("这项代班已经结束", code="substitution.ended", advice="请刷新后再看")
    row.ended_at, row.acting = clock.now(), False
    save(row)
    note(actor, row, "结束代班")


def of_colleague(account_id: int) -> QuerySet[Substitution]:
    """The substitutions by which somebody may act today."""
    today = clock.today()
    return Substitution.objects.select_related("absent").filter(
        substitute_id=account_id, approved_at__isnull=False, ended_at__isnull=True, starts_on__lte=today, ends_on__gte=today
    )  # fmt: skip


def act_for(actor: Actor, substitution_id: int) -> None:
    """From the next request on the actor acts with the rights of the absent, under both names."""
    row = of_colleague(actor.id).select_for_update(of=("self",)).filter(pk=substitution_id).first()
    if row is None:
        raise NotFound("没有可以开始的代班", code="substitution.none")
    Substitution.objects.filter(substitute_id=actor.id, acting=True).update(acting=False)
    Substitution.objects.filter(pk=row.pk).update(acting=True)
    note(actor, row, "开始代班")


def act_for_oneself(actor: Actor) -> None:
    """Back to one's own rights."""
    for row in Substitution.objects.select_related("absent").filter(substitute_id=actor.id, acting=True):
        Substitution.objects.filter(pk=row.pk).update(acting=False)
        note(actor, row, "停止代班")


def of(actor: Actor) -> dict[str, list[dict[str, Any]]]:
    """Whose place somebody may take today, and who was named for his own."""
    own = Substitution.objects.select_related("substitute").filter(absent_id=actor.id).order_by("-id")[:50]
    return {
        "for_others": [told(row, row.absent) for row in of_colleague(actor.id).order_by("id")],
        "for_me": [told(row, row.substitute) for row in own],
    }


def told(row: Substitution, other: Account) -> dict[str, Any]:
    """A substitution as the person concerned sees it."""
    return {
        "id": row.pk, "name": other.name, "account": other.username, "starts_on": row.starts_on, "ends_on": row.ends_on,
        "reason": row.reason, "approved_at": row.approved_at, "approved_name": row.approved_name,
        "ended_at": row.ended_at, "acting": row.acting,
    }  # fmt: skip


def save(row: Substitution) -> None:
    """Saves, or refuses in words."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise explained(error) from error


def note(actor: Actor, row: Substitution, word: str) -> None:
    """The act in the history and the audit trail, with both people."""
    record_history("identity.substitutions", row.pk, actor=actor, action=word)
    audit.record(
        "grant", actor=actor, subject=f"identity.substitution:{row.pk}", title=f"{word}：{row.absent.name}",
        detail={"absent": row.absent_id, "substitute": row.substitute_id},
    )  # fmt: skip
