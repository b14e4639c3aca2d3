"""Registration by telephone: codes, their limits, one account a number, the password (ZB-03)."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from anju.citizen import limits
from anju.citizen.codes import RefusedCode, issue_code, use_code
from anju.citizen.models import PhoneCode, Resident
from anju.citizen.passwords import WeakPassword, check_password_rule
from anju.workspace.models import Sms
from tests.citizen.people import PASSWORD, last_code, minutes_pass, resident
from tests.conftest import Api

PHONE = "13900000021"


@pytest.fixture
def phone(db: None) -> Api:
    return Api("citizen")


def ask(api: Api, number: str = PHONE, purpose: str = "register") -> Any:
    return api.post("/citizen/codes", {"phone": number, "purpose": purpose})


@pytest.mark.covers("ZB-03.1", "ZB-03.3")
def test_a_resident_registers_with_a_code_and_is_signed_in(phone: Api) -> None:
    issued = ask(phone, "+86 139 0000 0021")
    assert issued.json() == {"resend_after": 60, "expires_in": 600}
    made = phone.post("/citizen/register", {"phone": PHONE, "code": last_code(PHONE), "password": PASSWORD})
    assert made.status_code == 200
    assert made.json()["verified"] == "none"
    me = phone.get("/citizen/me").json()
    assert (me["phone"], me["verified"], me["unread"]) == ("139****0021", "none", 0)
    assert phone.get("/citizen/session").json() == {"me": me}
    assert phone.post("/citizen/sign-out").status_code == 200
    assert phone.get("/citizen/me").status_code == 401
    # a page asks who is signed in before anything else: a visitor is told nobody, and nothing is refused
    assert (phone.get("/citizen/session").status_code, phone.get("/citizen/session").json()) == (200, {"me": None})
    assert phone.post("/citizen/sign-in", {"phone": PHONE, "password": PASSWORD}).status_code == 200


def test_the_code_can_be_exchanged_for_a_ticket_that_serves_once(phone: Api) -> None:
    ask(phone)
    body = {"phone": PHONE, "purpose": "register", "code": last_code(PHONE)}
    ticket = phone.post("/citizen/check-code", body).json()["ticket"]
    weak = phone.post("/citizen/register", {"phone": PHONE, "ticket": ticket, "password": "short1"})
    assert weak.json()["code"] == "password.weak"
    assert phone.post("/citizen/register", {"phone": PHONE, "ticket": ticket, "password": PASSWORD}).status_code == 200
    again = phone.post("/citizen/register", {"phone": PHONE, "ticket": ticket, "password": PASSWORD})
    assert again.json()["code"] == "code.expired"
    assert phone.post("/citizen/check-code", body).json()["code"] == "code.used"


@pytest.mark.covers("ZB-03.1")
def test_asking_again_is_refused_for_sixty_seconds_and_says_how_long(phone: Api) -> None:
    ask(phone)
    first = last_code(PHONE)
    again = ask(phone)
    assert again.status_code == 429
    assert 55 <= again.json()["details"]["retry_after"] <= 60
    assert "秒" in again.json()["advice"]
    minutes_pass(PHONE, 1.02)
    assert ask(phone).status_code == 200
    stale = phone.post("/citizen/register", {"phone": PHONE, "code": first, "password": PASSWORD})
    if first != last_code(PHONE):
        assert stale.json()["code"] == "code.wrong"


@pytest.mark.covers("ZB-03.1")
def test_a_code_serves_for_ten_minutes_and_no_longer(phone: Api) -> None:
    ask(phone)
    code = last_code(PHONE)
    minutes_pass(PHONE, 9.9)
    assert use_code(PHONE, "register", code).used_at is not None
    ask(phone)
    late = last_code(PHONE)
    minutes_pass(PHONE, 10.1)
    answer = phone.post("/citizen/register", {"phone": PHONE, "code": late, "password": PASSWORD})
    assert answer.json()["code"] == "code.expired"
    assert not Resident.objects.exists()


@pytest.mark.covers("ZB-03.2")
def test_wrong_used_and_foreign_codes_are_refused(phone: Api) -> None:
    none = phone.post("/citizen/register", {"phone": PHONE, "code": "123456", "password": PASSWORD})
    assert none.json()["code"] == "code.none"
    ask(phone)
    code = last_code(PHONE)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    refused = phone.post("/citizen/register", {"phone": PHONE, "code": wrong, "password": PASSWORD})
    assert (refused.json()["code"], refused.json()["details"]) == ("code.wrong", {"left": 4})
    foreign = phone.post("/citizen/reset", {"phone": PHONE, "code": code, "password": PASSWORD})
    assert foreign.json()["code"] == "code.none"
    assert phone.post("/citizen/register", {"phone": PHONE, "code": code, "password": PASSWORD}).status_code == 200
    used = phone.post("/citizen/register", {"phone": PHONE, "code": code, "password": PASSWORD})
    assert used.json()["code"] == "code.used"
    assert Resident.objects.count() == 1


@pytest.mark.covers("ZB-03.2")
def test_guessing_is_over_after_five_tries_even_with_the_right_code(phone: Api) -> None:
    ask(phone)
    code = last_code(PHONE)
    for at in range(limits.CODE_TRIES):
        guess = f"{(int(code) + 1 + at) % 1_000_000:06d}"
        phone.post("/citizen/register", {"phone": PHONE, "code": guess, "password": PASSWORD})
    spent = phone.post("/citizen/register", {"phone": PHONE, "code": code, "password": PASSWORD})
    assert spent.json()["code"] == "code.spent"
    assert not Resident.objects.exists()


@pytest.mark.covers("ZB-03.2")
def test_a_registered_number_is_not_registered_twice(phone: Api) -> None:
    resident(PHONE)
    ask(phone)
    again = phone.post("/citizen/register", {"phone": PHONE, "code": last_code(PHONE), "password": PASSWORD})
    assert (again.status_code, again.json()["code"]) == (409, "citizen.phone_registered")
    assert Resident.objects.count() == 1
    assert phone.get("/citizen/me").status_code == 401


def test_asking_for_a_code_does_not_tell_whether_a_number_is_registered(phone: Api) -> None:
    resident(PHONE)
    known, unknown = ask(phone, PHONE), ask(phone, "13900000099")
    assert known.json() == unknown.json()


@pytest.mark.covers("ZB-03.2")
def test_codes_are_limited_per_number_and_day(phone: Api) -> None:
    for _ in range(limits.CODES_A_NUMBER_A_DAY):
        assert ask(phone).status_code == 200
        minutes_pass(PHONE, 2)
    more = ask(phone)
    assert (more.status_code, more.json()["code"]) == (429, "code.too_many")
    assert more.json()["details"]["retry_after"] > 3600
    minutes_pass(PHONE, 24 * 60)
    assert ask(phone).status_code == 200


@pytest.mark.covers("ZB-03.2")
def test_codes_are_limited_per_address(phone: Api) -> None:
    for at in range(limits.CODES_AN_ADDRESS_AN_HOUR):
        issue_code(f"138{at:08d}", "register", address="127.0.0.1")
    more = ask(phone)
    assert more.status_code == 429
    assert "网络" in more.json()["message"]
    elsewhere = phone.client.post(
        "/api/citizen/codes", data='{"phone": "13900000021", "purpose": "register"}', content_type="application/json",
        headers=phone.headers, REMOTE_ADDR="10.1.2.3",
    )  # fmt: skip
    assert elsewhere.status_code == 200


@pytest.mark.parametrize("number", ["", "12345678901", "1390000002", "二三四", "139000000211"])
def test_no_code_goes_to_what_is_no_mobile_number(phone: Api, number: str) -> None:
    refused = ask(phone, number)
    assert (refused.status_code, refused.json()["code"]) == (422, "phone.invalid")
    assert not Sms.objects.exists()


def test_neither_code_nor_number_is_kept_in_clear(phone: Api) -> None:
    ask(phone)
    code = last_code(PHONE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT citizen_phonecode::text, workspace_sms::text FROM citizen_phonecode, workspace_sms")
        text = "".join(cursor.fetchone())
    assert code not in text
    assert PHONE not in text
    assert PhoneCode.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("ZB-03.2")
def test_one_code_brought_at_the_same_moment_is_used_once() -> None:
    issue_code(PHONE, "register")
    code, start, won, refused = last_code(PHONE), Barrier(5), [], []

    def bring() -> None:
        start.wait()
        try:
            won.append(use_code(PHONE, "register", code).pk)
        except RefusedCode as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=bring) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert refused == ["code.used"] * 4


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_the_same_moment_send_one_code() -> None:
    start, answers = Barrier(4), []

    def bring() -> None:
        api = Api("citizen")
        start.wait()
        try:
            answers.append(ask(api).status_code)
        finally:
            connection.close()

    threads = [Thread(target=bring) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 429, 429, 429]
    assert Sms.objects.count() == 1


@pytest.mark.covers("ZB-03.3")
@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("abc123", "至少 10 位"),
        ("1234567890", "还没有字母"),
        ("abcdefghij", "还没有数字"),
        ("password12345", "太常见"),
        ("abcdefg123456", "太常见"),
        ("aaaaaaaaaa1", "太常见"),
        ("x13900000021", "手机号"),
    ],
)
def test_weak_passwords_are_refused_with_what_is_missing(password: str, says: str) -> None:
    with pytest.raises(WeakPassword, match=says):
        check_password_rule(password, phone=PHONE)


@pytest.mark.parametrize("password", ["jiangwan-2026", "安居lanzhou88号楼", "Tr4in-to-Lanzhou"])
def test_good_passwords_pass(password: str) -> None:
    check_password_rule(password, phone=PHONE)


def test_a_forgotten_password_is_set_anew_and_other_sessions_end(phone: Api) -> None:
    known = resident(PHONE)
    old = Api("citizen")
    assert old.post("/citizen/sign-in", {"phone": PHONE, "password": PASSWORD}).status_code == 200
    ask(phone, PHONE, "reset")
    code = last_code(PHONE)
    answer = phone.post("/citizen/reset", {"phone": PHONE, "code": code, "password": "neues-wort-77"})
    assert answer.json() == {"reset": True}
    assert old.get("/citizen/me").status_code == 401
    assert phone.post("/citizen/sign-in", {"phone": PHONE, "password": PASSWORD}).status_code == 401
    assert phone.post("/citizen/sign-in", {"phone": PHONE, "password": "neues-wort-77"}).json()["id"] == known.pk


def test_a_password_for_a_number_without_account_cannot_be_reset(phone: Api) -> None:
    ask(phone, PHONE, "reset")
    answer = phone.post("/citizen/reset", {"phone": PHONE, "code": last_code(PHONE), "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (404, "citizen.phone_unknown")


def test_wrong_passwords_lock_the_account_for_a_while_and_a_reset_opens_it(phone: Api) -> None:
    resident(PHONE)
    for _ in range(limits.SIGN_IN_FAILURES):
        wrong = phone.post("/citizen/sign-in", {"phone": PHONE, "password": "falsch-12345"})
        assert (wrong.status_code, wrong.json()["code"]) == (401, "citizen.sign_in_failed")
    locked = phone.post("/citizen/sign-in", {"phone": PHONE, "password": PASSWORD})
    assert (locked.status_code, locked.json()["code"]) == (429, "citizen.locked")
    assert locked.json()["details"]["retry_after"] > 800
    ask(phone, PHONE, "reset")
    phone.post("/citizen/reset", {"phone": PHONE, "code": last_code(PHONE), "password": "neues-wort-77"})
    assert phone.post("/citizen/sign-in", {"phone": PHONE, "password": "neues-wort-77"}).status_code == 200


def test_an_unknown_number_is_refused_like_a_wrong_password(phone: Api) -> None:
    resident(PHONE)
    wrong = phone.post("/citizen/sign-in", {"phone": PHONE, "password": "falsch-12345"})
    unknown = phone.post("/citizen/sign-in", {"phone": "13900000098", "password": "falsch-12345"})
    assert wrong.json() == unknown.json()
