"""Passwords of staff: strength, age, old ones, one-time ones, and what a person may do before he changed his."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from anju.households.synthetic import synthetic_id
from anju.identity import policy
from anju.identity.models import Account, SecurityPolicy, Session
from anju.identity.passwords import Hasher, check_password, make_password, needs_new_hash
from anju.identity.services import make_account
from anju.kernel import clock
from anju.kernel.audit.models import AuditEntry
from anju.kernel.http.routes import DECLARED
from anju.kernel.scope import Actor
from tests.conftest import Api
from tests.identity.doors import PASSWORD, enter

Staff = Callable[..., Actor]
ClientAs = Callable[[Actor], Api]
NUMBER = synthetic_id("339901", date(1990, 3, 4), 7)


def rule(**changes: Any) -> None:
    SecurityPolicy.objects.update_or_create(pk=1, defaults=changes)


def change(api: Api, new: str, old: str = PASSWORD) -> Any:
    return api.post("/identity/password", {"old": old, "new": new})


@pytest.mark.covers("PR-23.1", "NF-05.1")
def test_after_a_reset_nothing_can_be_done_before_the_password_is_changed(
    staff: Staff, anonymous: Api, client_as: ClientAs
) -> None:
    clerk = staff("supply.unit.view", "calendar.day.view")
    Account.objects.filter(pk=clerk.id).update(last_signed_in_at=clock.now())
    keeper = client_as(staff("identity.account.reset", "identity.account.view"))
    elsewhere = client_as(clerk)
    told = keeper.post(f"/identity/accounts/{clerk.id}/reset-password").json()["password"]
    assert elsewhere.get("/identity/menu-counts").status_code == 401
    assert enter(anonymous, clerk.account).status_code == 401
    assert enter(anonymous, clerk.account, told).json()["must_change_password"] is True
    for path in ("/identity/me", "/registers/supply.units/rows", "/cases/todo", "/jobs", "/identity/sessions"):
        answer = anonymous.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "password.must_change"), path
    assert anonymous.get("/identity/password").json()["one_time"] is True
    assert change(anonymous, "Tulip-river-2026", told).status_code == 200
    assert anonymous.get("/identity/me").json()["must_change_password"] is False
    assert anonymous.get("/registers/supply.units/rows").status_code == 200


@pytest.mark.covers("PR-23.1")
def test_every_operation_but_changing_it_and_leaving_is_closed(staff: Staff, client_as: ClientAs) -> None:
    """The doors are declared one by one; none but these is open while the password is a one-time one."""
    clerk = staff()
    Account.objects.filter(pk=clerk.id).update(must_change_password=True)
    api = client_as(clerk)
    open_ones = {("GET", "/identity/password"), ("POST", "/identity/password")}
    for each in DECLARED:
        if each.right in {"public", "resident"} or "{" in each.path or (each.method, each.path) in open_ones:
            continue
        answer = api.call(each.method.lower(), each.path, None if each.method == "GET" else {})
        assert (answer.status_code, answer.json()["code"]) == (403, "password.must_change"), each
    assert api.post("/identity/sign-out").status_code == 200


@pytest.mark.covers("NF-05.1")
def test_a_password_grows_old(staff: Staff, client_as: ClientAs) -> None:
    clerk = staff()
    api = client_as(clerk)
    changed = clock.now() - timedelta(days=90, minutes=-5)
    Account.objects.filter(pk=clerk.id).update(password_changed_at=changed)
    assert api.get("/identity/me").status_code == 200
    Account.objects.filter(pk=clerk.id).update(password_changed_at=changed - timedelta(minutes=10))
    assert api.get("/identity/me").json()["code"] == "password.must_change"
    rule(profile="long", shortest=15, classes=0, max_age_days=0)
    assert api.get("/identity/me").status_code == 200


@pytest.mark.covers("NF-05.1")
def test_the_last_five_do_not_come_back(staff: Staff, client_as: ClientAs) -> None:
    clerk = staff()
    api = client_as(clerk)
    used = [PASSWORD, *(f"Tulip-river-{n}a" for n in range(5))]
    for old, new in pairwise(used):
        assert change(api, new, old).status_code == 200
    for again in used[:5]:
        answer = change(api, again, used[5])
        assert (answer.status_code, answer.json()["code"]) == (422, "password.used_before")
    assert change(api, "Meadow-stone-7", used[5]).status_code == 200
    assert change(api, PASSWORD, "Meadow-stone-7").status_code == 200  # the sixth before is free again
    assert Account.objects.get(pk=clerk.id).old_passwords.count() == 7


@pytest.mark.covers("NF-05.1")
@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("Tulip-river", "password.weak"),  # 11 characters
        ("tulipriver2026", "password.weak"),  # two classes
        ("Admin-12345678", "password.weak"),  # known words and runs only
        ("Tulip-river-26", ""),
    ],
)
def test_the_profile_of_classes(staff: Staff, client_as: ClientAs, new: str, code: str) -> None:
    assert change(client_as(staff()), new).json().get("code", "") == code


@pytest.mark.covers("NF-05.1")
def test_the_profile_of_long_ones_has_no_classes_but_a_list(
    staff: Staff, client_as: ClientAs, settings: Any, tmp_path: Path
) -> None:
    rule(profile="long", shortest=15, classes=0, max_age_days=0)
    leaked = ["correct horse battery staple", "a river runs through it", "we all live in a yellow one"]
    digests = sorted(hashlib.sha1(word.encode()).hexdigest().upper() for word in leaked)
    listed = tmp_path / "breached.txt"
    listed.write_text("".join(f"{digest}:{n + 1}\n" for n, digest in enumerate(digests)))
    settings.ANJU_BREACHED_PASSWORDS = str(listed)
    api = client_as(staff())
    assert change(api, "eight and six").json()["code"] == "password.weak"
    assert change(api, "passwordpassword").json()["code"] == "password.weak"
    for word in leaked:
        assert change(api, word).json()["code"] == "password.weak", word
    assert change(api, "four quiet herons by the weir").status_code == 200


def test_hashes_of_other_parameters_are_checked_and_made_anew(staff: Staff, anonymous: Api) -> None:
    assert check_password("nobody has this password", make_password("nobody has this password"))
    clerk = staff()
    slower = Hasher()
    slower.memory, slower.passes = 19456, 2
    old = slower.encode(PASSWORD, "0123456789abcdef")
    assert needs_new_hash(old)
    Account.objects.filter(pk=clerk.id).update(password=old)
    assert enter(anonymous, clerk.account, "wrong").status_code == 401
    assert enter(anonymous, clerk.account).status_code == 200
    now = Account.objects.get(pk=clerk.id).password
    assert not needs_new_hash(now)
    assert check_password(PASSWORD, now)


@pytest.mark.covers("NF-05.1")
def test_one_person_has_one_account_in_a_unit(staff: Staff, client_as: ClientAs, city: Any) -> None:
    keeper = client_as(staff("identity.account.view", "identity.account.change", "identity.account.reset"))
    first, second = (staff(name=name) for name in ("方婷", "方婷乙"))

    def own(actor: Actor, number: str) -> Any:
        body = {"ids": [actor.id], "values": {"id_number": number, "phone": "13800000001"}}
        return keeper.post("/registers/identity.accounts/actions/name_owner", body).json()

    assert own(first, NUMBER)["done"] == 1
    refused = own(second, NUMBER)
    assert refused["code"] == "account.person_exists", refused
    assert Account.objects.get(pk=second.id).person_key is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(pk=second.id).update(person_key=Account.objects.get(pk=first.id).person_key)
    other = make_account(username="fangting.x", name="方婷", organisation=city, roles=[], password=PASSWORD)
    assert own(second, "339901199003041")["code"] == "person.id_number"
    shown = keeper.get(f"/registers/identity.accounts/rows/{first.id}").content.decode()
    assert NUMBER not in shown
    assert "13800000001" not in shown
    assert other.person_key is None


@pytest.mark.covers("PR-23.1", "NF-05.1")
def test_an_account_nobody_used_needs_its_owner_before_it_gets_a_password(staff: Staff, client_as: ClientAs) -> None:
    keeper = client_as(staff("identity.account.reset"))
    fresh = staff()
    before = Account.objects.get(pk=fresh.id).password
    answer = keeper.post(f"/identity/accounts/{fresh.id}/reset-password")
    assert (answer.status_code, answer.json()["code"]) == (422, "account.no_person")
    assert Account.objects.get(pk=fresh.id).password == before


@pytest.mark.covers("NF-05.1", "SH-221.2")
def test_the_rules_are_changed_in_a_page_by_who_may_and_kept_in_the_audit_trail(
    staff: Staff, client_as: ClientAs
) -> None:
    looks, keeps = (
        client_as(staff("identity.policy.view")),
        client_as(staff("identity.policy.view", "identity.policy.change")),
    )
    read = keeps.get("/identity/policy").json()["policy"]
    assert (read["profile"], read["shortest"], read["max_age_days"], read["remembered"]) == ("classes", 12, 90, 5)
    assert (read["idle_months"], read["failures_allowed"], read["lock_minutes"]) == (3, 5, 15)
    wanted = read | {"idle_months": 2, "barred_from": "23:00", "barred_until": "05:30", "shortest": 14}
    assert looks.put("/identity/policy", wanted).status_code == 403
    assert not SecurityPolicy.objects.exists()
    told = keeps.put("/identity/policy", wanted).json()["policy"]
    assert (told["idle_months"], told["barred_from"], told["barred_until"], told["version"]) == (2, "23:00", "05:30", 2)
    entry = AuditEntry.objects.get(subject="identity.policy:1")
    assert entry.detail["changed"]["idle_months"] == [3, 2]
    assert keeps.put("/identity/policy", wanted).status_code == 409
    for wrong in (
        {"shortest": 7}, {"profile": "long"}, {"barred_until": None}, {"barred_until": "23:00"}, {"idle_minutes": 0},
        {"failures_allowed": 0}, {"classes": 5},
    ):  # fmt: skip
        answer = keeps.put("/identity/policy", told | wrong)
        assert answer.status_code == 422, wrong
    assert policy.current().version == 2


@pytest.mark.covers("NF-05.1")
def test_the_limits_of_sessions_are_settings(staff: Staff, client_as: ClientAs) -> None:
    api = client_as(staff())
    session = Session.objects.get()
    assert session.expires_at - session.created_at == timedelta(hours=12)
    Session.objects.update(last_seen_at=clock.real_now() - timedelta(minutes=20))
    rule(idle_minutes=15, longest_hours=2)
    assert api.get("/identity/me").status_code == 401
    rule(idle_minutes=25)
    assert api.get("/identity/me").status_code == 200
    client_as(staff())
    newest = Session.objects.latest("id")
    assert newest.expires_at - newest.created_at == timedelta(hours=2)
