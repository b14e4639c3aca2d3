"""What other contexts ask of the citizen's side: signing codes, facts of residents; what is forgotten in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from anju.citizen.codes import RefusedCode
from anju.citizen.jobs import forget
from anju.citizen.models import ApplicationDraft, IdentityVerification, PhoneCode
from anju.citizen.services import resident as facts_of
from anju.citizen.services import resident_of_person, send_signing_code, use_signing_code
from anju.kernel import clock
from anju.kernel.audit.models import AuditEntry
from anju.kernel.errors import NotFound, TooMany
from anju.kernel.scope import Actor, system
from tests.citizen.people import NUMBER, actor, last_code, minutes_pass, resident
from tests.citizen.test_verification import hand_in

PHONE = "13900000061"


def test_a_signing_code_signs_its_own_subject_only_and_once(db: None) -> None:
    person = actor(resident(PHONE, verified=True))
    send_signing_code(person, "contract:7")
    code = last_code(PHONE)
    with pytest.raises(RefusedCode):
        use_signing_code(person, "contract:8", code)
    use_signing_code(person, "contract:7", code)
    with pytest.raises(RefusedCode, match="用过"):
        use_signing_code(person, "contract:7", code)
    with pytest.raises(TooMany):
        send_signing_code(person, "contract:7")


def test_residents_are_known_by_ref_and_by_person(db: None) -> None:
    person = resident(PHONE, verified=True)
    told = facts_of(person.ref)
    assert (told.name, told.phone, told.phone_masked, told.verified) == ("周桂芳", PHONE, "139****0061", True)
    assert told.person_id is not None
    assert resident_of_person(told.person_id) == told
    for ref in ("staff:1", "resident:0", "resident:x", ""):
        with pytest.raises(NotFound):
            facts_of(ref)


def test_old_drafts_and_codes_are_forgotten_and_young_ones_kept(db: None) -> None:
    old, young = resident(PHONE), resident("13900000062")
    for each in (old, young):
        ApplicationDraft.objects.create(resident=each, programme="public_rental", city="339900")
    ApplicationDraft.objects.filter(resident=old).update(updated_at=clock.now() - timedelta(days=91))
    send_signing_code(actor(young), "contract:1")
    send_signing_code(actor(old), "contract:2")
    minutes_pass(PHONE, 8 * 24 * 60)
    forget()
    assert [draft.resident_id for draft in ApplicationDraft.objects.all()] == [young.pk]
    assert [code.subject for code in PhoneCode.objects.all()] == ["contract:1"]


def test_the_menu_counts_what_waits_and_what_is_late(
    db: None, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    from tests.citizen.people import client_of

    hand_in(client_of(resident(PHONE)))
    desk = client_as(staff("citizen.verification.view", "citizen.verification.review"))
    assert desk.get("/identity/menu-counts").json()["verifications"] == {"count": 1, "late": 0}
    IdentityVerification.objects.update(due_on=clock.today() - timedelta(days=1))
    assert desk.get("/identity/menu-counts").json()["verifications"] == {"count": 1, "late": 1}


def test_a_person_is_found_by_the_whole_number_and_only_with_a_case_in_reach(
    db: None, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    from anju.households.services import Member, take_snapshot
    from anju.kernel.cases.models import Case

    case = Case(
        type_key="eligibility.public_rental", number="GZ3399012026000001", title="周桂芳 公租房申请", household="周桂芳",
        form_key="eligibility/public_rental_application", applicant_key=b"x", request_key="k", org_path="/1/",
        submitted_at=clock.now(), division="339901", applicant_ref="resident:1",
    )  # fmt: skip
    case.data = {}
    case.save()
    member = Member("id_card", NUMBER, "周桂芳", "self")
    take_snapshot(case.subject, [member], on=date(2026, 3, 1), actor=system())

    def persons(person: Actor, text: str) -> list[dict[str, Any]]:
        groups = client_as(person).get("/search", q=text).json()["groups"]
        return [row for group in groups if group["key"] == "persons" for row in group["rows"]]

    clerk = staff("cases.public_rental.view")
    found = persons(clerk, NUMBER)
    assert [row["path"] for row in found] == [f"/cases/{case.pk}"]
    assert NUMBER not in str(found)
    assert AuditEntry.objects.filter(action="read_personal", actor=clerk.ref).exists()
    assert found[0]["title"].startswith("周*芳")
    assert persons(clerk, NUMBER[:14]) == []
    assert persons(staff("workspace.sms.view"), NUMBER) == []
