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
from anju.kernel.jobs import background, defer, defer_each, every

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
    subscribers = _SUBSCRIBERS.get(event, {})
    deliveries = Delivery.objects.bulk_create([Delivery(event=stored, subscriber=name) for name in subscribers])
    defer_each("events.deliver", ({"delivery_id": delivery.pk} for delivery in deliveries))


@background("events.deliver", atomic=False)
def deliver(delivery_id: int) -> None:
    """Hands one delivery to its subscriber; done ones are left alone."""
    try:
        with transaction.atomic():
            delivery = Delivery.objects.select_for_update().select_related("event").get(pk=delivery_id)
            if delivery.done_at is not None:
                return
            stored = delivery.event
            handler = _SUBSCRIBERS[stored.name][delivery.subscriber]
            handler(Event(stored.pk, stored.name, stored.payload, stored.created_at))
            delivery.done_at, delivery.attempts, delivery.error = clock.now(), delivery.attempts + 1, ""
            delivery.save(update_fields=["done_at", "attempts", "error"])
    except Exception as failure:
        Delivery.objects.filter(pk=delivery_id).update(attempts=Column("attempts") + 1, error=repr(failure)[:2000])
        raise


@background("events.sweep")
def sweep() -> None:
    """Deliveries whose job gave up are asked for again, so that a subscriber mended later misses nothing."""
    waiting = Delivery.objects.filter(done_at__isnull=True, attempts__gte=12).order_by("id")[:SWEPT_AT_ONCE]
    for delivery in waiting:
        defer("events.deliver", once=f"events.deliver.{delivery.pk}", delivery_id=delivery.pk)


every(minutes=60)("events.sweep")
