"""Locking and suspending accounts: by whom, by which rule, what it does to open sessions, who may undo it (SH-221)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from anju.identity import locking
from anju.identity.jobs import lock_idle
from anju.identity.models import Account, SecurityPolicy, Session
from anju.identity.policy import is_barred
from anju.identity.services import make_organisation
from anju.kernel import clock
from anju.kernel.audit.models import AuditEntry
from anju.kernel.scope import Actor
from tests.conftest import Api
from tests.identity.doors import enter

Staff = Callable[..., Actor]
ClientAs = Callable[[Actor], Api]
KEEPER = ("identity.account.view", "identity.account.lock")


def act(api: Api, what: str, actor: Actor, reason: str = "人员调离本单位") -> Any:
    return api.post(f"/registers/identity.accounts/actions/{what}", {"ids": [actor.id], "values": {"reason": reason}})


def state(actor: Actor) -> str:
    return Account.objects.get(pk=actor.id).state


def entry(actor: Actor, title: str) -> AuditEntry:
    return AuditEntry.objects.get(subject=f"identity.account:{actor.id}", title=f"{title} {actor.account}")


@pytest.mark.covers("SH-221.1", "SH-221.5", "SH-221.6")
@pytest.mark.parametrize(
    ("what", "becomes", "title", "shut"),
    [("lock", "locked", "锁定账号", ["lock"]), ("suspend", "suspended", "停用账号", ["lock", "suspend"])],
)
def test_out_at_the_next_request_and_back_again(
    staff: Staff, client_as: ClientAs, anonymous: Api, what: str, becomes: str, title: str, shut: list[str]
) -> None:
    keeper = staff(*KEEPER)
    clerk = staff("supply.unit.view")
    desk, office = client_as(keeper), client_as(clerk)
    assert office.get("/identity/me").status_code == 200
    assert act(desk, what, clerk, "短").json()["code"] == "form.invalid"
    assert state(clerk) == "active"
    row = f"/registers/identity.accounts/rows/{clerk.id}"
    assert desk.get(row).json()["shut"] == ["restore"]
    assert act(desk, what, clerk).json()["done"] == 1
    assert state(clerk) == becomes
    assert desk.get(row).json()["shut"] == shut
    assert office.get("/identity/me").status_code == 401
    answer = enter(anonymous, clerk.account)
    assert (answer.status_code, answer.json()["code"]) == (403, "sign_in.not_usable")
    kept = entry(clerk, title)
    assert (kept.actor, kept.detail["reason"], kept.detail["to"]) == (keeper.ref, "人员调离本单位", becomes)
    assert act(desk, "restore", clerk, "核实后恢复").json()["done"] == 1
    assert office.get("/identity/me").status_code == 401  # the old session does not come back
    assert enter(anonymous, clerk.account).status_code == 200
    assert entry(clerk, "恢复账号").detail["reason"] == "核实后恢复"


@pytest.mark.covers("SH-221.1")
def test_an_open_session_is_out_even_where_its_row_was_left_open(staff: Staff, client_as: ClientAs) -> None:
    clerk = staff()
    api = client_as(clerk)
    Account.objects.filter(pk=clerk.id).update(state="locked")
    assert api.get("/identity/me").status_code == 401


@pytest.mark.covers("SH-221.6")
def test_an_administrator_reaches_the_accounts_in_his_charge_only(staff: Staff, client_as: ClientAs, city: Any) -> None:
    ours = make_organisation(name="江湾区住房保障中心", kind="district", code="JW", division="339901", parent=city)
    below = make_organisation(name="江湾运营", kind="operator", code="JW1", division="339901", parent=ours)
    theirs = make_organisation(name="南屏区住房保障中心", kind="district", code="NP", division="339902", parent=city)
    keeper = client_as(staff(*KEEPER, reach="org_and_below", org=ours))
    mine, other, above = staff(org=below), staff(org=theirs), staff(org=city)
    for clerk in (mine, other, above):
        locking.lock(staff(), clerk.id, "测试锁定账号")
    assert act(keeper, "restore", mine).json()["done"] == 1
    assert state(mine) == "active"
    for clerk in (other, above):
        answer = act(keeper, "restore", clerk)
        assert answer.status_code == 404 or answer.json()["code"] == "not_found"
        assert state(clerk) == "locked"
        assert act(keeper, "suspend", clerk).json().get("done", 0) == 0
        assert state(clerk) == "locked"
    city_keeper = client_as(staff(*KEEPER, org=city))
    assert act(city_keeper, "restore", other).json()["done"] == 1


@pytest.mark.covers("SH-221.1")
def test_nobody_locks_or_frees_himself_and_without_the_right_nobody_else(staff: Staff, client_as: ClientAs) -> None:
    keeper = staff(*KEEPER)
    desk = client_as(keeper)
    assert act(desk, "lock", keeper).json()["code"] == "account.self"
    clerk = staff()
    onlooker = client_as(staff("identity.account.view", "identity.account.change"))
    assert act(onlooker, "lock", clerk).status_code == 403
    assert (state(keeper), state(clerk)) == ("active", "active")


@pytest.mark.covers("SH-221.2", "SH-221.3")
def test_accounts_not_signed_in_for_three_months_are_locked(staff: Staff, anonymous: Api, client_as: ClientAs) -> None:
    moment = clock.now()
    long_ago, lately = moment - timedelta(days=93), moment - timedelta(days=88)
    idle, never, used, fresh, restored = (staff() for _ in range(5))
    api = client_as(idle)
    for actor, made, seen, back in (
        (idle, long_ago, long_ago, None), (never, long_ago, None, None), (used, long_ago, lately, None),
        (fresh, lately, None, None), (restored, long_ago, long_ago, lately),
    ):  # fmt: skip
        Account.objects.filter(pk=actor.id).update(created_at=made, last_signed_in_at=seen, restored_at=back)
    lock_idle()
    assert [state(actor) for actor in (idle, never, used, fresh, restored)] == [
        "locked", "locked", "active", "active", "active",
    ]  # fmt: skip
    kept = entry(idle, "锁定账号")
    assert (kept.actor, kept.detail["rule"]) == ("system:0", "idle")
    assert api.get("/identity/me").status_code == 401
    lock_idle()
    assert AuditEntry.objects.filter(detail__rule="idle").count() == 2
    locking.restore(staff(), idle.id, "核实后恢复")
    lock_idle()
    assert state(idle) == "active"  # counted anew from then
    assert enter(anonymous, idle.account).status_code == 200


@pytest.mark.covers("SH-221.2")
def test_the_months_are_a_setting_and_none_switches_it_off(staff: Staff) -> None:
    clerk = staff()
    Account.objects.filter(pk=clerk.id).update(created_at=clock.now() - timedelta(days=1000))
    SecurityPolicy.objects.create(pk=1, idle_months=0)
    assert locking.lock_idle() == 0
    SecurityPolicy.objects.update(idle_months=12)
    assert locking.lock_idle() == 1


@pytest.mark.covers("SH-221.4", "SH-221.5")
def test_a_sign_in_inside_the_barred_hours_locks(staff: Staff, anonymous: Api, client_as: ClientAs) -> None:
    now = clock.now().astimezone(clock.SHANGHAI)
    SecurityPolicy.objects.create(
        pk=1,
        barred_from=(now - timedelta(hours=1)).time().replace(microsecond=0, second=0),
        barred_until=(now + timedelta(hours=1)).time().replace(microsecond=0, second=0),
    )
    clerk = staff()
    assert enter(anonymous, clerk.account, "wrong").json()["code"] == "sign_in.wrong"
    assert state(clerk) == "active"  # somebody else's guess locks nobody out this way
    answer = enter(anonymous, clerk.account)
    assert (answer.status_code, answer.json()["code"]) == (403, "sign_in.barred_hours")
    assert state(clerk) == "locked"
    assert not Session.objects.filter(account_id=clerk.id).exists()
    assert entry(clerk, "锁定账号").detail["rule"] == "barred_hours"
    SecurityPolicy.objects.update(barred_from=None, barred_until=None)
    assert enter(anonymous, clerk.account).json()["code"] == "sign_in.not_usable"
    act(client_as(staff(*KEEPER)), "restore", clerk)
    assert enter(anonymous, clerk.account).status_code == 200


@pytest.mark.covers("SH-221.4")
@pytest.mark.parametrize(
    ("start", "end", "hour", "minute", "barred"),
    [
        (time(23), time(5), 22, 59, False), (time(23), time(5), 23, 0, True), (time(23), time(5), 4, 59, True),
        (time(23), time(5), 5, 0, False), (time(1), time(4), 0, 59, False), (time(1), time(4), 3, 59, True),
        (time(1), time(4), 4, 0, False), (None, None, 3, 0, False),
    ],
)  # fmt: skip
def test_hours_are_shanghai_s_and_may_pass_midnight(start: Any, end: Any, hour: int, minute: int, barred: bool) -> None:
    moment = datetime(2026, 12, 1, hour, minute, tzinfo=clock.SHANGHAI).astimezone(UTC)
    assert is_barred(SecurityPolicy(barred_from=start, barred_until=end), moment) is barred


@pytest.mark.covers("SH-221.2", "NF-05.1")
def test_failures_lock_for_good_where_the_city_wants_it(staff: Staff, anonymous: Api, client_as: ClientAs) -> None:
    SecurityPolicy.objects.create(pk=1, failures_allowed=3, lock_minutes=0)
    clerk = staff()
    api = client_as(clerk)
    for _ in range(3):
        assert enter(anonymous, clerk.account, "wrong").json()["code"] == "sign_in.wrong"
    assert state(clerk) == "locked"
    assert api.get("/identity/me").status_code == 401
    assert enter(anonymous, clerk.account).json()["code"] == "sign_in.not_usable"
    assert entry(clerk, "锁定账号").detail["rule"] == "failures"


@pytest.mark.covers("SH-221.6")
def test_an_account_locked_for_a_while_can_be_let_back_at_once(
    staff: Staff, anonymous: Api, client_as: ClientAs
) -> None:
    clerk = staff()
    for _ in range(5):
        enter(anonymous, clerk.account, "wrong")
    assert enter(anonymous, clerk.account).json()["code"] == "sign_in.locked"
    assert act(client_as(staff(*KEEPER)), "restore", clerk).json()["done"] == 1
    assert enter(anonymous, clerk.account).status_code == 200


def test_calendar_months() -> None:
    assert locking.months_before(datetime(2026, 5, 31, tzinfo=UTC), 3) == datetime(2026, 2, 28, tzinfo=UTC)
    assert locking.months_before(datetime(2026, 2, 1, tzinfo=UTC), 3) == datetime(2025, 11, 1, tzinfo=UTC)
