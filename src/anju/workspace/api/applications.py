"""Operations of the application centre: what one may open, and one's own set of it (SH-002)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ninja import Schema
from pydantic import Field

from anju.identity.applications import applications_for
from anju.kernel.errors import DomainError
from anju.kernel.http import STAFF, Request, Routes
from anju.kernel.scope import Actor
from anju.workspace.models import PersonalSet

routes = Routes("/workspace/applications", title="应用中心")
SHOWN = ("key", "title", "icon", "path", "summary", "system")


class OwnSet(Schema):
    """The applications of one's set, in order."""

    keys: list[str] = Field(max_length=100)


def centre(actor: Actor) -> dict[str, Any]:
    """The applications one may open, in their order, and one's own set of them; what is no longer open drops out."""
    found = {each.key: {name: asdict(each)[name] for name in SHOWN} for each in applications_for(actor)}
    kept = PersonalSet.objects.filter(person_ref=actor.ref).first()
    return {"rows": list(found.values()), "mine": [key for key in (kept.applications if kept else []) if key in found]}


@routes.read("", right=STAFF, scope="self", summary="应用中心")
def read_centre(request: Request) -> dict[str, Any]:
    return centre(request.actor)


@routes.put("/mine", right=STAFF, scope="self", summary="定制我的应用")
def keep_own(request: Request, body: OwnSet) -> dict[str, Any]:
    open_ones = {each.key for each in applications_for(request.actor)}
    if len(set(body.keys)) < len(body.keys) or set(body.keys) - open_ones:
        raise DomainError(
            "有应用不能加入我的应用", code="applications.not_open", field="keys", advice="请刷新应用中心后重新选择"
        )
    PersonalSet.objects.update_or_create(person_ref=request.actor.ref, defaults={"applications": body.keys})
    return centre(request.actor)
