"""New rights of the product's roles after an upgrade: told, granted or declined by whoever grants rights, never silently."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command

from anju import __version__
from anju.identity import shipped
from anju.identity.models import AccountRole, FunctionPoint, Grant, Organisation, Role, ShippedRight
from anju.identity.permissions import staff_actor
from anju.identity.roles import as_json, set_permissions
from anju.identity.services import make_organisation
from anju.kernel import clock
from anju.kernel.audit.models import AuditEntry
from anju.kernel.scope import Actor, system
from anju.site.demo import seed_roles
from anju.site.functions import FIRST_RELEASE
from anju.site.roles import ROLES
from tests.conftest import Api

pytestmark = pytest.mark.django_db
PAGE = "/identity/roles/new-rights"
KEY = "desk_clerk"
OLD, FRESH, OTHER = "supply.unit.view", "registers.import.view", "construction.permit.push"


@pytest.fixture
def product(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets what the product's only role gives in a version, and runs what an upgrade runs."""
    monkeypatch.setattr(shipped, "_SHIPPED", {})
    monkeypatch.setattr(shipped, "_FIRST", {KEY: (OLD, "supply.room.view")})

    def upgrade(*rights: str, version: str = "9.9") -> None:
        monkeypatch.setattr(shipped, "__version__", version)
        shipped._SHIPPED[KEY] = rights
        shipped.sync()

    return upgrade


@pytest.fixture
def role() -> Role:
    return Role.objects.create(key=KEY, title="窗口经办", reach="org", rights=[OLD])


@pytest.fixture
def security(staff: Callable[..., Actor], client_as: Callable[[Actor], Api]) -> Api:
    return client_as(staff("identity.role.view", "identity.role.change", name="安佳宁"))


def told(api: Api) -> dict[str, list[str]]:
    return {each["key"]: [right["right"] for right in each["rights"]] for each in api.get(PAGE).json()}


def test_every_role_of_the_product_is_known_and_a_new_installation_is_asked_nothing(security: Api) -> None:
    assert set(FIRST_RELEASE) <= {role.key for role in ROLES}
    assert FRESH not in FIRST_RELEASE["operator_clerk"]
    for _ in range(2):
        seed_roles()
        assert told(security) == {}
    assert ShippedRight.objects.count() == sum(len(set(role.rights)) for role in ROLES)
    Role.objects.filter(key="fund_clerk").delete()
    seed_roles()
    assert not Role.objects.filter(key="fund_clerk").exists()


def test_an_installation_of_the_first_release_is_told_what_came_since(security: Api) -> None:
    old = [each for each in ROLES if each.key in FIRST_RELEASE]
    assert 0 < len(old) < len(ROLES)
    for each in old:
        Role.objects.create(key=each.key, title=each.title, reach=each.reach, rights=FIRST_RELEASE[each.key])
    kept = Role.objects.get(key="operator_clerk")
    kept.rights = [right for right in kept.rights if right != "supply.unit.import"]
    kept.save()
    call_command("migrate", verbosity=0)
    found = told(security)
    now = {role.key: set(role.rights) for role in old}
    assert {key: set(rights) for key, rights in found.items()} == {
        key: more for key, rights in now.items() if (more := rights - set(FIRST_RELEASE[key]))
    }
    assert "supply.unit.import" not in found["operator_clerk"]
    assert {OTHER, FRESH} <= set(found["district_reviewer"])
    # and nobody has any of it yet
    assert Role.objects.get(key="district_reviewer").rights == FIRST_RELEASE["district_reviewer"]
    assert {right["since"] for each in security.get(PAGE).json() for right in each["rights"]} == {__version__}


