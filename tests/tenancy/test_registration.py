"""Registering a contract: holder from the certificate, terms, occupants, edited and cancelled while signing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from anju.kernel import clock
from anju.kernel.audit.models import AuditEntry
from anju.tenancy.models import Contract
from tests.casework import Town
from tests.support import go_to, run_jobs
from tests.tenancy.kit import FATHER, draft, drafted, in_force, person, ready, status, stored, terms
from tests.waiting.kit import choose, homes, published, queued


@pytest.mark.covers("SH-063.1")
def test_the_certificate_s_number_fetches_its_holder(town: Town) -> None:
    lease = ready(town)
    found = lease.clerk.post("/tenancy/certificates/lookup", {"certificate_no": lease.certificate.number}).json()
    number = lease.who.number
    assert (found["name"], found["gender"]) == (lease.who.name, "女")
    assert found["document_number"] == f"{number[:6]}********{number[-4:]}"
    assert found["phone"] == f"{lease.who.phone[:3]}****{lease.who.phone[-4:]}"
    assert AuditEntry.objects.filter(action="read_personal", subject=f"certificate:{lease.certificate.pk}").exists()
    for name, status_code in (("fangting.np", 404), ("zhoumin", 403)):
        other = town.staff(name).post("/tenancy/certificates/lookup", {"certificate_no": lease.certificate.number})
        assert other.status_code == status_code
        assert lease.who.name not in other.content.decode()
    none = lease.clerk.post("/tenancy/certificates/lookup", {"certificate_no": "ZR-nothing"})
    assert (none.status_code, none.json()["code"]) == (404, "certificate.none")
    go_to(lease.certificate.valid_until + timedelta(days=1))
    late = lease.clerk.post("/tenancy/certificates/lookup", {"certificate_no": lease.certificate.number})
    assert late.json()["code"] == "certificate.expired"
    assert draft(lease).json()["code"] == "certificate.expired"


@pytest.mark.covers("SH-045.6", "SH-046.2", "SH-063.2", "SH-063.4")
def test_with_a_certificate_a_contract_is_registered_and_is_signing(town: Town) -> None:
    lease = ready(town)
    made = drafted(lease, kind="employer", attribute="renewal", rent_mode="quarterly")
    assert (made["state"], made["state_title"], made["number"][:8]) == ("signing", "签约中", "HT339901")
    told = made["terms"]
    today = clock.today()
    assert (told["attribute"], told["kind"], told["rent_mode"]) == ("renewal", "employer", "quarterly")
    assert (told["starts_on"], told["ends_on"]) == (today.isoformat(), (today + timedelta(days=729)).isoformat())
    assert (told["rent"], told["deposit"]) == ("1128.00", "1128.00")
    assert status(lease) == "held"


@pytest.mark.covers("SH-063.3")
def test_co_residents_and_temporary_occupants_with_number_phone_and_relation(town: Town) -> None:
    lease = ready(town)
    guest = person("李秀兰", lease.who.number[:-4] + "0000", "temporary")
    wrong = draft(lease, occupants=[person(), guest])
    assert wrong.json()["details"]["errors"][0]["field"] == "occupants.1.document_number"
    twice = draft(lease, occupants=[person(), person("周又名")])
    assert (twice.status_code, twice.json()["code"]) == (409, "contract.occupant_twice")
    self_again = draft(lease, occupants=[person(lease.who.name, lease.who.number)])
    assert self_again.json()["details"]["errors"][0]["code"] == "occupant.tenant"
    assert draft(lease, occupants=[person(" ")]).status_code == 422
    assert (Contract.objects.count(), status(lease)) == (0, "vacant")
    made = drafted(
        lease,
        occupants=[
            person(phone="13900001111"),
            person("李秀兰", town.household().number, "temporary", relation="保姆"),
        ],
    )
    shown = [(o["kind_title"], o["name"], o["relation"], o["phone"]) for o in made["occupants"]]
    assert shown == [("同住人", "周建国", "父亲", "139****1111"), ("临时人", "李秀兰", "保姆", "")]
    assert FATHER not in str(made)
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM tenancy_occupant")
        assert all(FATHER.encode() not in bytes(row[0]) for row in cursor.fetchall())


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"rent": "0"}, "rent"), ({"rent": "-1"}, "rent"), ({"rent": "1.234"}, "rent"), ({"rent": "99999999999"}, "rent"),
        ({"deposit": "-0.01"}, "deposit"), ({"ends_on": "2020-01-01"}, "ends_on"), ({"starts_on": "soon"}, "starts_on"),
        ({"kind": "castle"}, "kind"), ({"rent_mode": ""}, "rent_mode"), ({"rent": "NaN"}, "rent"), ({"rent": None}, "rent"),
    ],
)  # fmt: skip
def test_impossible_terms_are_refused_at_their_field(town: Town, wrong: dict[str, object], field: str) -> None:
    lease = ready(town)
    answer = draft(lease, **wrong)
    assert answer.status_code == 422, answer.content
    assert field in [error["field"] for error in answer.json()["details"]["errors"]]
    assert (Contract.objects.count(), status(lease)) == (0, "vacant")


@pytest.mark.covers("SH-063.5")
def test_while_signing_it_is_edited_and_cancelled_and_the_unit_is_free_again(town: Town) -> None:
    lease = ready(town)
    made = drafted(lease)
    path = f"/tenancy/contracts/{made['id']}"
    change = {**terms(rent="1200.00", occupants=[]), "version": made["version"]}
    changed = lease.clerk.patch(path, change).json()
    assert (changed["terms"]["rent"], changed["occupants"]) == ("1200.00", [])
    second = lease.clerk.patch(path, {**change, "rent": "900.00"})
    assert (second.status_code, second.json()["code"]) == (409, "conflict")
    assert second.json()["details"]["current"]["rent"] == "1200.00"
    assert second.json()["details"]["version"] == changed["version"]
    assert lease.clerk.post(f"{path}/cancel", {"reason": "住户改主意"}).json()["state"] == "cancelled"
    assert status(lease) == "vacant"
    for refused in (
        lease.clerk.patch(path, {**change, "version": 9}),
        lease.clerk.post(f"{path}/cancel", {"reason": ""}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "contract.state")
    assert drafted(lease)["state"] == "signing"


@pytest.mark.covers("SH-063.5")
def test_in_force_it_is_neither_edited_nor_cancelled(town: Town) -> None:
    lease = ready(town)
    made = in_force(lease)
    path = f"/tenancy/contracts/{made['id']}"
    for refused in (
        lease.clerk.patch(path, {**terms(), "version": made["version"]}), lease.clerk.post(f"{path}/cancel", {"reason": "x"}),
    ):  # fmt: skip
        assert refused.json()["code"] == "contract.state"
    assert stored(made).state == "effective"


def test_one_live_contract_a_household_and_a_unit(town: Town) -> None:
    lease, other = ready(town), ready(town)
    drafted(lease)
    second = draft(lease, unit_id=lease.homes.ids[1])
    assert (second.status_code, second.json()["code"]) == (409, "contract.household_has_one")
    taken = draft(other, unit_id=lease.unit.pk)
    assert taken.status_code == 409
    assert taken.json()["code"] in {"supply.unit_taken", "contract.unit_taken"}
    assert Contract.objects.count() == 1


def test_who_chose_a_unit_signs_for_that_one_and_a_cancelled_contract_gives_the_choice_back(town: Town) -> None:
    some = homes()
    who = queued(town)
    batch = published(town.staff("fangting"), some.ids[:2], {"one_one": 1})
    assert choose(who, batch, some.ids[0]).status_code == 200
    lease = ready(town, town.household())
    lease.certificate.number = who.api.get("/citizen/waiting").json()["entry"]["certificate_no"]
    other = draft(lease, unit_id=some.ids[1])
    assert (other.status_code, other.json()["code"]) == (409, "contract.other_unit")
    made = drafted(lease, unit_id=some.ids[0])
    assert lease.clerk.post(f"/tenancy/contracts/{made['id']}/cancel", {"reason": "住户改主意"}).status_code == 200
    run_jobs()
    assert who.api.get("/citizen/waiting").json()["entry"]["state"] == "called"
    assert choose(who, batch, some.ids[1]).status_code == 200


def test_another_district_s_clerk_finds_no_contract_and_no_unit(town: Town) -> None:
    lease = ready(town)
    made = drafted(lease)
    other, path = town.staff("fangting.np"), f"/tenancy/contracts/{made['id']}"
    assert other.get(path).status_code == 404
    assert other.patch(path, {**terms(), "version": made["version"]}).status_code == 404
    for act in ("send", "sign-offline", "file", "filing-notice", "keep"):
        assert other.post(f"{path}/{act}").status_code == 404, act
    assert other.post(f"{path}/cancel", {"reason": "x"}).status_code == 404
    assert other.post(f"{path}/terminate", {"kind": "early", "reason": "x"}).status_code == 404
    assert other.get("/registers/tenancy.contracts/rows").json()["rows"] == []
    assert stored(made).version == made["version"]
    assert town.staff("zhoumin").post(f"{path}/sign-offline").status_code == 403
