"""The demonstration's past: units come to their state by acts at their dates, and what is counted of it follows them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Q, Sum

from anju.kernel import clock
from anju.kernel.registers.models import RegisterHistory
from anju.kernel.scope import Actor
from anju.site.consistency import disagreements
from anju.supply.models import OCCUPIED, DayCount, Occupancy, Publication, PublicationAct, Unit, UnitStatus
from anju.supply.seed import seed_supply

pytestmark = pytest.mark.django_db


def states() -> list[Any]:
    """What the seed says of each unit today."""
    said = (
        "code",
        "status",
        "status_note",
        "occupant_name_masked",
        "lease_end",
        "released_on",
        "confirmed",
        "published",
    )
    return list(Unit.objects.order_by("code").values_list(*said))


def in_months(rows: list[dict[str, Any]], measure: str) -> list[int]:
    return [row["values"][measure] for row in rows if row["values"][measure]]


def test_two_years_of_acts_lead_to_today(staff: Callable[..., Actor], client_as: Callable[[Actor], Any]) -> None:
    with transaction.atomic():
        seed_supply()
        planned = states()
        transaction.set_rollback(True)
    seed_supply(past=True)
    assert states() == planned
    assert disagreements() == []

    clerk = client_as(staff("supply.unit.view", "supply.publication.view", "reports.view"))
    two_years = {"start": (clock.today() - timedelta(days=730)).isoformat(), "end": clock.today().isoformat()}
    stock = clerk.get("/reports/supply.units_by_month", **two_years, measures="units,occupied").json()["rows"]
    units = in_months(stock, "units")
    assert len(units) >= 24, stock
    assert units == sorted(units), "buildings come one after another"
    assert units[0] < units[-1] == Unit.objects.count()
    assert len(in_months(stock, "occupied")) == len(units)
    acts = clerk.get("/reports/supply.publications_by_month", **two_years, measures="published,withdrawn").json()[
        "rows"
    ]
    assert len(in_months(acts, "published")) >= 12
    assert len(in_months(acts, "withdrawn")) >= 4
    each_day_kept_is_what_the_records_of_that_day_say()


def each_day_kept_is_what_the_records_of_that_day_say() -> None:
    days = sorted(set(DayCount.objects.values_list("on", flat=True)))
    assert days[-1] == clock.today() - timedelta(days=1)
    assert set(days[-62:]) == {days[-1] - timedelta(days=back) for back in range(62)}
    kept = dict(DayCount.objects.filter(status__in=OCCUPIED).values_list("on").annotate(n=Sum("units")))
    for day in days:
        lived = Occupancy.objects.filter(Q(ended_on=None) | Q(ended_on__gt=day), starts_on__lte=day).count()
        assert kept.get(day, 0) == lived, day
    offered = {PublicationAct.PUBLISH: 1, PublicationAct.WITHDRAW: -1, PublicationAct.RECOVER: -1}
    acts = [(one.at, offered.get(PublicationAct(one.act), 0) * one.units) for one in Publication.objects.all()]
    published = dict(
        DayCount.objects.exclude(status__in=[UnitStatus.READY, UnitStatus.UNCONFIRMED])
        .values_list("on").annotate(n=Sum("units"))
    )  # fmt: skip
    for day in days:
        assert published.get(day, 0) == sum(n for at, n in acts if clock.local_date(at) <= day), day
    unit = Unit.objects.filter(status=UnitStatus.LET, status_since__lt=days[-1]).order_by("code").first()
    assert unit is not None
    told = RegisterHistory.objects.filter(register="supply.units", row_id=unit.pk, action="签约入住").latest("at")
    assert clock.local_date(told.at) == unit.status_since


def test_it_can_be_told_on_another_day() -> None:
    day = date(2028, 2, 29)
    with clock.standing(clock.start_of(day) + timedelta(hours=9)):
        seed_supply(past=True)
        assert disagreements() == []
        assert not Unit.objects.filter(status__in=OCCUPIED, lease_end__lte=day).exists()
        assert DayCount.objects.latest("on").on == day - timedelta(days=1)
