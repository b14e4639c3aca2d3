"""The application centre: registered, published, ordered, taken down, and one's own set (SH-002)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from anju.kernel.scope import Actor
from anju.workspace.models import PersonalSet
from tests.conftest import Api

RIGHTS = ("identity.app.view", "identity.app.create", "identity.app.change")
ROWS = "/registers/identity.apps/rows"


@pytest.fixture
def keeper(db: None, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]) -> Api:
    api: Api = client_as(staff(*RIGHTS))
    return api


def register(api: Api, key: str, **more: Any) -> dict[str, Any]:
    values = {"key": key, "title": f"应用{key}", "path": f"/registers/{key}", "icon": "building-2", **more}
    answer = api.post(ROWS, {"values": values})
    assert answer.status_code in (200, 201), answer.content.decode()
    found: dict[str, Any] = answer.json()
    return found


def act(api: Api, row: dict[str, Any], action: str) -> None:
    answer = api.post(f"/registers/identity.apps/actions/{action}", {"ids": [row["id"]]})
    assert answer.status_code == 200, answer.content.decode()


def shown(api: Api) -> list[str]:
    return [row["key"] for row in api.get("/workspace/applications").json()["rows"]]


@pytest.mark.covers("SH-002.1", "SH-002.3", "SH-002.5")
def test_registered_published_and_taken_down(
    keeper: Api, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    user = client_as(staff())
    row = register(keeper, "loan")
    listed = keeper.get(ROWS).json()["rows"]
    assert [each["key"] for each in listed] == ["loan"]
    assert keeper.get(f"{ROWS}/{row['id']}").json()["values"]["icon"] == "building-2"
    assert shown(user) == []
    act(keeper, row, "publish")
    (entrance,) = user.get("/workspace/applications").json()["rows"]
    assert (entrance["title"], entrance["icon"], entrance["path"]) == ("应用loan", "building-2", "/registers/loan")
    user.put("/workspace/applications/mine", {"keys": ["loan"]})
    act(keeper, row, "suspend")
    assert user.get("/workspace/applications").json() == {"rows": [], "mine": []}


@pytest.mark.covers("SH-002.4")
def test_the_order_is_the_registered_one(keeper: Api) -> None:
    rows = {key: register(keeper, key, position=at) for at, key in enumerate(("a1", "b1", "c1"))}
    for row in rows.values():
        act(keeper, row, "publish")
    assert shown(keeper) == ["a1", "b1", "c1"]
    now = keeper.get(f"{ROWS}/{rows['a1']['id']}").json()
    changed = keeper.patch(f"{ROWS}/{rows['a1']['id']}", {"version": now["version"], "values": {"position": 9}})
    assert changed.status_code == 200, changed.content.decode()
    assert shown(keeper) == ["b1", "c1", "a1"]


@pytest.mark.covers("SH-002.6")
def test_of_all_systems_each_sees_only_what_his_rights_cover(
    keeper: Api, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    from anju.identity.models import Application, MenuItem

    for key, system, right in (("units", "住房保障平台", "supply.unit.view"), ("loan", "公积金系统", "")):
        row = register(keeper, key, system=system)
        act(keeper, row, "publish")
        if right:
            item = MenuItem.objects.create(key=f"m.{key}", title="房源", icon="home", path="/units", right=right)
            Application.objects.filter(pk=row["id"]).update(menu=item)
    holder, other = client_as(staff("supply.unit.view")), client_as(staff())
    assert {row["system"] for row in holder.get("/workspace/applications").json()["rows"]} == {
        "住房保障平台",
        "公积金系统",
    }
    assert shown(other) == ["loan"]
    assert other.put("/workspace/applications/mine", {"keys": ["units"]}).status_code == 422
    assert not PersonalSet.objects.exists()


@pytest.mark.covers("SH-002.7")
def test_ones_own_set_stays_and_leaves_others_alone(
    keeper: Api, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    for key in ("a1", "b1", "c1"):
        act(keeper, register(keeper, key), "publish")
    person, other = staff(), staff()
    client_as(person).put("/workspace/applications/mine", {"keys": ["c1", "a1"]})
    client_as(other).put("/workspace/applications/mine", {"keys": ["b1"]})
    # signed in anew
    assert client_as(person).get("/workspace/applications").json()["mine"] == ["c1", "a1"]
    assert client_as(other).get("/workspace/applications").json()["mine"] == ["b1"]
    assert client_as(person).put("/workspace/applications/mine", {"keys": ["a1", "a1"]}).status_code == 422
