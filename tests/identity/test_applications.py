"""Applications of the housing systems: registered, published, suspended, and opened by those within their range."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from anju.identity.applications import Suspended, applications_for, from_menu, into_menu, open_application
from anju.identity.models import Application, ApplicationState, MenuItem, Organisation, Role
from anju.identity.services import make_organisation, permitted
from anju.kernel.audit.models import AuditEntry
from anju.kernel.errors import Forbidden, NotFound
from anju.kernel.scope import Actor, system


@pytest.fixture
def loans(city: Organisation) -> Application:
    return Application.objects.create(
        key="loans", title="公积金贷款", path="https://loans.example/", state=ApplicationState.PUBLISHED, rights=["loans.case.view"]
    )  # fmt: skip


def keys(actor: Actor) -> list[str]:
    return [each.key for each in applications_for(actor)]


@pytest.mark.covers("SH-224.2")
def test_a_suspended_application_is_neither_shown_nor_opened_nor_are_its_rights_held(
    loans: Application, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    actor = staff("loans.case.view")
    assert keys(actor) == ["loans"]
    assert open_application(actor, "loans").path == "https://loans.example/"
    assert AuditEntry.objects.filter(subject=f"identity.app:{loans.pk}", actor=actor.ref).count() == 1
    assert permitted(actor.ref, "loans.case.view")
    Application.objects.update(state=ApplicationState.SUSPENDED)
    assert keys(actor) == []
    with pytest.raises(Suspended):
        open_application(actor, "loans")
    assert not permitted(actor.ref, "loans.case.view")
    assert AuditEntry.objects.filter(subject=f"identity.app:{loans.pk}").count() == 1


@pytest.mark.covers("SH-224.3", "SH-224.4")
def test_only_those_of_its_offices_and_roles_open_an_application(
    loans: Application, staff: Callable[..., Actor], city: Organisation
) -> None:
    district = make_organisation(name="江湾", kind="district", code="JW", division="339901", parent=city)
    inside, outside = staff("x.y.view", org=district), staff("x.y.view")
    loans.organisations.set([district])
    assert (keys(inside), keys(outside)) == (["loans"], [])
    with pytest.raises(Forbidden) as refused:
        open_application(outside, "loans")
    assert refused.value.code == "application.out_of_range"
    loans.organisations.clear()
    loans.roles.set(Role.objects.filter(account=inside.id))
    assert (keys(inside), keys(outside)) == (["loans"], [])
    Role.objects.get(account=inside.id).account_set.clear()
    assert keys(inside) == []


def test_an_unpublished_application_is_not_there(loans: Application, staff: Callable[..., Actor]) -> None:
    Application.objects.update(state=ApplicationState.REGISTERED)
    actor = staff()
    assert keys(actor) == []
    with pytest.raises(NotFound):
        open_application(actor, "loans")


@pytest.mark.covers("SH-002.2")
def test_menu_and_application_share_their_data(loans: Application, staff: Callable[..., Actor]) -> None:
    item = into_menu(loans, None, system())
    MenuItem.objects.filter(pk=item.pk).update(title="贷款", path="https://new.example/")
    assert [(each.title, each.path) for each in applications_for(staff())] == [("贷款", "https://new.example/")]
    page = MenuItem.objects.create(
        key="units-x", title="房源", path="/registers/supply.units", right="supply.unit.view"
    )
    made = from_menu(page, system())
    Application.objects.filter(pk=made.pk).update(state=ApplicationState.PUBLISHED)
    assert keys(staff()) == ["loans"]
    assert sorted(keys(staff("supply.unit.view"))) == ["loans", "units-x"]


@pytest.mark.covers("SH-224.1")
def test_an_application_is_registered_published_updated_and_suspended_in_one_register(
    city: Organisation, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    verbs = [f"identity.app.{verb}" for verb in ("view", "create", "change")]
    keeper, user = client_as(staff(*verbs)), client_as(staff())
    rows, acts = "/registers/identity.apps/rows", "/registers/identity.apps/actions"

    def seen() -> list[tuple[str, str]]:
        return [(each["title"], each["path"]) for each in user.get("/identity/apps").json()["rows"]]

    made = keeper.post(rows, {"values": {"key": "loans", "title": "公积金贷款", "system": "公积金系统"}})
    assert made.status_code in (200, 201), made.content
    app = Application.objects.get(key="loans")
    assert (app.state, seen()) == ("registered", [])
    wish = {"ids": [app.pk], "values": {}}
    refused = keeper.post(f"{acts}/publish", wish)
    assert refused.json()["code"] == "application.no_path"
    path = {"version": app.version, "values": {"path": "https://loans.example/"}}
    assert keeper.patch(f"{rows}/{app.pk}", path).status_code == 200
    steps = (
        ("publish", None, [("公积金贷款", "https://loans.example/")]),
        ("", {"title": "公积金贷款服务", "release": "1.1"}, [("公积金贷款服务", "https://loans.example/")]),
        ("suspend", None, []),
        ("publish", None, [("公积金贷款服务", "https://loans.example/")]),
    )
    for action, values, expected in steps:
        app.refresh_from_db()
        if action:
            done = keeper.post(f"{acts}/{action}", wish)
        else:
            done = keeper.patch(f"{rows}/{app.pk}", {"version": app.version, "values": values})
        assert done.status_code == 200, done.content
        assert seen() == expected
    again = keeper.post(f"{acts}/publish", wish)
    assert (again.status_code, again.json()["code"]) == (409, "application.state")
    assert AuditEntry.objects.filter(subject=f"identity.apps:{app.pk}").count() >= 5
