"""Operations of graded grants and of substitution."""

from __future__ import annotations

from typing import Any

from anju.identity import grants, substitutions
from anju.identity.api.shapes import ChangedGrant, NewGrant, Reason, Substitute
from anju.identity.models import Account, FunctionPoint, Grant, Organisation
from anju.identity.passing import roof_of
from anju.kernel.errors import NotFound
from anju.kernel.http import STAFF, Empty, Request, Routes
from anju.kernel.scope import Actor, restrict

routes = Routes("/identity", title="分级授权")
VIEW, CREATE, CHANGE = "identity.grant.view", grants.CREATE, grants.CHANGE


def grant_of(actor: Actor, grant_id: int, right: str) -> Grant:
    """A grant within the actor's right, locked, or `NotFound`."""
    rows = Grant.objects.select_related("giver", "organisation").select_for_update(of=("self",)).filter(pk=grant_id)
    found = restrict(rows, actor, right).first()
    if found is None:
        raise NotFound
    return found


@routes.read("/grants/holding", right=CREATE, scope="org_path", summary="本机构可授出的权限")
def holding(request: Request) -> dict[str, Any]:
    """What may be passed on, and to which organisations below."""
    actor = request.actor
    roof = roof_of(actor.org_path)
    points = FunctionPoint.objects.order_by("group", "kind", "right").values("right", "title", "group", "kind", "duty")
    below = restrict(Organisation.objects.filter(active=True), actor, CREATE, path="path").exclude(pk=actor.org_id)
    return {
        "bound": roof is not None,
        "organisation": actor.org_name,
        "functions": [each for each in points if roof is None or each["right"] in roof],
        "organisations": list(
            below.filter(path__startswith=actor.org_path).order_by("path").values("id", "name", "kind", "path")[:2000]
        ),
    }


@routes.read("/grants/{int:grant_id}", right=VIEW, scope="org_path", atomic=True, summary="授权内容")
def read(request: Request, grant_id: int) -> dict[str, Any]:
    return grants.as_json(grant_of(request.actor, grant_id, VIEW))


@routes.act("/grants", right=CREATE, scope="org_path", summary="授权给下级机构")
def give(request: Request, body: NewGrant) -> dict[str, Any]:
    return grants.as_json(grants.give(request.actor, body.dict()))


@routes.put("/grants/{int:grant_id}", right=CHANGE, scope="org_path", summary="调整授权")
def adjust(request: Request, grant_id: int, body: ChangedGrant) -> dict[str, Any]:
    grant = grant_of(request.actor, grant_id, CHANGE)
    grants.adjust(request.actor, grant, body.version, body.dict(exclude={"version"}))
    return grants.as_json(grant)


@routes.act("/grants/{int:grant_id}/revoke", right=CHANGE, scope="org_path", summary="收回授权")
def revoke(request: Request, grant_id: int, body: Reason) -> dict[str, Any]:
    grant = grant_of(request.actor, grant_id, CHANGE)
    grants.revoke(request.actor, grant, body.reason)
    return grants.as_json(grant)


@routes.read("/substitutions", right=STAFF, scope="self", summary="我的代班")
def mine(request: Request) -> dict[str, Any]:
    actor = request.actor
    office = Account.objects.values("organisation_id").get(pk=actor.id)
    colleagues = Account.objects.filter(state="active", **office).exclude(pk=actor.id).order_by("name")
    return substitutions.of(actor) | {
        "acting": bool(actor.stands_for),
        "colleagues": list(colleagues.values("id", "name", "username")[:500]),
    }


@routes.act("/substitutions", right=STAFF, scope="self", summary="请同事代班")
def ask(request: Request, body: Substitute) -> dict[str, Any]:
    made = substitutions.ask(
        request.actor, substitute_id=body.substitute, starts_on=body.starts_on, ends_on=body.ends_on, reason=body.reason
    )
    return {"id": made.pk}


@routes.act("/substitutions/stop", right=STAFF, scope="self", summary="停止代班，恢复本人权限")
def stop(request: Request, body: Empty) -> dict[str, Any]:
    substitutions.act_for_oneself(request.actor)
    return {"acting": False}


@routes.act("/substitutions/{int:substitution_id}/start", right=STAFF, scope="self", summary="开始代班")
def begin(request: Request, substitution_id: int, body: Empty) -> dict[str, Any]:
    substitutions.act_for(request.actor, substitution_id)
    return {"acting": True}
