"""Calls beyond the agreed number are refused until the period ends; no party feels another's limit."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anju.gateway import limits
from anju.gateway.models import Limit, Service, Usage
from anju.identity.models import Organisation
from tests.gateway import racing
from tests.gateway.kit import UNITS, Bearer, party
from tests.supply.samples import make_supply

Offices = tuple[Organisation, Organisation]
CONTRACTS = "/registers/tenancy.contracts/rows"


def limit(of: Any, key: str, calls: int, seconds: int = 3600, quota: int | None = None, period: str = "day") -> Limit:
    return Limit.objects.create(
        party=of, service=Service.objects.get(key=key), rate_calls=calls, rate_seconds=seconds, quota_calls=quota,
        quota_period=period,
    )  # fmt: skip


def codes(caller: Bearer, path: str, times: int) -> list[int]:
    return [caller.get(path).status_code for _ in range(times)]


@pytest.mark.covers("SH-232.1", "SH-232.2")
def test_calls_beyond_the_frequency_are_refused(offices: Offices) -> None:
    make_supply("A", offices[0].path, "339901")
    made = party("a", offices[0], "units", "contracts")
    limit(made, "units", 3)
    caller = Bearer(made)
    assert codes(caller, UNITS, 4) == [200, 200, 200, 429]
    answer = caller.get(UNITS)
    assert answer.json()["code"] == "party.too_many"
    assert 1 <= int(answer["Retry-After"]) <= 3600
    assert answer["RateLimit-Remaining"] == "0"
    assert codes(caller, CONTRACTS, 2) == [200, 200], "the limit is the service's, not the party's"


def test_every_answer_says_what_is_left(offices: Offices) -> None:
    made = party("a", offices[0], "units")
    limit(made, "units", 5, quota=10)
    caller = Bearer(made)
    left = [caller.get(UNITS) for _ in range(2)]
    assert [answer["RateLimit-Limit"] for answer in left] == ["5", "5"]
    assert [answer["RateLimit-Remaining"] for answer in left] == ["4", "3"]
    assert [answer["X-Quota-Remaining"] for answer in left] == ["9", "8"]


@pytest.mark.covers("SH-232.2")
def test_with_the_next_window_there_is_room_again(offices: Offices) -> None:
    made = party("a", offices[0], "units")
    limit(made, "units", 1, seconds=60)
    caller = Bearer(made)
    assert codes(caller, UNITS, 2) == [200, 429]
    with connection.cursor() as cursor:
        cursor.execute('UPDATE gateway_usage SET "window" = "window" - 60')
    assert codes(caller, UNITS, 2) == [200, 429]


@pytest.mark.covers("SH-232.1", "SH-232.2")
@pytest.mark.parametrize("period", ["day", "month"])
def test_calls_beyond_the_quota_are_refused_until_the_period_ends(offices: Offices, period: str) -> None:
    made = party("a", offices[0], "units")
    limit(made, "units", 100, quota=2, period=period)
    caller = Bearer(made)
    assert codes(caller, UNITS, 3) == [200, 200, 429]
    ends = timedelta(seconds=int(caller.get(UNITS)["Retry-After"]))
    assert timedelta() < ends <= timedelta(days=1 if period == "day" else 31)
    usage = Usage.objects.get(party_id=made.pk)
    assert usage.spent == 2, "a refused call is not counted"
    Usage.objects.update(period="2000-01-01" if period == "day" else "2000-01")
    assert codes(caller, UNITS, 1) == [200]


def test_a_quota_of_nothing_closes_the_service(offices: Offices) -> None:
    made = party("a", offices[0], "units")
    limit(made, "units", 100, quota=0)
    assert codes(Bearer(made), UNITS, 1) == [429]


@pytest.mark.covers("SH-232.3")
def test_one_partys_limit_is_nothing_to_another(offices: Offices) -> None:
    first, second = party("a", offices[0], "units"), party("b", offices[0], "units")
    limit(first, "units", 1)
    greedy, modest = Bearer(first), Bearer(second)
    assert codes(greedy, UNITS, 3) == [200, 429, 429]
    assert codes(modest, UNITS, 3) == [200, 200, 200]


def test_the_services_own_limit_holds_where_none_is_set(offices: Offices) -> None:
    Service.objects.filter(key="units").update(rate_calls=2, rate_seconds=3600)
    assert codes(Bearer(party("a", offices[0], "units")), UNITS, 3) == [200, 200, 429]


def test_a_changed_limit_counts_at_the_next_call(offices: Offices) -> None:
    made = party("a", offices[0], "units")
    row = limit(made, "units", 1)
    caller = Bearer(made)
    assert codes(caller, UNITS, 2) == [200, 429]
    Limit.objects.filter(pk=row.pk).update(rate_calls=3)
    assert codes(caller, UNITS, 3) == [200, 200, 429]


def test_refused_calls_of_the_wrong_service_are_not_counted(offices: Offices) -> None:
    made = party("a", offices[0], "units")
    assert codes(Bearer(made), CONTRACTS, 2) == [403, 403]
    assert not Usage.objects.filter(party_id=made.pk).exists()


PROCESSES = 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("careful", [True, False])
def test_processes_agree_on_the_last_place(careful: bool) -> None:
    """160 calls of four processes for 50 places: exactly 50 with the statement, more where read and write are two."""
    if not careful:
        Usage.objects.create(party_id=racing.PARTY, service_id=1, window=2**40, used=0, period="9999-12", spent=0)
    at = connection.settings_dict
    url = f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    word = "careful" if careful else "careless"
    workers = [
        subprocess.Popen(
            [sys.executable, racing.__file__, word], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"DATABASE_URL": url, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
                              "DJANGO_SETTINGS_MODULE": "anju.site.settings", "ANJU_SECRETS": str(settings.ANJU_SECRETS)},
        )
        for _ in range(PROCESSES)
    ]  # fmt: skip
    for worker in workers:
        assert worker.stdout
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin
        worker.stdin.write("go\n")
        worker.stdin.flush()
    done = sum(int(worker.communicate(timeout=60)[0]) for worker in workers)
    assert (done == racing.ROOM) if careful else (done > racing.ROOM)


def test_a_count_is_one_statement(db: None) -> None:
    """What it costs is measured in docs/adr; here it is held that it asks the database once."""
    with CaptureQueriesContext(connection) as asked:
        limits.take(1, 1, (10, 60), (None, "day"))
        limits.take(1, 1, (10, 60), (None, "day"))
    assert len(asked) == 2
