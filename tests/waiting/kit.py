"""Households with certificates and units to choose from, made without the long way through review."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from anju.eligibility.models import Certificate
from anju.households.services import number_index
from anju.identity.models import Organisation
from anju.kernel import clock
from anju.kernel.numbering import format_number, next_number
from anju.supply.models import Unit
from anju.waiting.models import Batch, Entry
from tests.casework import Household, Town
from tests.conftest import Api
from tests.supply.samples import Supply, make_supply, make_unit


def certificate(
    town: Town, who: Household, *, on: date | None = None, group: str = "none", until: date | None = None
) -> Certificate:
    """A certificate of a day, today's without one."""
    start, office = on or clock.today(), Organisation.objects.get(code="LZ-OP-01")
    serial = next_number("public_rental_certificate", area="339901", year=start.year)
    return Certificate.objects.create(
        number=format_number("ZR{division}{year}{serial:06d}", division="339901", year=start.year, serial=serial),
        case_id=no_case(), case_number=f"GZ{serial:06d}", holder_ref=who.actor.ref,
        holder_name=who.name, holder_gender="女", holder_number=who.number,
        holder_key=number_index("id_card", who.number), phone=who.phone, household_size=2,
        sealed_members=f'[{{"name": "{who.name}", "relation": "self", "document_number": "{who.number}"}}]',
        priority_group=group, conditions="local", accepted_at=clock.now(), valid_from=start,
        valid_until=until or start.replace(year=start.year + 2) - timedelta(days=1), org_path=office.path,
        division="339901",
    )  # fmt: skip


def no_case() -> int:
    """The id of a case that is not there and never will be: the next one, used up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('cases_case', 'id'))")
        return int(cursor.fetchone()[0])


def wish(**wishes: Any) -> dict[str, Any]:
    """An intention form; nothing in particular unless said."""
    return {"divisions": [], "project_ids": [], "layouts": [], "note": "", **wishes}


def queued(town: Town, who: Household | None = None, *, wishes: dict[str, Any] | None = None, **more: Any) -> Household:
    """A household that registered for the queue."""
    who = who or town.household()
    certificate(town, who, **more)
    answer = who.api.put("/citizen/waiting/intention", wishes or wish())
    assert answer.status_code == 200, answer.content
    return who


def place(who: Household) -> int | None:
    found: int | None = who.api.get("/citizen/waiting").json()["place"]
    return found


def entry(who: Household) -> Entry:
    return Entry.objects.filter(holder_ref=who.actor.ref).latest("id")


@dataclass
class Homes:
    """Units of 方婷's operator: three of one layout, one of another, in one project."""

    supply: Supply
    units: list[Unit]

    @property
    def ids(self) -> list[int]:
        return [unit.pk for unit in self.units]


def homes(mark: str = "JW") -> Homes:
    office = Organisation.objects.get(code="LZ-OP-01")
    supply = make_supply(mark, org_path=office.path)
    more = [make_unit(supply.building, f"{mark}-010{n}", f"10{n}") for n in (2, 3)]
    more.append(make_unit(supply.building, f"{mark}-0104", "104", layout="two_one"))
    return Homes(supply, [supply.unit, *more])


def body(units: list[int], quotas: dict[str, int] | None = None, **more: Any) -> dict[str, Any]:
    """A batch of thirty days from today."""
    today = clock.today()
    period = {"title": "江湾第一批", "starts_on": today, "ends_on": today + timedelta(days=30)}
    return {**period, "unit_ids": units, "quotas": quotas or {}, **more}


def published(clerk: Api, units: list[int], quotas: dict[str, int], **more: Any) -> Batch:
    """A batch that was published, and so has called its households."""
    made = clerk.post("/waiting/batches", body(units, quotas, **more))
    assert made.status_code == 200, made.content
    answer = clerk.post(f"/waiting/batches/{made.json()['id']}/publish")
    assert answer.status_code == 200, answer.content
    return Batch.objects.get(pk=made.json()["id"])


def choose(who: Household, batch: Batch, unit_id: int, key: str = "") -> Any:
    return who.api.post(f"/citizen/batches/{batch.pk}/choose", {"unit_id": unit_id, "key": key or uuid.uuid4().hex})
