"""The second factor: one-time codes, passkeys, recovery codes; what serves once, what a role asks for (NF-05.1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pyotp
import pytest

from anju.identity.models import Account, Passkey, RecoveryCode, SecurityPolicy, Session, Ticket, Totp
from anju.identity.passkeys import origin, party
from anju.identity.services import make_organisation
from anju.kernel import clock
from anju.kernel.audit.models import AuditEntry
from anju.kernel.scope import Actor
from tests.conftest import Api
from tests.identity.authenticator import Authenticator
from tests.identity.doors import PASSWORD, enter

Staff = Callable[..., Actor]
ClientAs = Callable[[Actor], Api]
pytestmark = pytest.mark.covers("NF-05.1")


def code(secret: str, steps: int = 0) -> str:
    """What the phone shows, so many half minutes later."""
    return pyotp.TOTP(secret).at(clock.real_now() + timedelta(seconds=30 * steps))


def bind_totp(actor: Actor, client_as: ClientAs) -> tuple[str, list[str]]:
    """The secret and the recovery codes; the step used for binding is left behind."""
    api = client_as(actor)
    secret = api.post("/identity/second-factor/totp").json()["secret"]
    codes = api.post("/identity/second-factor/totp/confirm", {"code": code(secret)}).json()["recovery_codes"]
    Totp.objects.filter(account_id=actor.id).update(last_step=0)
    return secret, codes


def first(api: Api, actor: Actor) -> dict[str, Any]:
    """The first step; what comes next."""
    answer = enter(api, actor.account)
    assert answer.status_code == 200, answer.content
    assert "anju_staff" not in answer.cookies
    told: dict[str, Any] = answer.json()["second_factor"]
    return told


def second(api: Api, told: dict[str, Any], way: str, **what: Any) -> Any:
    return api.post("/identity/sign-in/second", {"ticket": told["ticket"], "way": way, **what})


def test_with_the_app_s_code_one_is_in_and_without_it_one_is_not(
    staff: Staff, anonymous: Api, client_as: ClientAs
) -> None:
    clerk = staff()
    secret, _ = bind_totp(clerk, client_as)
    before = Session.objects.count()
    told = first(anonymous, clerk)
    assert told["ways"] == ["totp", "recovery"]
    assert anonymous.get("/identity/me").status_code == 401
    wrong = second(anonymous, told, "totp", code="000000")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "second_factor.wrong")
    assert Session.objects.count() == before
    assert Account.objects.get(pk=clerk.id).failures == 1
    assert second(anonymous, told, "totp", code=code(secret)).status_code == 200
    assert anonymous.get("/identity/me").json()["account"] == clerk.account
    assert Session.objects.latest("id").factor == "password+totp"
    assert secret.encode() not in bytes(Totp.objects.extra(select={"raw": "secret"}).values_list("raw", flat=True)[0])


def test_a_code_serves_once_even_on_another_ticket(staff: Staff, anonymous: Api, client_as: ClientAs) -> None:
    clerk = staff()
    secret, _ = bind_totp(clerk, client_as)
    now = code(secret)
    one, two = first(anonymous, clerk), first(anonymous, clerk)
    assert second(anonymous, one, "totp", code=now).status_code == 200
    assert second(anonymous, two, "totp", code=now).json()["code"] == "second_factor.wrong"
    assert second(anonymous, two, "totp", code=code(secret, -1)).json()["code"] == "second_factor.wrong"
    assert second(anonymous, two, "totp", code=code(secret, 1)).status_code == 200
    assert second(anonymous, one, "totp", code=code(secret, 1)).json()["code"] == "second_factor.expired"


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 200), (0, 200), (1, 200), (2, 401)])
def test_a_clock_may_be_one_step_off(
    staff: Staff, anonymous: Api, client_as: ClientAs, steps: int, status: int
) -> None:
    clerk = staff()
    secret, _ = bind_totp(clerk, client_as)
    told = first(anonymous, clerk)
    if clock.real_now().timestamp() % 30 > 28:
        pytest.skip("the step would turn between asking and checking")
    assert second(anonymous, told, "totp", code=code(secret, steps)).status_code == status


def test_a_ticket_bears_five_tries_and_five_minutes(staff: Staff, anonymous: Api, client_as: ClientAs) -> None:
    SecurityPolicy.objects.create(pk=1, failures_allowed=20)
    clerk = staff()
    secret, _ = bind_totp(clerk, client_as)
    told = first(anonymous, clerk)
    for _ in range(5):
        assert second(anonymous, told, "totp", code="000000").json()["code"] == "second_factor.wrong"
    assert second(anonymous, told, "totp", code=code(secret)).json()["code"] == "second_factor.expired"
    told = first(anonymous, clerk)
    Ticket.objects.update(expires_at=clock.real_now() - timedelta(seconds=1))
    assert second(anonymous, told, "totp", code=code(secret)).json()["code"] == "second_factor.expired"
    assert second(anonymous, {"ticket": "forged"}, "totp", code=code(secret)).json()["code"] == "second_factor.expired"


def test_wrong_second_steps_lock_like_wrong_passwords(staff: Staff, anonymous: Api, client_as: ClientAs) -> None:
    clerk = staff()
    bind_totp(clerk, client_as)
    told = first(anonymous, clerk)
    for _ in range(5):
        second(anonymous, told, "totp", code="000000")
    assert enter(anonymous, clerk.account).json()["code"] == "sign_in.locked"


def test_one_locked_between_the_steps_stays_out(staff: Staff, anonymous: Api, client_as: ClientAs) -> None:
    clerk = staff()
    secret, _ = bind_totp(clerk, client_as)
    told = first(anonymous, clerk)
    Account.objects.filter(pk=clerk.id).update(state="locked")
    answer = second(anonymous, told, "totp", code=code(secret))
    assert (answer.status_code, answer.json()["code"]) == (403, "sign_in.not_usable")


def test_recovery_codes_serve_once_and_fresh_ones_replace_them(
    staff: Staff, anonymous: Api, client_as: ClientAs
) -> None:
    clerk = staff()
    _, codes = bind_totp(clerk, client_as)
    assert len(set(codes)) == 10
    assert second(anonymous, first(anonymous, clerk), "recovery", code=codes[0].upper()).status_code == 200
    used = second(anonymous, first(anonymous, clerk), "recovery", code=codes[0])
    assert used.json()["code"] == "second_factor.wrong"
    assert anonymous.get("/identity/second-factor").json()["recovery_left"] == 9
    refused = anonymous.post("/identity/second-factor/recovery-codes", {"password": "wrong"})
    assert refused.json()["code"] == "password.wrong_old"
    anonymous.post("/identity/second-factor/recovery-codes", {"password": PASSWORD})
    assert second(anonymous, first(anonymous, clerk), "recovery", code=codes[1]).status_code == 401
    assert not RecoveryCode.objects.filter(digest__contains=codes[1].encode()).exists()


def bind_passkey(api: Api, **how: Any) -> Authenticator:
    key = Authenticator(origin(), party())
    begun = api.post("/identity/second-factor/passkeys/options").json()
    body = {"ticket": begun["ticket"], "credential": key.make(begun["options"]), "name": "办公室密钥"}
    answer = api.post("/identity/second-factor/passkeys", body | how)
    assert answer.status_code == 200, answer.content
    return key


def test_a_passkey_opens_the_second_step(staff: Staff, anonymous: Api, client_as: ClientAs) -> None:
    clerk = staff()
    key = bind_passkey(client_as(clerk))
    told = first(anonymous, clerk)
    assert "passkey" in told["ways"]
    signed = key.sign(told["options"])
    assert second(anonymous, told, "passkey", credential=signed).status_code == 200
    assert Passkey.objects.get().sign_count == 1
    # what was signed once opens nothing again
    assert second(anonymous, first(anonymous, clerk), "passkey", credential=signed).status_code == 401


@pytest.mark.parametrize("how", ["origin", "party", "key", "copied", "garbage", "of another"])
def test_a_key_that_is_not_the_account_s_opens_nothing(
    staff: Staff, anonymous: Api, client_as: ClientAs, how: str
) -> None:
    clerk = staff()
    key = bind_passkey(client_as(clerk))
    told = first(anonymous, clerk)
    if how == "origin":
        key.origin = "https://anju.example.net"
    if how == "party":
        key.party = "anju.example.net"
    if how == "key":
        key.key = Authenticator(origin(), party()).key
    if how == "copied":
        Passkey.objects.update(sign_count=7)
    if how == "of another":
        key = bind_passkey(client_as(staff()))
    signed = {"rawId": "AAAA", "response": 7} if how == "garbage" else key.sign(told["options"])
    answer = second(anonymous, told, "passkey", credential=signed)
    assert (answer.status_code, answer.json()["code"]) == (401, "second_factor.wrong")
    assert anonymous.get("/identity/me").status_code == 401


def test_a_key_is_bound_by_who_asked_for_it_once(staff: Staff, client_as: ClientAs) -> None:
    one, two = client_as(staff()), client_as(staff())
    key = Authenticator(origin(), party())
    begun = one.post("/identity/second-factor/passkeys/options").json()
    body = {"ticket": begun["ticket"], "credential": key.make(begun["options"]), "name": ""}
    assert two.post("/identity/second-factor/passkeys", body).status_code == 404
    forged = body | {"credential": key.make({"challenge": "AAAA"})}
    assert one.post("/identity/second-factor/passkeys", forged).json()["code"] == "second_factor.passkey_refused"
    assert not Passkey.objects.exists()
    assert one.post("/identity/second-factor/passkeys", body).status_code == 200
    assert one.post("/identity/second-factor/passkeys", body).status_code == 401
    again = two.post("/identity/second-factor/passkeys/options").json()
    answer = two.post(
        "/identity/second-factor/passkeys", {"ticket": again["ticket"], "credential": key.make(again["options"])}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "second_factor.passkey_exists")
    assert Passkey.objects.count() == 1


def test_a_role_that_asks_for_it_lets_nobody_work_without(staff: Staff, anonymous: Api, client_as: ClientAs) -> None:
    clerk = staff("supply.unit.view")
    role = Account.objects.get(pk=clerk.id).roles.get().key
    SecurityPolicy.objects.create(pk=1, second_factor_roles=[role])
    assert enter(anonymous, clerk.account).json()["must_add_factor"] is True
    for path in ("/identity/me", "/registers/supply.units/rows", "/cases/todo"):
        assert anonymous.get(path).json()["code"] == "second_factor.must_add", path
    assert anonymous.get("/identity/second-factor").json()["required"] is True
    secret = anonymous.post("/identity/second-factor/totp").json()["secret"]
    bad = anonymous.post("/identity/second-factor/totp/confirm", {"code": "000000"})
    assert bad.json()["code"] == "second_factor.wrong_code"
    assert anonymous.get("/identity/me").status_code == 403
    assert (
        len(anonymous.post("/identity/second-factor/totp/confirm", {"code": code(secret)}).json()["recovery_codes"])
        == 10
    )
    assert anonymous.get("/registers/supply.units/rows").status_code == 200
    kept = anonymous.post("/identity/second-factor/totp/remove", {"password": PASSWORD})
    assert (kept.status_code, kept.json()["code"]) == (409, "second_factor.needed")
    assert Totp.objects.count() == 1
    bind_passkey(anonymous)
    assert anonymous.post("/identity/second-factor/totp/remove", {"password": "wrong"}).status_code == 422
    assert anonymous.post("/identity/second-factor/totp/remove", {"password": PASSWORD}).status_code == 200
    last = Passkey.objects.get().pk
    kept = anonymous.post(f"/identity/second-factor/passkeys/{last}/remove", {"password": PASSWORD})
    assert kept.json()["code"] == "second_factor.needed"
    SecurityPolicy.objects.update(second_factor_roles=[])
    assert anonymous.post(f"/identity/second-factor/passkeys/{last}/remove", {"password": PASSWORD}).status_code == 200


def test_an_administrator_resets_it_for_who_lost_it_and_not_outside_his_range(
    staff: Staff, anonymous: Api, client_as: ClientAs, city: Any
) -> None:
    ours = make_organisation(name="江湾", kind="district", code="JW", division="339901", parent=city)
    mine, other = staff(org=ours), staff(org=city)
    for actor in (mine, other):
        bind_totp(actor, client_as)
    at_work = client_as(mine)
    keeper = staff("identity.account.reset", reach="org_and_below", org=ours)
    desk = client_as(keeper)
    assert desk.post(f"/identity/accounts/{other.id}/reset-second-factor").status_code == 404
    assert Totp.objects.filter(account_id=other.id).exists()
    own = desk.post(f"/identity/accounts/{keeper.id}/reset-second-factor")
    assert own.json()["code"] == "account.self"
    assert desk.post(f"/identity/accounts/{mine.id}/reset-second-factor").status_code == 200
    assert not Totp.objects.filter(account_id=mine.id).exists()
    assert not RecoveryCode.objects.filter(account_id=mine.id).exists()
    assert at_work.get("/identity/me").status_code == 401
    assert AuditEntry.objects.filter(title="重置第二因素", actor=keeper.ref).count() == 1
    assert enter(anonymous, mine.account).json()["account"] == mine.account
