"""Signing in of staff: account, password, captcha; what is used once, what is not told, what locks."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from anju.identity.models import Account, AccountState, Captcha, Session
from anju.identity.sessions import COOKIES
from anju.kernel import clock
from anju.kernel.audit.models import AuditEntry
from anju.kernel.http.routes import DECLARED
from anju.kernel.scope import Actor
from tests.conftest import Api
from tests.identity.doors import PASSWORD, enter, letters

Staff = Callable[..., Actor]


@pytest.mark.covers("PR-01.1")
def test_with_account_password_and_captcha_one_is_in_and_sees_who_he_is(staff: Staff, anonymous: Api) -> None:
    clerk = staff("supply.unit.view", name="方婷")
    assert anonymous.get("/identity/me").status_code == 401
    answer = enter(anonymous, clerk.account)
    assert answer.status_code == 200, answer.content
    cookie = answer.cookies[COOKIES["staff"]]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    me = anonymous.get("/identity/me").json()
    assert (me["name"], me["account"], me["rights"]) == ("方婷", clerk.account, {"supply.unit.view": "all"})
    assert AuditEntry.objects.filter(action="sign_in", actor=clerk.ref).count() == 1


@pytest.mark.covers("PR-01.1")
def test_nobody_makes_an_account_for_himself(staff: Staff, anonymous: Api, client_as: Callable[[Actor], Api]) -> None:
    public = {(d.method, d.path) for d in DECLARED if d.right == "public" and d.path.startswith("/identity")}
    assert public >= {("GET", "/identity/captcha"), ("POST", "/identity/sign-in"), ("POST", "/identity/sign-out")}
    values = {"username": "newcomer", "name": "新来", "organisation": staff().org_id}
    before = Account.objects.count()
    assert anonymous.post("/registers/identity.accounts/rows", {"values": values}).status_code == 401
    onlooker = client_as(staff("identity.account.view"))
    assert onlooker.post("/registers/identity.accounts/rows", {"values": values}).status_code == 403
    assert Account.objects.count() == before + 1  # the onlooker
    clerk = client_as(staff("identity.account.view", "identity.account.create", "identity.organisation.view"))
    made = clerk.post("/registers/identity.accounts/rows", {"values": values})
    assert made.status_code == 200, made.content
    assert Account.objects.get(username="newcomer").must_change_password


@pytest.mark.covers("PR-01.2")
def test_a_captcha_serves_once_and_a_fresh_one_is_another(staff: Staff, anonymous: Api) -> None:
    clerk = staff()
    first, second = (anonymous.get("/identity/captcha").json() for _ in range(2))
    assert first["id"] != second["id"]
    assert first["image"].startswith("data:image/png;base64,")
    assert first["image"] != second["image"]
    assert first["expires_in"] == 300
    answer = letters(first["id"])
    assert answer not in str(first)
    assert enter(anonymous, clerk.account, captcha=first).status_code == 200
    again = enter(anonymous, clerk.account, captcha=first, answer=answer)
    assert (again.status_code, again.json()["code"]) == (422, "captcha.expired")
    wrong = enter(anonymous, clerk.account, captcha=second, answer="????")
    assert wrong.json()["code"] == "captcha.wrong"
    assert (
        enter(anonymous, clerk.account, captcha=second).json()["code"] == "captcha.expired"
    )  # used up by the wrong try


@pytest.mark.covers("PR-01.2")
@pytest.mark.parametrize(("seconds", "status"), [(-5, 200), (5, 422)])
def test_it_holds_for_five_minutes(staff: Staff, anonymous: Api, seconds: int, status: int) -> None:
    clerk = staff()
    captcha = anonymous.get("/identity/captcha").json()
    made = Captcha.objects.get(pk=captcha["id"])
    left = (made.expires_at - clock.real_now()).total_seconds()
    assert 290 < left <= 300
    Captcha.objects.filter(pk=made.pk).update(expires_at=made.expires_at - timedelta(seconds=300 + seconds))
    answer = enter(anonymous, clerk.account, captcha=captcha)
    assert answer.status_code == status
    if status == 422:
        assert answer.json()["code"] == "captcha.expired"


@pytest.mark.covers("PR-01.2")
@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
@pytest.mark.parametrize("how", ["wrong", "expired", "unknown"])
def test_a_bad_captcha_says_nothing_of_the_password(staff: Staff, anonymous: Api, password: str, how: str) -> None:
    clerk = staff()
    captcha = anonymous.get("/identity/captcha").json()
    if how == "expired":
        Captcha.objects.update(expires_at=clock.real_now() - timedelta(seconds=1))
    answer = letters(captcha["id"]) if how == "expired" else "????"
    if how == "unknown":
        captcha = {"id": str(uuid.uuid4())}
    told = enter(anonymous, clerk.account, password, captcha, answer)
    assert (told.status_code, told.json()["code"]) == (422, "captcha.wrong" if how == "wrong" else "captcha.expired")
    assert told.json()["field"] == "captcha"
    assert Account.objects.get(pk=clerk.id).failures == 0
    assert not Session.objects.exists()


def test_small_letters_and_spaces_count_as_the_picture_s(staff: Staff, anonymous: Api) -> None:
    captcha = anonymous.get("/identity/captcha").json()
    assert (
        enter(anonymous, staff().account, captcha=captcha, answer=f" {letters(captcha['id']).lower()} ").status_code
        == 200
    )


def test_which_of_account_and_password_is_wrong_is_not_told(staff: Staff, anonymous: Api) -> None:
    known = enter(anonymous, staff().account, "wrong")
    unknown = enter(anonymous, "nobody", "wrong")
    assert known.status_code == unknown.status_code == 401
    assert known.json() == unknown.json()
    assert AuditEntry.objects.filter(action="sign_in_failed").count() == 2


def test_five_failures_lock_for_a_quarter_of_an_hour_and_then_it_opens(staff: Staff, anonymous: Api) -> None:
    clerk = staff()
    for _ in range(4):
        assert enter(anonymous, clerk.account, "wrong").json()["code"] == "sign_in.wrong"
    enter(anonymous, clerk.account, "wrong")
    locked = enter(anonymous, clerk.account)
    assert (locked.status_code, locked.json()["code"]) == (429, "sign_in.locked")
    assert 0 < locked.json()["details"]["retry_after"] <= 900
    Account.objects.filter(pk=clerk.id).update(locked_until=clock.now() - timedelta(seconds=1))
    assert enter(anonymous, clerk.account).status_code == 200
    assert Account.objects.get(pk=clerk.id).failures == 0


def test_a_success_forgets_earlier_failures(staff: Staff, anonymous: Api) -> None:
    clerk = staff()
    for _ in range(4):
        enter(anonymous, clerk.account, "wrong")
    assert enter(anonymous, clerk.account).status_code == 200
    for _ in range(4):
        enter(anonymous, clerk.account, "wrong")
    assert enter(anonymous, clerk.account).status_code == 200


def test_a_suspended_account_and_one_of_a_closed_office_stay_out_at_once(
    staff: Staff, anonymous: Api, city: Any
) -> None:
    clerk = staff()
    enter(anonymous, clerk.account)
    Account.objects.filter(pk=clerk.id).update(state=AccountState.SUSPENDED)
    assert anonymous.get("/identity/me").status_code == 401
    assert enter(anonymous, clerk.account).json()["code"] == "sign_in.not_usable"
    assert enter(anonymous, clerk.account, "wrong").json()["code"] == "sign_in.wrong"
    Account.objects.filter(pk=clerk.id).update(state=AccountState.ACTIVE)
    city.active = False
    city.save()
    assert anonymous.get("/identity/me").status_code == 401
    assert enter(anonymous, clerk.account).json()["code"] == "sign_in.not_usable"


def test_signed_out_the_cookie_opens_nothing_any_more(staff: Staff, anonymous: Api) -> None:
    enter(anonymous, staff().account)
    token = anonymous.client.cookies[COOKIES["staff"]].value
    assert anonymous.post("/identity/sign-out").status_code == 200
    anonymous.client.cookies[COOKIES["staff"]] = token
    assert anonymous.get("/identity/me").status_code == 401


def test_an_idle_and_an_old_session_end(staff: Staff, client_as: Callable[[Actor], Api]) -> None:
    idle, old = client_as(staff()), client_as(staff())
    first, second = Session.objects.order_by("id")
    Session.objects.filter(pk=first.pk).update(last_seen_at=clock.real_now() - timedelta(minutes=30, seconds=1))
    Session.objects.filter(pk=second.pk).update(expires_at=clock.real_now() - timedelta(seconds=1))
    assert (idle.get("/identity/me").status_code, old.get("/identity/me").status_code) == (401, 401)


def test_a_token_is_not_kept_in_the_clear(staff: Staff, anonymous: Api) -> None:
    enter(anonymous, staff().account)
    token = anonymous.client.cookies[COOKIES["staff"]].value
    assert token.encode() not in bytes(Session.objects.get().digest)


def test_a_changed_password_ends_other_sessions_and_must_be_strong_and_new(
    staff: Staff, anonymous: Api, client_as: Callable[[Actor], Api]
) -> None:
    clerk = staff()
    elsewhere = client_as(clerk)
    enter(anonymous, clerk.account)
    for old, new, code in (
        ("wrong", "Tulip-river-2026", "password.wrong_old"), (PASSWORD, "short-1A", "password.weak"),
        (PASSWORD, "alllowercaseletters", "password.weak"), (PASSWORD, PASSWORD, "password.same"),
        (PASSWORD, f"{clerk.account}-Xy7!2026", "password.weak"), (PASSWORD, "Xy7!" * 40, "password.weak"),
    ):  # fmt: skip
        assert anonymous.post("/identity/password", {"old": old, "new": new}).json()["code"] == code, (old, new)
    assert anonymous.post("/identity/password", {"old": PASSWORD, "new": "Tulip-river-2026"}).status_code == 200
    assert anonymous.get("/identity/me").status_code == 200
    assert elsewhere.get("/identity/me").status_code == 401
    assert enter(anonymous, clerk.account).status_code == 401
    assert enter(anonymous, clerk.account, "Tulip-river-2026").status_code == 200


def test_rights_taken_back_count_from_the_next_request(staff: Staff, client_as: Callable[[Actor], Api]) -> None:
    clerk = staff("supply.unit.view")
    api = client_as(clerk)
    assert api.get("/registers/supply.units/rows").status_code == 200
    Account.objects.get(pk=clerk.id).roles.clear()
    assert api.get("/registers/supply.units/rows").status_code == 403


def test_a_resident_s_session_is_no_staff_session_and_the_other_way_round(
    staff: Staff, client_as: Callable[[Actor], Api]
) -> None:
    api = client_as(staff())
    assert api.get("/citizen/me").status_code == 403
    api.headers = {"X-Anju-Client": "citizen"}
    assert api.get("/identity/me").status_code == 401


def test_a_request_without_the_client_s_header_changes_nothing(staff: Staff, anonymous: Api) -> None:
    captcha = anonymous.get("/identity/captcha").json()
    sent = {
        "account": staff().account,
        "password": PASSWORD,
        "captcha_id": captcha["id"],
        "captcha": letters(captcha["id"]),
    }
    anonymous.headers = {}
    answer = anonymous.post("/identity/sign-in", sent)
    assert answer.status_code == 403
    assert not Session.objects.exists()
