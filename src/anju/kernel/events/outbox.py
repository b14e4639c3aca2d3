"""Publishing and subscribing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import F as Column

from anju.kernel import clock
from anju.kernel.compiled import added
from anju.kernel.events.models import Delivery, StoredEvent
from anju.kernel.jobs import background, defer, every

SWEPT_AT_ONCE = 1000


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
H = TypeVar("H", bound=Handler)
_SUBSCRIBERS: dict[str, dict[str, Handler]] = {}


def on(event: str, *, name: str) -> Callable[[H], H]:
    """Subscribes a function to an event. `name` is the subscriber's lasting name, such as `waiting.enqueue`."""

    def register(handler: H) -> H:
        _SUBSCRIBERS.setdefault(event, {})[name] = handler
        return handler

    return register


def publish(event: str, **payload: Any) -> None:
    """Stores an event and its deliveries in the present transaction; payload must be JSON values.

    Raises RuntimeError outside a transaction: an event without its change would be a lie.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"event {event} published outside a transaction")
    stored = added(StoredEvent(name=event, payload=payload))
    if subscribers := _SUBSCRIBERS.get(event):
        Delivery.objects.bulk_create([Delivery(event=stored, subscriber=name) for name in subscribers])
        defer("events.deliver", event_id=stored.pk)


@background("events.deliver", atomic=False)
def deliver(*, event_id: int | None = None, delivery_id: int | None = None) -> None:
    """Hands an event to the subscribers that have not had it; one that fails keeps it from none of the others.

    Jobs that an earlier release asked for name one delivery. Raises what the first of the failing handlers raised.
    """
    meant = {"event_id": event_id} if delivery_id is None else {"pk": delivery_id}
    failures = []
    for each in Delivery.objects.filter(done_at__isnull=True, **meant).order_by("id").values_list("pk", flat=True):
        try:
            hand_over(each)
        except Exception as failure:
            Delivery.objects.filter(pk=each).update(attempts=Column("attempts") + 1, error=repr(failure)[:2000])
            failures.append(failure)
    if failures:
        raise failures[0]


@transaction.atomic
def hand_over(delivery_id: int) -> None:
    """Lets the subscriber do his part and marks it done, both or neither; done ones are left alone."""
    waiting = Delivery.objects.select_for_update(of=("self",)).select_related("event")
    delivery = waiting.filter(pk=delivery_id, done_at__isnull=True).first()
    if delivery is None:
        return
    stored = delivery.event
    handler = _SUBSCRIBERS[stored.name][delivery.subscriber]
    handler(Event(stored.pk, stored.name, stored.payload, stored.created_at))
    delivery.done_at, delivery.attempts, delivery.error = clock.now(), delivery.attempts + 1, ""
    delivery.save(update_fields=["done_at", "attempts", "error"])


@background("events.sweep")
def sweep() -> None:
    """Deliveries whose job gave up are asked for again, so that a subscriber mended later misses nothing."""
    waiting = Delivery.objects.filter(done_at__isnull=True, attempts__gte=12).order_by("id")[:SWEPT_AT_ONCE]
    for event_id in {delivery.event_id for delivery in waiting}:
        defer("events.deliver", once=f"events.deliver.{event_id}", event_id=event_id)


every(minutes=60)("events.sweep")
