"""婚姻登记: the registrations of a person, and whether two persons are married to each other.

The registry names no spouse; asked about two persons it only confirms or denies, as the real one does.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sandbox import people
from sandbox.departments.common import Asked, Operation, answer, asked, text
from sandbox.store import Store

KEY, TITLE, OFFICE = "marriage", "婚姻登记", "澜州市民政局婚姻登记处"


def query(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """The registrations of a person; with a spouse named, whether the two are married to each other."""
    who = asked(request, store)
    spouse = text(request, "spouse_id_number", 30).upper() if request.get("spouse_id_number") else None
    if KEY in who.profile.records:
        records = [{**who.holder, **record} for record in who.profile.records[KEY]]
    else:
        records = _records(who)
    married = bool(records) and records[-1]["kind"] == "marriage" and records[-1].get("ended_on") is None
    confirmed = None if spouse is None else married and _are_couple(who, spouse, store)
    return {**answer(OFFICE, who, records), "spouse_confirmed": confirmed}


def _are_couple(who: Asked, spouse: str, store: Store) -> bool:
    if who.profile.spouse_id_number:
        return who.profile.spouse_id_number.upper() == spouse
    other = people.profile(spouse, store.person(spouse))
    if other.spouse_id_number:
        return other.spouse_id_number.upper() == who.id_number
    same_digit = spouse[15:16] == who.id_number[15:16]
    return spouse != who.id_number and other.marriage == "married" and same_digit


def _records(who: Asked) -> list[dict[str, Any]]:
    if who.profile.marriage == "single" or people.age_on(who.id_number, who.as_of) < 22:
        return []
    wedding = people.grown_day(who.id_number, "wedding", 22, date(2019, 12, 31))
    marriage = _registration(who, "marriage", wedding, "J")
    later = date.fromordinal(wedding.toordinal() + 700 + people.number(who.id_number, "later") % 1000)
    if later > who.as_of or who.profile.marriage == "married":
        return [marriage]
    if who.profile.marriage == "widowed":
        return [{**marriage, "ended_on": later.isoformat()}]
    return [{**marriage, "ended_on": later.isoformat()}, _registration(who, "divorce", later, "L")]


def _registration(who: Asked, kind: str, on: date, letter: str) -> dict[str, Any]:
    serial = people.number(who.id_number, kind) % 1_000_000
    return {
        **who.holder,
        "kind": kind,
        "registered_on": on.isoformat(),
        "ended_on": None,
        "authority": OFFICE,
        "certificate_number": f"{letter}339901-{on.year}-{serial:06d}",
    }


OPERATIONS: dict[str, Operation] = {"query": query}
