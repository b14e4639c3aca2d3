"""What the departments have in common: how a query is read and refused, and the shape of a housing record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sandbox import people
from sandbox.store import Store

Operation = Callable[[dict[str, Any], Store], dict[str, Any]]


@dataclass(frozen=True)
class Department:
    """A department and the operations it offers."""

    key: str
    title: str
    office: str
    operations: dict[str, Operation]


class Refused(Exception):
    """The department does not accept the query; code and a Chinese sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True)
class Asked:
    """The person a query is about, and the day for which it asks."""

    name: str
    id_type: str
    id_number: str
    as_of: date
    profile: people.Profile

    @property
    def holder(self) -> dict[str, str]:
        """The person as the department has it: the name on record may be another than the one asked for."""
        return {"holder_name": self.profile.name or self.name, "holder_id_number": self.id_number}

    @property
    def is_minor(self) -> bool:
        return people.age_on(self.id_number, self.as_of) < 18


def text(query: dict[str, Any], key: str, limit: int = 200) -> str:
    """A text that must be there; Refused otherwise."""
    value = query.get(key)
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= limit:
        raise Refused("bad_request", f"缺少或不合格的参数：{key}")
    return value.strip()


def day(query: dict[str, Any], key: str) -> date:
    """A date that must be there; Refused otherwise."""
    try:
        return date.fromisoformat(text(query, key))
    except ValueError as error:
        raise Refused("bad_request", f"日期格式不符：{key}") from error


def asked(query: dict[str, Any], store: Store) -> Asked:
    """Reads who is asked about; Refused when the parameters are not as prescribed."""
    id_type, id_number = text(query, "id_type"), text(query, "id_number", 30).upper()
    if id_type == "id_card":
        try:
            if not people.is_identity_number(id_number):
                raise ValueError
            people.born_on(id_number)
        except ValueError as error:
            raise Refused("bad_request", "证件号码格式不符") from error
    return Asked(
        name=text(query, "name", 60),
        id_type=id_type,
        id_number=id_number,
        as_of=day(query, "as_of"),
        profile=people.profile(id_number, store.person(id_number)),
    )


def answer(office: str, who: Asked, records: list[dict[str, Any]]) -> dict[str, Any]:
    """The answer about a person: source, day, and the records there were on that day."""
    shown = [r for r in records if date.fromisoformat(r.get("registered_on") or "1900-01-01") <= who.as_of]
    return {"source": office, "as_of": who.as_of.isoformat(), "records": shown}


def housing_record(who: Asked, kind: str, low: int, high: int, *, share: str = "1", certificate: str) -> dict[str, Any]:
    """A home of the person, derived from the number."""
    division, address = people.address(who.id_number, kind)
    registered = people.grown_day(who.id_number, kind)
    return {
        **who.holder,
        "kind": kind,
        "division": division,
        "address": address,
        "floor_area": people.area(who.id_number, kind, low, high),
        "living_area": None,
        "share": share,
        "certificate_number": certificate.format(
            year=registered.year, serial=f"{people.number(who.id_number, 'certificate') % 10_000_000:07d}"
        ),
        "registered_on": registered.isoformat(),
        "ended_on": None,
    }
