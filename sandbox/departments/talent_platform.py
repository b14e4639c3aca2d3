"""市人才安居平台: talent units with their projects, batches that are over, qualifications and contracts of talents.

Three of four numbers are talents', one half of them the city's; `records` set for a person go before that.
"""

from __future__ import annotations

from typing import Any

from sandbox import people
from sandbox.departments import unit_systems
from sandbox.departments.common import Operation, Refused, answer, asked, text
from sandbox.store import Store

KEY, TITLE, OFFICE = "talent_platform", "市人才安居平台", "澜州市人才工作局"
PROJECTS = "talent_platform_projects"
_UNITS = unit_systems.operations(KEY)


def receipt(mark: str) -> str:
    """The receipt of a message; the same message has the same."""
    return f"RC{people.number(mark, 'talent') % 100_000_000:08d}"


def units(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """Takes the states of talent units and of their projects; what is older than what is held changes nothing."""
    projects = request.get("projects")
    if not isinstance(projects, list):
        raise Refused("bad_request", "参数不符：projects")
    for project in projects:
        if not isinstance(project, dict) or not isinstance(project.get("revision"), int):
            raise Refused("bad_request", "参数不符：projects")
        store.keep_unit(PROJECTS, text(project, "code", 40), project["revision"], project)
    answer = _UNITS["units"](request, store)
    newest = max(f"{unit['code']}:{unit['revision']}" for unit in request["units"])
    return {"receipt": receipt(newest), **answer}


def batch_end(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """Takes the end of a batch; the same push id again changes nothing."""
    for key in ("push_id", "project_code", "ended_on"):
        text(request, key)
    return taken("batch_end", request, store)


def taken(kind: str, request: dict[str, Any], store: Store) -> dict[str, Any]:
    """Keeps a message once an id."""
    push_id = str(request["push_id"])
    first = store.keep_pushed(KEY, push_id, {"kind": kind, **request})
    return {"push_id": push_id, "receipt": receipt(push_id), "first": first}


def person(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """The recognition of a person as a talent, with its level and the district it holds for."""
    who = asked(request, store)
    mark = people.number(who.id_number, "talent")
    born = [
        {
            "certificate_number": f"RC{mark % 10_000_000:07d}",
            "level": "city" if mark % 2 else "district",
            "division": people.address(who.id_number, "talent")[0],
            "valid_until": "2029-12-31",
        }
    ]
    records = who.profile.records.get(KEY, born if mark % 4 else [])
    return answer(OFFICE, who, [{**who.holder, **record} for record in records])


def qualification(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """Takes a qualification; the same push id again changes nothing."""
    for key in ("push_id", "certificate_number", "talent_number", "standing", "valid_until"):
        text(request, key)
    return taken("qualification", request, store)


def contract(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """Takes a filed contract, for the subsidy; the same push id again changes nothing."""
    for key in ("push_id", "contract_number", "filing_number", "talent_number", "starts_on", "ends_on"):
        text(request, key)
    return taken("contract", request, store)


OPERATIONS: dict[str, Operation] = {
    "units": units,
    "read": _UNITS["read"],
    "batch_end": batch_end,
    "person": person,
    "qualification": qualification,
    "contract": contract,
}