def test_chosen_rights_are_granted_by_the_ordinary_act_and_others_put_aside_for_good(
    product: Any, role: Role, security: Api
) -> None:
    product(OLD, FRESH, OTHER)
    (shown,) = security.get(PAGE).json()
    assert (shown["id"], shown["own"], shown["holders"]) == (role.pk, False, 0)
    assert shown["rights"][1] == {
        "right": FRESH, "title": FunctionPoint.objects.get(right=FRESH).title,
        "group": FunctionPoint.objects.get(right=FRESH).group, "since": "9.9",
    }  # fmt: skip
    act = f"/identity/roles/{role.pk}/new-rights"
    body = {"version": role.version, "grant": [FRESH], "decline": [OTHER]}
    answer = security.post(act, body)
    assert answer.status_code == 200, answer.content
    role.refresh_from_db()
    assert (role.rights, role.version) == (sorted([OLD, FRESH]), answer.json()["version"])
    entries = (
        AuditEntry.objects.filter(subject=f"identity.role:{role.pk}").order_by("id").values_list("title", "detail")
    )
    assert list(entries) == [
        ("不采用新版权限：窗口经办", {"rights": [OTHER]}), ("采用新版权限：窗口经办", {}),
    ]  # fmt: skip
    history = security.get(f"/registers/identity.roles/rows/{role.pk}/history").json()["rows"][0]
    assert history["note"] == "采用新版权限"
    assert told(security) == {}
    # decided once: neither the same version nor a later one asks again, whatever the city does with it
    role.refresh_from_db()
    set_permissions(role, role.version, as_json(role) | {"rights": [OLD]}, system())
    product(OLD, FRESH, OTHER, version="10.0")
    assert told(security) == {}
    refused = security.post(act, body | {"version": role.version})
    assert (refused.status_code, refused.json()["code"]) == (409, "role.not_offered")


def test_what_the_city_took_away_is_not_proposed(product: Any, role: Role, security: Api) -> None:
    # once given by hand and taken back, before anything was noted
    for rights in ([OLD, FRESH], [OLD]):
        role.refresh_from_db()
        set_permissions(role, role.version, as_json(role) | {"rights": rights}, system())
    # supply.room.view came with the first release and is not there: somebody took it away
    product(OLD, "supply.room.view", FRESH, OTHER)
    assert told(security) == {KEY: [OTHER]}
    # what is given by hand meanwhile is decided, and stays so when it is taken back
    role.refresh_from_db()
    set_permissions(role, role.version, as_json(role) | {"rights": [OLD, OTHER]}, system())
    assert told(security) == {}
    role.refresh_from_db()
    set_permissions(role, role.version, as_json(role) | {"rights": [OLD]}, system())
    product(OLD, "supply.room.view", FRESH, OTHER)
    assert told(security) == {}
    # what the product takes back before anybody decided is asked no more
    product(OLD, "supply.bed.view")
    assert told(security) == {KEY: ["supply.bed.view"]}
    product(OLD)
    assert told(security) == {}


def test_the_ordinary_grading_holds(
    product: Any, role: Role, security: Api, staff: Callable[..., Actor], client_as: Any, city: Organisation
) -> None:
    product(OLD, FRESH)
    act, body = f"/identity/roles/{role.pk}/new-rights", {"version": role.version, "grant": [FRESH], "decline": []}
    assert client_as(staff("identity.role.view")).post(act, body).status_code == 403
    narrow = client_as(staff("identity.role.view", "identity.role.change", reach="org_and_below"))
    assert narrow.get(PAGE).status_code == 404
    assert narrow.post(act, body).status_code == 404
    # nobody gives himself anything
    holder = staff("identity.role.view", "identity.role.change")
    AccountRole.objects.create(account_id=holder.id, role=role)
    mine = client_as(holder)
    assert mine.get(PAGE).json()[0]["own"] is True
    assert mine.post(act, body).json()["code"] == "grant.self"
    # nor more than his organisation was granted
    below = make_organisation(name="江湾", kind="district", code="JW", division="339901", parent=city)
    rights = ["identity.role.change", "identity.role.view"]
    bound = client_as(staff(*rights, org=below))
    assert bound.get(PAGE).status_code == 200
    Grant.objects.create(
        title="授权", giver=city, organisation=below, rights=rights, reach="all", starts_on=clock.today(),
        org_path=city.path, division=city.division,
    )  # fmt: skip
    assert bound.post(act, body).json()["code"] == "grant.wider"
    stale = security.post(act, body | {"version": role.version + 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "register.stale")
    for wrong in ({"grant": [], "decline": []}, {"grant": [FRESH], "decline": [FRESH]}):
        assert security.post(act, {"version": role.version, **wrong}).status_code == 422
    role.refresh_from_db()
    assert role.rights == [OLD]
    assert told(security) == {KEY: [FRESH]}
    assert security.post(act, body).status_code == 200
    given = staff_actor(holder.id)
    assert given is not None
    assert given.may(FRESH)
