"""Pushes changes to subscribers: in their order, at least once, signed, tried again until they arrive (SH-223.3).

A subscriber answers 2xx when it has kept a portion; until then the same portion comes again and nothing after it. It
tells repeats by the number. One that was away resumes where it stopped, or asks for any earlier number.
"""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q

from anju.gateway import feed
from anju.gateway.admission import party_actor
from anju.gateway.models import FeedEntry, Subscription, SubscriptionState
from anju.gateway.signing import HMAC_SM3, sign
from anju.kernel import clock
from anju.kernel.connectors import wire
from anju.kernel.events import Event, on
from anju.kernel.http.json import dumps
from anju.kernel.jobs import background, defer, every

AT_ONCE = 100
TIMEOUT = 10.0
LONGEST_PAUSE = timedelta(minutes=10)


@on("identity.changed", name="gateway.follow")
def follow(event: Event) -> None:
    """Takes the change over and has it pushed."""
    feed.follow()
    ask_all()


def ask_all() -> None:
    """Has the worker push to each subscriber that is behind and not waiting for its next try."""
    last = FeedEntry.objects.order_by("-number").values_list("number", flat=True).first() or 0
    behind = Subscription.objects.filter(state=SubscriptionState.ACTIVE, cursor__lt=last)
    due = behind.filter(Q(next_try_at__isnull=True) | Q(next_try_at__lte=clock.real_now()))
    for subscription_id in due.values_list("pk", flat=True):
        ask(subscription_id)


def ask(subscription_id: int) -> None:
    """Has the worker push to one subscriber, one push at a time."""
    name = f"gateway.push:{subscription_id}"
    defer("gateway.push", lock=name, once=name, subscription_id=subscription_id)


@background("gateway.push", atomic=False)
def push(subscription_id: int) -> None:
    """Pushes what a subscriber has not got, portion by portion; a failure is written down and tried again later."""
    while True:
        row = Subscription.objects.filter(pk=subscription_id, state=SubscriptionState.ACTIVE).first()
        actor = party_actor(row.party_id) if row else None
        if row is None or actor is None or (row.next_try_at and row.next_try_at > clock.real_now()):
            return
        portion = feed.read(actor, after=row.cursor, kinds=tuple(row.kinds.split()), limit=AT_ONCE)
        if portion.last == row.cursor:
            return
        failure = send(row, portion) if portion.items else ""
        mine = Subscription.objects.filter(pk=row.pk, cursor=row.cursor)
        if failure:
            pause = min(timedelta(seconds=2 ** min(row.failures + 1, 10)), LONGEST_PAUSE)
            mine.update(failures=row.failures + 1, error=failure[:200], next_try_at=clock.real_now() + pause)
            defer("gateway.push", lock=f"gateway.push:{row.pk}", at=clock.real_now() + pause, subscription_id=row.pk)
            return
        arrived = {"delivered_at": clock.real_now()} if portion.items else {}
        mine.update(cursor=portion.last, failures=0, error="", next_try_at=None, **arrived)


def send(row: Subscription, portion: feed.Portion) -> str:
    """Sends a portion; gives what went wrong, or nothing. Redirections are not followed."""
    content = dumps({"subscription": row.pk, "last": portion.last, "items": portion.items})
    parts = urlsplit(row.url)
    signed = sign(
        scheme=HMAC_SM3, key_id=f"subscription-{row.pk}", key=row.secret, method="POST", path=parts.path or "/",
        query=parts.query, content=content, timestamp=int(time.time()), nonce=secrets.token_urlsafe(18),
    )  # fmt: skip
    headers = {"Content-Type": "application/json", "Authorization": signed.header()}
    try:
        status, _, _ = wire.post(row.url, content, headers, TIMEOUT)
    except wire.WireTimeout:
        return f"超过 {TIMEOUT:g} 秒没有应答"
    except wire.WireBroken:
        return "连接不上"
    except wire.TooLarge:
        return "应答过大"
    return "" if 200 <= status < 300 else f"对方返回 {status}"


def resume(subscription: Subscription, after: int) -> None:
    """Pushes again from the change that follows a number, also one that had arrived before."""
    Subscription.objects.filter(pk=subscription.pk).update(
        cursor=after, state=SubscriptionState.ACTIVE, failures=0, error="", next_try_at=None
    )
    transaction.on_commit(lambda: ask(subscription.pk))


@background("gateway.sweep_feed")
def sweep() -> None:
    """Takes over what an event left behind, and asks for pushes whose job was lost with its worker."""
    feed.follow()
    ask_all()


every(minutes=1)("gateway.sweep_feed")
