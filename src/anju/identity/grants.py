"""Graded grants: city to district to operator, each within what the giver holds, none of it copied (SH-227)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, connection, transaction

from anju.identity.increments import note_change
from anju.identity.models import Grant, Organisation
from anju.identity.passing import PastEnd, TooWide, check_known
from anju.kernel import audit, clock
from anju.kernel.errors import Conflict, DomainError, NotFound
from anju.kernel.http.constraints import explained
from anju.kernel.registers.changes import Stale
from anju.kernel.registers.history import record as record_history
from anju.kernel.scope import Actor, Area, Reach, restrict
from anju.kernel.scope.areas import covers

CREATE, CHANGE = "identity.grant.create", "identity.grant.change"
GOVERNING = "SELECT identity_governing(%s)"


def give(actor: Actor, wanted: Mapping[str, Any]) -> Grant:
    """Grants rights to an organisation below the actor's own, which is from then on bound to what it is granted.

    Raises `TooWide` for what the actor's organisation does not hold, `PastEnd`, `NotFound` for an organisation that is
    not below his own.
    """
    below = Organisation.objects.filter(path__startswith=actor.org_path, active=True)
    organisation = restrict(below, actor, CREATE, path="path").filter(pk=wanted["organisation"]).first()
    if organisation is None or organisation.pk == actor.org_id:
        raise NotFound("没有这个下级机构", code="grant.not_below")
    check(actor, wanted, organisation)
    made = Grant(
        giver_id=actor.org_id, organisation=organisation, source=source_for(actor, wanted), title=wanted["title"].strip(),
        rights=sorted(set(wanted["rights"])), reach=wanted["reach"], starts_on=wanted["starts_on"] or clock.today(),
        ends_on=wanted["ends_on"], created_by=actor.ref, org_path=organisation.path, division=organisation.division,
    )  # fmt: skip
    stored(made)
    note(actor, made, "授权", {})
    return made


def adjust(actor: Actor, grant: Grant, version: int, wanted: Mapping[str, Any]) -> None:
    """Says a live grant anew; what others were given on it shrinks with it at once (SH-227.5)."""
    if grant.version != version:
        raise Stale(details={"current": as_json(grant), "mine": dict(wanted), "version": grant.version})
    live(grant)
    check(actor, wanted, grant.organisation)
    before = as_json(grant)
    grant.title, grant.rights, grant.reach = wanted["title"].strip(), sorted(set(wanted["rights"])), wanted["reach"]
    grant.ends_on, grant.version = wanted["ends_on"], grant.version + 1
    stored(grant)
    note(actor, grant, "调整授权", before)


def revoke(actor: Actor, grant: Grant, reason: str) -> None:
    """Takes a grant back. What rests on it, at any depth, is gone at the next request (SH-227.5)."""
    live(grant)
    if actor.org_path and not grant.giver.path.startswith(actor.org_path):
        raise NotFound
    before = as_json(grant)
    grant.revoked_at, grant.revoked_by, grant.reason = clock.now(), actor.ref, reason.strip()
    grant.version += 1
    grant.save(update_fields=["revoked_at", "revoked_by", "reason", "version", "updated_at"])
    note(actor, grant, "收回授权", before)


def live(grant: Grant) -> None:
    """Refuses an act on a grant that was taken back."""
    if grant.revoked_at is not None:
        raise Conflict("这项授权已经收回", code="grant.revoked", advice="需要时请重新授权")


def check(actor: Actor, wanted: Mapping[str, Any], organisation: Organisation) -> None:
    """Refuses what is past, empty or more than the giver has."""
    if wanted["ends_on"] is not None and wanted["ends_on"] < clock.today():
        raise PastEnd(field="ends_on")
    if not wanted["rights"]:
        raise DomainError("请至少选择一项权限", code="grant.empty", field="rights")
    if wanted["reach"] not in set(Reach) - {Reach.CHOSEN}:
        raise DomainError("没有这种数据范围", code="role.reach", field="reach", advice="请从列表中选择")
    check_known(actor, wanted["rights"])
    wider = Reach(wanted["reach"]) in {Reach.ALL, Reach.DIVISION}
    if wider and not covers(
        actor.areas_of(CREATE), (Area(path=organisation.path),) if wanted["reach"] != Reach.ALL else (Area(),)
    ):
        raise TooWide("数据范围超出了你自己的范围", field="reach")


def source_for(actor: Actor, wanted: Mapping[str, Any]) -> Grant | None:
    """The grant of the actor's organisation that holds all that is wanted; None where no grant binds it."""
    with connection.cursor() as cursor:
        cursor.execute(GOVERNING, [actor.org_path])
        bound = cursor.fetchone()[0]
    if bound is None:
        return None
    mine = Grant.objects.filter(organisation_id=bound, revoked_at=None, rights__contains=list(wanted["rights"]))
    found = [each for each in mine.order_by("id") if each.ends_on is None or each.ends_on >= clock.today()]
    if not found:
        raise TooWide
    fitting = [
        each for each in found if each.ends_on is None or (wanted["ends_on"] and wanted["ends_on"] <= each.ends_on)
    ]
    return (fitting or found)[0]


def stored(grant: Grant) -> None:
    """Saves; what the database finds wider than its source is told in words."""
    try:
        with transaction.atomic():
            grant.save()
    except IntegrityError as error:
        refusal = explained(error)
        raise TooWide(refusal.message) if refusal.code == "grant.wider" else refusal from error


def note(actor: Actor, grant: Grant, word: str, before: Mapping[str, Any]) -> None:
    """The act in the history, the audit trail and the running changes."""
    record_history("identity.grants", grant.pk, actor=actor, action=word, old=before, new=as_json(grant))
    audit.record(
        "grant", actor=actor, subject=f"identity.grant:{grant.pk}", title=f"{word}：{grant.organisation.name} {grant.title}",
        detail={"rights": len(grant.rights), "reach": grant.reach, "reason": grant.reason},
    )  # fmt: skip
    note_change("organisation", grant.organisation_id, "change")


def as_json(grant: Grant) -> dict[str, Any]:
    """A grant as its page shows it."""
    return {
        "id": grant.pk, "version": grant.version, "title": grant.title, "giver": grant.giver.name,
        "organisation": grant.organisation_id, "organisation_name": grant.organisation.name, "rights": list(grant.rights),
        "reach": grant.reach, "starts_on": grant.starts_on, "ends_on": grant.ends_on, "source": grant.source_id,
        "revoked_at": grant.revoked_at, "reason": grant.reason,
    }  # fmt: skip
