"""Every operation belongs to a service, every service to a class of each kind."""

from __future__ import annotations

from typing import Any

import pytest

from anju.gateway import catalogue
from anju.gateway.models import UNSORTED, Dimension, Operation, Service, ServiceClass
from anju.kernel.http import DECLARED
from anju.kernel.http.routes import Declaration

ALL = ("gateway.catalogue.view", "gateway.catalogue.create", "gateway.catalogue.change", "gateway.catalogue.delete")
ODD = Declaration("/brand/new", "GET", "staff", "none", "nowhere", "全新操作")


def test_every_shipped_operation_has_a_class() -> None:
    """Who adds an operation at a new kind of address says in services.toml where it belongs."""
    assert {each.path for each in DECLARED if catalogue.service_of(each.path) == UNSORTED} == set()


@pytest.mark.covers("SH-229.1")
def test_the_catalogue_holds_every_operation_in_a_service_of_three_classes(db: None) -> None:
    declared = {(each.method, catalogue.plain(each.path)) for each in DECLARED}
    assert set(Operation.objects.filter(gone=False).values_list("method", "path")) == declared
    assert not Operation.objects.filter(service__key=UNSORTED).exists()
    for service in Service.objects.exclude(key=UNSORTED).select_related("nature", "function", "flow"):
        named = [service.nature, service.function, service.flow]
        assert [each.dimension for each in named] == ["nature", "function", "flow"], service.key
        assert not any(each.key.endswith(UNSORTED) for each in named), service.key
    titles = set(ServiceClass.objects.filter(dimension=Dimension.FUNCTION).values_list("title", flat=True))
    assert {"申请服务", "审核服务", "房源管理服务"} <= titles


@pytest.mark.covers("SH-229.2")
def test_a_service_is_found_through_its_class(staff: Any, client_as: Any) -> None:
    api = client_as(staff(*ALL))
    function = ServiceClass.objects.get(key="function.units")
    found = api.get("/registers/gateway.services/rows", **{"f.function": function.pk}).json()["rows"]
    assert {row["title"] for row in found} == {"房源管理服务", "运营机构服务"}
    operations = api.get(
        "/registers/gateway.operations/rows", q="supply.units/rows", **{"f.service.function": function.pk}
    ).json()
    assert "/registers/supply.units/rows" in {row["path"] for row in operations["rows"]}
    flow = ServiceClass.objects.get(key="flow.verify")
    assert "资格审核服务" in {
        row["title"] for row in api.get("/registers/gateway.services/rows", **{"f.flow": flow.pk}).json()["rows"]
    }
    assert [row["title"] for row in api.get("/registers/gateway.services/rows", q="轮候").json()["rows"]] == [
        "轮候配租服务"
    ]


@pytest.mark.covers("SH-229.3")
def test_classes_services_and_operations_are_kept_up(staff: Any, client_as: Any) -> None:
    api = client_as(staff(*ALL))
    values = {"dimension": "function", "key": "function.maps", "title": "地图服务"}
    klass = api.post("/registers/gateway.classes/rows", {"values": values})
    assert klass.status_code == 200, klass.content
    others = {
        name: ServiceClass.objects.get(key=f"{name}.{key}").pk
        for name, key in (("nature", "query"), ("flow", "across"))
    }
    fresh = {"key": "maps", "title": "地图服务", "function": klass.json()["id"], "rate_calls": 10, **others}
    service = api.post("/registers/gateway.services/rows", {"values": fresh})
    assert service.status_code == 200, service.content
    wrong = api.post(
        "/registers/gateway.services/rows", {"values": fresh | {"key": "m2", "title": "M", "flow": others["nature"]}}
    )
    assert (wrong.status_code, wrong.json()["field"]) == (422, "flow")
    operation = (
        Operation.objects.get(method="GET", path="/supply/board/summary")
        if Operation.objects.filter(method="GET", path="/supply/board/summary").exists()
        else Operation.objects.filter(path__startswith="/supply/board")[0]
    )
    moved = api.patch(
        f"/registers/gateway.operations/rows/{operation.pk}",
        {"version": operation.version, "values": {"service": service.json()["id"]}},
    )
    assert moved.status_code == 200, moved.content
    in_use = api.delete(f"/registers/gateway.services/rows/{service.json()['id']}", version=1)
    assert (in_use.status_code, in_use.json()["code"]) == (409, "gateway.service_in_use")
    assert (
        api.delete(f"/registers/gateway.classes/rows/{klass.json()['id']}", version=1).json()["code"]
        == "gateway.class_in_use"
    )
    catalogue.refresh()
    assert Operation.objects.get(pk=operation.pk).service_id == service.json()["id"], "a release takes nothing back"


def test_a_new_operation_waits_unsorted_and_cannot_be_granted(db: None) -> None:
    DECLARED.append(ODD)
    try:
        assert catalogue.refresh() == 1
        row = Operation.objects.get(path="/brand/new")
        assert (row.service.title, row.service.open, row.summary) == ("未分类", False, "全新操作")
        assert catalogue.refresh() == 0
    finally:
        DECLARED.remove(ODD)
    catalogue.refresh()
    assert Operation.objects.get(path="/brand/new").gone


def test_levels_follow_what_an_operation_does() -> None:
    def level(method: str, path: str) -> str:
        return catalogue.level_of(Declaration(path, method, "", "", "")).label

    assert level("GET", "/x") == level("POST", "/tenancy/certificates/lookup") == "查询"
    assert level("POST", "/x") == level("PATCH", "/x") == "办理"
    assert level("DELETE", "/x") == level("POST", "/x/reveal") == level("POST", "/registers/x.y/exports") == "管理"
