"""Talents: who says that he is one is looked up, and his qualification is told to the talent-housing platform (SH-192.4)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from anju.eligibility import talents
from anju.eligibility.models import Certificate, QualificationPush, Talent
from anju.eligibility.talent_connectors import QualificationSend
from anju.kernel.connectors import ConnectorError
from tests.casework import Household, Town, person
from tests.sandbox_fixture import Sandbox
from tests.support import run_jobs

RECORD = {
    "certificate_number": "RC0001", "level": "district", "division": "339902", "valid_until": "2030-12-31",
}  # fmt: skip
WISH = {"talent": "yes", "talent_division": "339902", "talent_layout": "two_one"}


def told(sandbox: Sandbox) -> list[dict[str, Any]]:
    """The qualifications that the platform received, oldest first."""
    return [
        one["content"] for one in reversed(sandbox.received()["talent"]) if one["content"]["kind"] == "qualification"
    ]


def recognised(town: Town, sandbox: Sandbox, *records: dict[str, Any]) -> Household:
    """A resident whom the platform knows by these recognitions."""
    who = town.household(number=person(town.residents + 1))
    sandbox.person(who.number, records={"talent_platform": list(records)})
    return who


@pytest.mark.covers("SH-192.4")
def test_a_qualification_is_told_when_it_is_given_changed_and_ended(
    town: Town, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = recognised(town, sandbox, RECORD, {**RECORD, "certificate_number": "RC0002", "valid_until": "2020-01-01"})
    case = town.go(town.apply(who, **WISH), "admission")
    clerk, head = town.staff("fangting"), town.staff("liangchen")
    (row,) = clerk.get("/registers/eligibility.talents/rows").json()["rows"]
    assert (row["name"], row["state"], row["level"], row["talent_division"]) == (
        who.name,
        "confirmed",
        "district",
        "339902",
    )
    assert (row["certificate_no"], row["wish_division"], row["wish_layout"]) == ("RC0001", "339902", "two_one")
    assert who.number not in str(row)
    assert town.staff("fangting.np").get("/registers/eligibility.talents/rows").json()["rows"] == []
    assert told(sandbox) == []

    monkeypatch.setattr(QualificationSend, "tries", 1)
    assert town.act(case, "admit").status_code == 200
    sandbox.behave("talent_platform", "fail")
    with pytest.raises(ConnectorError):
        run_jobs()
    (push,) = clerk.get("/registers/eligibility.qualification_pushes/rows").json()["rows"]
    assert (push["state"], bool(push["trouble"])) == ("pushing", True)
    sandbox.behave("talent_platform", "ok")
    retry = {"ids": [push["id"]], "values": {}}
    assert head.post("/registers/eligibility.qualification_pushes/actions/retry", retry).status_code == 200
    certificate = Certificate.objects.get(case_id=case.pk)
    for _ in range(2):
        talents.push_qualification(certificate.pk)
    (first,) = told(sandbox)
    assert (first["certificate_number"], first["talent_number"], first["standing"]) == (
        certificate.number,
        "RC0001",
        "valid",
    )
    assert (first["holder_name"], first["id_number"], first["wish_layout"]) == (who.name, who.number, "two_one")
    (push,) = clerk.get("/registers/eligibility.qualification_pushes/rows").json()["rows"]
    assert (push["state"], push["standing"], push["trouble"]) == ("pushed", "valid", "")
    assert push["receipt"]
    late = head.post("/registers/eligibility.qualification_pushes/actions/retry", retry)
    assert late.json()["code"] == "talent.nothing_to_do"

    def sweep() -> list[str]:
        talents.sweep()
        run_jobs()
        return [f"{one['household_size']}{one['standing']}" for one in told(sandbox)]

    assert sweep() == ["1valid"], "nothing has changed"
    Certificate.objects.filter(pk=certificate.pk).update(household_size=2, version=certificate.version + 1)
    assert sweep() == ["1valid", "2valid"]
    Certificate.objects.filter(pk=certificate.pk).update(state="revoked")
    assert sweep() == ["1valid", "2valid", "2revoked"]
    assert QualificationPush.objects.get().standing == "revoked"


def test_nobody_becomes_a_talent_by_his_own_word(town: Town, sandbox: Sandbox) -> None:
    stranger = {**RECORD, "holder_name": "别人", "holder_id_number": person(77)}
    who, plain = recognised(town, sandbox, stranger), recognised(town, sandbox, RECORD)
    town.apply(who, **WISH)
    town.apply(plain, talent="no")
    run_jobs()
    (held,) = Talent.objects.all()
    assert (held.name, held.state, held.level) == (who.name, "unknown", "")
    assert talents.talent_of(bytes(held.holder_key)) is None
    with pytest.raises(IntegrityError, match="eligibility_talent_confirmed"), transaction.atomic():
        Talent.objects.update(state="confirmed")
    head = town.staff("liangchen")
    sandbox.person(who.number, records={"talent_platform": [{**RECORD, "level": "city"}]})
    asked = head.post("/registers/eligibility.talents/actions/ask", {"ids": [held.pk], "values": {}})
    assert asked.json()["done"] == 1
    run_jobs()
    known = talents.talent_of(bytes(held.holder_key))
    assert known is not None
    assert known.level == "city"


def test_a_platform_that_does_not_answer_is_told_as_such(
    town: Town, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talents.TalentLookup, "tries", 1)
    sandbox.behave("talent_platform", "fail")
    town.apply(recognised(town, sandbox, RECORD), **WISH)
    with pytest.raises(ConnectorError):
        run_jobs()
    held = Talent.objects.get()
    assert (held.state, bool(held.trouble)) == ("asked", True)
