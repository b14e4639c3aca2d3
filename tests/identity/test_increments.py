"""Changes of accounts, organisations and roles get numbers that no reader misses (SH-223.3)."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from anju.identity.increments import changes_since, note_change
from anju.kernel.events.models import StoredEvent


@pytest.mark.django_db
def test_a_change_is_numbered_and_stored_as_an_event() -> None:
    number = note_change("account", 12, "change")
    assert [(each.number, each.kind, each.id, each.action) for each in changes_since(number - 1)] == [
        (number, "account", 12, "change")
    ]
    assert changes_since(number) == []
    event = StoredEvent.objects.get(name="identity.changed")
    assert event.payload == {"kind": "account", "id": 12, "action": "change", "number": number}


@pytest.mark.django_db(transaction=True)
def test_a_later_number_is_never_seen_before_an_earlier_one() -> None:
    """Without the lock the second transaction commits first, and a reader who goes on from it misses the first."""
    started, seen = threading.Event(), list[list[int]]()

    def slow() -> None:
        with transaction.atomic():
            note_change("role", 1, "change")
            started.set()
            time.sleep(0.4)
        connection.close()

    def quick() -> None:
        started.wait()
        with transaction.atomic():
            note_change("role", 2, "change")
        seen.append([each.id for each in changes_since(0)])
        connection.close()

    threads = [threading.Thread(target=each) for each in (slow, quick)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [[1, 2]]
