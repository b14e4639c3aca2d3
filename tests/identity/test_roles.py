"""Roles and posts: what they give, who may give them, and that they count from the next request."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from anju.identity.models import Account, AccountRole, Organisation, Post, Role
from anju.identity.permissions import staff_actor
from anju.identity.services import make_organisation
from anju.kernel import clock
from anju.kernel.scope import Actor, Reach
from tests.conftest import Api

ADMINISTERS = [
    "identity.role.view", "identity.role.create", "identity.role.change", "identity.role.delete", "identity.account.assign",
    "identity.post.view", "identity.post.create", "identity.post.change", "identity.account.view", "identity.organisation.view",
]  # fmt: skip
UNITS = "/registers/supply.units/rows"


@pytest.fixture
def security(staff: Callable[..., Actor], client_as: Callable[[Actor], Api]) -> Api:
    return client_as(staff(*ADMINISTERS, name="安佳宁"))


@pytest.fixture
def district(city: Organisation) -> Organisation:
    return make_organisation(name="江湾", kind="district", code="JW", division="339901", parent=city)


def role_of(actor: Actor) -> Role:
    return Role.objects.get(account=actor.id)


def gives(role: Role, *rights: str, **others: Any) -> dict[str, Any]:
    return {"version": role.version, "rights": list(rights), "reach": role.reach, **others}


@pytest.mark.covers("SH-226.1", "PR-22.1")
def test_roles_are_created_changed_and_deleted_but_not_while_held(security: Api, staff: Callable[..., Actor]) -> None:
    made = security.post(
        "/registers/identity.roles/rows", {"values": {"key": "clerk", "title": "经办", "reach": "org"}}
    )
    assert made.status_code == 200, made.json()
    role = Role.objects.get(key="clerk")
    changed = security.patch(
        f"/registers/identity.roles/rows/{role.pk}", {"version": 1, "values": {"title": "窗口经办"}}
    )
    assert changed.status_code == 200
    assert Role.objects.get(pk=role.pk).title == "窗口经办"
    holder = staff()
    AccountRole.objects.create(account_id=holder.id, role=role)
    refused = security.delete(f"/registers/identity.roles/rows/{role.pk}", version=2)
    assert (refused.status_code, refused.json()["code"]) == (409, "role.held")
    assert Role.objects.filter(pk=role.pk).exists()
    AccountRole.objects.filter(role=role).delete()
    assert security.delete(f"/registers/identity.roles/rows/{role.pk}", version=2).status_code == 200
    assert not Role.objects.filter(pk=role.pk).exists()


@pytest.mark.covers("SH-226.2", "PR-22.1", "SH-225.4")
def test_menu_data_and_operation_rights_take_effect_at_the_holders_next_request(
    security: Api, staff: Callable[..., Actor], client_as: Callable[[Actor], Api]
) -> None:
    actor = staff()
    api, role = client_as(actor), role_of(actor)
    assert api.get(UNITS).status_code == 403
    assert security.put(f"/identity/roles/{role.pk}/permissions", gives(role, "supply.unit.view")).status_code == 200
    assert api.get(UNITS).status_code == 200
    menu = [item["key"] for group in api.get("/identity/me").json()["menu"] for item in group["items"]]
    assert "units" in menu
    assert "projects" not in menu
    export = api.post("/registers/supply.units/exports", {})
    assert (export.status_code, export.json()["code"]) == (403, "auth.forbidden")
    role.refresh_from_db()
    assert security.put(f"/identity/roles/{role.pk}/permissions", gives(role)).status_code == 200
    assert api.get(UNITS).status_code == 403


@pytest.mark.covers("SH-226.3")
def test_rights_are_given_to_several_roles_at_once_and_reach_all_their_holders(
    security: Api, staff: Callable[..., Actor]
) -> None:
    people = [staff("supply.room.view") for _ in range(3)]
    body = {"roles": [role_of(each).pk for each in people], "add": ["supply.unit.view"], "remove": ["supply.room.view"]}
    assert security.post("/identity/roles/rights", body).json() == {"changed": 3}
    for each in people:
        now = staff_actor(each.id)
        assert now is not None
        assert now.may("supply.unit.view")
        assert not now.may("supply.room.view")
    unknown = security.post("/identity/roles/rights", body | {"add": ["no.such.right"]})
    assert unknown.status_code == 422


def test_a_role_is_copied_with_all_it_gives(security: Api, staff: Callable[..., Actor], city: Organisation) -> None:
    role = role_of(staff("supply.unit.view", "supply.room.view", reach="org"))
    Role.objects.filter(pk=role.pk).update(
        reaches={"supply.room.view": "chosen"}, fields={"supply.unit": {"rent": "hidden"}}
    )
    role.organisations.set([city])
    answer = security.post(
        "/registers/identity.roles/actions/copy", {"ids": [role.pk], "values": {"key": "twin", "title": "副本"}}
    )
    assert answer.status_code == 200, answer.json()
    twin = Role.objects.get(key="twin")
    role.refresh_from_db()
    for name in ("rights", "reach", "reaches", "fields"):
        assert getattr(twin, name) == getattr(role, name), name
    assert list(twin.organisations.all()) == [city]


def test_two_administrators_changing_a_role_at_once_do_not_overwrite_each_other(
    security: Api, staff: Callable[..., Actor]
) -> None:
    role = role_of(staff())
    address = f"/identity/roles/{role.pk}/permissions"
    assert security.put(address, gives(role, "supply.unit.view")).status_code == 200
    late = security.put(address, gives(role, "supply.room.view"))
    assert (late.status_code, late.json()["code"]) == (409, "register.stale")
    assert late.json()["details"]["current"]["rights"] == ["supply.unit.view"]
    role.refresh_from_db()
    assert role.rights == ["supply.unit.view"]


@pytest.mark.covers("SH-227.4")
def test_nobody_gives_himself_a_role_or_widens_one_he_holds(
    staff: Callable[..., Actor], client_as: Callable[[Actor], Api]
) -> None:
    actor = staff(*ADMINISTERS)
    api, own = client_as(actor), role_of(actor)
    widened = api.put(f"/identity/roles/{own.pk}/permissions", gives(own, *ADMINISTERS, "supply.unit.view"))
    assert (widened.status_code, widened.json()["code"]) == (403, "grant.self")
    other = role_of(staff("supply.unit.view"))
    for path, body in (
        ("/identity/roles/assign", {"accounts": [actor.id], "roles": [other.pk]}),
        ("/registers/identity.accounts/actions/grant_role", {"ids": [actor.id], "values": {"role": other.key}}),
    ):
        refused = api.post(path, body)
        assert (refused.status_code, refused.json()["code"]) == (403, "grant.self"), path
    now = staff_actor(actor.id)
    assert now is not None
    assert not now.may("supply.unit.view")
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountRole.objects.create(account_id=actor.id, role=other, granted_by=actor.ref)


@pytest.mark.covers("SH-222.1", "SH-222.2", "SH-227.3")
def test_a_graded_administrator_works_within_his_range_only(
    staff: Callable[..., Actor], client_as: Callable[[Actor], Api], district: Organisation, city: Organisation
) -> None:
    operator = make_organisation(name="运营", kind="operator", code="OP", division="339901", parent=district)
    api = client_as(staff(*ADMINISTERS, reach="org_and_below", org=district))
    inside, outside = staff(org=operator), staff(org=city)
    narrow = Role.objects.create(key="narrow", title="本机构", reach=Reach.ORG, rights=["supply.unit.view"])
    wide = Role.objects.create(key="wide", title="全部", reach=Reach.ALL, rights=["supply.unit.view"])
    assign = "/identity/roles/assign"
    assert api.post(assign, {"accounts": [inside.id], "roles": [narrow.pk]}).json() == {"given": 1}
    assert api.post(assign, {"accounts": [outside.id], "roles": [narrow.pk]}).status_code == 404
    refused = api.post(assign, {"accounts": [inside.id], "roles": [wide.pk]})
    assert (refused.status_code, refused.json()["code"]) == (403, "grant.wider")
    assert refused.json()["details"] == {"rights": ["supply.unit.view"]}
    assert set(AccountRole.objects.filter(role__in=[narrow, wide]).values_list("account_id", "role__key")) == {
        (inside.id, "narrow")
    }
    # the roles themselves are the whole city's
    assert api.put(f"/identity/roles/{wide.pk}/permissions", gives(wide)).status_code == 404


def test_a_role_held_to_a_day_ends_with_it(security: Api, staff: Callable[..., Actor]) -> None:
    actor, today = staff(), clock.today()
    role = Role.objects.create(key="short", title="短期", reach=Reach.ORG, rights=["supply.unit.view"])
    body = {"accounts": [actor.id], "roles": [role.pk]}
    past = security.post("/identity/roles/assign", body | {"until": today - timedelta(days=1)})
    assert (past.status_code, past.json()["code"]) == (422, "grant.past")
    assert security.post("/identity/roles/assign", body | {"until": today}).status_code == 200
    held = staff_actor(actor.id)
    assert held is not None
    assert held.may("supply.unit.view")
    AccountRole.objects.filter(role=role).update(until=today - timedelta(days=1))
    held = staff_actor(actor.id)
    assert held is not None
    assert not held.may("supply.unit.view")


@pytest.mark.covers("SH-227.4")
def test_nobody_gives_longer_than_his_own_right_to_give_lasts(
    staff: Callable[..., Actor], client_as: Callable[[Actor], Api]
) -> None:
    giver, taker, today = staff(*ADMINISTERS), staff(), clock.today()
    AccountRole.objects.filter(account_id=giver.id).update(until=today + timedelta(days=5))
    role = Role.objects.create(key="short", title="短期", reach=Reach.ORG, rights=["supply.unit.view"])
    api, body = client_as(giver), {"accounts": [taker.id], "roles": [role.pk]}
    for until in (None, today + timedelta(days=6)):
        refused = api.post("/identity/roles/assign", body | {"until": until})
        assert (refused.status_code, refused.json()["code"]) == (403, "grant.wider")
    assert not AccountRole.objects.filter(role=role).exists()
    assert api.post("/identity/roles/assign", body | {"until": today + timedelta(days=5)}).status_code == 200


@pytest.mark.covers("SH-226.2")
@pytest.mark.parametrize(
    ("reach", "seen"),
    [
        ("all", {"o", "d", "n", "c"}),
        ("division", {"o", "d"}),
        ("org_and_below", {"d", "o"}),
        ("org", {"d"}),
        ("own", set()),
    ],
)
def test_how_far_a_right_reaches(
    reach: str,
    seen: set[str],
    staff: Callable[..., Actor],
    client_as: Callable[[Actor], Api],
    city: Organisation,
    district: Organisation,
) -> None:
    names = {"c": city.pk, "d": district.pk}
    for code, division, parent in (("o", "339901", district), ("n", "339902", city)):
        names[code] = make_organisation(name=code, kind="operator", code=code, division=division, parent=parent).pk
    for code, pk in names.items():
        office = Organisation.objects.get(pk=pk)
        Post.objects.create(
            title=code, organisation=office, org_path=office.path, division=office.division, reach="org"
        )
    api = client_as(staff("identity.post.view", reach=reach, org=district))
    assert {row["title"] for row in api.get("/registers/identity.posts/rows").json()["rows"]} == seen


@pytest.mark.covers("SH-226.2")
def test_chosen_offices_and_divisions_and_a_reach_of_one_right_alone(
    security: Api,
    staff: Callable[..., Actor],
    client_as: Callable[[Actor], Api],
    city: Organisation,
    district: Organisation,
) -> None:
    below = make_organisation(name="o", kind="operator", code="o", division="339901", parent=district)
    north = make_organisation(name="n", kind="district", code="n", division="339902", parent=city)
    for office in (city, district, below, north):
        Post.objects.create(
            title=office.code, organisation=office, org_path=office.path, division=office.division, reach="org"
        )
    actor = staff("identity.post.view", "identity.organisation.view", reach="all", org=below)
    api, role = client_as(actor), role_of(actor)
    chosen = gives(
        role, "identity.post.view", "identity.organisation.view", reaches={"identity.post.view": "chosen"},
        organisations=[district.pk], divisions=["339902"],
    )  # fmt: skip
    nothing = chosen | {"organisations": [], "divisions": []}
    assert security.put(f"/identity/roles/{role.pk}/permissions", nothing).json()["code"] == "role.nothing_chosen"
    assert security.put(f"/identity/roles/{role.pk}/permissions", chosen).status_code == 200
    listed = api.get("/registers/identity.posts/rows").json()["rows"]
    assert {row["title"] for row in listed} == {"JW", "o", "n"}
    assert {row["title"] for row in api.get("/registers/identity.posts/options").json()} == {"JW", "o", "n"}
    assert len(api.get("/registers/identity.organisations/rows").json()["rows"]) == 4
    outside = Post.objects.get(title="LZ")
    assert api.get(f"/registers/identity.posts/rows/{outside.pk}").status_code == 404


@pytest.mark.covers("SH-226.4", "SH-226.5", "SH-226.6")
def test_a_post_gives_the_rights_of_its_roles_and_its_own_while_somebody_stands_on_it(
    security: Api,
    staff: Callable[..., Actor],
    client_as: Callable[[Actor], Api],
    district: Organisation,
    city: Organisation,
) -> None:
    made = security.post("/registers/identity.posts/rows", {"values": {"organisation": district.pk, "title": "初审岗"}})
    assert made.status_code == 200, made.json()
    post = Post.objects.get()
    linked = Role.objects.create(key="linked", title="初审", reach=Reach.ORG, rights=["supply.room.view"])
    body = {"version": 1, "rights": ["supply.unit.view"], "reach": "org", "roles": [linked.pk]}
    assert security.put(f"/identity/posts/{post.pk}/permissions", body).status_code == 200
    actor, stranger = staff(org=district), staff(org=city)
    api = client_as(actor)
    act = "/registers/identity.posts/actions/"
    assert api.get(UNITS).status_code == 403
    assert security.post(f"{act}bind", {"ids": [post.pk], "values": {"account": actor.id}}).status_code == 200
    assert api.get(UNITS).status_code == 200
    assert api.get("/registers/supply.rooms/rows").status_code == 200
    elsewhere = security.post(f"{act}bind", {"ids": [post.pk], "values": {"account": stranger.id}})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (422, "post.elsewhere")
    gone = security.delete(f"/registers/identity.posts/rows/{post.pk}", version=2)
    assert gone.status_code in {403, 409}
    assert security.post(f"{act}unbind", {"ids": [post.pk], "values": {"account": actor.id}}).status_code == 200
    assert api.get(UNITS).status_code == 403
    assert api.get("/registers/supply.rooms/rows").status_code == 403


def test_the_three_administrations_exclude_one_another(staff: Callable[..., Actor]) -> None:
    """In one role, in one person by roles, by posts, and by a role that grows (三员分立)."""
    with pytest.raises(IntegrityError, match="two administrations"), transaction.atomic():
        Role.objects.create(
            key="both", title="两员", reach=Reach.ALL, rights=["identity.account.create", "audit.entry.view"]
        )
    system = Role.objects.create(key="sys", title="系统", reach=Reach.ALL, rights=["identity.account.create"])
    audit = Role.objects.create(key="aud", title="审计", reach=Reach.ALL, rights=["audit.entry.view"])
    for role, duty in ((system, "system"), (audit, "audit")):
        role.refresh_from_db()
        assert role.duty == duty
    actor = staff()
    harmless = role_of(actor)
    AccountRole.objects.create(account_id=actor.id, role=system)
    with pytest.raises(IntegrityError, match="two administrations"), transaction.atomic():
        AccountRole.objects.create(account_id=actor.id, role=audit)
    harmless.rights = ["identity.role.change"]
    with pytest.raises(IntegrityError, match="two administrations"), transaction.atomic():
        harmless.save()
    assert {role.key for role in Account.objects.get(pk=actor.id).roles.all()} == {"sys", harmless.key}


def test_what_the_database_refuses_is_told_in_words(security: Api, staff: Callable[..., Actor]) -> None:
    actor = staff("audit.entry.view")
    role = Role.objects.create(key="sys", title="系统", reach=Reach.ALL, rights=["identity.account.create"])
    refused = security.post("/identity/roles/assign", {"accounts": [actor.id], "roles": [role.pk]})
    assert (refused.status_code, refused.json()["code"]) == (409, "identity.duties_exclude")
    assert not AccountRole.objects.filter(role=role).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False])
def test_two_duties_given_at_the_same_moment(locked: bool) -> None:
    """Without the lock on the account both go through; with it the second sees the first and is refused."""
    city = make_organisation(name="市", kind="city", code="LZ", division="339900")
    account = Account.objects.create(username="x", name="甲", organisation=city, password="!", org_path=city.path)
    roles = [
        Role.objects.create(key="sys", title="系统", reach=Reach.ALL, rights=["identity.account.create"]),
        Role.objects.create(key="aud", title="审计", reach=Reach.ALL, rights=["audit.entry.view"]),
    ]
    body = "SELECT prosrc FROM pg_proc WHERE proname = 'identity_one_duty'"
    with connection.cursor() as cursor:
        cursor.execute(body)
        source = cursor.fetchone()[0]
    loose = source.replace("FOR NO KEY UPDATE", "")
    replace = "CREATE OR REPLACE FUNCTION identity_one_duty(account bigint) RETURNS void LANGUAGE plpgsql AS $$ {} $$"
    if not locked:
        with connection.cursor() as cursor:
            cursor.execute(replace.format(loose))
    barrier, refused = threading.Barrier(2, timeout=10), list[str]()

    def give(role: Role) -> None:
        try:
            with transaction.atomic():
                barrier.wait()
                AccountRole.objects.create(account=account, role=role)
                with contextlib.suppress(threading.BrokenBarrierError):
                    barrier.wait(0.5)
        except IntegrityError:
            refused.append(role.key)
        finally:
            connection.close()

    try:
        threads = [threading.Thread(target=give, args=(role,)) for role in roles]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(replace.format(source))
    assert len(refused) == (1 if locked else 0)
    assert AccountRole.objects.count() == (1 if locked else 2)
