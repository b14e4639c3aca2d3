"""The open interface of the message centre: other systems send messages and fetch them (SH-004.5, SH-004.6)."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import Field

from anju.kernel.cases.types import find_colleague
from anju.kernel.errors import Conflict, FieldError, Invalid
from anju.kernel.http import Request, Routes
from anju.kernel.scope import restrict
from anju.workspace.models import Channel, Mail, Message, Sms
from anju.workspace.tasking import safe_link
from anju.workspace.telling import tell

routes = Routes("/open/messages", title="开放接口：消息")
PAGE = 100


class NewMessage(Schema):
    """A message to a member of staff; `key` is the caller's own number of it. `link` leads to what it speaks of."""

    key: str = Field(min_length=1, max_length=60)
    account: str = Field(min_length=1, max_length=60, description="收件人账号")
    title: str = Field(min_length=1, max_length=80)
    text: str = Field(min_length=1, max_length=500)
    link: str = Field("", max_length=200)
    subject: str = Field("", max_length=64)
    channels: list[Channel] = Field(default_factory=list, max_length=3, description="除站内消息外还走的渠道")


def key_of(actor_ref: str, key: str) -> str:
    """The occasion a caller's number stands for."""
    return f"open:{actor_ref}:{key}"


@routes.act("", right="open.message.send", scope="self", summary="发送消息")
def send(request: Request, body: NewMessage) -> dict[str, Any]:
    person = find_colleague(body.account)
    errors = [] if person else [FieldError("account", "account.unknown", "没有这个账号，或账号已停用")]
    if body.link and not safe_link(body.link):
        errors.append(FieldError("link", "link.unsafe", "链接应以 https:// 或本系统的 / 开头"))
    if errors or person is None:
        raise Invalid(errors)
    key = key_of(request.actor.ref, body.key)
    values = {"title": body.title, "text": body.text, "source": request.actor.name or "外部系统"}
    before = Message.objects.filter(key=key).first()
    if before is not None and (before.recipient_ref != person.ref or before.title != body.title[:100]):
        raise Conflict(
            "这个编号已用于另一条消息", code="message.key_used", field="key", advice="新消息请用新编号"
        )  # fmt: skip
    used = tell(
        person.ref, "open", values, key=key, link=body.link, subject=body.subject, org_path=person.org_path,
        division=person.division, channels=tuple(str(each) for each in body.channels) if body.channels else None,
    )  # fmt: skip
    return {"key": body.key, "created": before is None, "channels": used}


@routes.read("", right="open.message.view", scope="org_path", summary="获取消息中心的消息")
def fetch(request: Request, after: int = 0, account: str = "") -> dict[str, Any]:
    """Messages within the caller's reach after the one with this number, oldest first."""
    rows = restrict(Message.objects.all(), request.actor, "open.message.view", owner="recipient_ref")
    rows = rows.filter(pk__gt=min(max(after, 0), 2**62), recipient_ref__startswith="staff:")
    if account:
        person = find_colleague(account[:60])
        rows = rows.filter(recipient_ref=person.ref) if person else rows.none()
    found = list(rows.order_by("id")[: PAGE + 1])
    shown = found[:PAGE]
    return {
        "rows": [
            {
                "id": each.pk, "recipient": each.recipient_ref, "kind": each.kind, "title": each.title,
                "text": each.text, "link": each.link, "subject": each.subject, "created_at": each.created_at,
                "read_at": each.read_at,
            }
            for each in shown
        ],
        "next": shown[-1].pk if len(found) > PAGE else None,
    }  # fmt: skip


@routes.read("/{str:key}/state", right="open.message.send", scope="self", summary="查询消息送达状态")
def state(request: Request, key: str) -> dict[str, Any]:
    """What became of a message the caller sent, a channel at a time."""
    wanted = key_of(request.actor.ref, key)
    message = Message.objects.filter(key=wanted).first()
    mail, sms = Mail.objects.filter(key=wanted).first(), Sms.objects.filter(key=wanted).first()
    told: list[dict[str, Any]] = []
    if message:
        told.append({"channel": "in_app", "state": "read" if message.read_at else "delivered", "at": message.read_at})
    for channel, row in (("email", mail), ("sms", sms)):
        if row is not None:
            told.append({"channel": channel, "state": row.state, "at": row.sent_at})
    return {"key": key, "channels": told}
