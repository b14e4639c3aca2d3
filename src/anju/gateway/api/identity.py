"""Users, organisations, roles and permissions for other applications (SH-223, SH-228)."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from ninja import Schema
from pydantic import Field

from anju.gateway import feed, pushing
from anju.gateway.models import Subscription
from anju.identity.models import Role
from anju.identity.services import permitted
from anju.kernel.errors import NotFound
from anju.kernel.http import Request, Routes

routes = Routes("/open", title="开放服务：用户、组织与授权")
MAX_PAGE = 500
BIGGEST = 2**63 - 1


class Question(Schema):
    """Whether a user holds a right."""

    account: str = Field(min_length=1, max_length=60, description="账号", examples=["fangting"])
    right: str = Field(min_length=1, max_length=100, description="权限标识", examples=["supply.unit.view"])


class Resume(Schema):
    """From where to push again."""

    after: int = Field(ge=0, le=BIGGEST, description="从这个序号之后重新推送")


def portion(rows: QuerySet[Any], shape: Any, after: int, limit: int) -> dict[str, Any]:
    """Rows by id after one, and where to go on."""
    limit = max(1, min(limit, MAX_PAGE))
    if not 0 <= after <= BIGGEST:
        return {"items": [], "next": None}
    found: list[Model] = list(rows.filter(pk__gt=after).order_by("pk")[: limit + 1])
    items = [shape(each) for each in found[:limit]]
    return {"items": items, "next": found[limit - 1].pk if len(found) > limit else None}


@routes.read("/users", right="open.user.view", scope="org_path", summary="取用户", operation_id="open_users")
def users(request: Request, after: int = 0, limit: int = 100) -> dict[str, Any]:
    return portion(feed.users(request.actor).prefetch_related("roles"), feed.user_json, after, limit)


@routes.read(
    "/organisations",
    right="open.organisation.view",
    scope="org_path",
    summary="取组织",
    operation_id="open_organisations",
)
def organisations(request: Request, after: int = 0, limit: int = 100) -> dict[str, Any]:
    return portion(feed.organisations(request.actor), feed.organisation_json, after, limit)


@routes.read("/roles", right="open.role.view", scope="none", summary="取角色及其权限", operation_id="open_roles")
def roles(request: Request) -> dict[str, Any]:
    return {"items": [feed.role_json(role) for role in Role.objects.order_by("key")]}


@routes.read(
    "/increments", right="open.increment.view", scope="org_path", summary="取用户、组织、角色的增量",
    operation_id="open_increments",
)  # fmt: skip
def increments(request: Request, after: int = 0, limit: int = 100) -> dict[str, Any]:
    found = feed.read(request.actor, after=max(0, min(after, BIGGEST)), limit=max(1, min(limit, feed.PAGE)))
    return {"items": found.items, "last": found.last, "more": found.more}


@routes.act(
    "/permissions/check", right="open.permission.check", scope="org_path", summary="校验用户权限",
    operation_id="open_permission_check",
)  # fmt: skip
def check_permission(request: Request, body: Question) -> dict[str, Any]:
    account = feed.within(request.actor, "open.permission.check").filter(username=body.account).first()
    held = account is not None and permitted(f"staff:{account.pk}", body.right)
    return {"account": body.account, "right": body.right, "permitted": held}


def mine(request: Request) -> QuerySet[Subscription]:
    """The caller's own subscriptions."""
    is_party = request.actor.kind == "party"
    return Subscription.objects.filter(party_id=request.actor.id if is_party else -1)


@routes.read(
    "/subscriptions",
    right="open.increment.view",
    scope="self",
    summary="我的增量订阅",
    operation_id="open_subscriptions",
)
def subscriptions(request: Request) -> dict[str, Any]:
    rows = mine(request).order_by("pk")
    return {
        "items": [
            {
                "id": row.pk, "url": row.url, "kinds": row.kinds.split(), "state": row.state, "cursor": row.cursor,
                "failures": row.failures, "error": row.error, "delivered_at": row.delivered_at,
            }
            for row in rows
        ]
    }  # fmt: skip


@routes.act(
    "/subscriptions/{int:subscription_id}/resume", right="open.increment.view", scope="self",
    summary="从某个序号重新推送", operation_id="open_subscription_resume",
)  # fmt: skip
def resume(request: Request, subscription_id: int, body: Resume) -> dict[str, Any]:
    row = mine(request).select_for_update().filter(pk=subscription_id).first()
    if row is None:
        raise NotFound
    pushing.resume(row, body.after)
    return {"id": row.pk, "cursor": body.after}
