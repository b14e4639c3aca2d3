"""What the call log tells: calls over time, who fails and waits, and when those who watch are to be told (SH-230.5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import (
    Aggregate,
    Count,
    DateTimeField,
    DurationField,
    F,
    FloatField,
    Func,
    Max,
    Q,
    Sum,
    Value,
)

from anju.gateway.models import AlarmRule, Call, Metric, Party
from anju.kernel import clock
from anju.kernel.jobs import background, every
from anju.kernel.scope import Actor, restrict
from anju.workspace.people import Place, holders
from anju.workspace.telling import tell

VIEW = "gateway.call.view"
POINTS = 72
TOP = 10
ORIGIN = datetime(2000, 1, 1, tzinfo=UTC)
REFUSED = Q(status__in=[401, 403, 429])
FAILED = Q(status__gte=400) & ~REFUSED
WATCHERS, AT_MOST = "gateway.alarm.view", 50


class P95(Aggregate):
    """The time under which 95 of 100 calls stay."""

    template = "percentile_cont(0.95) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def milliseconds(value: float | None) -> float:
    """Microseconds as milliseconds with one place."""
    return round((value or 0) / 1000, 1)


MEASURES: dict[str, Any] = {
    "calls": Count("id"), "failed": Count("id", filter=FAILED), "refused": Count("id", filter=REFUSED),
    "p95": P95("duration_us"),
}  # fmt: skip


def overview(actor: Actor, *, hours: int, party: int | None = None, service: int | None = None) -> dict[str, Any]:
    """Figures of the last hours within the actor's reach; trials do not count."""
    until = clock.real_now()
    since = until - timedelta(hours=hours)
    rows: Any = restrict(Call.objects.filter(at__gte=since, test=False), actor, VIEW, owner="key_id")
    if party is not None:
        rows = rows.filter(party_id=party)
    if service is not None:
        rows = rows.filter(service_id=service)
    step = timedelta(seconds=max(60, hours * 3600 // POINTS))
    totals = rows.aggregate(**MEASURES, bytes_out=Sum("bytes_out"))
    return {
        "since": since, "until": until, "step_seconds": int(step.total_seconds()),
        "totals": {
            **{key: totals[key] for key in ("calls", "failed", "refused")}, "p95_ms": milliseconds(totals["p95"]),
            "bytes_out": totals["bytes_out"] or 0, "parties": rows.exclude(party=None).values("party").distinct().count(),
        },
        "points": over_time(rows, step),
        "parties": top(rows, "party_id", "party__title"),
        "services": top(rows, "service_id", "service__title"),
        "results": list(rows.values("result").annotate(calls=Count("id")).order_by("-calls", "result")[:TOP]),
        "slow": slowest(rows),
        "alarms": raised(actor),
    }  # fmt: skip


def over_time(rows: Any, step: timedelta) -> list[dict[str, Any]]:
    """Calls, failures, refusals and slowness in each stretch of time that had calls."""
    stretch = Func(
        Value(step, output_field=DurationField()), F("at"), Value(ORIGIN, output_field=DateTimeField()),
        function="date_bin", output_field=DateTimeField(),
    )  # fmt: skip
    found = rows.annotate(stretch=stretch).values("stretch").annotate(**MEASURES).order_by("stretch")
    return [
        {
            "at": row["stretch"], "calls": row["calls"], "failed": row["failed"], "refused": row["refused"],
            "p95_ms": milliseconds(row["p95"]),
        }
        for row in found
    ]  # fmt: skip


def top(rows: Any, key: str, title: str) -> list[dict[str, Any]]:
    """The busiest of a kind."""
    found = (
        rows.exclude(**{f"{key}__isnull": True}).values(key, title).annotate(**MEASURES).order_by("-calls", key)[:TOP]
    )
    return [
        {
            "id": row[key], "title": row[title], "calls": row["calls"], "failed": row["failed"],
            "refused": row["refused"], "p95_ms": milliseconds(row["p95"]),
        }
        for row in found
    ]  # fmt: skip


def slowest(rows: Any) -> list[dict[str, Any]]:
    """The operations whose calls took longest."""
    found = (
        rows.exclude(operation=None)
        .values("operation_id", "operation__method", "operation__path", "operation__summary")
        .annotate(**MEASURES, longest=Max("duration_us"))
        .order_by("-p95", "operation_id")[:TOP]
    )
    return [
        {
            "id": row["operation_id"], "method": row["operation__method"], "path": row["operation__path"],
            "title": row["operation__summary"], "calls": row["calls"], "p95_ms": milliseconds(row["p95"]),
            "longest_ms": milliseconds(row["longest"]),
        }
        for row in found
    ]  # fmt: skip


def raised(actor: Actor) -> list[dict[str, Any]]:
    """The alarms that last, for those who may see the rules."""
    if not actor.may(WATCHERS):
        return []
    rules = AlarmRule.objects.filter(active=True, raised_at__isnull=False).order_by("raised_at", "pk")
    return [
        {"id": rule.pk, "title": rule.title, "text": worded(rule, rule.value), "raised_at": rule.raised_at}
        for rule in rules
    ]


# -- alarms ---------------------------------------------------------------------------------------------------------


def measured(rule: AlarmRule, moment: datetime) -> Decimal | None:
    """What a rule measures at a moment; None when there were too few calls to judge."""
    rows: Any = Call.objects.filter(test=False)
    if rule.party_id:
        rows = rows.filter(party_id=rule.party_id)
    if rule.service_id:
        rows = rows.filter(service_id=rule.service_id)
    if rule.metric == Metric.SILENCE:
        last: datetime | None = rows.filter(at__gt=moment - timedelta(days=7)).aggregate(last=Max("at"))["last"]
        return None if last is None else round(Decimal((moment - last).total_seconds()) / 60, 2)
    found: dict[str, Any] = rows.filter(at__gt=moment - timedelta(minutes=rule.minutes)).aggregate(**MEASURES)
    if found["calls"] < rule.least_calls or not found["calls"]:
        return None
    if rule.metric == Metric.LATENCY:
        return Decimal(str(found["p95"] / 1000)).quantize(Decimal("0.01"))
    if rule.metric == Metric.REFUSED:
        return Decimal(found["refused"])
    share = Decimal(100 * found["failed"]) / Decimal(found["calls"])
    return share.quantize(Decimal("0.01"))


def worded(rule: AlarmRule, value: Decimal | None) -> str:
    """An alarm as a person reads it."""
    about = "、".join(str(each) for each in (rule.party, rule.service) if each) or "全部接口调用"
    shown = f"{value.normalize():f}" if value is not None else "—"
    if rule.metric == Metric.SILENCE:
        return f"{about}：已 {shown} 分钟没有调用（阈值 {rule.threshold} 分钟）"
    unit = {Metric.ERRORS: "%", Metric.LATENCY: " 毫秒", Metric.REFUSED: " 次"}[Metric(rule.metric)]
    name = {Metric.ERRORS: "出错比例", Metric.LATENCY: "95% 用时", Metric.REFUSED: "被拒"}[Metric(rule.metric)]
    return f"{about}：近 {rule.minutes} 分钟{name} {shown}{unit}（阈值 {rule.threshold}{unit}）"


@background("gateway.watch")
def watch() -> None:
    """Judges each rule and tells those who watch when an alarm begins and when it is over, once each."""
    moment = clock.real_now()
    for rule in (
        AlarmRule.objects.select_for_update(of=("self",)).select_related("party", "service").filter(active=True)
    ):
        value = measured(rule, moment)
        over = value is not None and value >= rule.threshold
        if over and rule.raised_at is None:
            rule.raised_at = moment
            tell_watchers(rule, rule.title, worded(rule, value), moment)
        elif not over and rule.raised_at is not None:
            rule.raised_at = None
            tell_watchers(rule, f"{rule.title}已恢复", worded(rule, value), moment)
        rule.value = value
        AlarmRule.objects.filter(pk=rule.pk).update(raised_at=rule.raised_at, value=value)


def tell_watchers(rule: AlarmRule, title: str, text: str, moment: datetime) -> None:
    """Puts a message on the list of everybody who may see the rules."""
    place = Place("/", "") if rule.party is None else Place(rule.party.org_path, rule.party.division)
    with transaction.atomic():
        for person in holders(WATCHERS, place, limit=AT_MOST):
            tell(
                person.ref, "alarm", {"title": title, "text": text}, link="/gateway/watch",
                key=f"gateway.alarm:{rule.pk}:{moment:%Y%m%d%H%M%S%f}", subject=f"gateway.alarms:{rule.pk}",
            )  # fmt: skip


every(minutes=1)("gateway.watch")


def parties_seen(actor: Actor) -> list[dict[str, Any]]:
    """The parties whose calls the actor may see, to choose from."""
    rows: Any = restrict(Party.objects.all(), actor, VIEW).order_by("title", "pk").values("id", "title")[:500]
    return list(rows)


def number(value: int | None) -> int | None:
    """An id as the database can hold it; what it cannot names nothing."""
    return value if value is None or 0 < value < 2**63 else 0
