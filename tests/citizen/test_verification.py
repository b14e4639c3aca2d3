"""Real-name verification by photographs and by bank (ZB-04)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from anju.citizen.models import IdentityVerification, Resident
from anju.households.synthetic import synthetic_id
from anju.kernel.audit.models import AuditEntry
from anju.kernel.connectors.models import ConnectorCall
from anju.kernel.files.models import StoredFile
from anju.kernel.scope import Actor
from anju.workspace.models import Message, Sms
from tests.citizen.people import NUMBER, client_of, open_cities, picture, resident
from tests.conftest import Api, signed_in

CARD = "6222021234567891"
REVIEW = ("citizen.verification.review", "citizen.verification.view")


def claim(**changes: Any) -> dict[str, Any]:
    told = {"name": "周桂芳", "document_type": "id_card", "document_number": NUMBER, "city": "339900"}
    return told | changes


def photos(**changes: Any) -> dict[str, Any]:
    files = {"front": picture(seed=1), "back": picture("PNG", 120, seed=2), "holder": picture(seed=3)} | changes
    return {key: SimpleUploadedFile(f"{key}.jpg", content, "image/jpeg") for key, content in files.items()}


def hand_in(api: Api, files: dict[str, Any] | None = None, **changes: Any) -> Any:
    return api.upload("/citizen/identity/photos", claim(**changes) | (files or photos()))


@pytest.fixture
def person(db: None) -> Resident:
    return resident()


@pytest.fixture
def clerk(staff: Callable[..., Actor]) -> Actor:
    return staff(*REVIEW, name="方婷")


@pytest.mark.covers("ZB-04.1", "ZB-04.3", "ZB-04.4")
def test_photographs_are_handed_in_seen_beside_the_data_and_approved(
    person: Resident, clerk: Actor, client_as: Callable[[Actor], Any]
) -> None:
    api, desk = client_of(person), client_as(clerk)
    told = hand_in(api)
    assert told.status_code == 200
    assert (told.json()["state"], told.json()["document_number"]) == ("waiting", f"{NUMBER[:6]}********{NUMBER[-4:]}")
    assert told.json()["due_on"]
    rows = desk.get("/registers/citizen.verifications/rows", **{"f.state": "waiting"}).json()["rows"]
    seen = desk.get(f"/citizen-desk/verifications/{rows[0]['id']}").json()
    assert (seen["name"], seen["document_number"], len(seen["photos"])) == ("周桂芳", NUMBER, 3)
    for photo in seen["photos"]:
        answer = desk.client.get(photo["url"], headers=desk.headers)
        assert answer.status_code == 200
        assert answer["Content-Type"] in {"image/jpeg", "image/png"}
    done = desk.post(f"/citizen-desk/verifications/{seen['id']}/approve")
    assert (done.status_code, done.json()["state"]) == (200, "approved")
    me = api.get("/citizen/me").json()
    assert (me["verified"], me["name"], me["unread"]) == ("verified", "周桂芳", 1)
    assert [message["title"] for message in api.get("/citizen/messages").json()["rows"]] == ["实名认证通过了"]
    assert Sms.objects.filter(purpose="identity").count() == 1
    assert AuditEntry.objects.filter(action="read_personal", actor=clerk.ref).count() >= 1


@pytest.mark.covers("ZB-04.4")
def test_a_refusal_has_a_reason_that_the_resident_reads_and_he_may_try_again(
    person: Resident, clerk: Actor, client_as: Callable[[Actor], Any]
) -> None:
    api, desk = client_of(person), client_as(clerk)
    hand_in(api)
    waiting = IdentityVerification.objects.get()
    bare = desk.post(f"/citizen-desk/verifications/{waiting.pk}/refuse", {"reason": " "})
    assert bare.json()["code"] == "identity.reason"
    desk.post(f"/citizen-desk/verifications/{waiting.pk}/refuse", {"reason": "反面照片看不清有效期"})
    me = api.get("/citizen/me").json()
    assert (me["verified"], me["refusal"]) == ("refused", "反面照片看不清有效期")
    assert "看不清有效期" in api.get("/citizen/identity").json()["reason"]
    assert "看不清有效期" in Message.objects.get().text
    late = desk.post(f"/citizen-desk/verifications/{waiting.pk}/approve")
    assert (late.status_code, late.json()["code"]) == (409, "identity.decided")
    assert "方婷" in late.json()["message"]
    assert hand_in(api).status_code == 200


def test_one_verification_waits_at_a_time(person: Resident) -> None:
    api = client_of(person)
    hand_in(api)
    again = hand_in(api)
    assert (again.status_code, again.json()["code"]) == (409, "identity.waiting")
    assert IdentityVerification.objects.count() == 1


@pytest.mark.covers("ZB-04.3")
@pytest.mark.parametrize(
    ("field", "content", "code"),
    [
        ("front", b"GIF89a" + b"\x00" * 2000, "file.not_picture"),
        ("back", b"\xff\xd8\xff" + b"<?php echo 1; ?>" * 100, "file.has_script"),
        ("holder", b"\xff\xd8\xff" + b"\x00" * 100, "file.too_small"),
        ("front", b"\xff\xd8\xff" + b"\x00" * (4 * 1024 * 1024 + 1), "file.too_large"),
        ("back", b"%PDF-1.7" + b" " * 2000, "file.not_picture"),
    ],
    ids=["gif", "script", "small", "large", "pdf"],
)
def test_what_is_no_picture_of_the_right_size_is_refused_with_the_reason(
    person: Resident, field: str, content: bytes, code: str
) -> None:
    refused = hand_in(client_of(person), photos(**{field: content}))
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, code, field)
    assert refused.json()["message"].startswith({"front": "正面", "back": "反面", "holder": "手持"}[field])
    assert not IdentityVerification.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_missing_photograph_is_named(person: Resident) -> None:
    files = photos()
    del files["holder"]
    refused = hand_in(client_of(person), files)
    assert refused.status_code == 422
    assert "holder" in str(refused.json()["details"]["errors"])


@pytest.mark.covers("ZB-04.2")
@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("id_card", NUMBER[:17] + ("1" if NUMBER[17] != "1" else "2")),
        ("id_card", synthetic_id("339901", date(1964, 3, 2), 2)[:10] + "1332" + NUMBER[14:]),
        ("id_card", synthetic_id("339901", date(2031, 3, 2), 2)),
        ("driving_licence", "123456"),
        ("passport", "护照"),
        ("hk_macao_permit", "X1"),
        ("library_card", "12345678"),
    ],
)
def test_a_number_impossible_for_its_type_is_refused(person: Resident, kind: str, number: str) -> None:
    refused = hand_in(client_of(person), document_type=kind, document_number=number)
    assert refused.status_code == 422
    assert refused.json()["field"] in {"document_number", "document_type"}
    assert not IdentityVerification.objects.exists()


@pytest.mark.covers("ZB-04.2")
@pytest.mark.parametrize(
    ("kind", "number"),
    [("id_card", NUMBER), ("driving_licence", NUMBER), ("passport", "E12345678"), ("hk_macao_permit", "H12345678")],
)
def test_the_four_types_of_documents_are_taken(person: Resident, kind: str, number: str) -> None:
    assert hand_in(client_of(person), document_type=kind, document_number=number).status_code == 200


def test_a_district_or_a_closed_city_cannot_be_chosen(person: Resident) -> None:
    assert hand_in(client_of(person), city="339901").json()["code"] == "city.not_a_city"
    assert hand_in(client_of(person), city="330100").json()["code"] == "city.closed"


@pytest.mark.covers("ZB-04.1")
def test_the_bank_answers_at_once(person: Resident, sandbox: Any) -> None:
    api = client_of(person)
    body = claim(bank_card="6222 0212 3456 7891", phone="13900000001")
    answer = api.post("/citizen/identity/bank", body)
    assert (answer.status_code, answer.json()["state"], answer.json()["matched"]) == (200, "verified", True)
    assert api.get("/citizen/me").json()["name"] == "周桂芳"
    again = api.post("/citizen/identity/bank", body)
    assert (again.status_code, again.json()["code"]) == (409, "identity.verified")


def test_a_mismatch_is_told_clearly_and_photographs_stay_possible(person: Resident, sandbox: Any) -> None:
    api = client_of(person)
    answer = api.post("/citizen/identity/bank", claim(bank_card="6222021234567890", phone="13900000001"))
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["matched"]) == ("refused", False)
    assert "银行" in answer.json()["reason"]
    assert hand_in(api).json()["state"] == "waiting"


def test_a_bank_that_is_silent_changes_nothing(person: Resident, sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from anju.citizen.connectors import BankVerification

    monkeypatch.setattr(BankVerification, "timeout", 0.3)
    monkeypatch.setattr(BankVerification, "backoff", 0.0)
    sandbox.behave("bank", "silent")
    api = client_of(person)
    answer = api.post("/citizen/identity/bank", claim(bank_card=CARD, phone="13900000001"))
    assert (answer.status_code, answer.json()["code"]) == (503, "connector.timeout")
    assert not IdentityVerification.objects.exists()
    assert api.get("/citizen/me").json()["verified"] == "none"
    assert ConnectorCall.objects.filter(connector="bank", result="timeout").exists()


def test_bank_attempts_are_limited_a_day(person: Resident, sandbox: Any) -> None:
    api = client_of(person)
    for _ in range(5):
        answer = api.post("/citizen/identity/bank", claim(bank_card="6222021234567890", phone="13900000001"))
        assert answer.status_code == 200
    more = api.post("/citizen/identity/bank", claim(bank_card=CARD, phone="13900000001"))
    assert (more.status_code, more.json()["code"]) == (429, "identity.bank_tries")


def test_one_document_belongs_to_one_account(person: Resident, clerk: Actor, client_as: Callable[[Actor], Any]) -> None:
    resident("13900000002", verified=True)
    api, desk = client_of(person), client_as(clerk)
    hand_in(api)
    waiting = IdentityVerification.objects.get(resident=person)
    assert desk.get(f"/citizen-desk/verifications/{waiting.pk}").json()["number_taken"] is True
    refused = desk.post(f"/citizen-desk/verifications/{waiting.pk}/approve")
    assert (refused.status_code, refused.json()["code"]) == (409, "identity.taken")
    waiting.refresh_from_db()
    person.refresh_from_db()
    assert (waiting.state, person.verified) == ("waiting", "waiting")
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_the_same_moment_decide_once(
    staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    person = resident()
    hand_in(client_of(person))
    waiting = IdentityVerification.objects.get()
    desks = [client_as(staff(*REVIEW)) for _ in range(2)]
    acts = [("approve", {}), ("refuse", {"reason": "照片和姓名不符"})]
    start, answers = Barrier(2), []

    def act(desk: Any, verb: str, body: dict[str, Any]) -> None:
        start.wait()
        try:
            answers.append(desk.post(f"/citizen-desk/verifications/{waiting.pk}/{verb}", body).status_code)
        finally:
            connection.close()

    threads = [Thread(target=act, args=(desk, *what)) for desk, what in zip(desks, acts, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 409]
    assert Message.objects.count() == 1


def test_photographs_are_closed_to_others(
    person: Resident, staff: Callable[..., Actor], client_as: Callable[[Actor], Any], city: Any
) -> None:
    hand_in(client_of(person))
    file = IdentityVerification.objects.get().front_id
    assert client_of(person).get(f"/files/{file}").status_code == 200
    assert client_of(resident("13900000009")).get(f"/files/{file}").status_code == 404
    assert client_as(staff("cases.view")).get(f"/files/{file}").status_code == 404
    from anju.identity.services import make_organisation

    other = make_organisation(name="望潮市住房保障中心", kind="city", code="WCH", division="339800")
    stranger = client_as(staff(*REVIEW, reach="org_and_below", org=other))
    assert stranger.get(f"/files/{file}").status_code == 404
    assert stranger.get("/registers/citizen.verifications/rows").json()["rows"] == []
    waiting = IdentityVerification.objects.get()
    assert stranger.post(f"/citizen-desk/verifications/{waiting.pk}/approve").status_code == 404
    waiting.refresh_from_db()
    assert waiting.state == "waiting"


def test_clerks_of_every_office_of_the_city_share_the_queue(
    person: Resident, staff: Callable[..., Actor], client_as: Callable[[Actor], Any], city: Any
) -> None:
    from anju.identity.services import make_organisation

    operator = make_organisation(name="江湾运营", kind="operator", code="YYX", division="339901", parent=city)
    hand_in(client_of(person))
    desk = client_as(staff(*REVIEW, reach="org_and_below", org=operator))
    assert len(desk.get("/registers/citizen.verifications/rows").json()["rows"]) == 1


def test_without_the_right_nothing_is_seen(person: Resident, staff: Callable[..., Actor]) -> None:
    hand_in(client_of(person))
    waiting = IdentityVerification.objects.get()
    clerk = signed_in("staff", staff("cases.view").id, "office")
    assert clerk.get(f"/citizen-desk/verifications/{waiting.pk}").status_code == 403
    assert client_of(person).get(f"/citizen-desk/verifications/{waiting.pk}").status_code == 403


def test_the_number_is_sealed(person: Resident) -> None:
    hand_in(client_of(person))
    with connection.cursor() as cursor:
        cursor.execute("SELECT citizen_identityverification::text FROM citizen_identityverification")
        assert NUMBER not in cursor.fetchone()[0]


@pytest.fixture(autouse=True)
def _cities(db: None) -> None:
    open_cities()
