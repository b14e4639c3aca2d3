"""Operations on notices to staff: reading one's own, writing, publishing, withdrawing (SH-004.3, SH-004.4)."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from anju.identity.models import Role
from anju.kernel.http import STAFF, Request, Routes
from anju.kernel.scope import restrict
from anju.workspace import notices
from anju.workspace.models import OfficeNotice
from anju.workspace.notices import Draft

routes = Routes("/workspace/notices", title="通知公告")
LISTED = 100


class NoticeBody(Schema):
    """What a notice says and to whom; empty audiences mean everybody."""

    kind: Literal["policy", "units", "business", "system"] = "business"
    title: str = Field(min_length=1, max_length=120)
    body: str = Field(min_length=1, max_length=notices.LONGEST)
    roles: list[str] = Field(default_factory=list, max_length=50)
    rights: list[str] = Field(default_factory=list, max_length=50)
    areas: list[str] = Field(default_factory=list, max_length=50)
    pinned: bool = False


class ChangedNotice(NoticeBody):
    """A change of a notice, with the version that was seen."""

    version: int = Field(ge=1, le=2**31 - 1)


@routes.read("", right=STAFF, scope="self", summary="我能看到的通知公告")
def mine(request: Request, kind: str = "", q: str = "", before: int = 0) -> dict[str, Any]:
    return notices.notice_page(request.actor, kind=kind, q=q, before=max(before, 0))


@routes.read("/managed", right="workspace.notice.view", scope="org_path", summary="管理的通知公告")
def managed(request: Request) -> dict[str, Any]:
    rows = restrict(OfficeNotice.objects.all(), request.actor, "workspace.notice.view").order_by("-created_at", "-id")
    roles = Role.objects.order_by("id").values("key", "title")
    return {"rows": [notices.edited(each) for each in rows[:LISTED]], "roles": list(roles)}


@routes.read("/{int:notice_id}", right=STAFF, scope="self", summary="看一条通知公告", atomic=True)
def read(request: Request, notice_id: int) -> dict[str, Any]:
    return notices.open_notice(notice_id, request.actor)


@routes.act("", right="workspace.notice.create", scope="org_path", summary="起草通知公告")
def write(request: Request, body: NoticeBody) -> dict[str, Any]:
    return notices.edited(notices.write(Draft(**body.dict()), request.actor))


@routes.put("/{int:notice_id}", right="workspace.notice.change", scope="org_path", summary="修改通知公告")
def rewrite(request: Request, notice_id: int, body: ChangedNotice) -> dict[str, Any]:
    draft = Draft(**body.dict(exclude={"version"}))
    return notices.edited(notices.rewrite(notice_id, body.version, draft, request.actor))


@routes.act("/{int:notice_id}/publish", right="workspace.notice.publish", scope="org_path", summary="发布通知公告")
def publish(request: Request, notice_id: int) -> dict[str, Any]:
    return notices.edited(notices.publish(notice_id, request.actor))


@routes.act("/{int:notice_id}/withdraw", right="workspace.notice.publish", scope="org_path", summary="撤回通知公告")
def withdraw(request: Request, notice_id: int) -> dict[str, Any]:
    return notices.edited(notices.withdraw(notice_id, request.actor))
