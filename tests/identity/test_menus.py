"""The menu as rows: shipped, changed in a page, seen at the next load by those who may see it (PR-21, SH-225)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from anju.identity import functions, menu
from anju.identity.models import FunctionPoint, MenuItem, Post, Role
from anju.kernel.http import DECLARED, PUBLIC, RESIDENT, SIGNED_IN, STAFF
from anju.kernel.scope import Actor
from anju.site.roles import ROLES
from tests.conftest import Api

RIGHTS = ["identity.menu.view", "identity.menu.change", "identity.function.view", "identity.function.create",
          "identity.function.change", "identity.function.delete"]  # fmt: skip


@pytest.fixture
def keeper(staff: Callable[..., Actor], client_as: Callable[[Actor], Api]) -> Api:
    return client_as(staff(*RIGHTS))


def menu_of(api: Api) -> list[tuple[str, list[str]]]:
    return [
        (group["title"], [item["title"] for item in group["items"]]) for group in api.get("/identity/me").json()["menu"]
    ]


def line(title: str, **others: Any) -> dict[str, Any]:
    return {"title": title, "icon": "inbox", "path": "", "right": "", "parent": None, "hidden": False, **others}


def changed(api: Api, item: MenuItem, **others: Any) -> Any:
    item.refresh_from_db()
    body = {name: getattr(item, name) for name in ("title", "icon", "path", "right", "hidden", "version")}
    return api.put(f"/identity/menus/{item.pk}", body | {"parent": item.parent_id, "roles": [], "posts": []} | others)


@pytest.mark.covers("PR-21.1", "SH-225.1")
def test_lines_are_added_nested_renamed_ordered_hidden_and_seen_at_the_next_load(
    keeper: Api, staff: Callable[..., Actor], client_as: Callable[[Actor], Api]
) -> None:
    api = client_as(staff("supply.unit.view"))
    assert menu_of(api) == [("房源管理", ["房源", "房态图"])]
    heading = keeper.post("/identity/menus", line("常用")).json()
    page = keeper.post(
        "/identity/menus",
        line(
            "空置房源", path="/registers/supply.units?f.status=vacant", right="supply.unit.view", parent=heading["id"]
        ),
    ).json()
    keeper.post(
        "/identity/menus", line("项目看板", path="/projects", right="supply.project.view", parent=heading["id"])
    )
    inner = keeper.post("/identity/menus", line("更多", parent=heading["id"])).json()
    keeper.post("/identity/menus", line("楼栋图", path="/board", right="supply.unit.view", parent=inner["id"]))
    assert menu_of(api)[-1] == ("常用", ["空置房源", "更多"])
    me = api.get("/identity/me").json()["menu"][-1]
    assert [each["title"] for each in me["items"][1]["items"]] == ["楼栋图"]
    units = MenuItem.objects.get(key="units")
    assert changed(keeper, units, title="全部房源").status_code == 200
    assert menu_of(api)[0] == ("房源管理", ["全部房源", "房态图"])
    board = MenuItem.objects.get(key="board")
    others = list(
        MenuItem.objects.filter(parent=units.parent)
        .exclude(pk=board.pk)
        .order_by("position")
        .values_list("pk", flat=True)
    )
    assert keeper.post("/identity/menus/order", {"items": [board.pk, *others]}).status_code == 200
    assert menu_of(api)[0] == ("房源管理", ["房态图", "全部房源"])
    assert changed(keeper, board, hidden=True).status_code == 200
    assert menu_of(api)[0] == ("房源管理", ["全部房源"])
    stale = keeper.put(f"/identity/menus/{page['id']}", line("x") | {"version": 99})
    assert (stale.status_code, stale.json()["code"]) == (409, "register.stale")


@pytest.mark.covers("SH-225.3")
def test_a_line_limited_to_a_role_or_a_post_is_seen_by_its_holders_only(
    keeper: Api, staff: Callable[..., Actor], client_as: Callable[[Actor], Api], city: Any
) -> None:
    mine, others = staff("supply.unit.view"), staff("supply.unit.view")
    board = MenuItem.objects.get(key="board")
    assert changed(keeper, board, roles=[Role.objects.get(account=mine.id).pk]).status_code == 200
    assert menu_of(client_as(mine)) == [("房源管理", ["房源", "房态图"])]
    assert menu_of(client_as(others)) == [("房源管理", ["房源"])]
    post = Post.objects.create(title="看板岗", organisation=city, org_path=city.path, division="339900", reach="org")
    post.accounts.add(others.id)
    assert changed(keeper, board, posts=[post.pk]).status_code == 200
    assert menu_of(client_as(mine)) == [("房源管理", ["房源"])]
    assert menu_of(client_as(others)) == [("房源管理", ["房源", "房态图"])]


def test_menus_do_not_point_in_a_circle(keeper: Api) -> None:
    top = keeper.post("/identity/menus", line("上")).json()
    below = keeper.post("/identity/menus", line("下", parent=top["id"])).json()
    item = MenuItem.objects.get(pk=top["id"])
    for parent in (top["id"], below["id"]):
        refused = changed(keeper, item, parent=parent)
        assert (refused.status_code, refused.json()["code"]) == (409, "menu.circle")
    with pytest.raises(IntegrityError), transaction.atomic():
        MenuItem.objects.filter(pk=top["id"]).update(parent=below["id"])
    item.refresh_from_db()
    assert item.parent_id is None


def test_what_ships_is_hidden_not_deleted_and_comes_back_as_the_city_left_it(keeper: Api) -> None:
    units = MenuItem.objects.get(key="units")
    refused = keeper.delete(f"/identity/menus/{units.pk}", version=units.version)
    assert (refused.status_code, refused.json()["code"]) == (409, "menu.shipped")
    assert changed(keeper, units, path="/elsewhere").json()["code"] == "menu.shipped"
    assert changed(keeper, units, title="房子").status_code == 200
    MenuItem.objects.filter(key="board").delete()
    menu.sync()
    assert MenuItem.objects.get(key="units").title == "房子"
    assert MenuItem.objects.filter(key="board").exists()
    own = keeper.post("/identity/menus", line("自建", path="/x")).json()
    assert keeper.delete(f"/identity/menus/{own['id']}", version=own["version"]).status_code == 200


@pytest.mark.covers("SH-225.2")
def test_function_points_are_added_changed_deleted_and_found(keeper: Api, staff: Callable[..., Actor]) -> None:
    rows = "/registers/identity.functions/rows"
    values = {"right": "loan.case.approve", "title": "贷款审批", "group": "公积金", "kind": "operation"}
    made = keeper.post(rows, {"values": values})
    assert made.status_code == 200, made.json()
    number = made.json()["id"]
    assert keeper.patch(f"{rows}/{number}", {"version": 1, "values": {"title": "贷款核准"}}).status_code == 200
    assert [row["title"] for row in keeper.get(rows, q="loan.case").json()["rows"]] == ["贷款核准"]
    staff("loan.case.approve")
    assert keeper.delete(f"{rows}/{number}", version=2).json()["code"] == "function.held"
    Role.objects.filter(rights__contains=["loan.case.approve"]).update(rights=[])
    assert keeper.delete(f"{rows}/{number}", version=2).status_code == 200
    shipped = FunctionPoint.objects.get(right="supply.unit.view")
    assert keeper.delete(f"{rows}/{shipped.pk}", version=1).json()["code"] == "function.held"


@pytest.mark.covers("SH-225.2")
def test_every_right_that_an_operation_asks_for_is_a_function_point(db: None) -> None:
    functions.sync()
    asked = {each.right for each in DECLARED} - {PUBLIC, RESIDENT, SIGNED_IN, STAFF}
    assert asked - set(FunctionPoint.objects.values_list("right", flat=True)) == set()


@pytest.mark.covers("PR-22.1")
def test_every_right_of_the_products_roles_can_be_given_and_taken_in_the_page(db: None) -> None:
    """A role saved by its page names only function points: one that were none would be lost."""
    functions.sync()
    held = {right for role in ROLES for right in role.rights}
    assert held - set(FunctionPoint.objects.values_list("right", flat=True)) == set()
