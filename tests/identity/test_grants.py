"""Graded grants from city to district to operator, and substitution while absent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from anju.identity.models import Account, Grant, Organisation, Role, Substitution
from anju.identity.permissions import staff_actor
from anju.identity.services import make_organisation
from anju.kernel import clock
from anju.kernel.audit.models import AuditEntry
from anju.kernel.scope import Actor, Reach
from tests.conftest import Api

GIVES = ["identity.grant.view", "identity.grant.create", "identity.grant.change"]
VIEW, CHANGE = "supply.unit.view", "supply.unit.change"


@pytest.fixture
def district(city: Organisation) -> Organisation:
    return make_organisation(name="江湾", kind="district", code="JW", division="339901", parent=city)


@pytest.fixture
def operator(district: Organisation) -> Organisation:
    return make_organisation(name="运营", kind="operator", code="OP", division="339901", parent=district)


def wanted(organisation: Organisation, *rights: str, **others: Any) -> dict[str, Any]:
    return {
        "organisation": organisation.pk,
        "title": "业务授权",
        "rights": list(rights),
        "reach": "org_and_below",
        **others,
    }


def now(actor: Actor) -> Actor:
    found = staff_actor(actor.id)
    assert found is not None
    return found


@pytest.mark.covers("SH-227.1", "SH-227.2", "SH-227.3", "SH-227.4", "SH-227.5")
def test_rights_go_down_by_grants_never_wider_and_are_gone_at_once_when_taken_back(
    staff: Callable[..., Actor], client_as: Callable[[Actor], Api], city: Organisation, district: Organisation,
    operator: Organisation,
) -> None:  # fmt: skip
    top = client_as(staff(*GIVES))
    middle_actor = staff(*GIVES, reach="org_and_below", org=district)
    clerk = staff(VIEW, CHANGE, reach="all", org=operator)
    api = client_as(clerk)
    assert api.get("/registers/supply.units/rows").status_code == 200

    first = top.post("/identity/grants", wanted(district, VIEW, *GIVES))
    assert first.status_code == 200, first.json()
    # the operator has none of its own: it works under its superior's
    assert set(now(clerk).grants) == {VIEW}
    assert now(clerk).reach(VIEW) is Reach.ORG_AND_BELOW
    assert api.post("/registers/supply.units/exports", {}).status_code == 403
    middle = client_as(middle_actor)
    wider = middle.post("/identity/grants", wanted(operator, VIEW, CHANGE))
    assert (wider.status_code, wider.json()["code"]) == (403, "grant.wider")
    further = middle.post("/identity/grants", wanted(operator, VIEW, reach="all"))
    assert (further.status_code, further.json()["code"]) == (403, "grant.wider")
    assert not Grant.objects.filter(organisation=operator).exists()
    below = middle.post("/identity/grants", wanted(operator, VIEW, reach="org"))
    assert below.status_code == 200, below.json()
    assert below.json()["source"] == first.json()["id"]
    assert now(clerk).reach(VIEW) is Reach.ORG

    changed = wanted(district, CHANGE, *GIVES) | {"version": 1}
    assert top.put(f"/identity/grants/{first.json()['id']}", changed).status_code == 200
    assert api.get("/registers/supply.units/rows").status_code == 403
    assert (
        top.put(f"/identity/grants/{first.json()['id']}", wanted(district, VIEW, *GIVES) | {"version": 2}).status_code
        == 200
    )
    assert api.get("/registers/supply.units/rows").status_code == 200
    assert top.post(f"/identity/grants/{first.json()['id']}/revoke", {"reason": "年度调整"}).status_code == 200
    assert now(clerk).grants == {}
    assert api.get("/registers/supply.units/rows").status_code == 403
    again = top.post(f"/identity/grants/{first.json()['id']}/revoke", {"reason": "年度调整"})
    assert (again.status_code, again.json()["code"]) == (409, "grant.revoked")


def test_the_database_itself_refuses_a_wider_grant(
    city: Organisation, district: Organisation, operator: Organisation
) -> None:
    today = clock.today()
    common = {"title": "x", "starts_on": today}
    first = Grant.objects.create(
        giver=city,
        organisation=district,
        rights=[VIEW],
        reach="org_and_below",
        ends_on=today + timedelta(days=9),
        **common,
    )
    district.refresh_from_db()
    assert district.governed
    good = {"giver": district, "organisation": operator, "source": first, "rights": [VIEW], "reach": "org",
            "ends_on": today + timedelta(days=9)}  # fmt: skip
    for wrong in (
        {"rights": [VIEW, CHANGE]}, {"reach": "division"}, {"ends_on": None}, {"ends_on": today + timedelta(days=10)},
        {"source": None}, {"giver": operator, "organisation": district}, {"ends_on": today - timedelta(days=1)},
        {"organisation": district},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Grant.objects.create(**(common | good | wrong))
    assert Grant.objects.create(**(common | good)).pk


@pytest.mark.covers("SH-227.3")
def test_a_grant_counts_within_its_days_only(
    staff: Callable[..., Actor], client_as: Callable[[Actor], Api], district: Organisation
) -> None:
    top, clerk, today = client_as(staff(*GIVES)), staff(VIEW, org=district), clock.today()
    past = top.post("/identity/grants", wanted(district, VIEW, ends_on=today - timedelta(days=1)))
    assert (past.status_code, past.json()["code"]) == (422, "grant.past")
    assert top.post("/identity/grants", wanted(district, VIEW, ends_on=today)).status_code == 200
    assert now(clerk).may(VIEW)
    Grant.objects.update(starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=1))
    assert not now(clerk).may(VIEW)


@pytest.mark.covers("SH-227.1")
def test_a_grant_goes_down_the_tree_only(
    staff: Callable[..., Actor], client_as: Callable[[Actor], Api], city: Organisation, district: Organisation
) -> None:
    other = make_organisation(name="南屏", kind="district", code="NP", division="339902", parent=city)
    api = client_as(staff(*GIVES, reach="all", org=district))
    for target in (city, district, other):
        assert api.post("/identity/grants", wanted(target, VIEW)).status_code == 404
    assert not Grant.objects.exists()


@pytest.fixture
def pair(staff: Callable[..., Actor], district: Organisation) -> tuple[Actor, Actor]:
    """Somebody who will be absent, and a colleague of the same organisation with fewer rights."""
    return staff(VIEW, org=district, name="梁辰"), staff(org=district, name="方婷")


def ask(api: Api, colleague: Actor, **others: Any) -> Any:
    today = clock.today()
    body = {"substitute": colleague.id, "starts_on": today, "ends_on": today + timedelta(days=3), "reason": "年休假"}
    return api.post("/identity/substitutions", body | others)


def test_a_substitute_acts_within_the_days_with_the_rights_of_the_absent_under_both_names(
    pair: tuple[Actor, Actor], staff: Callable[..., Actor], client_as: Callable[[Actor], Api]
) -> None:
    absent, colleague = pair
    api, security = (
        client_as(colleague),
        client_as(staff("identity.substitution.approve", "identity.substitution.view")),
    )
    asked = ask(client_as(absent), colleague)
    assert asked.status_code == 200, asked.json()
    start = f"/identity/substitutions/{asked.json()['id']}/start"
    assert api.post(start).status_code == 404
    act = {"ids": [asked.json()["id"]], "values": {}}
    assert security.post("/registers/identity.substitutions/actions/approve", act).status_code == 200
    assert api.get("/registers/supply.units/rows").status_code == 403
    assert api.post(start).status_code == 200
    assert api.get("/registers/supply.units/rows").status_code == 200
    acting = now(colleague)
    assert (acting.ref, acting.name, acting.stands_for) == (colleague.ref, "方婷（代梁辰）", absent.ref)
    assert api.post("/registers/supply.units/views", {"title": "看"}).status_code == 200
    assert api.post("/identity/substitutions/stop").status_code == 200
    assert AuditEntry.objects.filter(actor=colleague.ref, actor_name="方婷（代梁辰）").exists()
    assert now(colleague).grants == {}
    api.post(start)
    today = clock.today()
    Substitution.objects.update(starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=1))
    assert now(colleague).grants == {}
    assert now(colleague).stands_for == ""


def test_nobody_stands_in_for_himself_or_agrees_to_his_own(
    pair: tuple[Actor, Actor], staff: Callable[..., Actor], client_as: Callable[[Actor], Api], district: Organisation
) -> None:
    absent = staff("identity.substitution.approve", "identity.substitution.view", org=district)
    colleague = pair[1]
    api = client_as(absent)
    assert ask(api, absent).status_code == 409
    assert ask(api, staff()).status_code == 404
    assert ask(api, colleague, ends_on=clock.today() - timedelta(days=1)).status_code == 422
    made = ask(api, colleague)
    own = api.post("/registers/identity.substitutions/actions/approve", {"ids": [made.json()["id"]], "values": {}})
    assert (own.status_code, own.json()["code"]) == (403, "substitution.own")
    row = Substitution.objects.get()
    assert row.approved_at is None
    for ref in (f"staff:{row.absent_id}", f"staff:{row.substitute_id}"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Substitution.objects.update(approved_by=ref, approved_at=clock.now())


def test_a_substitute_does_not_unite_two_administrations(
    pair: tuple[Actor, Actor], client_as: Callable[[Actor], Api]
) -> None:
    absent, colleague = pair
    for actor, right in ((absent, "audit.entry.view"), (colleague, "identity.account.create")):
        Account.objects.get(pk=actor.id).roles.add(
            Role.objects.create(key=right[-6:], title=right, reach=Reach.ALL, rights=[right])
        )
    refused = ask(client_as(absent), colleague)
    assert (refused.status_code, refused.json()["code"]) == (409, "identity.duties_exclude")
    assert not Substitution.objects.exists()
