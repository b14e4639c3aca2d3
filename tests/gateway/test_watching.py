"""Each call is written down, shown to those who watch, and raises an alarm when too much goes wrong."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import Any

import pytest
from django.db import connection

from anju.gateway import calls, watching
from anju.gateway.models import AlarmRule, Call, Party
from anju.identity.models import Organisation
from anju.kernel import clock
from anju.workspace.models import Message
from tests.gateway.kit import UNITS, Bearer, Caller, Signer, party
from tests.supply.samples import make_supply

Offices = tuple[Organisation, Organisation]


def write(of: Party | None, times: int, *, status: int = 200, ms: int = 20, minutes_ago: float = 1) -> None:
    """Calls as the door writes them."""
    for _ in range(times):
        Call.objects.create(
            at=clock.real_now() - timedelta(minutes=minutes_ago), party=of, method="GET", path=UNITS, status=status,
            result="ok" if status < 400 else "x", bytes_in=0, bytes_out=100, duration_us=ms * 1000, trace_id="0" * 32,
            org_path=of.org_path if of else "/", division=of.division if of else "",
        )  # fmt: skip


@pytest.mark.covers("SH-230.5")
def test_a_call_is_written_with_all_that_tells_of_it(offices: Offices) -> None:
    make_supply("A", offices[0].path, "339901")
    caller = Signer(party("a", offices[0], "units"), "hmac")
    answer = caller.get(UNITS, limit=1)
    line = Call.objects.select_related("party", "service", "operation").get()
    assert (line.party and line.party.code, line.service and line.service.key) == ("a", "units")
    assert line.operation
    assert (line.operation.method, line.operation.path) == ("GET", UNITS)
    assert (line.method, line.path, line.status, line.result) == ("GET", UNITS, 200, "ok")
    assert (line.bytes_out, line.key_id, line.trace_id) == (len(answer.content), caller.key_id, answer["X-Trace-Id"])
    assert 0 < line.duration_us < 60_000_000
    assert line.org_path == offices[0].path


def test_a_trace_that_the_caller_brings_is_kept(offices: Offices) -> None:
    caller, trace = Bearer(party("a", offices[0], "units")), "4bf92f3577b34da6a3ce929d0e0e4736"
    for told, kept in ((f"00-{trace}-00f067aa0ba902b7-01", True), (f"00-{trace.upper()}-1-01", False), ("x", False)):
        answer = caller.client.get(
            f"/api{UNITS}", headers={"Authorization": f"Bearer {caller.token}", "traceparent": told}
        )
        assert (answer["X-Trace-Id"] == trace) is kept


def test_strangers_cannot_fill_the_log(db: None) -> None:
    for _ in range(calls.UNKNOWN_A_MINUTE + 5):
        assert Caller().send("GET", UNITS, "", b"", "Bearer nobody").status_code == 401
    assert Call.objects.count() <= calls.UNKNOWN_A_MINUTE
    assert set(Call.objects.values_list("result", "party")) == {("token", None)}


@pytest.mark.covers("SH-230.5")
def test_the_use_of_each_system_is_shown(offices: Offices, staff: Any, client_as: Any) -> None:
    first, second = party("a", offices[0], "units"), party("b", offices[1], "units")
    write(first, 6, ms=10)
    write(first, 3, status=500, ms=900, minutes_ago=90)
    write(second, 2, status=429)
    write(first, 5, minutes_ago=60 * 30)
    api = client_as(staff("gateway.call.view"))
    told = api.get("/gateway/watch", hours=24).json()
    assert {key: told["totals"][key] for key in ("calls", "failed", "refused", "parties")} == {
        "calls": 11, "failed": 3, "refused": 2, "parties": 2,
    }  # fmt: skip
    assert [(each["title"], each["calls"], each["failed"]) for each in told["parties"]] == [
        ("a系统", 9, 3),
        ("b系统", 2, 0),
    ]
    assert sum(point["calls"] for point in told["points"]) == 11
    assert told["totals"]["p95_ms"] == 900
    only = api.get("/gateway/watch", hours=24, party=second.pk).json()
    assert only["totals"]["calls"] == only["totals"]["refused"] == 2


def test_who_watches_for_one_office_sees_the_calls_of_its_systems(offices: Offices, staff: Any, client_as: Any) -> None:
    write(party("a", offices[0], "units"), 2)
    write(party("b", offices[1], "units"), 3)
    api = client_as(staff("gateway.call.view", reach="org_and_below", org=offices[0]))
    told = api.get("/gateway/watch").json()
    assert told["totals"]["calls"] == 2
    assert [each["title"] for each in told["choices"]["parties"]] == ["a系统"]
    rows = api.get("/registers/gateway.calls/rows").json()["rows"]
    assert {row["party.title"] for row in rows} == {"a系统"}


def rule(metric: str, threshold: int, **more: Any) -> AlarmRule:
    return AlarmRule.objects.create(title="试", metric=metric, threshold=threshold, least_calls=5, **more)


def messages() -> list[str]:
    return list(Message.objects.order_by("id").values_list("title", flat=True))


@pytest.mark.covers("SH-230.5")
def test_an_alarm_is_told_once_and_its_end_too(offices: Offices, staff: Any) -> None:
    staff("gateway.alarm.view")
    staff("supply.unit.view")
    of = party("a", offices[0], "units")
    made = rule("errors", 30)
    write(of, 10)
    watching.watch()
    assert messages() == []
    write(of, 10, status=500)
    watching.watch()
    watching.watch()
    made.refresh_from_db()
    assert (made.raised_at is not None, made.value) == (True, 50)
    assert messages() == ["告警：试"]
    Call.objects.filter(status=500).delete()
    watching.watch()
    made.refresh_from_db()
    assert (made.raised_at, messages()) == (None, ["告警：试", "告警：试已恢复"])


@pytest.mark.parametrize(
    ("metric", "threshold", "calls_made", "raised"),
    [
        ("latency", 500, {"times": 10, "ms": 900}, True),
        ("latency", 500, {"times": 10, "ms": 100}, False),
        ("latency", 500, {"times": 4, "ms": 900}, False),
        ("refused", 8, {"times": 8, "status": 429}, True),
        ("refused", 8, {"times": 7, "status": 429}, False),
        ("errors", 10, {"times": 10, "status": 403}, False),
        ("silence", 30, {"times": 1, "minutes_ago": 31}, True),
        ("silence", 30, {"times": 1, "minutes_ago": 29}, False),
    ],
)
def test_each_measure_raises_its_alarm(
    offices: Offices, metric: str, threshold: int, calls_made: dict[str, Any], raised: bool
) -> None:
    write(party("a", offices[0], "units"), calls_made.pop("times"), **calls_made)
    made = rule(metric, threshold)
    watching.watch()
    made.refresh_from_db()
    assert (made.raised_at is not None) is raised


def test_a_rule_for_one_system_hears_nothing_of_others(offices: Offices) -> None:
    first, second = party("a", offices[0], "units"), party("b", offices[0], "units")
    made = rule("errors", 10, party=first)
    write(first, 10)
    write(second, 10, status=500)
    watching.watch()
    made.refresh_from_db()
    assert made.raised_at is None


def test_months_of_the_log_are_made_and_dropped(db: None) -> None:
    calls.make_partitions(date(2031, 11, 15))
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('gateway_call_2031_11'), to_regclass('gateway_call_2032_01')")
        assert None not in cursor.fetchone()
    assert calls.make_partitions(date(2031, 11, 15)) == []
    line = Call.objects.create(
        at=clock.real_now().replace(year=2031, month=11, day=5, tzinfo=UTC), method="GET", path="/", status=200,
        result="ok", bytes_in=0, bytes_out=0, duration_us=1, trace_id="0" * 32,
    )  # fmt: skip
    assert "gateway_call_2031_11" not in calls.drop_old(date(2032, 6, 1))
    assert Call.objects.filter(pk=line.pk).exists()
    assert "gateway_call_2031_11" in calls.drop_old(date(2033, 6, 1))
    assert not Call.objects.filter(pk=line.pk).exists()
