"""What others may ask of the workspace: tell a person something, on his list of messages or on his phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any
from uuid import uuid4

from django.db import connection

from anju.kernel import clock
from anju.kernel.crypto import blind, mask_phone
from anju.kernel.errors import NotFound
from anju.kernel.jobs import defer
from anju.kernel.scope import Actor
from anju.workspace.models import Message, Sms, SmsState
from anju.workspace.notices import Draft, announce

SHOWN_LIMIT = 500
PAGE = 50


def send_message(
    recipient_ref: str,
    title: str,
    text: str,
    *,
    kind: str = "notice",
    link: str = "",
    subject: str = "",
    key: str | None = None,
    org_path: str = "/",
    division: str = "",
) -> Message:
    """Puts a message on a person's list, in the present transaction.

    `recipient_ref` is an actor's ref (`resident:5`, `staff:3`); `key` names the occasion: a repeat with the same key
    finds the message already there and adds none. `org_path` and `division` are those of the office in whose matter it
    is.
    """
    message, _ = Message.objects.get_or_create(
        recipient_ref=recipient_ref,
        key=key or uuid4().hex,
        defaults={
            "title": title,
            "text": text,
            "kind": kind,
            "link": link,
            "subject": subject,
            "org_path": org_path,
            "division": division,
            "created_at": clock.now(),
        },
    )
    return message


def send_sms(
    phone: str,
    text: str,
    purpose: str,
    subject: str,
    actor: Actor,
    *,
    shown: str | None = None,
    key: str | None = None,
    org_path: str = "",
    division: str = "",
    expires_at: datetime | None = None,
    not_before: datetime | None = None,
) -> Sms:
    """Stores a text message and asks the worker to deliver it after the present transaction commits.

    `shown` is what the log keeps, where it must differ from the text (codes blotted out). `key` names the occasion: a
    repeat with the same key sends nothing. Messages to one phone leave in the order they were asked for; one that
    could not leave before `expires_at` is given up. `not_before` keeps it back until then (quiet hours).
    """
    index = blind(phone)
    sms, made = Sms.objects.get_or_create(
        phone_blind=index,
        key=key or uuid4().hex,
        defaults={
            "phone": phone,
            "phone_masked": mask_phone(phone),
            "text": text,
            "shown": (shown or text)[:SHOWN_LIMIT],
            "subject": subject,
            "purpose": purpose,
            "expires_at": expires_at,
            "not_before": not_before,
            "org_path": org_path or actor.org_path or "/",
            "division": division or actor.division,
            "created_by": actor.ref,
        },
    )
    if made and not_before is None:
        ask_delivery(sms)
    return sms


def ask_delivery(sms: Sms) -> None:
    """Has the worker deliver a text message; those to one phone go one after another, in order."""
    phone = bytes(sms.phone_blind).hex()
    defer("workspace.deliver_sms", lock=f"sms:{phone}", once=f"sms:{sms.pk}", sms_id=sms.pk)


def publish_notice(title: str, paragraphs: Sequence[str], *, rights: Sequence[str], link: str, actor: Actor) -> None:
    """Shows a business notice at once, in the present transaction, to whoever holds one of the rights wherever he works.

    `link` is an address of the office (`/registers/...`) that stands under the text.
    """
    text = "".join(f"<p>{escape(each)}</p>" for each in paragraphs)
    body = f'{text}<p><a href="/office{escape(link)}">打开查看</a></p>'
    announce(Draft(kind="business", title=title, body=body, rights=tuple(rights)), actor)


def unread_count(recipient_ref: str) -> int:
    """How many messages of a person are unread."""
    return Message.objects.filter(recipient_ref=recipient_ref, read_at__isnull=True).count()


def message_page(
    recipient_ref: str, *, before: int | None = None, kind: str = "", unread: bool = False
) -> dict[str, Any]:
    """A page of a person's messages, newest first, with the number unread; `before` is the last page's `next`."""
    rows = Message.objects.filter(recipient_ref=recipient_ref).order_by("-id")
    if kind:
        rows = rows.filter(kind=kind)
    if unread:
        rows = rows.filter(read_at__isnull=True)
    found = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    shown = found[:PAGE]
    return {
        "rows": [_message_json(message) for message in shown],
        "next": shown[-1].pk if len(found) > PAGE else None,
        "prev": None,
        "about": None,
        "unread": unread_count(recipient_ref),
    }


def _message_json(message: Message) -> dict[str, Any]:
    return {
        "id": message.pk,
        "title": message.title,
        "text": message.text,
        "kind": message.kind,
        "link": message.link,
        "subject": message.subject,
        "read": message.read_at is not None,
        "created_at": message.created_at,
    }


def mark_read(recipient_ref: str, message_id: int) -> int:
    """Marks one of a person's messages read and gives the number still unread. Raises `NotFound` for another's."""
    mine = Message.objects.filter(recipient_ref=recipient_ref)
    mine.filter(pk=message_id, read_at__isnull=True).update(read_at=clock.now())
    if not mine.filter(pk=message_id).exists():
        raise NotFound
    return unread_count(recipient_ref)


def mark_all_read(recipient_ref: str) -> int:
    """Marks all of a person's messages read; gives how many were unread."""
    unread = Message.objects.filter(recipient_ref=recipient_ref, read_at__isnull=True)
    return unread.update(read_at=clock.now())


def texts_to(phone: str) -> list[Sms]:
    """The text messages to a phone, newest first."""
    return list(Sms.objects.filter(phone_blind=blind(phone)).order_by("-id"))


def waiting_texts() -> int:
    """How many text messages have not left yet."""
    return Sms.objects.filter(state=SmsState.WAITING).count()


def hold(name: str) -> None:
    """Keeps everyone else who holds the same name waiting until the present transaction ends.

    For counting before adding (limits per telephone number), where there is no row to lock. A transaction holds one
    name at most, or several in alphabetical order.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
