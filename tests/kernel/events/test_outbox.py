"""Events: stored with the change or not at all, handled once, kept until somebody can handle them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from anju.kernel import clock
from anju.kernel.events import Event, on, outbox, publish
from anju.kernel.events.models import Delivery, StoredEvent
from anju.workspace.models import Message
from anju.workspace.services import send_message
from tests.support import run_jobs, waiting_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def subscribers() -> Iterator[list[tuple[str, int]]]:
    """Two subscribers of `test.happened` and what they heard."""
    heard: list[tuple[str, int]] = []

    @on("test.happened", name="test.first")
    def first(event: Event) -> None:
        heard.append(("first", event["number"]))

    @on("test.happened", name="test.second")
    def second(event: Event) -> None:
        heard.append(("second", event["number"]))
        send_message("staff:1", "听说了", str(event["number"]), key=f"test:{event.id}")

    yield heard
    outbox._SUBSCRIBERS.pop("test.happened")


@pytest.mark.covers("NF-04.3")
@pytest.mark.django_db(transaction=True)
def test_rolled_back_with_its_change_it_never_happened(subscribers: list[tuple[str, int]]) -> None:
    @transaction.atomic
    def fails() -> None:
        publish("test.happened", number=1)
        assert StoredEvent.objects.count() == 1
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert not StoredEvent.objects.exists()
    assert waiting_jobs("events.deliver") == []
    run_jobs()
    assert subscribers == []


@pytest.mark.covers("NF-04.3")
def test_each_subscriber_hears_it_once_however_often_the_job_runs(subscribers: list[tuple[str, int]]) -> None:
    publish("test.happened", number=7)
    assert subscribers == []  # nothing before the worker
    jobs = [arguments for _, arguments in waiting_jobs("events.deliver")]
    assert len(jobs) == 1
    run_jobs()
    for arguments in jobs:
        outbox.deliver(**arguments)
    assert subscribers == [("first", 7), ("second", 7)]
    assert Message.objects.count() == 1
    assert not Delivery.objects.filter(done_at__isnull=True).exists()


def test_outside_a_transaction_it_is_refused(transactional_db: None) -> None:
    with pytest.raises(RuntimeError):
        publish("test.happened", number=1)


def test_what_nobody_listens_to_is_still_kept() -> None:
    publish("test.unheard", word="听")
    assert StoredEvent.objects.get(name="test.unheard").payload == {"word": "听"}
    assert waiting_jobs("events.deliver") == []


def test_a_subscriber_that_fails_keeps_its_delivery_and_leaves_nothing_half_done(
    subscribers: list[tuple[str, int]],
) -> None:
    broken = True

    @on("test.happened", name="test.third")
    def third(event: Event) -> None:
        send_message("staff:2", "半途", "", key="half")
        if broken:
            raise ValueError("later")

    @on("test.happened", name="test.fourth")
    def fourth(event: Event) -> None:
        subscribers.append(("fourth", event["number"]))

    publish("test.happened", number=3)
    delivery = Delivery.objects.get(subscriber="test.third")
    for round_ in (1, 2):
        with pytest.raises(ValueError, match="later"):
            outbox.deliver(event_id=delivery.event_id)
        delivery.refresh_from_db()
        assert (delivery.attempts, delivery.done_at, "later" in delivery.error) == (round_, None, True)
        assert [name for name, _ in subscribers] == ["first", "second", "fourth"]  # the others have it, once
    assert not Message.objects.filter(key="half").exists()
    broken = False
    run_jobs()
    delivery.refresh_from_db()
    assert delivery.done_at is not None
    assert delivery.error == ""
    assert [name for name, _ in subscribers] == ["first", "second", "fourth"]


def test_a_job_of_an_earlier_release_hands_over_the_delivery_it_names(subscribers: list[tuple[str, int]]) -> None:
    publish("test.happened", number=9)
    outbox.deliver(delivery_id=Delivery.objects.get(subscriber="test.second").pk)
    assert subscribers == [("second", 9)]
    run_jobs()
    assert subscribers == [("second", 9), ("first", 9)]


def test_deliveries_that_gave_up_are_taken_up_again_later(subscribers: list[tuple[str, int]]) -> None:
    publish("test.happened", number=5)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'events.deliver'")
    outbox.sweep()
    assert waiting_jobs("events.deliver") == []  # their jobs may still be at it
    Delivery.objects.update(attempts=12)
    outbox.sweep()
    outbox.sweep()
    assert len(waiting_jobs("events.deliver")) == 1
    run_jobs()
    assert len(subscribers) == 2


def test_what_does_not_concern_a_subscriber_is_not_stored_for_him(subscribers: list[tuple[str, int]]) -> None:
    @on("test.happened", name="test.even", when=lambda payload: payload["number"] % 2 == 0)
    def even(event: Event) -> None:
        subscribers.append(("even", event["number"]))

    for number in (3, 4):
        publish("test.happened", number=number)
    assert Delivery.objects.filter(subscriber="test.even").count() == 1
    run_jobs()
    assert [heard for heard in subscribers if heard[0] == "even"] == [("even", 4)]


@pytest.fixture
def line() -> Iterator[list[int]]:
    """A subscriber of `test.spoken` that speaks to the outside, and what it said there; it refuses number 13."""
    said: list[int] = []

    @on("test.spoken", name="test.outside", line=lambda payload: f"test-line:{payload['about']}")
    def outside(event: Event) -> None:
        if event["number"] == 13:
            raise ConnectionError("nobody there")
        said.append(event["number"])

    yield said
    outbox._SUBSCRIBERS.pop("test.spoken")


@pytest.mark.django_db(transaction=True)
def test_who_speaks_to_the_outside_is_asked_outside_of_a_transaction_and_in_the_order_of_its_line(
    line: list[int],
) -> None:
    began: list[bool] = []

    @on("test.spoken", name="test.watching", line=lambda payload: f"test-line:{payload['about']}")
    def watching(event: Event) -> None:
        began.append(connection.in_atomic_block)

    for number in (1, 2, 3):
        with transaction.atomic():
            publish("test.spoken", number=number, about=7)
    assert waiting_jobs("events.deliver") == []  # one job each is enough
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT lock FROM procrastinate_jobs WHERE task_name = 'events.deliver_in_line'")
        assert cursor.fetchall() == [("test-line:7",)]
    run_jobs()
    assert line == [1, 2, 3]
    assert began == [False] * 3
    assert not Delivery.objects.filter(done_at__isnull=True).exists()


def test_a_line_that_fails_says_why_and_is_taken_up_again_once(line: list[int]) -> None:
    publish("test.spoken", number=13, about=7)
    delivery = Delivery.objects.get(subscriber="test.outside")
    with pytest.raises(ConnectionError):
        outbox.deliver_in_line(delivery_id=delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.attempts, delivery.done_at, "nobody there" in delivery.error) == (1, None, True)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    outbox.sweep()
    assert waiting_jobs("events.deliver_in_line") == []  # its job may still be at it
    StoredEvent.objects.update(created_at=clock.now() - outbox.TRIED_FOR, payload={"number": 14, "about": 7})
    outbox.sweep()
    outbox.sweep()
    assert len(waiting_jobs("events.deliver_in_line")) == 1
    run_jobs()
    outbox.deliver_in_line(delivery_id=delivery.pk)
    assert line == [14]
    delivery.refresh_from_db()
    assert (delivery.attempts, delivery.error) == (2, "")


def test_a_delivery_whose_subscriber_is_gone_is_kept_with_its_reason() -> None:
    event = StoredEvent.objects.create(name="test.gone", payload={})
    delivery = Delivery.objects.create(event=event, subscriber="test.nobody")
    with pytest.raises(KeyError):
        outbox.deliver(event_id=event.pk)
    delivery.refresh_from_db()
    assert (delivery.done_at, delivery.attempts) == (None, 1)
