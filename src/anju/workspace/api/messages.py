"""Operations on one's own messages and how one wants to be told, and the search over everything."""

from __future__ import annotations

from datetime import time
from typing import Any

from ninja import Schema
from pydantic import Field

from anju.kernel.http import STAFF, Request, Routes
from anju.workspace import contacts
from anju.workspace.notices import seen_by
from anju.workspace.search import search
from anju.workspace.services import mark_all_read, mark_read, message_page, unread_count

messages = Routes("/workspace/messages", title="消息")
finding = Routes("/search", title="搜索")


class Settings(Schema):
    """Addresses (left out: unchanged; empty: removed), quiet hours, and the channels a kind."""

    email: str | None = Field(None, max_length=120)
    phone: str | None = Field(None, max_length=20)
    quiet_from: time | None = None
    quiet_to: time | None = None
    kinds: dict[str, list[str]] = Field(default_factory=dict)


@messages.read("", right=STAFF, scope="self", summary="我的消息")
def list_messages(request: Request, cursor: int | None = None, kind: str = "", unread: bool = False) -> dict[str, Any]:
    return message_page(request.actor.ref, before=cursor, kind=kind[:30], unread=unread)


@messages.read("/unread", right=STAFF, scope="self", summary="未读消息和公告数")
def count_unread(request: Request) -> dict[str, Any]:
    notices = seen_by(request.actor).exclude(reads__person_ref=request.actor.ref).count()
    return {"messages": unread_count(request.actor.ref), "notices": notices}


@messages.read("/settings", right=STAFF, scope="self", summary="我的消息设置")
def read_settings(request: Request) -> dict[str, Any]:
    return contacts.settings_of(request.actor.ref)


@messages.put("/settings", right=STAFF, scope="self", summary="修改消息设置")
def change_settings(request: Request, body: Settings) -> dict[str, Any]:
    ref = request.actor.ref
    contacts.set_contact(
        ref, email=body.email, phone=body.phone, quiet_from=body.quiet_from, quiet_to=body.quiet_to
    )  # fmt: skip
    contacts.choose_channels(ref, body.kinds)
    return contacts.settings_of(ref)


@messages.act("/{int:message_id}/read", right=STAFF, scope="self", summary="标为已读")
def read_message(request: Request, message_id: int) -> dict[str, Any]:
    return {"unread": mark_read(request.actor.ref, message_id)}


@messages.act("/read-all", right=STAFF, scope="self", summary="全部标为已读")
def read_all(request: Request) -> dict[str, Any]:
    mark_all_read(request.actor.ref)
    return {"unread": 0}


@finding.read("", right=STAFF, scope="org_path", summary="全局搜索")
def search_all(request: Request, q: str = "") -> dict[str, Any]:
    return {"groups": search(request.actor, q)}
