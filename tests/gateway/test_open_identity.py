"""Users, organisations, roles and permissions for authorised applications, and their increments pushed in order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from anju.gateway import feed, pushing
from anju.gateway.models import FeedEntry, Party, Subscription
from anju.identity.models import Account, Organisation, Role
from anju.identity.services import make_account, note_change
from anju.kernel import clock
from anju.kernel.scope import Reach
from tests.gateway.kit import Bearer, party
from tests.sandbox_fixture import Sandbox

Offices = tuple[Organisation, Organisation]
PASSWORD = "Xy7!" * 4


@pytest.fixture
def people(offices: Offices) -> tuple[Account, Account]:
    """A clerk in each district, with a role that lets him see units."""
    Role.objects.create(key="clerk", title="经办", reach=Reach.ORG, rights=["supply.unit.view"])
    made = [
        make_account(username=f"clerk{n}", name=f"经办{n}", organisation=office, roles=["clerk"], password=PASSWORD)
        for n, office in enumerate(offices, start=1)
    ]
    return made[0], made[1]


def told(*changes: tuple[str, int, str]) -> int:
    """Changes as identity notes them, taken over."""
    number = 0
    for kind, object_id, action in changes:
        number = note_change(kind, object_id, action)
    feed.follow()
    return number


@pytest.mark.covers("SH-223.1")
def test_users_and_organisations_of_its_reach_are_read_by_an_authorised_application(
    offices: Offices, people: tuple[Account, Account]
) -> None:
    caller = Bearer(party("a", offices[0], "open_users", level=1))
    answer = caller.get("/open/users").json()
    assert [user["account"] for user in answer["items"]] == ["clerk1"]
    assert answer["items"][0]["roles"] == ["clerk"]
    assert not {"phone", "id_number", "password"} & set(answer["items"][0])
    assert [each["code"] for each in caller.get("/open/organisations").json()["items"]] == ["OP-1"]
    whole = Bearer(party("b", offices[0], "open_users", reach=Reach.ALL))
    first = whole.get("/open/users", limit=1).json()
    rest = whole.get("/open/users", after=first["next"]).json()
    assert {"clerk1", "clerk2"} <= {user["account"] for user in first["items"] + rest["items"]}


@pytest.mark.covers("SH-223.1")
def test_an_application_that_is_not_authorised_is_refused(offices: Offices, people: object) -> None:
    caller = Bearer(party("a", offices[0], "units"))
    for path in ("/open/users", "/open/organisations", "/open/increments", "/open/roles", "/open/subscriptions"):
        assert caller.get(path).status_code == 403, path


@pytest.mark.covers("SH-228.1", "SH-228.2")
def test_a_connected_platform_takes_over_all_roles(offices: Offices, people: object) -> None:
    caller = Bearer(party("a", offices[0], "open_rights", "open_users"))
    found = {role["key"]: role for role in caller.get("/open/roles").json()["items"]}
    assert found["clerk"] == {"key": "clerk", "title": "经办", "reach": "org", "rights": ["supply.unit.view"]}
    role = Role.objects.get(key="clerk")
    Role.objects.filter(pk=role.pk).update(rights=["supply.unit.view", "supply.room.view"])
    number = told(("role", role.pk, "change"))
    [item] = caller.get("/open/increments", after=number - 1).json()["items"]
    assert (item["kind"], item["data"]["rights"]) == ("role", ["supply.room.view", "supply.unit.view"])


@pytest.mark.covers("SH-228.3", "SH-228.4")
def test_every_application_hears_the_same_of_a_users_right(
    offices: Offices, people: tuple[Account, Account], client_as: Any
) -> None:
    from anju.identity.services import staff_actor

    first, second = (Bearer(party(code, offices[0], "open_rights", reach=Reach.ALL)) for code in "ab")
    question = {"account": "clerk1", "right": "supply.unit.view"}

    def answers() -> list[bool]:
        return [each.post("/open/permissions/check", question).json()["permitted"] for each in (first, second)]

    actor = staff_actor(people[0].pk)
    assert actor
    own = client_as(actor)
    assert answers() == [True, True]
    assert own.get("/registers/supply.units/rows").status_code == 200
    Role.objects.filter(key="clerk").update(rights=[])
    assert answers() == [False, False]
    assert own.get("/registers/supply.units/rows").status_code == 403
    Role.objects.filter(key="clerk").update(rights=["supply.unit.view"])
    Account.objects.filter(pk=people[0].pk).update(state="suspended")
    assert answers() == [False, False]


def test_of_users_out_of_its_reach_an_application_hears_no(offices: Offices, people: object) -> None:
    caller = Bearer(party("a", offices[0], "open_rights"))
    for account in ("clerk2", "nobody"):
        answer = caller.post("/open/permissions/check", {"account": account, "right": "supply.unit.view"})
        assert answer.json() == {"account": account, "right": "supply.unit.view", "permitted": False}


def test_increments_are_those_of_the_reach_and_end_when_an_object_leaves(
    offices: Offices, people: tuple[Account, Account]
) -> None:
    caller, (mine, theirs) = Bearer(party("a", offices[0], "open_users")), people
    told(("account", mine.pk, "create"), ("account", theirs.pk, "create"))
    first = caller.get("/open/increments").json()
    assert [(item["action"], item["id"], item["data"]["account"]) for item in first["items"]] == [
        ("upsert", mine.pk, "clerk1")
    ]
    Account.objects.filter(pk=mine.pk).update(
        organisation=offices[1], org_path=offices[1].path, division=offices[1].division
    )
    told(("account", mine.pk, "change"))
    after = caller.get("/open/increments", after=first["last"]).json()
    assert [(item["action"], item["id"], item["data"]) for item in after["items"]] == [("leave", mine.pk, None)]
    again = caller.get("/open/increments").json()["items"]
    assert all(item["data"] is None for item in again), "an old number gives nothing away of where the user is now"


# -- pushing --------------------------------------------------------------------------------------------------------


def subscribe(of: Party, sandbox: Sandbox, name: str, kinds: str = "account organisation role") -> Subscription:
    key = f"key-of-{name}"
    sandbox._http.put(f"/subscriber/{name}", json={"key": key}).raise_for_status()
    return Subscription.objects.create(party=of, url=f"{sandbox.url}/subscriber/{name}", kinds=kinds, secret=key)


def received(sandbox: Sandbox, name: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = sandbox.get(f"/subscriber/{name}/received").json()["received"]
    return [each["content"] for each in reversed(listed)]


@pytest.mark.covers("SH-223.2", "SH-223.3")
def test_a_subscriber_gets_each_change_of_its_reach_in_order(
    offices: Offices, people: tuple[Account, Account], sandbox: Sandbox
) -> None:
    made = subscribe(party("a", offices[0], "open_users"), sandbox, "one", "account organisation")
    role = Role.objects.get(key="clerk")
    told(
        ("account", people[0].pk, "create"), ("account", people[1].pk, "create"), ("role", role.pk, "change"),
        ("organisation", offices[0].pk, "change"), ("account", people[0].pk, "change"),
    )  # fmt: skip
    pushing.push(made.pk)
    got = received(sandbox, "one")
    assert [(item["kind"], item["id"]) for item in got] == [
        ("account", people[0].pk), ("organisation", offices[0].pk), ("account", people[0].pk),
    ]  # fmt: skip
    assert got == sorted(got, key=lambda item: item["number"])
    made.refresh_from_db()
    assert made.cursor == FeedEntry.objects.order_by("-number")[0].number
    pushing.push(made.pk)
    assert len(received(sandbox, "one")) == 3


@pytest.mark.covers("SH-223.3")
def test_a_change_asks_for_its_push_at_once(
    offices: Offices, people: tuple[Account, Account], sandbox: Sandbox
) -> None:
    from anju.kernel.events import Event

    made = subscribe(party("a", offices[0], "open_users"), sandbox, "two")
    number = note_change("account", people[0].pk, "change")
    payload = {"kind": "account", "id": people[0].pk, "action": "change", "number": number}
    pushing.follow(Event(1, "identity.changed", payload, clock.now()))
    assert waiting_pushes() == [made.pk]
    pushing.push(made.pk)
    assert [item["number"] for item in received(sandbox, "two")] == [number]


def waiting_pushes() -> list[int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (args->>'subscription_id')::int FROM procrastinate_jobs WHERE task_name = 'gateway.push' ORDER BY id"
        )
        return [row[0] for row in cursor.fetchall()]


def test_a_subscriber_that_is_away_loses_nothing_and_holds_up_nobody(
    offices: Offices, people: tuple[Account, Account], sandbox: Sandbox
) -> None:
    away = subscribe(party("a", offices[0], "open_users"), sandbox, "away")
    well = subscribe(party("b", offices[0], "open_users"), sandbox, "well")
    told(("account", people[0].pk, "create"))
    sandbox.behave("subscriber", "fail", times=1)
    pushing.push(away.pk)
    pushing.push(well.pk)
    assert (len(received(sandbox, "away")), len(received(sandbox, "well"))) == (0, 1)
    away.refresh_from_db()
    assert (away.cursor, away.failures, away.error) == (0, 1, "对方返回 503")
    assert away.next_try_at
    assert away.next_try_at > clock.real_now()
    pushing.push(away.pk)
    assert received(sandbox, "away") == [], "it is not asked again before its pause is over"
    told(("account", people[0].pk, "change"))
    Subscription.objects.update(next_try_at=clock.real_now() - timedelta(seconds=1))
    pushing.push(away.pk)
    assert len(received(sandbox, "away")) == 2
    away.refresh_from_db()
    assert (away.failures, away.error) == (0, "")


def test_a_push_that_arrived_without_its_answer_comes_again_and_is_told_by_its_number(
    offices: Offices, people: tuple[Account, Account], sandbox: Sandbox
) -> None:
    made = subscribe(party("a", offices[0], "open_users"), sandbox, "twice")
    told(("account", people[0].pk, "create"))
    pushing.push(made.pk)
    Subscription.objects.update(cursor=0)
    pushing.push(made.pk)
    assert len(received(sandbox, "twice")) == 1


def test_a_push_with_another_key_is_not_taken(
    offices: Offices, people: tuple[Account, Account], sandbox: Sandbox
) -> None:
    made = subscribe(party("a", offices[0], "open_users"), sandbox, "key")
    Subscription.objects.update(secret="another")
    told(("account", people[0].pk, "create"))
    pushing.push(made.pk)
    made.refresh_from_db()
    assert (made.cursor, made.error) == (0, "对方返回 401")
    assert received(sandbox, "key") == []


def test_a_stopped_party_gets_no_pushes(offices: Offices, people: tuple[Account, Account], sandbox: Sandbox) -> None:
    made = subscribe(party("a", offices[0], "open_users"), sandbox, "stopped")
    told(("account", people[0].pk, "create"))
    Party.objects.update(state="stopped")
    pushing.push(made.pk)
    assert received(sandbox, "stopped") == []


def test_a_party_asks_for_earlier_changes_of_its_own_subscription_only(
    offices: Offices, people: tuple[Account, Account], sandbox: Sandbox
) -> None:
    own, other = party("a", offices[0], "open_users"), party("b", offices[0], "open_users")
    mine, theirs = subscribe(own, sandbox, "mine"), subscribe(other, sandbox, "theirs")
    told(("account", people[0].pk, "create"))
    for each in (mine, theirs):
        pushing.push(each.pk)
    caller = Bearer(own)
    assert [item["id"] for item in caller.get("/open/subscriptions").json()["items"]] == [mine.pk]
    assert caller.post(f"/open/subscriptions/{theirs.pk}/resume", {"after": 0}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.cursor > 0
    assert caller.post(f"/open/subscriptions/{mine.pk}/resume", {"after": 0}).status_code == 200
    mine.refresh_from_db()
    assert mine.cursor == 0
