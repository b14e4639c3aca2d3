"""Operations on the rights that an upgrade brought to the product's roles."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import Field

from anju.identity import roles, shipped
from anju.identity.api.roles import CHANGE, VIEW, role_of
from anju.kernel.http import Request, Routes

routes = Routes("/identity", title="权限管理")


class NewRightsDecision(Schema):
    """Which of the rights offered to a role it gets, and which are put aside for good."""

    version: int
    grant: list[str] = Field([], max_length=1000)
    decline: list[str] = Field([], max_length=1000)


@routes.read("/roles/new-rights", right=VIEW, scope="reach all", summary="新版本带来的角色权限")
def new_rights(request: Request) -> list[dict[str, Any]]:
    roles.of_everybody(request.actor, VIEW)
    return shipped.page(request.actor)


@routes.act("/roles/{int:role_id}/new-rights", right=CHANGE, scope="reach all", summary="采用或不采用新版权限")
def decide(request: Request, role_id: int, body: NewRightsDecision) -> dict[str, Any]:
    role = role_of(request.actor, role_id, CHANGE)
    shipped.decide(role, body.version, body.grant, body.decline, request.actor)
    return {"id": role.pk, "version": role.version}
