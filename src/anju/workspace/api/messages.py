"""Operations on one's own messages, and the search over everything."""

from __future__ import annotations

from typing import Any

from anju.kernel.http import STAFF, Request, Routes
from anju.workspace.search import search
from anju.workspace.services import mark_all_read, mark_read, message_page

messages = Routes("/workspace/messages", title="消息")
finding = Routes("/search", title="搜索")


@messages.read("", right=STAFF, scope="self", summary="我的消息")
def list_messages(request: Request, cursor: int | None = None) -> dict[str, Any]:
    return message_page(request.actor.ref, before=cursor)


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
