"""Operations of a resident's own messages (JN-10)."""

from __future__ import annotations

from typing import Any

from anju.kernel.http import RESIDENT, Request, Routes
from anju.workspace.services import mark_all_read, mark_read, message_page

routes = Routes("/citizen/messages", title="居民消息")


@routes.read("", right=RESIDENT, scope="self", summary="我的消息")
def list_messages(request: Request, cursor: int | None = None) -> dict[str, Any]:
    return message_page(request.actor.ref, before=cursor)


@routes.act("/{int:message_id}/read", right=RESIDENT, scope="self", summary="标为已读")
def read_message(request: Request, message_id: int) -> dict[str, Any]:
    return {"unread": mark_read(request.actor.ref, message_id)}


@routes.act("/read-all", right=RESIDENT, scope="self", summary="全部标为已读")
def read_all(request: Request) -> dict[str, Any]:
    mark_all_read(request.actor.ref)
    return {"unread": 0}
