"""Operations on what roles and posts give, and on who holds them."""

from __future__ import annotations

from typing import Any

from anju.identity import roles
from anju.identity.api.shapes import Assignment, ManyRoles, Permissions, PostPermissions
from anju.identity.fields_of_registers import fields_that_can_be_limited
from anju.identity.held import held_posts, held_roles
from anju.identity.models import AccountPost, AccountRole, FunctionPoint, Post, Role
from anju.kernel.errors import NotFound
from anju.kernel.http import Request, Routes
from anju.kernel.scope import Actor, Reach, restrict

routes = Routes("/identity", title="权限管理")
VIEW, CHANGE, ASSIGN = "identity.role.view", "identity.role.change", "identity.account.assign"


def role_of(actor: Actor, role_id: int, right: str) -> Role:
    """A role, locked, for somebody whose right reaches everywhere; else `NotFound`."""
    found = Role.objects.select_for_update().filter(pk=role_id).first() if actor.reach(right) is Reach.ALL else None
    if found is None:
        raise NotFound
    return found


def post_of(actor: Actor, post_id: int, right: str) -> Post:
    """A post within the actor's right, locked, or `NotFound`."""
    rows = Post.objects.select_related("organisation").select_for_update(of=("self",)).filter(pk=post_id)
    found = restrict(rows, actor, right).first()
    if found is None:
        raise NotFound
    return found


@routes.read("/functions", right=VIEW, scope="none", summary="可授予的权限")
def functions(request: Request) -> dict[str, Any]:
    """Function points by group, and the fields that a role may limit."""
    points = FunctionPoint.objects.order_by("group", "kind", "right").values("right", "title", "group", "kind", "duty")
    return {"functions": list(points), "fields": fields_that_can_be_limited()}


@routes.read("/roles/{int:role_id}", right=VIEW, scope="reach all", atomic=True, summary="角色权限")
def read_role(request: Request, role_id: int) -> dict[str, Any]:
    role = role_of(request.actor, role_id, VIEW)
    held = (
        AccountRole.objects.filter(role=role)
        .select_related("account", "account__organisation")
        .order_by("account__name")
    )
    return roles.as_json(role) | {
        "id": role.pk, "key": role.key, "title": role.title, "note": role.note, "version": role.version, "duty": role.duty,
        "own": role.pk in held_roles(request.actor.id),
        "holders": [
            {"id": each.account_id, "name": each.account.name, "account": each.account.username,
             "organisation": each.account.organisation.name, "until": each.until}
            for each in held[:200]
        ],
        "posts": list(role.posts.order_by("title").values("id", "title", "organisation__name")[:200]),
    }  # fmt: skip


@routes.put("/roles/{int:role_id}/permissions", right=CHANGE, scope="reach all", summary="修改角色权限")
def write_role(request: Request, role_id: int, body: Permissions) -> dict[str, Any]:
    role = role_of(request.actor, role_id, CHANGE)
    roles.set_permissions(role, body.version, body.dict(exclude={"version"}), request.actor)
    return {"id": role.pk, "version": role.version}


@routes.act("/roles/rights", right=CHANGE, scope="reach all", summary="批量给角色分配权限")
def write_many(request: Request, body: ManyRoles) -> dict[str, Any]:
    roles.of_everybody(request.actor, CHANGE)
    return {"changed": roles.change_many(body.roles, set(body.add), set(body.remove), request.actor)}


@routes.act("/roles/assign", right=ASSIGN, scope="org_path", summary="批量赋予角色")
def assign(request: Request, body: Assignment) -> dict[str, Any]:
    return {"given": roles.assign(request.actor, body.accounts, body.roles, body.until)}


@routes.act("/roles/withdraw", right=ASSIGN, scope="org_path", summary="批量收回角色")
def withdraw(request: Request, body: Assignment) -> dict[str, Any]:
    return {"taken": roles.withdraw(request.actor, body.accounts, body.roles)}


@routes.read("/posts/{int:post_id}", right="identity.post.view", scope="org_path", atomic=True, summary="岗位权限")
def read_post(request: Request, post_id: int) -> dict[str, Any]:
    post = post_of(request.actor, post_id, "identity.post.view")
    held = AccountPost.objects.filter(post=post).select_related("account").order_by("account__name")
    return roles.as_json(post) | {
        "id": post.pk, "title": post.title, "note": post.note, "version": post.version, "duty": post.duty,
        "organisation": post.organisation.name, "own": post.pk in held_posts(request.actor.id),
        "holders": [
            {"id": each.account_id, "name": each.account.name, "account": each.account.username, "until": each.until}
            for each in held[:200]
        ],
        "all_roles": list(Role.objects.order_by("key").values("id", "key", "title")),
    }  # fmt: skip


@routes.put("/posts/{int:post_id}/permissions", right="identity.post.change", scope="org_path", summary="修改岗位权限")
def write_post(request: Request, post_id: int, body: PostPermissions) -> dict[str, Any]:
    post = post_of(request.actor, post_id, "identity.post.change")
    roles.set_permissions(post, body.version, body.dict(exclude={"version"}), request.actor)
    return {"id": post.pk, "version": post.version}
