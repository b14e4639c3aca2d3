"""Sessions listed and ended, by oneself and by who has the account in his charge; sign-ins from new places told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from anju.identity.models import SecurityPolicy, Session
from anju.identity.open_sessions import browser_of
from anju.identity.services import make_organisation
from anju.kernel.audit.models import AuditEntry
from anju.kernel.scope import Actor
from anju.workspace.models import Message
from tests.conftest import Api
from tests.identity.doors import enter

Staff = Callable[..., Actor]
ClientAs = Callable[[Actor], Api]
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0"


@pytest.mark.covers("NF-05.1")
def test_one_sees_one_s_sessions_and_ends_another(staff: Staff, client_as: ClientAs) -> None:
    clerk = staff()
    here, there, stranger = client_as(clerk), client_as(clerk), client_as(staff())
    rows = here.get("/identity/sessions").json()["rows"]
    assert [row["own"] for row in rows] == [False, True]
    other = rows[0]["id"]
    assert stranger.post(f"/identity/sessions/{other}/end").status_code == 404
    assert there.get("/identity/me").status_code == 200
    assert here.post(f"/identity/sessions/{other}/end").status_code == 200
    assert there.get("/identity/me").status_code == 401
    assert here.post(f"/identity/sessions/{other}/end").status_code == 404
    assert len(here.get("/identity/sessions").json()["rows"]) == 1
    assert AuditEntry.objects.filter(title="结束会话", actor=clerk.ref).count() == 1


@pytest.mark.covers("NF-05.1")
def test_an_administrator_ends_those_of_accounts_in_his_charge(staff: Staff, client_as: ClientAs, city: Any) -> None:
    ours = make_organisation(name="江湾", kind="district", code="JW", division="339901", parent=city)
    theirs = make_organisation(name="南屏", kind="district", code="NP", division="339902", parent=city)
    keeper = client_as(staff("identity.account.sessions", reach="org_and_below", org=ours))
    mine, other = staff(org=ours), staff(org=theirs)
    desks = {actor.id: client_as(actor) for actor in (mine, other)}
    sessions = {actor.id: Session.objects.get(account_id=actor.id).pk for actor in (mine, other)}
    assert keeper.get(f"/identity/accounts/{other.id}/sessions").status_code == 404
    assert keeper.post(f"/identity/accounts/{other.id}/sessions/{sessions[other.id]}/end").status_code == 404
    # another's session under an account of one's own
    assert keeper.post(f"/identity/accounts/{mine.id}/sessions/{sessions[other.id]}/end").status_code == 404
    assert desks[other.id].get("/identity/me").status_code == 200
    assert [row["id"] for row in keeper.get(f"/identity/accounts/{mine.id}/sessions").json()["rows"]] == [
        sessions[mine.id]
    ]
    assert keeper.post(f"/identity/accounts/{mine.id}/sessions/{sessions[mine.id]}/end").status_code == 200
    assert desks[mine.id].get("/identity/me").status_code == 401


@pytest.mark.covers("NF-05.1")
def test_a_sign_in_from_a_new_browser_or_address_is_told(staff: Staff, anonymous: Api) -> None:
    clerk = staff()

    def told() -> int:
        return Message.objects.filter(recipient_ref=clerk.ref, kind="security").count()

    enter(anonymous, clerk.account)
    assert told() == 0  # there is nothing to compare the first with
    enter(anonymous, clerk.account)
    assert told() == 0
    anonymous.headers["User-Agent"] = EDGE
    enter(anonymous, clerk.account)
    assert told() == 1
    assert "Edge · Windows" in Message.objects.get(recipient_ref=clerk.ref).text
    enter(anonymous, clerk.account)
    assert told() == 1
    Session.objects.update(address="10.0.0.7")
    enter(anonymous, clerk.account)
    assert told() == 2
    Session.objects.update(address="10.0.0.7")
    SecurityPolicy.objects.create(pk=1, notify_new_place=False)
    enter(anonymous, clerk.account)
    assert told() == 2


def test_browsers_in_words() -> None:
    assert browser_of(EDGE) == "Edge · Windows"
    assert browser_of("") == "未知浏览器"
