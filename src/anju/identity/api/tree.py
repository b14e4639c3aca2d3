"""Operations on the tree of organisations: shown, moved, merged."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from anju.identity import moving
from anju.identity.api.shapes import Elsewhere
from anju.identity.models import ChangeKind, Organisation
from anju.kernel.http import Request, Routes
from anju.kernel.scope import restrict

routes = Routes("/identity", title="组织机构")


@routes.read("/tree", right="identity.organisation.view", scope="path", summary="组织机构树")
def tree(request: Request) -> dict[str, Any]:
    """The organisations within reach, superiors before those below them; a superior out of reach is left out."""
    rows = restrict(Organisation.objects.all(), request.actor, "identity.organisation.view", path="path")
    counted = rows.annotate(accounts=Count("account", filter=Q(account__state="active"))).order_by("path")
    return {
        "rows": list(
            counted.values(
                "id", "parent_id", "name", "code", "kind", "division", "active", "governed", "ended_on", "ended_reason",
                "merged_into__name", "accounts", "path",
            )
        )
    }  # fmt: skip


@routes.act("/organisations/{int:organisation_id}/move", right=moving.MOVE, scope="path", summary="移动机构")
def move(request: Request, organisation_id: int, body: Elsewhere) -> dict[str, Any]:
    return moving.begin(ChangeKind.MOVE, request.actor, organisation_id, body.target, body.reason)


@routes.act("/organisations/{int:organisation_id}/merge", right=moving.MOVE, scope="path", summary="撤并机构")
def merge(request: Request, organisation_id: int, body: Elsewhere) -> dict[str, Any]:
    return moving.begin(ChangeKind.MERGE, request.actor, organisation_id, body.target, body.reason)
