"""Publishing and subscribing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import F as Column
from django.db.models import Q

from anju.kernel import clock
from anju.kernel.compiled import added
from anju.kernel.events.models import Delivery, StoredEvent
from anju.kernel.jobs import background, defer, every
from anju.kernel.jobs.queue import RETRY

SWEPT_AT_ONCE = 1000
TRIED_FOR = timedelta(hours=3)
"""No job is tried for longer than this."""


@dataclass(frozen=True)
class Event:
    """An event as its handler sees it."""

    id: int
    name: str
    payload: dict[str, Any]
    created_at: datetime

    def __getitem__(self, key: str) -> Any:
        return self.payload[key]


Handler = Callable[[Event], None]
Payload = Mapping[str, Any]
H = TypeVar("H", bound=Handler)


@dataclass(frozen=True)
class Subscriber:
    """Who hears of an event: of which ones, and whether in a line of its own."""

    handler: Handler
    when: Callable[[Payload], bool] | None
    line: Callable[[Payload], str] | None


_SUBSCRIBERS: dict[str, dict[str, Subscriber]] = {}


def on(
    event: str,
    *,
    name: str,
    when: Callable[[Payload], bool] | None = None,
    line: Callable[[Payload], str] | None = None,
) -> Callable[[H], H]:
    """Subscribes a function to an event. `name` is the subscriber's lasting name, such as `waiting.enqueue`.

    `when` says which of the events concern it; of the others nothing is stored. The handler runs in one transaction with
    the mark that it is done. One that speaks to the outside has a `line` instead: it runs outside of any transaction, in a
    job of its own after those of the same line that came before; it may run twice and must then change nothing again.
    """

    def register(handler: H) -> H:
        _SUBSCRIBERS.setdefault(event, {})[name] = Subscriber(handler, when, line)
        return handler

    return register


def publish(event: str, **payload: Any) -> None:
    """Stores an event and its deliveries in the present transaction; payload must be JSON values.

    Raises RuntimeError outside a transaction: an event without its change would be a lie.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"event {event} published outside a transaction")
    stored = added(StoredEvent(name=event, payload=payload))
    concerned = {
        name: each for name, each in _SUBSCRIBERS.get(event, {}).items() if each.when is None or each.when(payload)
    }
    if not concerned:
        return
    deliveries = Delivery.objects.bulk_create([Delivery(event=stored, subscriber=name) for name in concerned])
    if any(each.line is None for each in concerned.values()):
        defer("events.deliver", event_id=stored.pk)
    for delivery in deliveries:
        if line := concerned[delivery.subscriber].line:
            defer("events.deliver_in_line", lock=line(payload), delivery_id=delivery.pk)


@background("events.deliver", atomic=False)
def deliver(*, event_id: int | None = None, delivery_id: int | None = None) -> None:
    """Hands an event to the subscribers that have not had it; one that fails keeps it from none of the others.

    Jobs that an earlier release asked for name one delivery. Raises what the first of the failing handlers raised.
    """
    meant = {"event_id": event_id} if delivery_id is None else {"pk": delivery_id}
    failures = []
    waiting = Delivery.objects.filter(done_at__isnull=True, **meant).order_by("id")
    for each, name, subscriber in waiting.values_list("pk", "event__name", "subscriber"):
        known = _SUBSCRIBERS.get(name, {}).get(subscriber)
        if known and known.line and delivery_id is None:
            continue
        try:
            hand_over(each)
        except Exception as failure:
            note_failure(each, failure)
            failures.append(failure)
    if failures:
        raise failures[0]


def note_failure(delivery_id: int, failure: Exception) -> None:
    """What went wrong stands with the delivery until it succeeds."""
    failed = Delivery.objects.filter(pk=delivery_id)
    failed.update(attempts=Column("attempts") + 1, error=repr(failure)[:2000])


@background("events.deliver_in_line", atomic=False)
def deliver_in_line(*, delivery_id: int) -> None:
    """Hands an event to a subscriber with a line of its own; marked done only after it, so that it may come twice."""
    delivery = Delivery.objects.select_related("event").filter(pk=delivery_id, done_at__isnull=True).first()
    if delivery is None:
        return
    stored = delivery.event
    try:
        _SUBSCRIBERS[stored.name][delivery.subscriber].handler(
            Event(stored.pk, stored.name, stored.payload, stored.created_at)
        )
    except Exception as failure:
        note_failure(delivery_id, failure)
        raise
    mark_done(delivery)


@transaction.atomic
def hand_over(delivery_id: int) -> None:
    """Lets the subscriber do his part and marks it done, both or neither; done ones are left alone."""
    waiting = Delivery.objects.select_for_update(of=("self",)).select_related("event")
    delivery = waiting.filter(pk=delivery_id, done_at__isnull=True).first()
    if delivery is None:
        return
    stored = delivery.event
    handler = _SUBSCRIBERS[stored.name][delivery.subscriber].handler
    handler(Event(stored.pk, stored.name, stored.payload, stored.created_at))
    mark_done(delivery)


def mark_done(delivery: Delivery) -> None:
    """The subscriber has had it."""
    delivery.done_at, delivery.attempts, delivery.error = clock.now(), delivery.attempts + 1, ""
    delivery.save(update_fields=["done_at", "attempts", "error"])


@background("events.sweep")
def sweep() -> None:
    """Deliveries whose job gave up or is gone are asked for again, so that a subscriber mended later misses nothing."""
    given_up = Q(attempts__gte=RETRY.max_attempts) | Q(event__created_at__lt=clock.now() - TRIED_FOR)
    waiting = Delivery.objects.filter(given_up, done_at__isnull=True).select_related("event").order_by("id")
    whole = set()
    for delivery in waiting[:SWEPT_AT_ONCE]:
        known = _SUBSCRIBERS.get(delivery.event.name, {}).get(delivery.subscriber)
        if known is None or known.line is None:
            whole.add(delivery.event_id)
            continue
        once, line = f"events.deliver_in_line.{delivery.pk}", known.line(delivery.event.payload)
        defer("events.deliver_in_line", once=once, lock=line, delivery_id=delivery.pk)
    for event_id in whole:
        defer("events.deliver", once=f"events.deliver.{event_id}", event_id=event_id)


every(minutes=60)("events.sweep")
